"""Questions that may help a therapist to reflect after something came between the two. Nobody has to answer them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accord.records.ruptures.models import Episode
from accord.records.sessions.models import TherapySession


def prompts(episodes: Sequence[Episode], session: TherapySession | None) -> list[str]:
    """After a rupture: those of the session in which it was noticed, or of one that is still open."""
    about = [one for one in episodes if session is None or one.session_id == session.pk]
    if not any(one.ended_at is None or session is not None for one in about):
        return []
    return [
        _("What did I feel just before it happened, and what did I do with that?"),
        _("What might I have added to it? What was mine, what was not?"),
        _("What did I not say? What would it take to say it?"),
        _("What do I know about it, and what do I only guess?"),
        _("What will I do differently next time, in one sentence?"),
    ]
