"""Columns of the two tables of `accord match`: text and numbers, checked; each different wish understood once."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from accord.batch.columns import nearest
from accord.batch.errors import BadTable
from accord.batch.quality import NO_ROWS, Complaint, Quality
from accord.batch.source import ROW, Source

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Wish = frozenset[str]
ALSO, OR = "&", ";"


class Range(NamedTuple):
    """What a number may be."""

    low: float
    high: float
    whole: bool = False
    blank: float | None = None  # what a blank cell stands for; None: it must be filled in

    def holds(self, values: pl.Series) -> pl.Series:
        inside = values.is_between(self.low, self.high)
        return inside & (values == values.floor()) if self.whole else inside

    def __str__(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {self.low:g}" + (f" to {self.high:g}" if np.isfinite(self.high) else "")


COUNT, SHARE, SIDE = Range(0, np.inf, whole=True), Range(0, 1), Range(-1, 1)


def first_of(names: Sequence[str], source: Source, quality: Quality) -> str:
    """The first of these columns that the table has; a complaint where there is none."""
    for name in names:
        if name in source.columns:
            return name
    mend = nearest(names[0], source.columns) or f"Call the column with their names {names[0]}."
    quality.add(Complaint("error", "no-column", f"{source.path.name} has no column {names[0]}", mend, row=1))
    return ""


def numbers(frame: pl.DataFrame, column: str, kind: Range, quality: Quality) -> Floats:
    """The column's numbers; a complaint for each cell that is none of this kind."""
    cells = frame[column]
    values = cells.cast(pl.Float64, strict=False)
    blank = cells.is_null()
    bad = ~kind.holds(values.fill_null(float("nan"))) | values.is_nan().fill_null(value=False)
    _complain(frame, column, bad & ~blank, (f"“{{value}}” is not {kind}", "Mend the cell."), quality)
    if kind.blank is None:
        _complain(frame, column, blank, ("the cell is blank", f"Write {kind}."), quality)
    return values.fill_null(kind.blank if kind.blank is not None else kind.low).fill_nan(kind.low).to_numpy()


def truths(frame: pl.DataFrame, column: str, quality: Quality) -> NDArray[np.bool_]:
    """yes, true and 1; no, false, 0 and blank."""
    cells = frame[column].cast(pl.String).str.to_lowercase()
    known = cells.is_in(["yes", "true", "1", "no", "false", "0"]) | cells.is_null()
    _complain(frame, column, ~known, ("“{value}” is neither yes nor no", "Write yes or no."), quality)
    return cells.is_in(["yes", "true", "1"]).fill_null(value=False).to_numpy()


def check_names(frame: pl.DataFrame, column: str, quality: Quality) -> None:
    """Every row has a name, and none is there twice."""
    names = frame[column]
    _complain(frame, column, names.is_null(), ("a row without a name", "Give every row a name of its own."), quality)
    again = names.is_not_null() & ~names.is_first_distinct()
    _complain(frame, column, again, ("{value} was there before", "Keep one row for each."), quality)


def _complain(frame: pl.DataFrame, column: str, where: pl.Series, words: tuple[str, str], quality: Quality) -> None:
    if where.any():
        found = frame.filter(where)
        values = ["" if cell is None else str(cell) for cell in found[column].to_list()]
        what, mend = words
        quality.cells(Complaint("error", "cell", what, mend, column=column), found[ROW].to_list(), values)


class Codes(NamedTuple):
    """A column of text as numbers: `cells[code]` is what a cell meant; −1 where it was blank."""

    codes: Ints  # (N,)
    cells: tuple[tuple[Wish, ...], ...]


def coded(frame: pl.DataFrame, column: str, read: Callable[[str], tuple[Wish, ...]], quality: Quality) -> Codes:
    """Each different cell is read once."""
    texts = frame[column].cast(pl.String)
    different = texts.drop_nulls().unique(maintain_order=True)
    cells = []
    for text in different:
        try:
            cells.append(read(text))
        except ValueError as error:
            cells.append(())
            words = (f"“{{value}}” {error}", f"Write words with {OR} between them.")
            _complain(frame, column, (texts == text).fill_null(value=False), words, quality)
    codes = texts.replace_strict(different, np.arange(len(different)), default=-1, return_dtype=pl.Int64)
    return Codes(codes.fill_null(-1).to_numpy(), tuple(cells))


def wishes(kind: str) -> Callable[[str], tuple[Wish, ...]]:
    """`es; pt & en`: (es or pt) and en. A word with a colon in it is a whole token, as `insurer:ADSE`."""

    def read(text: str) -> tuple[Wish, ...]:
        return tuple(frozenset(_tokens(kind, part)) for part in text.split(ALSO))

    return read


def having(kind: str) -> Callable[[str], tuple[Wish, ...]]:
    """`es; en`: both."""
    return lambda text: (frozenset(_tokens(kind, text)),)


def _tokens(kind: str, text: str) -> list[str]:
    words = [word.strip() for word in text.split(OR)]
    if not all(words):
        raise ValueError("has a gap where a word should be")
    return [word if ":" in word else f"{kind}:{word}" for word in words]


def whole(source: Source, quality: Quality) -> pl.DataFrame:
    """All rows, read in blocks. Raises BadTable where they cannot be read, or where there are none."""
    frames = list(source.blocks(source.columns, quality))
    if not any(frame.height for frame in frames) and not quality.failed:
        quality.add(NO_ROWS)
    if quality.failed:
        raise BadTable(quality.complaints())
    return pl.concat(frames, how="vertical_relaxed")
