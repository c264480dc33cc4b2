"""Our flags, version flags@2. Frozen once published: a better rule is a new file with a new version.

A fold over sessions: `judge` takes one session of N pairs from what they carry (Watch) and what `alliance.update`
gave; `judge_pairs` takes whole histories and gives the same numbers. New against flags@1: the three pillars are
weighed together, and dips and slides share one budget. How each rule works is told in docs/science/flags.md.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from accord.science.alliance import Filtered, Params, Update, filter_pairs, usual_band
from accord.science.errors import BadReadings
from accord.science.ruptures.flags2_kernel import (
    COUNT,
    FALLEN,
    HEARD,
    LATE_RUN,
    LOW_BELOW,
    LOW_SURE,
    PERFECT_RUN,
    PERFECT_SESSIONS,
    RATIO,
    SHORT_RUN,
    SILENT_RUN,
    SILENT_SESSIONS,
    SLID,
    SLIDE,
    SLOTS,
)
from accord.science.ruptures.flags2_layout import Marks, Seen, Watch
from accord.science.ruptures.flags2_limits import Limits, limits_for
from accord.science.ruptures.flags2_walk import NOTHING_BESIDE, Beside, checked_waits, seen_of, start_watch, walk
from accord.science.ruptures.model import (
    KIND_CODE,
    NO_PILLAR,
    Flags,
    Floats,
    Ints,
    by_kind,
    joined,
    no_flags,
    readings_used,
)
from accord.science.ruptures.tension import checked_tension

VERSION = "flags@2"
BLOCK = 65_536  # pairs judged at a time, to keep what lies between filter and table small

_KIND = np.array([KIND_CODE[slot] for slot in SLOTS], np.int8)
_PILLAR = np.array([NO_PILLAR, NO_PILLAR, NO_PILLAR, 0, 1, 2, NO_PILLAR, NO_PILLAR], np.int8)
_HAS_BUDGET = np.array([slot in ("dip", "slide") for slot in SLOTS])
_NO_FLAGS = no_flags(VERSION)


def dump_watch(watch: Watch) -> dict[str, list[Any]]:
    """As plain lists, to be stored beside the belief."""
    return {name: values.tolist() for name, values in watch._asdict().items()}


def load_watch(stored: Mapping[str, Any]) -> Watch:
    """From `dump_watch` of this version. What flags@1 stored is another thing: judge such a pair anew."""
    fresh = start_watch(len(stored.get("count", ())))._asdict()
    if set(stored) != set(fresh):
        raise BadReadings(f"watch: {', '.join(sorted(set(stored) ^ set(fresh)))} missing or unknown")
    held = {name: np.array(stored[name], blank.dtype) for name, blank in fresh.items()}
    for name, blank in fresh.items():
        if held[name].shape != blank.shape:
            raise BadReadings(f"watch: {name} has shape {held[name].shape}, expected {blank.shape}")
    return Watch(**held)


def judge(
    watch: Watch,
    update: Update,
    *,
    readings: ArrayLike,
    beside: Beside = NOTHING_BESIDE,
    limits: Limits | None = None,
) -> tuple[Watch, Flags]:
    """One session of N pairs.

    update: what `alliance.update` gave for this session. readings (N, 6) as given to it. Gives what to carry on,
    and the flags; their `session` is 0 throughout.
    """
    what = np.asarray(readings, np.float64)
    seen = Seen(
        readings=what[:, None],
        tension=checked_tension(beside.tension, what.shape[:1])[:, None],
        waits=checked_waits(beside.waits, what.shape[:1])[:, None],
        forecast_mean=update.forecast.mean[:, None],
        forecast_sd=update.forecast.sd[:, None],
        forecast_shared=update.forecast.shared[:, None],
        level_mean=update.level_mean[:, None],
        level_sd=update.level_sd[:, None],
    )
    return _walked(watch, seen, limits or limits_for())


def judge_pairs(
    params: Params,
    *,
    days: ArrayLike,
    readings: ArrayLike,
    beside: Beside = NOTHING_BESIDE,
    limits: Limits | None = None,
) -> Flags:
    """Whole histories of N pairs: days (N, T), readings (N, T, 6); NaN missing. limits: None is `limits_for(params)`.

    The same numbers as `judge` session by session. `pair` and `session` are places in the arrays given.
    """
    when, what = np.asarray(days, np.float64), np.asarray(readings, np.float64)
    asked, waits = checked_tension(beside.tension, when.shape), checked_waits(beside.waits, when.shape)
    known, parts = limits or limits_for(params), []
    for first in range(0, max(len(when), 1), BLOCK):
        rows = slice(first, first + BLOCK)
        filtered = filter_pairs(params, days=when[rows], readings=what[rows])
        part = judge_filtered(filtered, readings=what[rows], beside=Beside(asked[rows], waits[rows]), limits=known)
        parts.append(part._replace(pair=part.pair + first))
    return joined(parts)


def judge_filtered(
    filtered: Filtered,
    *,
    readings: ArrayLike,
    beside: Beside = NOTHING_BESIDE,
    limits: Limits | None = None,
    part: bool = False,
) -> Flags:
    """As `judge_pairs`, for who has the filtered histories already. limits: None is the default parameters' own.

    part: these pairs are a part of a table of which each thread takes some; they stay on the calling thread.
    """
    seen = seen_of(filtered, readings, beside)
    return _walked(start_watch(len(seen.tension)), seen, limits or limits_for(), part=part)[1]


def _walked(watch: Watch, seen: Seen, limits: Limits, *, part: bool = False) -> tuple[Watch, Flags]:
    """Walk over the sessions and make the table of what fired."""
    plain = Seen._make(np.require(values, requirements=["C", "W"]) for values in seen)
    after, marks = walk(watch, plain, (limits.dip, limits.slide), part=part)
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
    seen, limits, held = facts.seen, facts.limits, facts.marks.held[pair, session]
    kind = _KIND[slot]
    pillar = _pillars(kind, slot, held)
    p = np.maximum(pillar, 0)
    mean, level = seen.forecast_mean[pair, session, p], seen.level_mean[pair, session, p]
    low, high = usual_band(mean, seen.forecast_sd[pair, session, p])
    below_forecast = mean - seen.readings[pair, session, p]
    columns = {
        "said": (np.nan, seen.tension[pair, session], np.nan),
        "dip": (below_forecast, held[:, RATIO], limits.dip),
        "slide": (below_forecast, held[:, SLIDE], limits.slide),
        "low": (LOW_BELOW - level, ndtr((LOW_BELOW - level) / seen.level_sd[pair, session, p]), LOW_SURE),
        "ceiling": (np.nan, held[:, PERFECT_RUN], PERFECT_SESSIONS),
        "silence": (np.nan, _quiet(held), SILENT_SESSIONS),
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


def _pillars(kind: NDArray[np.int8], slot: Ints, held: Floats) -> NDArray[np.int8]:
    fallen = np.where(kind == KIND_CODE["dip"], held[:, FALLEN], _PILLAR[slot])
    pillar: NDArray[np.int8] = np.where(kind == KIND_CODE["slide"], held[:, SLID], fallen).astype(np.int8)
    return pillar


def _quiet(held: Floats) -> Floats:
    """How long it has been quiet: sessions without an answer, else short answers, else late ones, in a row."""
    runs = (held[:, SILENT_RUN], held[:, SHORT_RUN], held[:, LATE_RUN])
    long: Floats = np.select([run >= SILENT_SESSIONS for run in runs], runs, default=np.nan)
    return long
