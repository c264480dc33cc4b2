"""A practice's own past out of two tables: clients in the order in which they asked, and therapists.

clients     client, therapist (blank: found no one), musts; where known nice, baseline, alliance_3, sessions, ending
therapists  therapist, has; where known places (new clients they could take; without it as many as they took)

`musts`, `nice` and `has` hold tokens with ; between them, as in language:es; time:evenings|time:weekends, where | is
"or" and a strength may follow in `nice`: identity:woman=0.8. `ending` is planned, unplanned or still going.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from accord.batch.columns import nearest
from accord.batch.errors import BadTable
from accord.batch.numbers import numbers_in
from accord.batch.quality import NO_ROWS, Complaint, Quality, of_file
from accord.batch.ratings import as_name
from accord.batch.reading import open_table
from accord.batch.source import ROW
from accord.batch.words import plain
from accord.science.grids import Floats
from accord.science.matching.history import History
from accord.science.outcomes.endings import GOING, WAYS
from accord.science.simulation.networks import Drawn, Past, Person, Therapist, Tokens, met

CLIENTS = ("client", "therapist", "musts", "nice", "baseline", "alliance_3", "sessions", "ending")
THERAPISTS = ("therapist", "has", "places")
_NEEDED = {"client", "therapist", "musts", "has"}
_NUMBERS = ("baseline", "alliance_3", "sessions", "places")
_STAYS = {"stay_3": 3, "stay_8": 8}
_EMPTY = Past(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))


class Own(NamedTuple):
    """The past, ready to be judged, and what is odd about the tables."""

    history: History
    groups: Mapping[str, Sequence[str]]  # label of each client, by the columns that were named
    notes: tuple[Complaint, ...]


class _Table(NamedTuple):
    path: Path
    frame: pl.DataFrame  # ROW and the known columns under our names, as text or numbers
    quality: Quality


def read_history(clients: Path, therapists: Path, *, groups: Sequence[str]) -> Own:
    """Raises BadTable with all that is to mend in both."""
    asked, offered = _read(clients, CLIENTS, groups), _read(therapists, THERAPISTS, ())
    _stop(asked, offered)
    names = _ids(offered, "therapist")
    ids = _ids(asked, "client")
    went = _went(asked, names)
    taken = np.bincount(went[went >= 0], minlength=len(names))
    people, helpers = _people(asked), _helpers(offered, taken.tolist())
    outcomes = _outcomes(asked)
    _stop(asked, offered)
    history = History(
        asked=_unknown(people, helpers, _start(asked)),
        went=went,
        outcomes=outcomes,
        of_nobody={name: 0.0 if name in _STAYS else np.nan for name in outcomes},
    )
    _odd(history, asked, ids)
    labels = {name: ["" if cell is None else str(cell) for cell in asked.frame[f"#{name}"]] for name in groups}
    return Own(history, labels, _complaints(asked, offered))


def _read(path: Path, known: Sequence[str], groups: Sequence[str]) -> _Table:
    quality = Quality()
    source = open_table(path, quality)
    if source is None:
        return _Table(path, pl.DataFrame(), quality)
    ours = {name: column for name in known for column in source.columns if plain(column) == plain(name)}
    wanted = ours | {f"#{name}": name for name in groups}
    for name in (*known, *groups):
        if (name in _NEEDED and name not in ours) or (name in groups and name not in source.columns):
            what, mend = f"there is no column {name}", nearest(name, source.columns)
            mend = mend or f"Columns: {', '.join(source.columns)}."
            quality.add(Complaint("error", "no-column", what, mend, 1, name))
    if quality.failed:
        return _Table(path, pl.DataFrame(), quality)
    used = list(dict.fromkeys(wanted.values()))
    blocks = list(source.blocks(used, quality))
    if not any(block.height for block in blocks):
        quality.add(NO_ROWS)
        return _Table(path, pl.DataFrame(), quality)
    rows = pl.concat(blocks)
    columns = [
        numbers_in(rows, column, quality).alias(name)
        if name in _NUMBERS
        else rows.select(as_name(rows.schema[column], column).alias(name)).to_series()
        for name, column in wanted.items()
    ]
    return _Table(path, pl.DataFrame([rows[ROW], *columns]), quality)


def _complaints(*tables: _Table) -> tuple[Complaint, ...]:
    return tuple(
        one._replace(column=f"{one.column} of {table.path.name}") if one.column else of_file(one, table.path.name)
        for table in tables
        for one in table.quality.complaints()
    )


def _stop(*tables: _Table) -> None:
    if any(table.quality.failed for table in tables):
        raise BadTable(_complaints(*tables))


def _ids(table: _Table, column: str) -> list[str]:
    """Names of the rows; each must be there, once."""
    first: dict[str, int] = {}
    for row, name in table.frame.select(ROW, column).iter_rows():
        if name is None:
            what = f"the row has no {column}"
            table.quality.add(Complaint("error", "no-name", what, "Give it a name of its own.", row, column))
        elif name in first:
            what = f"{column} {name} was already in row {first[name]}"
            table.quality.add(Complaint("error", "twice", what, "Keep one row each.", row, column))
        else:
            first[name] = row
    return [name or "" for name in table.frame[column]]


def _went(asked: _Table, names: list[str]) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
    places = {name: place for place, name in enumerate(names)}
    went = np.full(asked.frame.height, -1, np.int64)
    for place, (row, name) in enumerate(asked.frame.select(ROW, "therapist").iter_rows()):
        if name is not None and name not in places:
            what, mend = f"therapist {name} is not in the other table", nearest(name, names)
            asked.quality.add(Complaint("error", "unknown", what, mend or "Add a row there.", row, "therapist", name))
        elif name is not None:
            went[place] = places[name]
    return went


def _people(asked: _Table) -> tuple[Person, ...]:
    people = []
    for row in asked.frame.iter_rows(named=True):
        musts = tuple((kind, any_of) for kind, any_of, _ in _tokens(asked, row, "musts"))
        need = next((min(any_of) for kind, any_of in musts if kind == "need"), "")
        people.append(Person(musts, tuple(_tokens(asked, row, "nice")), (), need, ()))
    return tuple(people)


def _helpers(offered: _Table, taken: Sequence[int]) -> tuple[Therapist, ...]:
    helpers = []
    for place, row in enumerate(offered.frame.iter_rows(named=True)):
        has = frozenset(token for _, any_of, _ in _tokens(offered, row, "has") for token in any_of)
        said = row.get("places")
        places = int(taken[place]) if said is None else int(said) if said >= 0 and said == int(said) else -1
        if places < taken[place]:
            what = f"{said:g} places, but {taken[place]} clients of the other table went there"
            mend = "Give the new clients that they could take in this time, or leave it blank."
            offered.quality.add(Complaint("error", "places", what, mend, row[ROW], "places"))
        helpers.append(Therapist(has, {}, places, max(places, 1), opted_in=False))
    return tuple(helpers)


def _tokens(table: _Table, row: dict[str, object], column: str) -> list[tuple[str, Tokens, float]]:
    """Kind, tokens and strength of each part of a cell."""
    found = []
    for part in filter(None, (part.strip() for part in str(row.get(column) or "").split(";"))):
        words, _, strength = part.partition("=")
        any_of = frozenset(word.strip() for word in words.split("|"))
        weight = _strength(strength)
        if weight is None or not all(_is_token(token) for token in any_of):
            what, mend = (
                f"“{part}” cannot be read",
                "Write it as language:es; time:evenings|time:weekends; mode:video=0.5.",
            )
            table.quality.add(Complaint("error", "no-token", what, mend, int(str(row[ROW])), column, part))
            continue
        found.append((min(any_of).partition(":")[0], any_of, weight))
    return found


def _is_token(word: str) -> bool:
    kind, colon, value = word.partition(":")
    return bool(kind and colon and value)


def _strength(text: str) -> float | None:
    try:
        value = float(text) if text else 1.0
    except ValueError:
        return None
    return value if 0.0 <= value <= 1.0 else None


def _outcomes(asked: _Table) -> dict[str, Floats]:
    """alliance_3 as it stands; stay_3 and stay_8 from sessions, not known of those who are still going with fewer."""
    frame, found = asked.frame, {}
    blank = [column for column in ("alliance_3", "sessions") if column in frame and frame[column].is_null().all()]
    for column in blank:
        what, mend = "nobody has this outcome", "Fill it in, or leave the column out."
        asked.quality.add(Complaint("error", "no-outcome", what, mend, column=column))
    if blank:
        return {}
    if "alliance_3" in frame.columns:
        found["alliance"] = _known(frame, "alliance_3")
    if "sessions" in frame.columns:
        held, ending = _known(frame, "sessions"), _endings(asked)
        for name, least in _STAYS.items():
            reached = np.where(held >= least, 1.0, np.where(ending == GOING, np.nan, 0.0))
            found[name] = np.where(np.isnan(held), np.nan, reached)
    if not found:
        what = "there is neither a column alliance_3 nor one called sessions"
        asked.quality.add(Complaint("error", "no-outcome", what, "Give at least one of them.", 1))
    return found


def _endings(asked: _Table) -> "np.ndarray[tuple[int, ...], np.dtype[np.str_]]":
    if "ending" not in asked.frame.columns:
        what = "there is no column ending: everyone is taken to have ended"
        asked.quality.add(Complaint("note", "no-ending", what, row=1))
        return np.full(asked.frame.height, WAYS[0])
    words = {plain(way): way for way in (*WAYS, GOING)}
    found = []
    for row, cell in asked.frame.select(ROW, "ending").iter_rows():
        way = GOING if cell is None else words.get(plain(cell), "")
        if not way:
            mend = f"Write {', '.join(WAYS)} or {GOING}."
            asked.quality.add(Complaint("error", "ending", f"“{cell}” is no ending", mend, row, "ending", cell))
        found.append(way)
    return np.array(found)


def _known(frame: pl.DataFrame, column: str) -> Floats:
    return frame[column].cast(pl.Float64).fill_null(float("nan")).to_numpy().astype(np.float64)


def _start(asked: _Table) -> Floats:
    """The baseline (N,); who has none is given the mean, and that is said."""
    if "baseline" not in asked.frame.columns:
        return np.zeros(asked.frame.height)
    start = _known(asked.frame, "baseline")
    missing = int(np.isnan(start).sum())
    if missing:
        what = f"no baseline in {missing:,} rows: they are given the mean of the others"
        asked.quality.add(Complaint("note", "no-baseline", what, column="baseline", number=missing))
    return np.where(np.isnan(start), np.nanmean(start) if missing < start.size else 0.0, start)


def _unknown(people: tuple[Person, ...], helpers: tuple[Therapist, ...], severity: Floats) -> Drawn:
    """What can be known of a network from the tables; the truths stay NaN."""
    may, musts, share = met(people, helpers)
    nothing = np.full(share.shape, np.nan)
    return Drawn(
        people=people,
        therapists=helpers,
        past=_EMPTY,
        severity=severity,
        may=may,
        musts=musts,
        share=share,
        style=np.zeros(share.shape),
        alliance=nothing,
        stay=np.stack((nothing, nothing)),
        outcome=nothing,
    )


def _odd(history: History, asked: _Table, ids: list[str]) -> None:
    went = history.went
    against = np.flatnonzero((went >= 0) & ~history.asked.may[np.arange(went.size), went])
    for client in against.tolist():
        what = f"client {ids[client]} went to a therapist without their licence, population or safety; kept as it was"
        asked.quality.add(Complaint("note", "may-not", what, row=int(asked.frame[ROW][client]), column="therapist"))
