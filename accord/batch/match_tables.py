"""The tables of clients and therapists, read and checked."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from accord.batch.columns import nearest
from accord.batch.errors import BadTable
from accord.batch.match_cells import (
    COUNT,
    SHARE,
    SIDE,
    Codes,
    Floats,
    Ints,
    Range,
    check_names,
    coded,
    first_of,
    having,
    numbers,
    truths,
    whole,
    wishes,
)
from accord.batch.quality import Complaint, Quality
from accord.batch.reading import open_table
from accord.batch.source import Source

MUST, NICE, STYLE, TRACK, STRENGTH = "must_", "nice_", "style_", "track_", "_strength"
CLIENT, THERAPIST = ("client", "client_id", "id", "pair"), ("therapist", "therapist_id", "id")
_RECORD = re.compile(r"track_(?P<need>.+)_(?P<part>low|high|n)")


class Therapists(NamedTuple):
    """As the table has them."""

    names: pl.Series
    places: Ints
    days: Floats  # since the places were confirmed
    share: Floats  # of the caseload that is taken
    has: Mapping[str, Codes]  # by column
    style: Mapping[str, Floats]  # by dimension; NaN where not told
    records: Mapping[str, tuple[Floats, Floats, Floats]]  # by need: low, high, n
    used: NDArray[np.bool_]  # the therapist allows the record


class Asking(NamedTuple):
    """The clients, as the table has them."""

    names: pl.Series
    group: pl.Series | None
    urgency: Floats
    days: Floats
    musts: Mapping[str, Codes]  # by column
    nice: Mapping[str, tuple[Codes, Floats]]  # with strengths
    style: Mapping[str, tuple[Floats, Floats]]  # side (NaN: not asked) and strength


def read_therapists(path: Path, quality: Quality) -> Therapists:
    """Read and check the table of therapists. Raises BadTable with all that is to mend."""
    source, frame, name = _opened(path, THERAPIST, quality)
    places = first_of(("places",), source, quality)
    if not (name and places):
        raise BadTable(quality.complaints())
    check_names(frame, name, quality)
    own = {name, places, "days_since_confirmed", "caseload_share", "track_used"}
    records = _records(frame, quality)
    style = _sides(frame, quality)
    kinds = [c for c in source.columns if c not in own and not c.startswith((STYLE, TRACK))]
    blank = np.zeros(frame.height)
    told = Therapists(
        names=frame[name].cast(pl.String),
        places=numbers(frame, places, COUNT, quality).astype(np.int64),
        days=_optional(frame, "days_since_confirmed", COUNT._replace(blank=10_000), quality),
        share=_optional(frame, "caseload_share", SHARE._replace(blank=1.0), quality),
        has={kind: coded(frame, kind, having(kind), quality) for kind in kinds},
        style=style,
        records=records,
        used=truths(frame, "track_used", quality) if "track_used" in source.columns else blank.astype(np.bool_),
    )
    if quality.failed:
        raise BadTable(quality.complaints())
    return told


def read_clients(path: Path, quality: Quality) -> Asking:
    """Read and check the table of clients. Raises BadTable with all that is to mend."""
    source, frame, name = _opened(path, CLIENT, quality)
    if not name:
        raise BadTable(quality.complaints())
    check_names(frame, name, quality)
    columns = source.columns
    musts = {c: coded(frame, c, wishes(c.removeprefix(MUST)), quality) for c in columns if c.startswith(MUST)}
    nice = [c for c in columns if c.startswith(NICE) and not c.endswith(STRENGTH)]
    told = Asking(
        names=frame[name].cast(pl.String),
        group=frame["group"].cast(pl.String).fill_null("not told") if "group" in columns else None,
        urgency=_optional(frame, "urgency", COUNT._replace(blank=0), quality),
        days=_optional(frame, "days_waiting", COUNT._replace(blank=0), quality),
        musts=musts,
        nice={c: (coded(frame, c, wishes(c.removeprefix(NICE)), quality), _strength(frame, c, quality)) for c in nice},
        style={
            dimension: (side, _strength(frame, STYLE + dimension, quality))
            for dimension, side in _sides(frame, quality).items()
        },
    )
    known = {name, "group", "urgency", "days_waiting"}
    unread = [c for c in columns if c not in known and not c.startswith((MUST, NICE, STYLE))]
    _note_unread(unread, columns, quality)
    if quality.failed:
        raise BadTable(quality.complaints())
    return told


def _opened(path: Path, names: tuple[str, ...], quality: Quality) -> tuple[Source, pl.DataFrame, str]:
    source = open_table(path, quality)
    if source is None:
        raise BadTable(quality.complaints())
    return source, whole(source, quality), first_of(names, source, quality)


def _optional(frame: pl.DataFrame, column: str, kind: Range, quality: Quality) -> Floats:
    if column not in frame.columns:
        return np.zeros(frame.height)
    return numbers(frame, column, kind, quality)


def _sides(frame: pl.DataFrame, quality: Quality) -> dict[str, Floats]:
    """By dimension where each stands, NaN where it was not told."""
    columns = [c for c in frame.columns if c.startswith(STYLE) and not c.endswith(STRENGTH)]
    blanks = {c: frame[c].is_null().to_numpy() for c in columns}
    values = {c: numbers(frame, c, SIDE._replace(blank=0.0), quality) for c in columns}
    return {c.removeprefix(STYLE): np.where(blanks[c], np.nan, values[c]) for c in columns}


def _strength(frame: pl.DataFrame, column: str, quality: Quality) -> Floats:
    """How strong each wish is: 1 where the table has no column for it, and then it must say so of every wish."""
    name = column + STRENGTH
    if name not in frame.columns:
        return np.ones(frame.height)
    wished = frame.filter(frame[column].is_not_null())
    found = np.zeros(frame.height)
    found[frame[column].is_not_null().to_numpy()] = numbers(wished, name, SHARE, quality)
    return found


def _records(frame: pl.DataFrame, quality: Quality) -> dict[str, tuple[Floats, Floats, Floats]]:
    """track_anxiety_low, track_anxiety_high, track_anxiety_n: all three, or none."""
    parts: dict[str, set[str]] = {}
    for match in filter(None, map(_RECORD.fullmatch, frame.columns)):
        parts.setdefault(match["need"], set()).add(match["part"])
    found = {}
    for need, there in parts.items():
        missing = {"low", "high", "n"} - there
        if missing:
            what = f"the record of {need} has no {TRACK}{need}_{min(missing)}"
            quality.add(Complaint("error", "no-column", what, "Give low, high and n, or leave the record out.", row=1))
            continue
        low, high = (
            numbers(frame, f"{TRACK}{need}_{part}", Range(-np.inf, np.inf, blank=0.0), quality)
            for part in ("low", "high")
        )
        found[need] = (low, high, numbers(frame, f"{TRACK}{need}_n", COUNT._replace(blank=0.0), quality))
    return found


def _note_unread(unread: list[str], columns: tuple[str, ...], quality: Quality) -> None:
    for column in unread:
        what = f"the column {column} is not used; wishes begin with {MUST}, {NICE} or {STYLE}"
        meant = nearest(column, [c for c in columns if c != column])
        quality.add(Complaint("note", "unread", what, meant, row=1, column=column))
