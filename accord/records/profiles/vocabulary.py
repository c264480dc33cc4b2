"""The tokens in which offers and wishes meet: `kind:value`. What is not in here cannot be said, so it cannot be missed.

Closed kinds list their values; the open ones have a shape. Nothing is ever inferred: a therapist ticks what they say
about themselves, a client what they wish for.
"""

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from accord.records.errors import Refused

CLOSED: dict[str, tuple[str, ...]] = {
    "kind": ("therapy", "psychiatry"),
    "need": (
        *("anxiety", "low-mood", "stress", "trauma", "grief", "relationships", "family", "self-worth", "anger"),
        *("sleep", "eating", "substances", "compulsions", "body", "attention", "change", "identity", "psychosis"),
    ),
    "population": ("adults", "teenagers", "children", "couples", "families"),
    "mode": ("person", "video"),
    "time": ("mornings", "afternoons", "evenings", "weekends"),
    "pays": ("self", "reduced"),
    "identity": (
        *("woman", "man", "non-binary", "lgbtq", "of-colour", "migrant"),
        *("religious", "secular", "disabled", "neurodivergent"),
    ),
    "safety": ("yes",),  # works with people who think of harming themselves
}
OPEN: dict[str, str] = {
    "language": r"[a-z]{2,3}",  # ISO 639
    "licence": r"[A-Z]{2}",  # ISO 3166: the country that let them practise
    "place": r"[a-z][a-z-]{1,39}",  # a town
    "insurer": r"[a-z0-9][a-z0-9-]{1,39}",
}
STYLE = ("challenge", "structure", "now", "homework")  # −1 gentle, free, the past, none · +1 the other end
MOST = 40  # values of one kind


def refuse_unknown(says: Mapping[str, Iterable[str]]) -> None:
    for kind, values in says.items():
        wrong = [value for value in values if not is_known(kind, value)]
        if wrong or len(list(values)) > MOST:
            raise Refused(_("“%(value)s” is not one of the answers here.") % {"value": ", ".join(wrong) or kind})


def is_known(kind: str, value: str) -> bool:
    if kind in CLOSED:
        return value in CLOSED[kind]
    return kind in OPEN and re.fullmatch(OPEN[kind], value) is not None


def refuse_odd_style(style: Mapping[str, float]) -> None:
    if not all(side in STYLE and -1 <= value <= 1 for side, value in style.items()):
        raise Refused(_("Choose one of the answers."))
