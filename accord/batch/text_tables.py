"""CSV and TSV, as spreadsheets and statistics programs really write them.

Python's own csv reader is used, not a faster one, because it alone tells us the record that each cell came
from: blank lines, short rows and line breaks inside quotes must not shift the row numbers a person is told.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import polars as pl

from accord.batch.quality import Complaint, Quality
from accord.batch.source import BLOCK_ROWS, ROW, Source, only_ratings, text_frame, tidy_names

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright bars"}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHUNK = 1 << 20


class Dialect(NamedTuple):
    encoding: str
    separator: str


class Record(NamedTuple):
    row: int
    cells: list[str]


def open_text(path: Path, quality: Quality) -> Source | None:
    """A text table ready to be read, or None with the reasons in `quality`."""
    encoding = _encoding(path, quality)
    if encoding is None:
        return None
    sample = _sample(path, encoding)
    separator = _separator(sample, path, quality)
    header = _header(path, Dialect(encoding, separator), quality) if separator else None
    if header is None:
        return None
    dialect = Dialect(encoding, separator)
    names = tidy_names(header.cells, header.row, quality)

    def blocks(columns: Sequence[str], quality: Quality) -> Iterator[pl.DataFrame]:
        for frame in _frames(path, dialect, Record(header.row, list(names)), quality):
            yield only_ratings(frame, names, quality).select(ROW, *columns)

    return Source(path, f"text, separated by {SEPARATORS[separator]}", names, blocks)


def _encoding(path: Path, quality: Quality) -> str | None:
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            quality.add(
                Complaint(
                    "note",
                    "bom",
                    "the file begins with a byte-order mark; it is not part of the first name",
                    row=1,
                )
            )
            return encoding
    if b"\0" in head:
        what = "this is not a text table: it contains null bytes"
        quality.add(Complaint("error", "not-text", what, "Save the table as CSV (UTF-8) and try again."))
        return None
    line = _first_line_not_utf8(path)
    if line is None:
        return "utf-8"
    what = "letters that are not UTF-8; the file is read as Windows Latin-1"
    quality.add(Complaint("note", "encoding", what, "Save it as CSV (UTF-8) if names look wrong.", row=line))
    return "latin-1" if _undefined_in_windows(path) else "cp1252"


def _first_line_not_utf8(path: Path) -> int | None:
    line = 1
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                # What the decoder kept from the chunk before stands in front and holds no line end.
                return line + error.object[: error.start].count(b"\n")
            line += chunk.count(b"\n")
    return None


def _undefined_in_windows(path: Path) -> bool:
    undefined = frozenset(b"\x81\x8d\x8f\x90\x9d")
    with path.open("rb") as file:
        return any(undefined.intersection(chunk) for chunk in iter(lambda: file.read(_CHUNK), b""))


def _sample(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        return file.read(1 << 16)


def _separator(sample: str, path: Path, quality: Quality) -> str:
    if not sample.strip():
        quality.add(Complaint("error", "empty", "the file is empty", "Check that the right file was saved."))
        return ""
    usual = "\t" if path.suffix.lower() in {".tsv", ".tab"} else ","
    found = max(SEPARATORS, key=lambda separator: (*_fit(sample, separator), separator == usual))
    if _fit(sample, found)[1] < 2:
        named = ", ".join(SEPARATORS.values())
        what = f"only one column was found; columns must be separated by {named}"
        quality.add(Complaint("error", "separator", what, "Save the table as CSV and try again.", row=1))
        return ""
    if found != usual:
        what = f"columns are separated by {SEPARATORS[found]}, not {SEPARATORS[usual]}; read that way"
        quality.add(Complaint("note", "separator", what, row=1))
    return found


def _fit(sample: str, separator: str) -> tuple[float, int]:
    """How well a separator explains the first lines: share of records as wide as the header, and the width."""
    lines = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    try:
        widths = [len(cells) for cells in islice(lines, 50) if any(cells)]
    except csv.Error:
        return (0.0, 0)
    # The sample may stop in the middle of its last record.
    whole = widths[:-1] if len(widths) > 2 and len(sample) == 1 << 16 else widths
    width = whole[0] if whole else 0
    return (sum(other == width for other in whole) / max(len(whole), 1) if width > 1 else 0.0, width)


def _records(path: Path, dialect: Dialect, quality: Quality) -> Iterator[Record]:
    row = 0
    with path.open(encoding=dialect.encoding, newline="") as file:
        try:
            for row, cells in enumerate(csv.reader(file, delimiter=dialect.separator, strict=True), start=1):
                yield Record(row, cells)
        except csv.Error as error:
            what = f"the rest of the file cannot be read from here on: {error}"
            quality.add(Complaint("error", "quotes", what, 'Look for a " that is not closed.', row=row + 1))
        except UnicodeDecodeError as error:
            what = f"bytes that are no text ({error.reason})"
            quality.add(Complaint("error", "encoding", what, "Save the table as CSV (UTF-8).", row=row + 1))


def _header(path: Path, dialect: Dialect, quality: Quality) -> Record | None:
    for record in _records(path, dialect, quality):
        if any(cell.strip() for cell in record.cells):
            if record.row > 1:
                what = f"the header stands in row {record.row}, below blank rows"
                quality.add(Complaint("note", "blank-row", what, row=1, number=record.row - 1))
            return record
    return None


def _frames(path: Path, dialect: Dialect, header: Record, quality: Quality) -> Iterator[pl.DataFrame]:
    width = len(header.cells)
    records = (record for record in _records(path, dialect, quality) if record.row > header.row)
    while batch := list(islice(records, BLOCK_ROWS)):
        quality.count("rows read", len(batch))
        fitted = ((row, _fitted(row, cells, width, quality)) for row, cells in batch)
        whole = [(row, cells) for row, cells in fitted if cells is not None]
        yield text_frame([cells for _, cells in whole], [row for row, _ in whole], header.cells)


def _fitted(row: int, cells: list[str], width: int, quality: Quality) -> Sequence[str | None] | None:
    """The row's cells, one a column; None where the row cannot be matched to the header."""
    if len(cells) == width:
        return cells
    if not cells:
        return [None] * width
    if not any(cell.strip() for cell in cells[width:]) and len(cells) > width:
        return cells[:width]
    what = f"{len(cells)} cell{'s' if len(cells) != 1 else ''}, but the header has {width}"
    quality.add(Complaint("error", "row-width", what, "Look for a missing or an extra separator in this row.", row=row))
    return None
