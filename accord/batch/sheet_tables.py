"""Excel and OpenDocument workbooks: the first sheet, cell by cell, with the row numbers that it shows."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import fastexcel
import polars as pl

from accord.batch.quality import Complaint, Quality
from accord.batch.source import BLOCK_ROWS, ROW, Source, only_ratings, text_frame, tidy_names


def open_sheet(path: Path, quality: Quality) -> Source | None:
    """The first sheet ready to be read, or None with the reasons in `quality`."""
    cells = _cells(path, quality)
    if cells is None:
        return None
    filled = cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series().arg_true()
    if filled.is_empty():
        quality.add(Complaint("error", "empty", "the sheet is empty", "Put the ratings on the first sheet."))
        return None
    header = int(filled[0])
    if header:
        what = f"the header stands in row {header + 1}, below blank rows"
        quality.add(Complaint("note", "blank-row", what, row=1, number=header))
    names = tidy_names(cells.row(header), header + 1, quality)

    def blocks(columns: Sequence[str], quality: Quality) -> Iterator[pl.DataFrame]:
        for start in range(header + 1, cells.height, BLOCK_ROWS):
            part = cells.slice(start, BLOCK_ROWS)
            quality.count("rows read", part.height)
            numbers = range(start + 1, start + 1 + part.height)
            yield only_ratings(text_frame(part.rows(), numbers, names), names, quality).select(ROW, *columns)

    return Source(path, "a workbook's first sheet", names, blocks)


def _cells(path: Path, quality: Quality) -> pl.DataFrame | None:
    try:
        book = fastexcel.read_excel(path)
        # skip_rows=0 keeps blank rows above the header, so that our row numbers are the spreadsheet's.
        sheet = book.load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
        cells: pl.DataFrame = sheet.to_polars()
    except fastexcel.FastExcelError as error:
        what = f"this is not a workbook we can open: {error.args[0].splitlines()[0]}"
        quality.add(Complaint("error", "unreadable", what, "Save it again as .xlsx, or as CSV (UTF-8)."))
        return None
    others = book.sheet_names[1:]
    if others:
        what = f"only the first sheet, {book.sheet_names[0]}, is read; not read: {', '.join(others)}"
        quality.add(Complaint("note", "sheets", what))
    return cells
