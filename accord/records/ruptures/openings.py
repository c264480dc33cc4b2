"""First sentences a therapist can borrow, two or more a pillar. Own the miss, ask, offer to change."""

from typing import NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


class Phrase(NamedTuple):
    key: str
    pillar: str
    english: str

    @property
    def words(self) -> str:
        """In the reader's language."""
        return gettext(self.english)


PHRASES = (
    Phrase(
        "bond-missed",
        "bond",
        _("I think I missed something last time. Thank you for telling me. What was that like?"),
    ),
    Phrase(
        "bond-between",
        "bond",
        _("I would like to understand how it felt between us last time. Can we start there?"),
    ),
    Phrase("bond-wish", "bond", _("Was there a moment when you wished I had said something else?")),
    Phrase("goal-same", "goal", _("Let's check we want the same thing. What would you cross out?")),
    Phrase("goal-now", "goal", _("If today could help with one thing, what should it be?")),
    Phrase("goal-heard", "goal", _("I may have steered us. Where would you like this to go?")),
    Phrase("task-fit", "task", _("What about it doesn't fit? I'd rather change it than push it.")),
    Phrase(
        "task-why",
        "task",
        _("I am not sure I explained why we do this. May I try again, and you tell me if it makes sense?"),
    ),
    Phrase("task-other", "task", _("Which part of our work helps you, and which part could we leave out?")),
    Phrase("any-ask", "", _("Something felt a little off last time. I am glad you said so. Where shall we begin?")),
    Phrase("any-slow", "", _("We do not have to solve it today. What should I know about it?")),
)
# What one can say when somebody has said the hard thing, in the order that helps: thank, own part, ask, agree a change.
# Edited like the openings, by each therapist for themselves; said aloud, never sent.
STEPS = (
    Phrase("say-thank", "", _("Thank you for telling me. I know that is not easy.")),
    Phrase("say-own", "", _("I think I missed something last time. I am sorry it felt that way.")),
    Phrase("say-ask", "", _("What was that like? What should I understand that I do not yet?")),
    Phrase("say-agree", "", _("What would you like me to do differently next time?")),
)
# The one that is written to the client, and answered.
CHANGE = Phrase("say-change", "", _("Here is what I will do differently. Did I get it right?"))
BY_KEY = {phrase.key: phrase for phrase in (*PHRASES, *STEPS, CHANGE)}
