"""Scoring compiled: many sheets at once, in blocks that stay in the processor's cache."""

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
BLOCK = 4096  # sheets


class Key(NamedTuple):
    """A scoring key as arrays: I items, S scales, E entries (an item in a scale). "Kind": of number, a dtype."""

    lowest: NDArray[Any]  # (I,) kind of the answers, as are the next two
    highest: NDArray[Any]  # (I,)
    codes: NDArray[Any]  # (2,) stand for a missing answer
    whole: Bools  # (I,) parts of a number have to be looked for
    first: Ints  # (S + 1,) where each scale's entries begin
    item: Ints  # (E,) place of the item
    turned: Bools  # (E,) lowest + highest − x counts
    both: NDArray[Any]  # (I,) lowest + highest, kind of the sums, as are the next two
    lost: NDArray[Any]  # (1,) stands for a missing answer in a sum: NaN, or so far down that no sum comes up again
    least: NDArray[Any]  # (1,) a sum below has a missing answer in it
    share: NDArray[Any]  # (S,) kind of the scores: what the sum is divided by
    given: Bools  # (S,) there is a column for every item of the scale


def _compiled(function: Any) -> Any:
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)


# Small loops over one array each: these the compiler turns into vector instructions.


@_compiled
def _take(answers: Any, values: Any, odd: Any, key: Any, i: int) -> None:
    low, high, lost = key.lowest[i], key.highest[i], key.lost[0]
    one, other = key.codes[0], key.codes[1]
    for j in range(answers.shape[0]):
        x = answers[j]
        gone = (x == one) | (x == other) | (x != x)
        values[j] = lost if gone else values.dtype.type(x)
        odd[j] |= (not gone) & ((x < low) | (x > high))


@_compiled
def _look_for_parts(values: Any, odd: Any) -> None:
    for j in range(values.shape[0]):
        odd[j] |= (values[j] == values[j]) & (values[j] != np.floor(values[j]))


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
def score_part(key: Any, answers: Any, scores: Any, start: int) -> bool:
    """Fill scores (S, N) from sheet `start` on by answers (I, M): Σ x / share, NaN where an answer is missing.

    Returns whether any answer lies beyond its scale, or is a part of a whole number.
    """
    items, sheets = answers.shape
    values = np.empty((items, BLOCK), key.lost.dtype)
    turned, total = np.empty(BLOCK, key.lost.dtype), np.empty(BLOCK, key.lost.dtype)
    odd = np.zeros(BLOCK, np.uint8)
    for begin in range(0, sheets, BLOCK):
        size = min(BLOCK, sheets - begin)
        for i in range(items):
            _take(answers[i, begin : begin + size], values[i, :size], odd[:size], key, i)
            if key.whole[i]:
                _look_for_parts(values[i, :size], odd[:size])
        for s in range(scores.shape[0]):
            total[:size] = 0 if key.given[s] else key.lost[0]
            for entry in range(key.first[s], key.first[s + 1]):
                i = key.item[entry]
                if key.turned[entry]:
                    _turn(values[i, :size], turned[:size], key.both[i], key.lost[0])
                    _add(turned[:size], total[:size])
                else:
                    _add(values[i, :size], total[:size])
            at = start + begin
            _write(total[:size], scores[s, at : at + size], key.least[0], key.share[s])
    return bool(odd.any())
