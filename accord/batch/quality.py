"""One list of all that was found in a table: errors that stop, notes that do not, and counts that add up.

The rule between the two: whatever would make us guess a number, or guess whose number it is, is an error;
whatever leaves every number as it stands in the table is a note.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import polars as pl

Level = Literal["error", "note"]

# Beyond this many of one kind in one column the rest is counted in a single line: nobody mends so many by hand.
LISTED = 1_000


COUNTED = (
    "rows read",
    "rows used",
    "rows that are blank",
    "rows that repeat the header",
    "rows without any score",
    "score cells read",
    "scores used",
    "score cells that are blank",
    "score cells coded as missing",
    "score cells with an error",
)


class Complaint(NamedTuple):
    level: Level
    kind: str
    what: str
    mend: str = ""
    row: int | None = None  # as a spreadsheet shows it: the first line of the file is row 1
    column: str = ""
    value: str = ""
    number: int = 1


NO_ROWS = Complaint("error", "empty", "the table has no rows", "Check that the right file was saved.")


class Group(NamedTuple):
    """Complaints in the same words about the same column."""

    first: Complaint
    rows: tuple[int, ...]
    number: int

    def where(self, most: int = 30) -> str:
        """Rows and column in words: "rows 2–31, 45, column Time"; after `most` runs of rows it breaks off."""
        rows = _spans(self.rows, most)
        named = f"row{'s' if len(self.rows) > 1 else ''} {rows}" if rows else ""
        return ", ".join(part for part in (named, self.first.column and f"column {self.first.column}") if part)


def grouped(complaints: Iterable[Complaint]) -> list[Group]:
    """Alike complaints together, in the order of the first of each."""
    alike: dict[tuple[str, str, str], list[Complaint]] = {}
    for complaint in complaints:
        alike.setdefault((complaint.level, complaint.what, complaint.column), []).append(complaint)
    return [
        Group(group[0], tuple(c.row for c in group if c.row is not None), sum(c.number for c in group))
        for group in alike.values()
    ]


def _spans(rows: Sequence[int], most: int) -> str:
    runs: list[tuple[int, int]] = []
    for row in sorted(set(rows)):
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    told = [str(first) if first == last else f"{first}–{last}" for first, last in runs[:most]]
    return ", ".join(told) + (" …" if len(runs) > most else "")


def of_file(complaint: Complaint, name: str) -> Complaint:
    """The same with the name of its file, where several are read; it is not said twice."""
    return complaint if name in complaint.what else complaint._replace(what=f"{name}: {complaint.what}")


class Quality:
    """Collects complaints and counts while a table is read."""

    def __init__(self) -> None:
        self._complaints: list[Complaint] = []
        self._met: dict[tuple[str, str], int] = {}
        self._unlisted: dict[tuple[str, str], Complaint] = {}
        self._counts: dict[str, int] = {}

    @property
    def failed(self) -> bool:
        return any(complaint.level == "error" for complaint in self._complaints)

    @property
    def errors(self) -> int:
        return sum(complaint.number for complaint in self.complaints() if complaint.level == "error")

    @property
    def notes(self) -> int:
        return sum(complaint.number for complaint in self.complaints() if complaint.level == "note")

    def add(self, complaint: Complaint) -> None:
        """Take one complaint in; from the thousand-and-first of its kind and column on, only count it."""
        key = (complaint.kind, complaint.column)
        self._met[key] = self._met.get(key, 0) + complaint.number
        if self._met[key] <= LISTED:
            self._complaints.append(complaint)
        else:
            self._count_only(key, complaint)

    def cells(self, complaint: Complaint, rows: Sequence[int], values: Sequence[str]) -> None:
        """The same complaint about many cells of one column."""
        key = (complaint.kind, complaint.column)
        listed = max(0, LISTED - self._met.get(key, 0))
        for row, value in zip(rows[:listed], values[:listed], strict=True):
            what = complaint.what.replace("{value}", value)
            self.add(complaint._replace(row=row, value=value, what=what))
        rest = len(rows) - listed
        if rest > 0:
            self.add(complaint._replace(row=rows[listed], number=rest, what=complaint.kind))

    def count(self, what: str, number: int) -> None:
        self._counts[what] = self._counts.get(what, 0) + number

    @property
    def counts(self) -> dict[str, int]:
        """Rows, then cells; read, then where they went, so that a reader can add up. Noughts are left out."""
        known = {what: self._counts[what] for what in COUNTED if self._counts.get(what)}
        return known | {what: number for what, number in self._counts.items() if number and what not in COUNTED}

    def complaints(self) -> tuple[Complaint, ...]:
        """Everything: errors first, and each of the two by row and column, the whole file's first."""
        everything = [*self._complaints, *self._unlisted.values()]
        return tuple(sorted(everything, key=_place))

    def table(self) -> pl.DataFrame:
        """quality.csv: the counts, then a line a complaint; nothing to say is an empty cell."""
        counts = [
            Complaint("note", "count", what, number=number)._asdict() | {"level": "count"}
            for what, number in self.counts.items()
        ]
        told = [*counts, *(complaint._asdict() for complaint in self.complaints())]
        return pl.DataFrame(told, schema=_SCHEMA).with_columns(pl.col(pl.String).replace("", None))

    def _count_only(self, key: tuple[str, str], complaint: Complaint) -> None:
        before = self._unlisted.get(key)
        count = complaint.number + (before.number if before else 0)
        first = before.row if before else complaint.row
        what = f"and {count:,} more of the same kind, the first in row {first}"
        self._unlisted[key] = complaint._replace(row=first, what=what, value="", number=count)


_SCHEMA = {
    "level": pl.String,
    "kind": pl.String,
    "what": pl.String,
    "mend": pl.String,
    "row": pl.Int64,
    "column": pl.String,
    "value": pl.String,
    "number": pl.Int64,
}


def _place(complaint: Complaint) -> tuple[bool, int, bool]:
    # Within one row the whole row comes before its cells; the cells keep the order in which they were met.
    return (complaint.level != "error", complaint.row or 0, bool(complaint.column))
