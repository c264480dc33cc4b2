"""Scoring compiled: many sheets at once, in blocks that stay in the processor's cache."""

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Key(NamedTuple):
    """A scoring key as arrays: I items, S scales, E entries (an item in a scale)."""

    first: Ints  # (S + 1,) where each scale's entries begin
    item: Ints  # (E,) place of the item
    turned: Bools  # (E,) lowest + highest − x counts
    given: Bools  # (S,) there is a column for every item of the scale
    both: NDArray[Any]  # (I,) lowest + highest, in the kind of number that sums are made of, as are the next two
    lost: NDArray[Any]  # (1,) stands for a missing answer: NaN, or so far down that no sum comes up again
    least: NDArray[Any]  # (1,) a sum below has a missing answer in it
    share: NDArray[Any]  # (S,) what the sum is divided by, in the kind of number of the scores


def _compiled(function: Any) -> Any:
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)


# Small loops over one array each: these the compiler turns into vector instructions.


@_compiled
def take(answers: Any, values: Any, limits: Any, lost: Any) -> bool:
    """Values (M,) of one item's answers (M,), `lost` where one is missing; whether any answer is beyond the scale.

    limits (4,): lowest, highest, and the two codes of a missing answer, in the kind of number of the answers.
    """
    odd = np.uint8(0)
    low, high, one, other, none = limits[0], limits[1], limits[2], limits[3], lost[0]
    for j in range(answers.shape[0]):
        x = answers[j]
        gone = (x == one) | (x == other) | (x != x)
        values[j] = none if gone else values.dtype.type(x)
        odd |= np.uint8((not gone) & ((x < low) | (x > high)))
    return bool(odd != 0)


@_compiled
def has_parts(values: Any) -> bool:
    """Whether any value is no whole number; NaN is nothing."""
    odd = np.uint8(0)
    for j in range(values.shape[0]):
        odd |= np.uint8((values[j] == values[j]) & (values[j] != np.floor(values[j])))
    return bool(odd != 0)


@_compiled
def _turn(values: Any, turned: Any, both: Any, lost: Any) -> None:
    for j in range(values.shape[0]):
        turned[j] = lost if values[j] == lost else both - values[j]


@_compiled
def _add(values: Any, total: Any) -> None:
    for j in range(values.shape[0]):
        total[j] += values[j]


@_compiled
def _write(total: Any, scores: Any, least: Any, share: Any) -> None:
    for j in range(total.shape[0]):
        scores[j] = scores.dtype.type(np.nan) if total[j] < least else scores.dtype.type(total[j])
    if share != 1:
        for j in range(scores.shape[0]):
            scores[j] /= share


@_compiled
def add_up(key: Key, values: Any, scores: Any, start: int) -> None:
    """Fill scores (S, N) from sheet `start` on by values (I, M): Σ x / share, NaN where an answer is missing."""
    sheets = values.shape[1]
    turned, total = np.empty(sheets, values.dtype), np.empty(sheets, values.dtype)
    for s in range(scores.shape[0]):
        total[:] = 0 if key.given[s] else key.lost[0]
        for entry in range(key.first[s], key.first[s + 1]):
            i = key.item[entry]
            if key.turned[entry]:
                _turn(values[i], turned, key.both[i], key.lost[0])
                _add(turned, total)
            else:
                _add(values[i], total)
        _write(total, scores[s, start : start + sheets], key.least[0], key.share[s])
