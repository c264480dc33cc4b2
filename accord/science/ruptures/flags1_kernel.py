"""The compiled walk over sessions of `flags@1`. Frozen with flags1.py: another rule is another file."""

import math
from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from accord.science.ruptures.model import Floats, Ints

Compiled = TypeVar("Compiled", bound=Callable[..., object])

LEARNING = 4  # check-ins that must be in before a number may raise a flag
LOW_BELOW, LOW_SURE, LOW_SESSIONS = 6.0, 0.9, 3
LOW_Z = 1.2815515655446004  # Φ⁻¹(.9)
PERFECT, PERFECT_SESSIONS = 10.0, 4
SILENT_SESSIONS = 2
SILENT_AFTER = 2  # check-ins that make a habit: before them, no answer is no news
ALLOWANCE, CAP = 0.5, 1.5  # of the slide's CUSUM, in SD: the cap keeps one bad day from being a slide
SAID = (1, 2)  # tension codes "a bit" and "yes"
ROUNDING = 1.0 / 12.0
FEW_PAIRS = 512  # below this, waking the other threads costs more than they give

SLOTS = ("said", "dip", "dip", "dip", "slide", "slide", "slide", "low", "low", "low", "ceiling", "silence")
SAID_BIT, DIP_BIT, SLIDE_BIT, LOW_BIT, CEILING_BIT, SILENCE_BIT = 0, 1, 4, 7, 10, 11


class Watch(NamedTuple):
    """What N pairs carry from session to session, beside their belief."""

    count: Ints  # type: ignore[assignment]  # (N,) check-ins with a client rating
    low_run: Ints  # (N, 3) sessions in a row with P(level < 6) > .9
    perfect_run: Ints  # (N,) check-ins in a row with nothing but tens
    silent_run: Ints  # (N,) sessions in a row without any client rating
    slide: Floats  # (N, 3) the CUSUM


class Seen(NamedTuple):
    """What the rule looks at: T sessions of N pairs."""

    readings: Floats  # (N, T, 6)
    tension: NDArray[np.int8]  # (N, T)
    forecast_mean: Floats  # (N, T, 6); NaN: no such session
    forecast_sd: Floats  # (N, T, 6)
    tail: Floats  # (N, T, 6)
    level_mean: Floats  # (N, T, 3)
    level_sd: Floats  # (N, T, 3)


class Marks(NamedTuple):
    """What the walk leaves behind at every session, for the table of flags."""

    fired: NDArray[np.int16]  # (N, T) one bit for each of SLOTS
    count: NDArray[np.int32]  # type: ignore[assignment]  # (N, T) check-ins so far
    heard: NDArray[np.int8]  # (N, T) 1 where the client gave a rating
    run: NDArray[np.int32]  # (N, T, 2) perfect, silent
    slide: Floats  # (N, T, 3) the CUSUM before it starts again


def _inlined(function: Compiled) -> Compiled:
    """Copied into the caller: passing many arrays at every call would cost more than the arithmetic."""
    return cast(Compiled, numba.njit(inline="always", error_model="numpy")(function))


@_inlined
def _ceiling_score(mean: float, sd: float) -> float:
    """E[Z | a ten was seen] = φ(α)/Φ(−α), α = (9.5 − mean)/sd: a ten under a high forecast is no fall."""
    a = (PERFECT - 0.5 - mean) / sd
    upper = 0.5 * math.erfc(a * 0.7071067811865476)
    return a if upper < 1e-300 else 0.3989422804014327 * math.exp(-0.5 * a * a) / upper


@_inlined
def _step(rating: float, mean: float, sd: float) -> float:
    """How far below the forecast, in SD and capped, less the allowance. Rounding widens the SD."""
    if rating >= PERFECT:
        return -_ceiling_score(mean, sd) - ALLOWANCE
    return min((mean - rating) / math.sqrt(sd * sd + ROUNDING), CAP) - ALLOWANCE


@_inlined
def _listen(watch: Watch, seen: Seen, i: int, t: int) -> bool:
    """Count ratings, tens and silences. True where the client gave a rating."""
    heard, perfect = False, True
    for p in range(3):
        rating = seen.readings[i, t, p]
        if not math.isnan(rating):
            heard = True
            perfect = perfect and rating >= PERFECT
    if not heard:
        watch.silent_run[i] += 1
        return False
    watch.silent_run[i] = 0
    watch.count[i] += 1
    watch.perfect_run[i] = watch.perfect_run[i] + 1 if perfect else 0
    return True


@_inlined
def _pillar(watch: Watch, seen: Seen, limits: tuple[float, float], i: int, t: int, p: int) -> int:
    """Bits of one pillar that has a rating: dip, slide, low. The CUSUM is left at its new height."""
    bits = 0
    sure = (LOW_BELOW - seen.level_mean[i, t, p]) > LOW_Z * seen.level_sd[i, t, p]
    watch.low_run[i, p] = watch.low_run[i, p] + 1 if sure else 0
    if watch.count[i] >= LEARNING and watch.low_run[i, p] >= LOW_SESSIONS:
        bits |= 1 << (LOW_BIT + p)
    if watch.count[i] <= LEARNING:  # this check-in is counted already
        return bits
    step = _step(seen.readings[i, t, p], seen.forecast_mean[i, t, p], seen.forecast_sd[i, t, p])
    watch.slide[i, p] = max(0.0, watch.slide[i, p] + step)
    if seen.tail[i, t, p] < limits[0]:
        return bits | 1 << (DIP_BIT + p)
    if watch.slide[i, p] > limits[1]:
        bits |= 1 << (SLIDE_BIT + p)
    return bits


@_inlined
def _session(watch: Watch, seen: Seen, limits: tuple[float, float], i: int, t: int) -> int:
    """Bits of one session that exists."""
    bits = 1 << SAID_BIT if seen.tension[i, t] in SAID else 0
    if not _listen(watch, seen, i, t):
        silent = watch.silent_run[i] >= SILENT_SESSIONS and watch.count[i] >= SILENT_AFTER
        return bits | 1 << SILENCE_BIT if silent else bits
    if watch.perfect_run[i] >= PERFECT_SESSIONS:
        bits |= 1 << CEILING_BIT
    for p in range(3):
        if not math.isnan(seen.readings[i, t, p]):
            bits |= _pillar(watch, seen, limits, i, t, p)
    return bits


def _walk(watch: Watch, seen: Seen, limits: tuple[float, float], marks: Marks) -> None:
    """All sessions of all pairs in order. `watch` and `marks` are written in place."""
    for i in numba.prange(seen.tension.shape[0]):
        for t in range(seen.tension.shape[1]):
            before = watch.count[i]
            exists = not math.isnan(seen.forecast_mean[i, t, 0])
            marks.fired[i, t] = _session(watch, seen, limits, i, t) if exists else 0
            marks.count[i, t] = watch.count[i]
            marks.heard[i, t] = watch.count[i] - before
            marks.run[i, t, 0] = watch.perfect_run[i]
            marks.run[i, t, 1] = watch.silent_run[i]
            for p in range(3):
                marks.slide[i, t, p] = watch.slide[i, p]
                if marks.fired[i, t] & (1 << (SLIDE_BIT + p)):
                    watch.slide[i, p] = 0.0  # told once; the next slide starts from here


_walk_few = numba.njit(cache=True, nogil=True, error_model="numpy")(_walk)
_walk_many = numba.njit(cache=True, nogil=True, error_model="numpy", parallel=True)(_walk)


def walk(watch: Watch, seen: Seen, limits: tuple[float, float], marks: Marks) -> None:
    """All sessions of all pairs, on all threads where there are many. Writes `watch` and `marks` in place."""
    (_walk_few if len(seen.tension) < FEW_PAIRS else _walk_many)(watch, seen, limits, marks)


def blank_marks(pairs: int, sessions: int) -> Marks:
    """Room for the marks of N pairs and T sessions."""
    return Marks(
        fired=np.empty((pairs, sessions), np.int16),
        count=np.empty((pairs, sessions), np.int32),
        heard=np.empty((pairs, sessions), np.int8),
        run=np.empty((pairs, sessions, 2), np.int32),
        slide=np.empty((pairs, sessions, 3)),
    )
