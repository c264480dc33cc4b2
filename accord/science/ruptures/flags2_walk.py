"""Walking over sessions with the kernel of `flags@2`: what pairs carry goes in as arrays and comes out as arrays."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from accord.science.alliance import Filtered
from accord.science.errors import BadReadings
from accord.science.ruptures.flags2_kernel import (
    CARRIED,
    COUNT,
    FEW_PAIRS,
    FULL_RUN,
    HELD,
    LATE_RUN,
    LEAN,
    LONGEST,
    LOW_RUN,
    PERFECT_RUN,
    SHORT_RUN,
    SILENT_RUN,
    SLIDE,
    trace_rows,
    walk_blocks,
    walk_rows,
)
from accord.science.ruptures.flags2_layout import Marks, Seen, Traces, Watch
from accord.science.ruptures.model import Floats, Ints
from accord.science.ruptures.tension import checked_tension


def start_watch(pairs: int = 1) -> Watch:
    """What N pairs carry before their first session: nothing."""

    def none() -> Ints:
        return np.zeros(pairs, np.int64)

    return Watch(
        count=none(),
        low_run=np.zeros((pairs, 3), np.int64),
        perfect_run=none(),
        silent_run=none(),
        full_run=none(),
        short_run=none(),
        late_run=none(),
        longest=np.zeros(pairs),
        slide=np.zeros(pairs),
        lean=np.zeros((pairs, 3)),
    )


class Beside(NamedTuple):
    """What is known of sessions beside the ratings; None: not known."""

    tension: ArrayLike | None = None  # (N,) or (N, T) TENSION_CODES
    waits: ArrayLike | None = None  # the same shape: days from asking to the client's answer, NaN unknown


NOTHING_BESIDE = Beside()


def seen_of(filtered: Filtered, readings: ArrayLike, beside: Beside = NOTHING_BESIDE) -> Seen:
    """Filtered histories as the walk takes them."""
    what = np.asarray(readings, np.float64)
    seen = Seen(
        readings=what,
        tension=checked_tension(beside.tension, what.shape[:2]),
        waits=checked_waits(beside.waits, what.shape[:2]),
        forecast_mean=filtered.forecast_mean,
        forecast_sd=filtered.forecast_sd,
        forecast_shared=filtered.forecast_shared,
        level_mean=filtered.level_mean,
        level_sd=filtered.level_sd,
    )
    # Some arrays arrive as broadcast or read-only views; the compiled walk is made for plain ones only.
    return Seen._make(np.require(values, requirements=["C", "W"]) for values in seen)


def checked_waits(waits: ArrayLike | None, shape: tuple[int, ...]) -> Floats:
    """Days of the shape that is needed; None: not known. Raises BadReadings."""
    if waits is None:
        return np.full(shape, np.nan)
    days = np.array(waits, np.float64)
    if days.shape != shape:
        raise BadReadings(f"waits: shape {days.shape}, expected {shape}")
    return days


def walk(watch: Watch, seen: Seen, limits: tuple[float, float], *, part: bool = False) -> tuple[Watch, Marks]:
    """All sessions of all pairs: what to carry on, and what fired. On all threads, but for few pairs or a part."""
    held = _held(watch)
    pairs, sessions = seen.tension.shape
    marks = Marks(np.empty((pairs, sessions), np.int16), np.empty((pairs, sessions, HELD)))
    (walk_rows if part or pairs < FEW_PAIRS else walk_blocks)(held, seen, limits, marks.fired, marks.held)
    return _carried(held), marks


def trace_all(filtered: Filtered, readings: ArrayLike) -> Traces:
    """The statistics of all sessions, on one thread; nothing fires and nothing starts again."""
    seen = seen_of(filtered, readings)
    steps = np.empty((*seen.tension.shape, 2))
    trace_rows(_held(start_watch(len(steps))), seen, steps)
    return Traces(np.ascontiguousarray(steps[..., 0]), np.ascontiguousarray(steps[..., 1]))


def _held(watch: Watch) -> Floats:
    held: Floats = np.zeros((len(watch.count), HELD))
    held[:, COUNT], held[:, PERFECT_RUN], held[:, SILENT_RUN] = watch.count, watch.perfect_run, watch.silent_run
    held[:, LOW_RUN:FULL_RUN], held[:, FULL_RUN], held[:, SHORT_RUN] = watch.low_run, watch.full_run, watch.short_run
    held[:, LATE_RUN], held[:, LONGEST] = watch.late_run, watch.longest
    held[:, SLIDE], held[:, LEAN:CARRIED] = watch.slide, watch.lean
    return held


def _carried(held: Floats) -> Watch:
    runs = held[:, :CARRIED].astype(np.int64)
    return Watch(
        count=runs[:, COUNT],
        low_run=runs[:, LOW_RUN:FULL_RUN],
        perfect_run=runs[:, PERFECT_RUN],
        silent_run=runs[:, SILENT_RUN],
        full_run=runs[:, FULL_RUN],
        short_run=runs[:, SHORT_RUN],
        late_run=runs[:, LATE_RUN],
        longest=held[:, LONGEST].copy(),
        slide=held[:, SLIDE].copy(),
        lean=held[:, LEAN:CARRIED].copy(),
    )
