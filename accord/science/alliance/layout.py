"""How the kernels are compiled, what they pass around, and which row of their scratch holds what. No arithmetic.

A scratch is one array of rows of sixteen doubles (see `lanes.py`): first what is known about sixteen pairs as they
stand, then their input, then, where the way back needs it, a record of every session. The records are written as
the sessions are taken in and read from the last to the first.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import numba
import numpy as np

from accord.science.alliance.model import Floats, Ints

Compiled = TypeVar("Compiled", bound=Callable[..., object])


def inlined(function: Compiled) -> Compiled:
    """A step of a kernel, always merged into it."""
    return cast(Compiled, numba.njit(nogil=True, forceinline=True, error_model="numpy")(function))


def compiled(function: Compiled) -> Compiled:
    """One thread, releases the interpreter lock, cached on disk."""
    return cast(Compiled, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def compiled_parallel(function: Compiled) -> Compiled:
    """All threads; for whole tables only, since not every threading layer may be entered twice at once."""
    return cast(Compiled, numba.njit(cache=True, nogil=True, parallel=True, error_model="numpy")(function))


class Plan(NamedTuple):
    """Params, laid out for the kernels."""

    readers: Floats  # (6, 5): mean, gain, weight on u + d, weight on b, noise variance of each reading
    gain_days: float
    rate: Floats  # (3,)
    state_cov: Floats  # (3, 3)
    whole: bool  # ratings are whole numbers, cut off at 0 and 10


class State(NamedTuple):
    """What N pairs are believed to be while their sessions are taken in."""

    mean: Floats  # (N, 9)
    cov: Floats  # (N, 9, 9)
    clock: Floats  # (N, 2) day of the last session, number of sessions with a client reading


class History(NamedTuple):
    """What N pairs said, padded with NaN."""

    days: Floats  # (N, T)
    readings: Floats  # (N, T, 6)


def _packed() -> Ints:
    row, column = np.indices((9, 9))
    high, low = np.maximum(row, column), np.minimum(row, column)
    return np.asarray(high * (high + 1) // 2 + low, dtype=np.int64)


# A symmetric 9 × 9 matrix takes 45 rows; PLACE[r, c] tells which one holds an entry.
PLACE = _packed()
SYMMETRIC = 45

# What is known about sixteen pairs: covariance, mean, then one row each.
COV, MEAN = 0, SYMMETRIC
PRODUCT, EXPONENT, SQUARES, GROWTH, SLOPE, CLOCK, COUNT = range(54, 61)
PULLED = 61  # w g of the reading in hand (9)
SHOWN = 70  # results on their way out (30)
# The way back: adjoint of the mean (9) and of the covariance (45), one product (9), sums over sessions (40).
LIFT, WEIGHT, TURNED, SUMS = 100, 109, 154, 163
INPUT = 203  # day and six readings of each session
SESSION_INPUT = 7

# One reading in a record: g = P h, the client's part of it, e, w, ∂w/∂ŷ, ∂²w/∂ŷ², and u + d before it.
GAIN, PART, PULL, CURVE, BEND, BOW, STOOD, STEP = 0, 9, 18, 19, 20, 21, 22, 23
STEPS = 12  # open readings first, then those at an end of the scale
# One session in a record: fades, growth, its slope in τ, days since the last; what moved before its readings
# (each d with the u and b (18), d with d (6), mean (3)); covariance of the levels with everything after them (27).
FADE, GREW, SLOPED, GAP, BEFORE, ACROSS, STOOD_AT, READ = 0, 3, 4, 5, 6, 33, 60, 63
RECORD = READ + STEPS * STEP

# The sums over sessions, in the order of `Params`.
SUM_MEAN, SUM_GAIN, SUM_DAYS, SUM_TRAIT, SUM_RATE, SUM_STATE = 0, 3, 6, 7, 13, 16
SUM_NOISE, SUM_THERAPIST, SUM_TRACKING, SUM_BIAS, SUM_THERAPIST_NOISE, NUMBERS = 22, 25, 28, 31, 37, 40


@inlined
def rows_for(sessions: int, records: int) -> int:
    """Rows of a scratch for pairs with this many sessions, this many of them recorded (at least one)."""
    return INPUT + SESSION_INPUT * sessions + RECORD * records
