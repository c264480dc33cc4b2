"""Bars 7 to 9, as `tables.py` measures them, in the rows of this table."""

from importlib import import_module
from typing import Any

from benchmarks.rows import Bar, Row, missing
from benchmarks.setup import Setup


def bar_7(setup: Setup) -> list[Row]:
    tables, size = _tables(), setup.size
    if tables is None:
        return [missing(7, "accord analyse, Parquet to Parquet", NOT_INSTALLED)]
    found = [row for form in ("long", "wide") for row in tables.bar_7(size.analysed, size.rounds, form)]
    return [_row(7, row) for row in found]


def bar_8(setup: Setup) -> list[Row]:
    """Rates, so that more is better as in the other rows."""
    tables, size = _tables(), setup.size
    if tables is None:
        return [missing(8, "scoring sheets", NOT_INSTALLED)]
    return [_rates(_row(8, row), size.sheets) for row in tables.bar_8(size.sheets, size.rounds)]


def bar_9(setup: Setup) -> list[Row]:
    tables = _tables()
    if tables is None:
        return [missing(9, "growth of time and memory", NOT_INSTALLED)]
    return [_row(9, row) for row in tables.bar_9(setup.size.growing)]


NOT_INSTALLED = "pandas or DuckDB is not installed: make bench installs them"


def _tables() -> Any:
    try:
        return import_module("benchmarks.tables")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith(("benchmarks", "accord")):
            raise
        return None


def _row(number: int, row: Any) -> Row:
    """Seconds, unless the task names another unit; an exponent has none."""
    last = row.task.rpartition(", ")[2]
    unit = last if last in ("GiB", "s") else "" if row.task.startswith("exponent") else "s"
    theirs = row.peer if row.peer_name else None
    return Row(number, row.task, unit, row.ours, row.peer_name, theirs, _bar(row.bar))


def _rates(row: Row, amount: int) -> Row:
    ours, theirs = (amount / seconds if seconds else None for seconds in (row.ours, row.theirs))
    return row._replace(unit="sheets/s", ours=ours, theirs=theirs)


def _bar(words: str) -> Bar | None:
    """at least 3 ×, at most 4 GiB, at most 1.05."""
    if not words:
        return None
    _, kind, limit, *unit = words.split()
    return Bar(kind == "least", float(limit), " ".join(unit))
