"""Reads of estimates, for a pair that somebody may see."""

from collections.abc import Iterable

from django.conf import settings

from accord.records.alliance.models import Estimate
from accord.records.pairs.models import CarePair
from accord.science.alliance import Params


def parameters() -> Params:
    """The numbers that estimates are made with: those of the operator's file, or the default ones."""
    params: Params = settings.ALLIANCE_PARAMS
    return params


def estimates_of_pairs(pairs: Iterable[CarePair]) -> dict[int, dict[int, Estimate]]:
    """pair -> session -> estimate, by primary keys. One query."""
    found: dict[int, dict[int, Estimate]] = {pair.pk: {} for pair in pairs}
    for estimate in Estimate.objects.filter(pair__in=list(found)).order_by("pair_id", "session__number"):
        found[estimate.pair_id][estimate.session_id] = estimate
    return found


def estimates_of(pair: CarePair) -> dict[int, Estimate]:
    """session -> estimate, in order of sessions."""
    return estimates_of_pairs([pair])[pair.pk]
