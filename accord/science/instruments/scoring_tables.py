"""Whole tables of answer sheets, scored at once by the rules of `scoring.score`."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.science.errors import BadAnswers
from accord.science.instruments.model import MISSING, NOT_SURE, SKIPPED, Instrument, Item
from accord.science.instruments.scoring import allowed
from accord.science.instruments.scoring_kernel import Key, add_up, has_parts, take

Column = NDArray[Any]
Scores = NDArray[np.floating[Any]]  # float32 or float64

# In a column of numbers the two missing codes are these numbers; no scale reaches so low.
CODES: Mapping[str, int] = {SKIPPED: -128, NOT_SURE: -127}
PART = 65_536  # sheets that are taken together


def score_sheets(instrument: Instrument, answers: Mapping[str, ArrayLike]) -> dict[str, Scores]:
    """Each score of N sheets by name, (N,); NaN where any of its items has no answer.

    answers: a column (N,) for each item by name. Numbers stand for themselves, CODES for the two missing codes; NaN, or
    no column at all, is an item that is absent and counts like a skipped one. A column of choices holds their codes
    as text, "" for absent. Sum: Σ x; mean: Σ x / n; a reversed item counts as lowest + highest − x.
    Scores are float64; float32 where every column is int8 or float32: exact for sums of whole answers, seven digits
    otherwise.

    Raises BadAnswers: unknown items, columns that do not fit each other or their item, and the first sheet with an
    answer that the instrument does not know, by row (from 0), item and value, with what is allowed.
    """
    columns = {name: np.asarray(column) for name, column in answers.items()}
    sheets = _sheets(instrument, columns)
    for name, column in columns.items():
        _check_kind(instrument, _item(instrument, name), column)
    items = tuple(item for item in instrument.items if not item.choices and item.name in columns)
    numbers = [_narrowed(columns[item.name]) for item in items]
    key = _key(instrument, items, np.result_type(*numbers) if numbers else np.dtype(np.float64))
    counted = key.lost.dtype == np.int16  # stored as whole numbers: none has parts
    scores: Scores = np.empty((len(instrument.scales), sheets), key.share.dtype)

    limits = [_limits(item, column) for item, column in zip(items, numbers, strict=True)]

    def score_from(start: int) -> bool:
        part = [column[start : start + PART] for column in numbers]
        values = np.empty((len(part), len(part[0])), key.lost.dtype)
        odd = [take(*one, key.lost) for one in zip(part, values, limits, strict=True)]
        odd += [has_parts(one) for one, item in zip(values, items, strict=True) if item.whole and not counted]
        add_up(key, values, scores, start)
        return any(odd)

    starts = range(0, sheets if numbers else 0, PART)
    with ThreadPoolExecutor(numba.get_num_threads()) as threads:
        wrong = list(threads.map(score_from, starts) if len(starts) > 1 else map(score_from, starts))
    if any(wrong):
        raise BadAnswers(_first_wrong(instrument, items, numbers, wrong.index(True) * PART))
    return {scale.name: scores[place] if numbers else _none(sheets) for place, scale in enumerate(instrument.scales)}


def _none(sheets: int) -> Scores:
    return np.full(sheets, np.nan)


def _limits(item: Item, column: Column) -> Column:
    return np.array([item.lowest, item.highest, *CODES.values()], column.dtype)


def _item(instrument: Instrument, name: str) -> Item:
    item = instrument.item(name)
    if item is None:
        known = ", ".join(known.name for known in instrument.items)
        raise BadAnswers(f"{instrument.id} has no item {name!r}; its items are {known}")
    return item


def _sheets(instrument: Instrument, columns: Mapping[str, Column]) -> int:
    shapes = {column.shape for column in columns.values()} or {(0,)}
    if len(shapes) > 1 or any(len(shape) != 1 for shape in shapes):
        told = ", ".join(f"{name!r} {column.shape}" for name, column in columns.items())
        raise BadAnswers(f"{instrument.id}: every column needs one answer a sheet; these have {told}")
    return int(shapes.pop()[0])


def _check_kind(instrument: Instrument, item: Item, column: Column) -> None:
    # True and False are answers nowhere.
    if column.dtype.kind not in ("OU" if item.choices else "iuf"):
        raise BadAnswers(f"{instrument.id}, item {item.name!r}: a column of {column.dtype} is not {allowed(item)}")
    if item.choices:
        known = np.isin(column, ["", *MISSING, *(choice.code for choice in item.choices)])
        if not known.all():
            raise BadAnswers(_told(instrument, item, int(np.argmin(known)), str(column[np.argmin(known)])))


def _narrowed(column: Column) -> Column:
    """Columns of the three kinds that the kernel knows: int8, float32, float64."""
    if column.dtype in (np.int8, np.float32, np.float64):
        return column
    if column.dtype.kind in "iu" and column.size and column.min() >= -128 and column.max() <= 127:
        return column.astype(np.int8)
    return column.astype(np.float64)


def _key(instrument: Instrument, items: Sequence[Item], kind: np.dtype[Any]) -> Key:
    place = {item.name: number for number, item in enumerate(items)}
    held = [[name for name in scale.items if name in place] for scale in instrument.scales]
    entries = [(scale, name) for scale, mine in zip(instrument.scales, held, strict=True) for name in mine]
    # A missing answer takes a sum of int16 down by more than all answers together can bring it up again.
    reach = sum(max(abs(item.lowest), abs(item.highest)) for item in items)
    down = 32_767 // max(len(items), 1)
    counted = kind == np.int8 and down > 2 * reach
    sums = np.int16 if counted else np.float64
    return Key(
        first=np.cumsum([0, *map(len, held)]),
        item=np.array([place[name] for _, name in entries], np.int64),
        turned=np.array([name in scale.reversed for scale, name in entries], np.bool_),
        given=np.array([len(m) == len(s.items) for m, s in zip(held, instrument.scales, strict=True)], np.bool_),
        both=np.array([item.lowest + item.highest for item in items], sums),
        lost=np.array([-down if counted else np.nan], sums),
        least=np.array([-reach if counted else -np.inf], sums),
        share=_shares(instrument, np.float64 if kind == np.float64 else np.float32),
    )


def _shares(instrument: Instrument, kind: type[np.floating[Any]]) -> Scores:
    return np.array([len(scale.items) if scale.how == "mean" else 1 for scale in instrument.scales], kind)


def _first_wrong(instrument: Instrument, items: Sequence[Item], numbers: Sequence[Column], start: int) -> str:
    """The first sheet from `start` on with an answer that is not allowed, and its first such item."""
    fits = np.array([_fits(item, column[start : start + PART]) for item, column in zip(items, numbers, strict=True)])
    row = int(np.argmin(fits.all(axis=0)))
    place = int(np.argmin(fits[:, row]))
    return _told(instrument, items[place], start + row, f"{numbers[place][start + row]:g}")


def _fits(item: Item, answers: Column) -> NDArray[np.bool_]:
    x = answers.astype(np.float64)
    inside = (x >= item.lowest) & (x <= item.highest) & ((not item.whole) | (x == np.floor(x)))
    return np.asarray(inside | np.isnan(x) | np.isin(x, list(CODES.values())))


def _told(instrument: Instrument, item: Item, row: int, value: str) -> str:
    return f"{instrument.id}, row {row}, item {item.name!r}: {value!r} is not {allowed(item)}"
