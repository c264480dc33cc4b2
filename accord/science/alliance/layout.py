"""How the kernels are compiled, and the flat types that they pass around. No arithmetic here: see `kernels.py`."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import numba

from accord.science.alliance.model import Floats

Compiled = TypeVar("Compiled", bound=Callable[..., object])


def inlined(function: Compiled) -> Compiled:
    """A step of a kernel, always merged into it: handing over a dozen arrays would cost more than the step."""
    wrap = numba.njit(cache=True, nogil=True, forceinline=True, error_model="numpy")
    return cast(Compiled, wrap(function))


def compiled(function: Compiled) -> Compiled:
    """One thread, releases the interpreter lock, cached on disk."""
    return cast(Compiled, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def compiled_parallel(function: Compiled) -> Compiled:
    """All threads; for whole tables only, since not every threading layer may be entered twice at once."""
    return cast(Compiled, numba.njit(cache=True, nogil=True, parallel=True, error_model="numpy")(function))


class Plan(NamedTuple):
    """Params, laid out for the kernel."""

    readers: Floats  # (6, 5): mean, gain, weight on u + d, weight on b, noise variance of each reading
    gain_days: float
    rate: Floats  # (3,)
    state_cov: Floats  # (3, 3)
    whole: bool  # ratings are whole numbers, cut off at 0 and 10


class State(NamedTuple):
    """One pair's belief while its sessions are taken in."""

    mean: Floats  # (9,)
    cov: Floats  # (9, 9)
    clock: Floats  # (2,) day of the last session, number of sessions with a client reading


class History(NamedTuple):
    """What N pairs said, padded with NaN."""

    days: Floats  # (N, T)
    readings: Floats  # (N, T, 6)


class Trace(NamedTuple):
    """What one pair's readings did to the belief, kept for the way back."""

    gain: Floats  # (T, 6, 9) g = P h
    pull: Floats  # (T, 6, 2) e and w


class Way(NamedTuple):
    """One pair's filtered history, kept for the way back: enough to smooth without storing a covariance."""

    trace: Trace
    across: Floats  # (T, 3, 9) P (e_u + e_d) after each session, one row a pillar
    level: Floats  # (T, 3, 2) filtered mean and variance of a_p(t)
    fade: Floats  # (T, 3) exp(−λ Δ) from the session before


class Backward(NamedTuple):
    """What later readings say about a session: m + P r and P − P N P are its smoothed moments."""

    lift: Floats  # r (9,)
    weight: Floats  # N (9, 9)
    q: Floats  # (9,) scratch
