"""Column lists as people type them: 'bdi_s1..bdi_s12', 'bdi1,wk2bdi,bdi.S3', and both mixed."""

import difflib
import re
from collections.abc import Sequence
from typing import NamedTuple

from accord.batch.errors import BadRequest

_NUMBERED = re.compile(r"(?P<before>.*?)(?P<number>\d+)(?P<after>\D*)")
MOST_COLUMNS = 10_000


class Numbered(NamedTuple):
    """A column name around its last number: 'bdi_s07' is 'bdi_s', 7, ''."""

    before: str
    number: int
    after: str
    digits: str


def numbered(name: str) -> Numbered | None:
    """Take a name apart at its last number; None where it has none."""
    match = _NUMBERED.fullmatch(name)
    if match is None or not match["number"].isascii():
        return None
    return Numbered(match["before"], int(match["number"]), match["after"], match["number"])


def expand(listing: str, present: Sequence[str] = ()) -> tuple[str, ...]:
    """The columns that a list names, in its order.

    A range counts up or down by one between two names that differ in their last number only; leading noughts
    are kept ('s01..s12'). `present` lets a name that itself contains a comma or '..' stand for itself.
    """
    names: list[str] = []
    for item in _items(listing, present):
        names.extend((item,) if item in present or ".." not in item else _range(item))
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise BadRequest(f"named twice in the list of columns: {', '.join(twice)}")
    if not names:
        raise BadRequest("the list of columns is empty")
    return tuple(names)


def nearest(name: str, present: Sequence[str]) -> str:
    """The column that was probably meant, as an end of a sentence; empty where nothing is close."""
    close = difflib.get_close_matches(name.lower(), [other.lower() for other in present], n=1, cutoff=0.6)
    meant = [other for other in present if close and other.lower() == close[0]]
    return f"Did you mean {meant[0]}?" if meant else ""


def _items(listing: str, present: Sequence[str]) -> list[str]:
    if listing.strip() in present:
        return [listing.strip()]
    return [item.strip() for item in listing.split(",") if item.strip()]


def _range(item: str) -> list[str]:
    first, _, last = (part.strip() for part in item.partition(".."))
    start, end = numbered(first), numbered(last)
    if start is None or end is None:
        raise BadRequest(f"'{item}' is no range: both ends need a number, as in 's1..s12'")
    if (start.before, start.after) != (end.before, end.after):
        raise BadRequest(f"'{item}' is no range: the names around the number differ")
    if abs(end.number - start.number) >= MOST_COLUMNS:
        raise BadRequest(f"'{item}' would be more than {MOST_COLUMNS:,} columns")
    step = 1 if end.number >= start.number else -1
    width = max(
        (len(digits) for digits in (start.digits, end.digits) if len(digits) > 1 and digits[0] == "0"),
        default=0,
    )
    numbers = range(start.number, end.number + step, step)
    return [f"{start.before}{number:0{width}d}{start.after}" for number in numbers]
