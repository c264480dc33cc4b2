"""Open a table of ratings, whatever the file is."""

from pathlib import Path

from accord.batch.parquet_tables import open_parquet
from accord.batch.quality import Complaint, Quality
from accord.batch.sheet_tables import open_sheet
from accord.batch.source import Source
from accord.batch.text_tables import open_text

_OPENERS = {
    ".csv": open_text, ".txt": open_text, ".tsv": open_text, ".tab": open_text,
    ".parquet": open_parquet, ".pq": open_parquet,
    ".xlsx": open_sheet, ".xlsm": open_sheet, ".xlsb": open_sheet, ".xls": open_sheet, ".ods": open_sheet,
}  # fmt: skip
# A file says best what it is by its first bytes; its name may lie (a workbook renamed to .csv).
_FIRST_BYTES = {b"PAR1": open_parquet, b"PK\x03\x04": open_sheet, b"\xd0\xcf\x11\xe0": open_sheet}


def open_table(path: Path, quality: Quality) -> Source | None:
    """A table ready to be read, or None with the reasons in `quality`."""
    problem = _problem(path)
    if problem:
        quality.add(problem)
        return None
    with path.open("rb") as file:
        first = file.read(4)
    opener = _FIRST_BYTES.get(first) or _OPENERS.get(path.suffix.lower())
    if opener is None:
        named = "CSV, TSV, Parquet and Excel"
        what = f"{path.suffix or 'a name without an ending'} is not a kind of table we read ({named})"
        quality.add(Complaint("error", "kind-of-file", what, "Save the table as CSV (UTF-8)."))
        return None
    return opener(path, quality)


def _problem(path: Path) -> Complaint | None:
    if not path.exists():
        return Complaint("error", "no-file", f"there is no file {path}", "Check the name and the folder.")
    if not path.is_file():
        return Complaint("error", "no-file", f"{path} is not a file", "Name one file, with the table in it.")
    if not path.stat().st_size:
        return Complaint("error", "empty", "the file is empty", "Check that the right file was saved.")
    return None
