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


# One pair's Watch in a row of numbers, and one pillar's session in another: the walk indexes plain arrays only,
# because each look into a tuple of arrays costs more than the arithmetic.
COUNT, PERFECT_RUN, SILENT_RUN, LOW_RUN, SLIDE, HEARD, HELD = 0, 1, 2, 3, 6, 9, 10
RATING, TAIL, MEAN, SD, LEVEL, LEVEL_SD, FACTS = 0, 1, 2, 3, 4, 5, 6


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
    """What the walk leaves behind for the table of flags."""

    fired: NDArray[np.int16]  # (N, T) one bit for each of SLOTS
    held: Floats  # (N, T, HELD) what the pair held, the CUSUM before it starts again; only where something fired


def _inlined(function: Compiled) -> Compiled:
    """Copied into the caller."""
    return cast(Compiled, numba.njit(inline="always", error_model="numpy")(function))


def _compiled(function: Compiled) -> Compiled:
    """To machine code, kept on disk; lets other threads run meanwhile."""
    return cast(Compiled, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def _compiled_for_all_threads(function: Compiled) -> Compiled:
    # A function of its own: the cache on disk cannot tell two ways of compiling one function apart.
    return cast(Compiled, numba.njit(cache=True, nogil=True, parallel=True, error_model="numpy")(function))


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
def _look(seen: Seen, now: Floats, i: int, t: int) -> None:
    """Lay one session's facts side by side: now (3, FACTS)."""
    for p in range(3):
        now[p, RATING] = seen.readings[i, t, p]
        now[p, TAIL] = seen.tail[i, t, p]
        now[p, MEAN] = seen.forecast_mean[i, t, p]
        now[p, SD] = seen.forecast_sd[i, t, p]
        now[p, LEVEL] = seen.level_mean[i, t, p]
        now[p, LEVEL_SD] = seen.level_sd[i, t, p]


@_inlined
def _listen(held: Floats, now: Floats, i: int) -> None:
    """Count ratings, tens and silences."""
    heard, perfect = False, True
    for p in range(3):
        if not math.isnan(now[p, RATING]):
            heard = True
            perfect = perfect and now[p, RATING] >= PERFECT
    if heard:
        held[i, COUNT] += 1.0
        held[i, PERFECT_RUN] = held[i, PERFECT_RUN] + 1.0 if perfect else 0.0
    held[i, SILENT_RUN] = 0.0 if heard else held[i, SILENT_RUN] + 1.0
    held[i, HEARD] = 1.0 if heard else 0.0


@_inlined
def _pillar(held: Floats, now: Floats, limits: tuple[float, float], i: int, p: int) -> int:
    """Bits of one pillar that has a rating: dip, slide, low. The CUSUM is left at its new height."""
    bits = 0
    sure = (LOW_BELOW - now[p, LEVEL]) > LOW_Z * now[p, LEVEL_SD]
    held[i, LOW_RUN + p] = held[i, LOW_RUN + p] + 1.0 if sure else 0.0
    if held[i, COUNT] >= LEARNING and held[i, LOW_RUN + p] >= LOW_SESSIONS:
        bits = 1 << (LOW_BIT + p)
    if held[i, COUNT] > LEARNING:  # this check-in is counted already
        step = _step(now[p, RATING], now[p, MEAN], now[p, SD])
        held[i, SLIDE + p] = max(0.0, held[i, SLIDE + p] + step)
        if now[p, TAIL] < limits[0]:
            bits |= 1 << (DIP_BIT + p)
        elif held[i, SLIDE + p] > limits[1]:
            bits |= 1 << (SLIDE_BIT + p)
    return bits


@_inlined
def _numbers(held: Floats, now: Floats, limits: tuple[float, float], i: int) -> int:
    """Bits that the ratings of one session raise."""
    bits = 0
    if held[i, SILENT_RUN] >= SILENT_SESSIONS and held[i, COUNT] >= SILENT_AFTER:
        bits |= 1 << SILENCE_BIT
    if held[i, HEARD] > 0.0 and held[i, PERFECT_RUN] >= PERFECT_SESSIONS:
        bits |= 1 << CEILING_BIT
    for p in range(3):
        if not math.isnan(now[p, RATING]):
            bits |= _pillar(held, now, limits, i, p)
    return bits


@_inlined
def _start_again(held: Floats, fired: int, i: int) -> None:
    """A slide is told once; the next one starts from here."""
    for p in range(3):
        if fired & (1 << (SLIDE_BIT + p)):
            held[i, SLIDE + p] = 0.0


@_compiled
def _walk_rows(held: Floats, seen: Seen, limits: tuple[float, float], marked: NDArray[np.int16], kept: Floats) -> None:
    """All sessions of all pairs in order. Writes held (N, HELD), and the two arrays of Marks.

    What is written must be an argument of its own: the compiler drops writes to arrays inside a tuple.
    """
    now = np.empty((3, FACTS))
    for i in range(seen.tension.shape[0]):
        for t in range(seen.tension.shape[1]):
            marked[i, t] = 0
            if math.isnan(seen.forecast_mean[i, t, 0]):
                continue
            _look(seen, now, i, t)
            _listen(held, now, i)
            tension = seen.tension[i, t]
            fired = 1 << SAID_BIT if tension == SAID[0] or tension == SAID[1] else 0
            fired |= _numbers(held, now, limits, i)
            if fired:
                marked[i, t] = fired
                kept[i, t] = held[i]
                _start_again(held, fired, i)


@_compiled_for_all_threads
def _walk_blocks(
    held: Floats, seen: Seen, limits: tuple[float, float], marked: NDArray[np.int16], kept: Floats
) -> None:
    """The same, block by block on all threads."""
    for block in numba.prange((len(held) + FEW_PAIRS - 1) // FEW_PAIRS):
        a, z = block * FEW_PAIRS, min((block + 1) * FEW_PAIRS, len(held))
        part = Seen(
            seen.readings[a:z],
            seen.tension[a:z],
            seen.forecast_mean[a:z],
            seen.forecast_sd[a:z],
            seen.tail[a:z],
            seen.level_mean[a:z],
            seen.level_sd[a:z],
        )
        _walk_rows(held[a:z], part, limits, marked[a:z], kept[a:z])


def walk(watch: Watch, seen: Seen, limits: tuple[float, float]) -> tuple[Watch, Marks]:
    """All sessions of all pairs, on all threads where there are many: what to carry on, and what fired."""
    pairs, sessions = seen.tension.shape
    held: Floats = np.zeros((pairs, HELD))
    held[:, COUNT], held[:, PERFECT_RUN], held[:, SILENT_RUN] = watch.count, watch.perfect_run, watch.silent_run
    held[:, LOW_RUN:SLIDE], held[:, SLIDE:HEARD] = watch.low_run, watch.slide
    marks = Marks(np.empty((pairs, sessions), np.int16), np.empty((pairs, sessions, HELD)))
    (_walk_rows if pairs < FEW_PAIRS else _walk_blocks)(held, seen, limits, marks.fired, marks.held)
    runs = held[:, :SLIDE].astype(np.int64)
    after = Watch(
        count=runs[:, COUNT],
        low_run=runs[:, LOW_RUN:],
        perfect_run=runs[:, PERFECT_RUN],
        silent_run=runs[:, SILENT_RUN],
        slide=held[:, SLIDE:HEARD].copy(),
    )
    return after, marks
