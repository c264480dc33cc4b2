"""Thank, own part, ask, agree a change: four steps, each with a sentence to borrow. None is forced."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from accord.records.ruptures.queries import DeskOpening


class GuideStep(NamedTuple):
    title: str
    hint: str
    opening: DeskOpening


def steps(desk: Sequence[DeskOpening]) -> list[GuideStep]:
    known = {one.key: one for one in desk}
    return [GuideStep(title, hint, known[key]) for key, title, hint in _titles()]


def _titles() -> list[tuple[str, str, str]]:
    return [
        ("say-thank", _("Thank"), _("It took something to say this.")),
        ("say-own", _("Your part"), _("Before theirs, however small it is.")),
        ("say-ask", _("Ask"), _("Then listen. Say back what you heard.")),
        ("say-agree", _("Agree a change"), _("One small thing that can be seen next time.")),
    ]
