"""The words of mails about appointments. Neutral: no clinical word, no name of anybody, no practice."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.accounts.notices import in_their_language
from accord.records.digits import dated, joined
from accord.records.sessions.models import TherapySession

Letter = tuple[str, str]  # subject, body


def on_the_wall(at: datetime, user: User) -> str:
    """Tuesday 7 May 2024, 10:00: on the clock where this person lives."""
    here = at.astimezone(ZoneInfo(user.zone)).replace(tzinfo=None)
    return joined((dated(here, "l j F Y"), dated(here, "H:i")))


def reminder(session: TherapySession, *, address: str) -> Letter:
    client = session.pair.client
    with in_their_language(client):
        body = _(
            "Hello,\n\nyou have an appointment: %(when)s (%(zone)s).\n\n"
            "If you cannot come, or want no more reminders, this is the page for it:\n\n%(address)s\n"
        )
        facts = {"when": on_the_wall(session.starts_at, client), "zone": client.zone, "address": address}
        return _("Your appointment"), body % facts


def changes(client: User, sessions: Sequence[TherapySession], *, address: str) -> Letter:
    """What is new, moved or cancelled, a line each. `told_start` of each is still what the client knew before."""
    with in_their_language(client):
        lines = "\n".join(_change(one, client) for one in sorted(sessions, key=lambda one: one.starts_at))
        body = _(
            "Hello,\n\n%(lines)s\n\nTimes are as on the clock in %(zone)s.\n\n"
            "All your appointments are on this page:\n\n%(address)s\n"
        )
        return _("A change to your appointments"), body % {"lines": lines, "zone": client.zone, "address": address}


def _change(session: TherapySession, client: User) -> str:
    now = on_the_wall(session.starts_at, client)
    if session.state == TherapySession.State.CANCELLED:
        return _("Cancelled: %(when)s") % {"when": on_the_wall(session.told_start or session.starts_at, client)}
    if session.told_start is None:
        return _("New: %(when)s") % {"when": now}
    return _("Moved: %(before)s is now %(when)s") % {"before": on_the_wall(session.told_start, client), "when": now}


def cannot_come(session: TherapySession, *, address: str) -> Letter:
    therapist = session.pair.therapist.user
    with in_their_language(therapist):
        body = _("Hello,\n\nthis appointment was cancelled: %(when)s.\n\n%(address)s\n")
        facts = {"when": on_the_wall(session.starts_at, therapist), "address": address}
        return _("A change in your calendar"), body % facts


def on_again(session: TherapySession) -> Letter:
    therapist = session.pair.therapist.user
    with in_their_language(therapist):
        body = _("Hello,\n\nan appointment that was cancelled is on again: %(when)s.\n")
        return _("A change in your calendar"), body % {"when": on_the_wall(session.starts_at, therapist)}
