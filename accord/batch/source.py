"""A table as it comes: named columns and blocks of rows, whatever the file was."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from accord.batch.quality import Complaint, Quality

# The column that carries the row number a person sees in a spreadsheet: the header is row 1.
ROW = "#row"
BLOCK_ROWS = 50_000  # of text


class Source(NamedTuple):
    """An opened table. `blocks(columns, quality)` reads it from the start: frames of ROW and those columns."""

    path: Path
    form: str  # "CSV", "Parquet", … in words
    columns: tuple[str, ...]
    blocks: Callable[[Sequence[str], Quality], Iterator[pl.DataFrame]]
    kinds: Mapping[str, pl.DataType] = {}  # of the columns, where the file knows them: it can then be read again


def tidy_names(header: Sequence[str | None], row: int, quality: Quality) -> tuple[str, ...]:
    """Column names from a header row: trimmed, blanks numbered, repeats told apart; each change is noted."""
    names: list[str] = []
    for place, raw in enumerate(header, start=1):
        name = (raw or "").strip() or f"column {place}"
        if name in names:
            quality.add(_repeated(name, row))
            name = _free(name, names)
        names.append(name)
    return tuple(names)


def text_frame(records: Sequence[Sequence[str | None]], rows: Sequence[int], names: Sequence[str]) -> pl.DataFrame:
    """Rows of text as a frame: cells trimmed, empty cells null."""
    columns: Sequence[Sequence[str | None]] = list(zip(*records, strict=True)) if records else [()] * len(names)
    frame = pl.DataFrame(
        [pl.Series(ROW, rows, dtype=pl.Int64)]
        + [pl.Series(name, cells, dtype=pl.String) for name, cells in zip(names, columns, strict=True)]
    )
    return frame.with_columns(trimmed(list(names)))


def trimmed(names: Sequence[str]) -> list[pl.Expr]:
    """Text without the spaces around it (no-break spaces too); nothing left is null."""
    bare = (pl.col(name).str.strip_chars() for name in names)
    return [pl.when(text != "").then(text) for text in bare]


def only_ratings(frame: pl.DataFrame, names: Sequence[str], quality: Quality) -> pl.DataFrame:
    """The rows that can hold ratings: neither blank nor the header again."""
    return _without_repeated_headers(_without_blank_rows(frame, names, quality), names, quality)


def _without_blank_rows(frame: pl.DataFrame, names: Sequence[str], quality: Quality) -> pl.DataFrame:
    blank = frame.select(pl.all_horizontal(pl.col(name).is_null() for name in names)).to_series()
    if not blank.any():
        return frame
    rows = frame.filter(blank)[ROW].to_list()
    quality.cells(Complaint("note", "blank-row", "a blank row; left out"), rows, [""] * len(rows))
    quality.count("rows that are blank", len(rows))
    return frame.filter(~blank)


def _without_repeated_headers(frame: pl.DataFrame, names: Sequence[str], quality: Quality) -> pl.DataFrame:
    # Two files pasted together leave the second one's header in the middle.
    same = frame.select(pl.all_horizontal(pl.col(name).eq_missing(pl.lit(name)) for name in names)).to_series()
    if not same.any():
        return frame
    rows = frame.filter(same)[ROW].to_list()
    note = Complaint("note", "repeated-header", "the header again; left out")
    quality.cells(note, rows, [""] * len(rows))
    quality.count("rows that repeat the header", len(rows))
    return frame.filter(~same)


def _repeated(name: str, row: int) -> Complaint:
    what = f"two columns are called {name}; the later one is called {name} (2) here"
    return Complaint("note", "repeated-column", what, row=row, column=name)


def _free(name: str, taken: Sequence[str]) -> str:
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"
