"""Wishes in words, for the queue: what somebody needs, what would be nice, why a therapist fits."""

from django.utils.translation import gettext as _

from accord.science.matching import Asked, Match, Wish
from accord.surfaces.shared.token_words import label


def wish(one: Wish) -> str:
    return _(" or ").join(label(token) for token in sorted(one.any_of))


def needs(asked: Asked) -> list[str]:
    return [wish(one) for one in asked.musts]


def nice(asked: Asked) -> list[str]:
    return [wish(one) for one, _strength in asked.nice]


def reasons(match: Match | None) -> list[str]:
    return [wish(one) for one in match.fits] if match is not None else []


def lacks(match: Match | None) -> list[str]:
    return [wish(one) for one in match.lacks] if match is not None else []
