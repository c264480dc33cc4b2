"""Wide tables: which columns are sessions of what."""

from collections.abc import Sequence
from itertools import groupby, takewhile
from typing import NamedTuple

from accord.batch import words
from accord.batch.columns import Numbered, numbered

FEWEST = 3  # numbered columns that we take for sessions without being told


class Reading(NamedTuple):
    """One thing that is rated: a pillar by one of the two, or a score that keeps its column's name."""

    name: str
    pillar: str = ""  # goal, task, bond; empty for a score of its own
    rater: str = "client"


class Cell(NamedTuple):
    column: str
    session: int
    reading: int  # place among the readings


def families(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns that look like sessions: all runs that name a pillar, or else the longest (first of equals)."""
    runs: list[Sequence[str]] = [run for run in _runs(columns) if len(run) >= FEWEST]
    pillars = [name for run in runs if words.pillar_in(run[0]) for name in run]
    longest: Sequence[str] = max(runs, key=len, default=())
    return tuple(pillars or longest)


def wide_cells(listed: Sequence[str]) -> tuple[tuple[Cell, ...], tuple[Reading, ...]]:
    """Each column with its session, and what is rated.

    Sessions are numbered as the names are, where the names differ in one number only; otherwise 1, 2, 3 … in
    the order listed.
    """
    by_pillar = all(words.pillar_in(name) for name in listed)
    rated = [_reading(name) if by_pillar else Reading(_stem(listed)) for name in listed]
    readings = tuple(dict.fromkeys(rated))
    cells: list[Cell] = []
    for place, reading in enumerate(readings):
        names = [name for name, other in zip(listed, rated, strict=True) if other == reading]
        cells += [Cell(name, session, place) for name, session in zip(names, _sessions(names), strict=True)]
    return tuple(cells), readings


def _reading(name: str) -> Reading:
    pillar = words.pillar_in(name) or ""
    return Reading(pillar, pillar, words.rater_in(name) or "client")


def _around(name: str) -> tuple[str, str]:
    split = numbered(name)
    return (split.before, split.after) if split else (name, "")


def _runs(columns: Sequence[str]) -> list[list[str]]:
    numbers = [name for name in columns if numbered(name)]
    return [list(run) for _, run in groupby(sorted(numbers, key=_around), key=_around)]


def _stem(listed: Sequence[str]) -> str:
    befores = [_around(name)[0] for name in listed]
    # The first and the last in the alphabet agree as far as all do.
    pairs = zip(min(befores), max(befores), strict=False)
    shared = "".join(one for one, _ in takewhile(lambda both: both[0] == both[1], pairs)).rstrip(" _-.")
    return shared if len(shared) > 1 else "score"


def _sessions(names: Sequence[str]) -> list[int]:
    split = [numbered(name) for name in names]
    whole = [part for part in split if isinstance(part, Numbered)]
    numbers = [part.number for part in whole]
    alike = len(whole) == len(names) and len({(part.before, part.after) for part in whole}) == 1
    return numbers if alike and len(set(numbers)) == len(numbers) else list(range(1, len(names) + 1))
