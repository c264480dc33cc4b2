"""Sets of therapists as bits: word w, bit b is therapist 64 w + b. What numba lacks for them, and nothing else."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Compiled = TypeVar("Compiled", bound=Callable[..., object])
WORD = 64


def compiled(function: Compiled) -> Compiled:
    """One thread, releases the interpreter's lock, cached on disk."""
    return cast(Compiled, numba.njit(cache=True, nogil=True)(function))


def inlined(function: Compiled) -> Compiled:
    """A step of a kernel, always merged into it."""
    return cast(Compiled, numba.njit(nogil=True, forceinline=True)(function))


def _lowest(_: Any, word: Any) -> Any:
    """Place of the lowest bit that is set, of a word that is not 0."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), generate


def _counted(_: Any, word: Any) -> Any:
    """How many bits are set."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


lowest = cast(Callable[[np.uint64], int], intrinsic(_lowest))
counted = cast(Callable[[np.uint64], int], intrinsic(_counted))


def as_bits(chosen: NDArray[np.bool_]) -> Words:
    """(..., T) truth values as (..., ⌈T / 64⌉) words."""
    count = chosen.shape[-1]
    padded = np.zeros((*chosen.shape[:-1], -(-count // WORD) * WORD), np.bool_)
    padded[..., :count] = chosen
    return np.packbits(padded, axis=-1, bitorder="little").view("<u8").astype(np.uint64)
