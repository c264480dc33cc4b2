"""Our flags, version flags@1. Frozen: a better rule is a new file with a new version.

A fold over sessions: `judge` takes one session of N pairs from what they carry (Watch) and what `alliance.update`
gave; `judge_pairs` takes whole histories and gives the same numbers. How each rule works, and how its limit was
found, is told in docs/science/flags.md.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from accord.science.alliance import Filtered, Params, Update, filter_pairs, usual_band
from accord.science.errors import BadOptions, BadReadings
from accord.science.ruptures.flags1_kernel import (
    COUNT,
    HEARD,
    LOW_BELOW,
    LOW_SURE,
    PERFECT_RUN,
    PERFECT_SESSIONS,
    SILENT_RUN,
    SILENT_SESSIONS,
    SLIDE,
    SLOTS,
    Marks,
    Seen,
    Watch,
    walk,
)
from accord.science.ruptures.model import (
    KIND_CODE,
    NO_PILLAR,
    Flags,
    Ints,
    by_kind,
    joined,
    no_flags,
    readings_used,
)
from accord.science.ruptures.tension import checked_tension

VERSION = "flags@1"
BLOCK = 65_536  # pairs judged at a time, to keep what lies between filter and table small

# Budget: expected sessions with a dip per 10 judged sessions under no change. Dip: the tail probability that
# keeps it, by Monte Carlo (7.2 million judged sessions of alliance@1-default), rounded down. Slide: the CUSUM limit
# whose run length on one pillar is 30 / budget sessions (run_lengths.cusum_limit), rounded up.
BUDGETS = (0.02, 0.05, 0.1, 0.15, 0.25, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
DIP_LIMITS = (
    0.00216,
    0.00513,
    0.00973,
    0.0141,
    0.0226,
    0.0308,
    0.0427,
    0.0620,
    0.0809,
    0.117,
    0.154,
    0.227,
)
SLIDE_LIMITS = (4.02, 3.38, 2.92, 2.65, 2.28, 2.04, 1.88, 1.60, 1.39, 1.09, 1.0, 0.92)

_KIND = np.array([KIND_CODE[slot] for slot in SLOTS], np.int8)
_PILLAR = np.array([NO_PILLAR, 0, 1, 2, 0, 1, 2, 0, 1, 2, NO_PILLAR, NO_PILLAR], np.int8)
_HAS_BUDGET = np.array([slot in ("dip", "slide") for slot in SLOTS])
_NO_FLAGS = no_flags(VERSION)


class Limits(NamedTuple):
    """What the statistics are held against."""

    budget: float  # expected false alarms per 10 judged sessions, for dips and again for slides
    dip: float  # tail probability
    slide: float  # CUSUM height


@lru_cache(maxsize=64)
def limits_for(budget: float = 0.25) -> Limits:
    """The frozen limits of a budget, between the table's budgets by a straight line in logarithms.

    Raises BadOptions outside 0.02 to 3 false alarms per 10 sessions.
    """
    if not BUDGETS[0] <= budget <= BUDGETS[-1]:
        raise BadOptions(f"budget {budget!r}: allowed is {BUDGETS[0]} to {BUDGETS[-1]} per 10 sessions")
    at, known = np.log(budget), np.log(BUDGETS)
    dip = float(np.exp(np.interp(at, known, np.log(DIP_LIMITS))))
    return Limits(budget, dip, float(np.interp(at, known, SLIDE_LIMITS)))


def start_watch(pairs: int = 1) -> Watch:
    """What N pairs carry before their first session: nothing."""

    def none() -> Ints:
        return np.zeros(pairs, np.int64)

    return Watch(none(), np.zeros((pairs, 3), np.int64), none(), none(), np.zeros((pairs, 3)))


def dump_watch(watch: Watch) -> dict[str, list[Any]]:
    """As plain lists, to be stored beside the belief."""
    return {name: values.tolist() for name, values in watch._asdict().items()}


def load_watch(stored: Mapping[str, Any]) -> Watch:
    """From `dump_watch`. What an older row does not have starts from nothing; what is not known is ignored."""
    pairs = len(stored["count"])
    fresh = start_watch(pairs)._asdict()
    held = {name: np.array(stored.get(name, blank), blank.dtype) for name, blank in fresh.items()}
    for name, blank in fresh.items():
        if held[name].shape != blank.shape:
            raise BadReadings(f"watch: {name} has shape {held[name].shape}, expected {blank.shape}")
    return Watch(**held)


def judge(
    watch: Watch,
    update: Update,
    *,
    readings: ArrayLike,
    tension: ArrayLike | None = None,
    limits: Limits | None = None,
) -> tuple[Watch, Flags]:
    """One session of N pairs.

    update: what `alliance.update` gave for this session. readings (N, 6) as given to it; tension (N,)
    TENSION_CODES, None: not asked. Gives what to carry on, and the flags; their `session` is 0 throughout.
    """
    what = np.asarray(readings, np.float64)
    seen = Seen(
        readings=what[:, None],
        tension=checked_tension(tension, what.shape[:1])[:, None],
        forecast_mean=update.forecast.mean[:, None],
        forecast_sd=update.forecast.sd[:, None],
        tail=update.tail[:, None],
        level_mean=update.level_mean[:, None],
        level_sd=update.level_sd[:, None],
    )
    return _walked(watch, seen, limits or limits_for())


def judge_pairs(
    params: Params,
    *,
    days: ArrayLike,
    readings: ArrayLike,
    tension: ArrayLike | None = None,
    budget: float = 0.25,
) -> Flags:
    """Whole histories of N pairs: days (N, T), readings (N, T, 6), tension (N, T); NaN missing.

    The same numbers as `judge` session by session. `pair` and `session` are places in the arrays given.
    """
    when, what = np.asarray(days, np.float64), np.asarray(readings, np.float64)
    asked, limits, parts = checked_tension(tension, when.shape), limits_for(budget), []
    for first in range(0, max(len(when), 1), BLOCK):
        rows = slice(first, first + BLOCK)
        filtered = filter_pairs(params, days=when[rows], readings=what[rows])
        part = judge_filtered(filtered, readings=what[rows], tension=asked[rows], limits=limits)
        parts.append(part._replace(pair=part.pair + first))
    return joined(parts)


def judge_filtered(
    filtered: Filtered, *, readings: ArrayLike, tension: ArrayLike | None = None, limits: Limits | None = None
) -> Flags:
    """As `judge_pairs`, for who has the filtered histories already."""
    what = np.asarray(readings, np.float64)
    seen = Seen(
        readings=what,
        tension=checked_tension(tension, what.shape[:2]),
        forecast_mean=filtered.forecast_mean,
        forecast_sd=filtered.forecast_sd,
        tail=filtered.tail,
        level_mean=filtered.level_mean,
        level_sd=filtered.level_sd,
    )
    return _walked(start_watch(len(what)), seen, limits or limits_for())[1]


def _walked(watch: Watch, seen: Seen, limits: Limits) -> tuple[Watch, Flags]:
    """Walk over the sessions and make the table of what fired."""
    # Some arrays arrive as broadcast or read-only views; the compiled walk is made for plain ones only.
    plain = Seen._make(np.require(values, requirements=["C", "W"]) for values in seen)
    after, marks = walk(watch, plain, (limits.dip, limits.slide))
    pair, session = np.nonzero(marks.fired)
    if not len(pair):
        return after, _NO_FLAGS
    row, slot = np.nonzero(marks.fired[pair, session, None] >> np.arange(len(SLOTS)) & 1)
    return after, _table(pair[row], session[row], slot, _Facts(plain, marks, limits))


class _Facts(NamedTuple):
    seen: Seen
    marks: Marks
    limits: Limits


def _table(pair: Ints, session: Ints, slot: Ints, facts: _Facts) -> Flags:
    """The columns of F flags, (F,) each, looked up at their pair, session and slot."""
    seen, marks, limits = facts
    kind, pillar = _KIND[slot], _PILLAR[slot]
    p = np.maximum(pillar, 0)
    mean = seen.forecast_mean[pair, session, p]
    low, high = usual_band(mean, seen.forecast_sd[pair, session, p])
    level, held = seen.level_mean[pair, session, p], marks.held[pair, session]
    below_forecast = mean - seen.readings[pair, session, p]
    columns = {
        "said": (np.nan, seen.tension[pair, session], np.nan),
        "dip": (below_forecast, seen.tail[pair, session, p], limits.dip),
        "slide": (below_forecast, held[np.arange(len(p)), SLIDE + p], limits.slide),
        "low": (LOW_BELOW - level, ndtr((LOW_BELOW - level) / seen.level_sd[pair, session, p]), LOW_SURE),
        "ceiling": (np.nan, held[:, PERFECT_RUN], PERFECT_SESSIONS),
        "silence": (np.nan, held[:, SILENT_RUN], SILENT_SESSIONS),
    }
    size, statistic, limit = (by_kind(kind, columns, place) for place in range(3))
    first, last = readings_used(kind, count=held[:, COUNT], heard=held[:, HEARD], tens=held[:, PERFECT_RUN])
    return Flags(
        version=VERSION,
        pair=pair,
        session=session,
        kind=kind,
        pillar=pillar,
        size=size,
        limit=limit,
        statistic=statistic,
        band_low=np.where(pillar == NO_PILLAR, np.nan, low),
        band_high=np.where(pillar == NO_PILLAR, np.nan, high),
        expected_false_alarms=np.where(_HAS_BUDGET[slot], limits.budget, np.nan),
        first=first,
        last=last,
    )
