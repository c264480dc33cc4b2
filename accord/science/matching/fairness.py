"""Who was placed and who was not, by groups that the caller brings; and how the load is spread.

Groups are what people said of themselves or what a practice needs to watch (need, language, urgency, team). Nothing is
inferred. A report is a question to ask, never a verdict: small groups have wide intervals, and they are told.

    share placed       p = x / n, Wilson's interval (Wilson 1927)
    gap to all others  p₁ − p₂, Newcombe's interval from the two Wilson intervals (Newcombe 1998, method 10)
    Gini               Σ_i Σ_j |s_i − s_j| / (2 T² s̄), s_i the share of therapist i's places that were given
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Z = 1.959963984540054  # of a 95 % interval


class Share(NamedTuple):
    """Of how many how many, with a 95 % interval; NaN where there is nobody."""

    value: float
    low: float
    high: float


class GroupReport(NamedTuple):
    """One group of those who waited."""

    name: str
    waiting: int
    fitted: int  # someone meets every must-have of theirs
    placed: int  # every one of them with every must-have met
    share: Share  # placed of waiting
    gap: Share  # share placed less that of everybody else
    days_placed: float  # median wait of those placed
    days_left: float  # median wait of those left; NaN where there are none
    wishes: float  # mean share of the strengths of wishes that is met, of those placed who had any, 0..1


class LoadReport(NamedTuple):
    """How places were given."""

    therapists: int  # with places
    places: int
    given: int
    gini: float  # 0: all equally full, towards 1: a few carry everything
    top_tenth: float  # share of all given that the tenth of therapists with the most carries


class Cases(NamedTuple):
    """N clients who waited, as columns."""

    group: Sequence[str]
    days: ArrayLike  # (N,)
    fitted: ArrayLike  # (N,) someone meets every must-have
    placed: ArrayLike  # (N,)
    wishes: ArrayLike  # (N,) share of strengths met, 0..1; NaN where nothing nice was asked


def by_group(cases: Cases) -> list[GroupReport]:
    """A row a group, in order of name."""
    names, row = np.unique(np.asarray(cases.group, dtype=np.str_), return_inverse=True)
    columns = cases._replace(
        days=np.asarray(cases.days, np.float64),
        fitted=np.asarray(cases.fitted, np.bool_),
        placed=np.asarray(cases.placed, np.bool_),
        wishes=np.asarray(cases.wishes, np.float64),
    )
    return [_report(str(name), row == place, columns) for place, name in enumerate(names)]


def _report(name: str, here: NDArray[np.bool_], cases: Cases) -> GroupReport:
    placed, days = np.asarray(cases.placed), np.asarray(cases.days)
    waiting, got = int(here.sum()), int(placed[here].sum())
    others, theirs = len(here) - waiting, int(placed[~here].sum())
    wishes = np.asarray(cases.wishes)[here & placed]
    return GroupReport(
        name=name,
        waiting=waiting,
        fitted=int(np.asarray(cases.fitted)[here].sum()),
        placed=got,
        share=share(got, waiting),
        gap=gap((got, waiting), (theirs, others)),
        days_placed=_median(days[here & placed]),
        days_left=_median(days[here & ~placed]),
        wishes=_mean(wishes[~np.isnan(wishes)]),
    )


def share(number: int, of: int) -> Share:
    """Wilson: (x + z²/2 ± z √(x (n − x) / n + z²/4)) / (n + z²)."""
    if not of:
        return Share(np.nan, np.nan, np.nan)
    middle, half = number + Z**2 / 2, Z * np.sqrt(number * (of - number) / of + Z**2 / 4)
    low, high = (middle - half) / (of + Z**2), (middle + half) / (of + Z**2)
    return Share(number / of, max(float(low), 0.0), min(float(high), 1.0))


def gap(one: tuple[int, int], other: tuple[int, int]) -> Share:
    """Newcombe: p₁ − p₂, from −√((p₁ − l₁)² + (u₂ − p₂)²) below it to √((u₁ − p₁)² + (p₂ − l₂)²) above."""
    first, second = share(*one), share(*other)
    difference = first.value - second.value
    below = np.hypot(first.value - first.low, second.high - second.value)
    above = np.hypot(first.high - first.value, second.value - second.low)
    return Share(difference, float(difference - below), float(difference + above))


def load(given: ArrayLike, places: ArrayLike) -> LoadReport:
    """Clients given to each therapist (T,), of so many places (T,); those without places are left out."""
    room = np.asarray(places, np.int64)
    taken, room = np.asarray(given, np.int64)[room > 0], room[room > 0]
    tenth = -(-len(room) // 10)
    most = np.sort(taken)[::-1][:tenth].sum()
    total = int(taken.sum())
    return LoadReport(
        therapists=len(room),
        places=int(room.sum()),
        given=total,
        gini=gini(taken / room),
        top_tenth=float(most / total) if total else np.nan,
    )


def gini(shares: NDArray[np.float64]) -> float:
    """By sorting: Σ_i (2 i − T − 1) s_(i) / (T Σ s); 0 where nothing was given."""
    count, total = len(shares), float(shares.sum())
    if not total:
        return 0.0
    places = 2 * np.arange(1, count + 1) - count - 1
    return float((places * np.sort(shares)).sum() / (count * total))


def _median(values: NDArray[np.float64]) -> float:
    return float(np.median(values)) if len(values) else np.nan


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else np.nan
