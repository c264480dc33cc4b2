"""From the cells of a table to numbers, with every cell that is no number named."""

from typing import NamedTuple

import polars as pl

from accord.batch import words
from accord.batch.quality import Complaint, Quality
from accord.batch.source import ROW


class Scale(NamedTuple):
    """The ends of the scale and which one is the good one."""

    low: float = 0.0
    high: float = 10.0
    better: str = "high"
    named: bool = False  # said by the person, not assumed

    @property
    def words(self) -> str:
        return f"{self.low:g} to {self.high:g}"


class OffScale(NamedTuple):
    """What lies outside a scale that was only assumed: told once, not cell by cell."""

    number: int
    low: float
    high: float
    row: int
    column: str


def numbers_in(frame: pl.DataFrame, column: str, quality: Quality) -> pl.Series:
    """The column as numbers: null for missing, NaN for what is an error (text, infinite); codes are noted."""
    cells = frame[column]
    if cells.dtype.is_temporal():
        _name(frame, column, cells.is_not_null(), _TEXT, quality)
        return pl.Series(column, [float("nan")] * len(cells), dtype=pl.Float64)
    values = _from_text(frame, column, quality) if cells.dtype == pl.String else cells.cast(pl.Float64)
    quality.count("score cells read", len(cells))
    quality.count("score cells that are blank", cells.null_count())
    if cells.dtype.is_float():
        unknown = values.is_nan().fill_null(value=False)
        _name(frame, column, unknown, _CODE, quality)
        values = values.fill_nan(None)
    if not cells.dtype.is_integer():
        _name(frame, column, values.is_infinite().fill_null(value=False), _INFINITE, quality)
    return values.alias(column)


def off_scale(frame: pl.DataFrame, column: str, scale: Scale, quality: Quality) -> OffScale | None:
    """Name values outside the scale; where the scale was only assumed, hand them back to be told in one line."""
    values = frame[column]
    ends = values.min(), values.max()
    if isinstance(ends[0], float) and isinstance(ends[1], float) and scale.low <= ends[0] and ends[1] <= scale.high:
        return None
    finite = values.is_finite().fill_null(value=False)
    outside = finite & ((values < scale.low) | (values > scale.high))
    if not outside.any():
        return None
    if scale.named:
        what = f"{{value}} lies off the scale of {scale.words}"
        mend = "Mend the number, or leave the cell blank if it stands for missing."
        _name(frame, column, outside, Complaint("error", "off-scale", what, mend), quality)
        return None
    off = frame.filter(outside)
    known = values.filter(finite).to_numpy()
    low, high = float(known.min()), float(known.max())
    return OffScale(off.height, low, high, int(off[ROW][0]), column)


def tell_off_scale(found: list[OffScale], scale: Scale, quality: Quality) -> None:
    """One complaint for all values outside an assumed scale."""
    if not found:
        return
    first = min(found, key=lambda off: off.row)
    low, high = min(off.low for off in found), max(off.high for off in found)
    count = sum(off.number for off in found)
    these = f"{count:,} scores lie" if count > 1 else "a score lies"
    seen = f"the scores there go from {low:g} to {high:g}"  # what helps to name the scale
    what = f"{these} off the scale of {scale.words} that is assumed; {seen}"
    mend = "Name the scale, as in --scale 0-63, and --better low for symptoms."
    quality.add(Complaint("error", "off-scale", what, mend, row=first.row, column=first.column, number=count))


_TEXT = Complaint("error", "text-in-score", "“{value}” is not a number", "Write a number, or leave it blank.")
_INFINITE = Complaint("error", "infinite", "an infinite number", "Write a number, or leave the cell blank.")
_CODE = Complaint("note", "missing-code", "“{value}” is read as missing")
_COMMA = Complaint("note", "decimal-comma", "“{value}” is read with a decimal comma")


def _from_text(frame: pl.DataFrame, column: str, quality: Quality) -> pl.Series:
    cells = frame[column]
    coded = cells.str.to_lowercase().is_in(words.MISSING).fill_null(value=False)
    _name(frame, column, coded, _CODE, quality)
    with_comma = cells.str.contains(r"^[+-]?\d*,\d+$").fill_null(value=False)
    _name(frame, column, with_comma, _COMMA, quality)
    pointed = pl.select(pl.when(with_comma).then(cells.str.replace(",", ".", literal=True)).otherwise(cells))
    values = pointed.to_series().cast(pl.Float64, strict=False)
    said = cells.is_not_null() & ~coded
    _name(frame, column, said & values.is_null(), _TEXT, quality)
    # NaN, not null: the row has something to say, it only cannot be read. It never gets past the errors.
    return pl.select(pl.when(said).then(values.fill_null(float("nan")))).to_series()


def _name(frame: pl.DataFrame, column: str, where: pl.Series, complaint: Complaint, quality: Quality) -> None:
    if not where.any():
        return
    named = frame.filter(where)
    values = [f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in named[column]]
    quality.cells(complaint._replace(column=column), named[ROW].to_list(), values)
    if complaint.kind in _COUNTED:
        quality.count(_COUNTED[complaint.kind], len(values))


_COUNTED = {
    "missing-code": "score cells coded as missing",
    "text-in-score": "score cells with an error",
    "infinite": "score cells with an error",
    "off-scale": "score cells with an error",
}
