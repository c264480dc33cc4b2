"""How the kernel of `flags@2` is compiled, and the types that go in and come out. No arithmetic and no numbers here."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from accord.science.ruptures.model import Floats, Ints

Compiled = TypeVar("Compiled", bound=Callable[..., object])


class Watch(NamedTuple):
    """What N pairs carry from session to session, beside their belief."""

    count: Ints  # type: ignore[assignment]  # (N,) check-ins with a client rating
    low_run: Ints  # (N, 3) sessions in a row with P(level < 6) > .9
    perfect_run: Ints  # (N,) check-ins in a row with nothing but tens
    silent_run: Ints  # (N,) sessions in a row without any client rating
    full_run: Ints  # (N,) check-ins in a row with all three ratings, before those with fewer
    short_run: Ints  # (N,) check-ins in a row with fewer
    late_run: Ints  # (N,) check-ins in a row that came later than all before them
    longest: Floats  # (N,) the longest wait for an answer before those, days
    slide: Floats  # (N,) the CUSUM
    lean: Floats  # (N, 3) what each pillar alone would have given to it


class Seen(NamedTuple):
    """What the rule looks at: T sessions of N pairs."""

    readings: Floats  # (N, T, 6)
    tension: NDArray[np.int8]  # (N, T)
    waits: Floats  # (N, T) days from asking to the client's answer; NaN: not known
    forecast_mean: Floats  # (N, T, 6); NaN: no such session
    forecast_sd: Floats  # (N, T, 6)
    forecast_shared: Floats  # (N, T, 3)
    level_mean: Floats  # (N, T, 3)
    level_sd: Floats  # (N, T, 3)


class Marks(NamedTuple):
    """What the walk leaves behind for the table of flags."""

    fired: NDArray[np.int16]  # (N, T) one bit for each of SLOTS
    held: Floats  # (N, T, HELD) what the pair held, the CUSUM before it starts again; only where something fired


class Traces(NamedTuple):
    """The two statistics at every session, NaN where nothing is judged: what limits are made from."""

    ratio: Floats  # (N, T) of the dip
    step: Floats  # (N, T) what the session gives to the CUSUM


def inlined(function: Compiled) -> Compiled:
    """Copied into the caller."""
    return cast(Compiled, numba.njit(inline="always", error_model="numpy")(function))


def compiled(function: Compiled) -> Compiled:
    """To machine code, kept on disk; lets other threads run meanwhile."""
    return cast(Compiled, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def compiled_for_all_threads(function: Compiled) -> Compiled:
    # A function of its own: the cache on disk cannot tell two ways of compiling one function apart.
    return cast(Compiled, numba.njit(cache=True, nogil=True, parallel=True, error_model="numpy")(function))
