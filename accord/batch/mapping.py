"""What a table's columns mean: as the person says, and otherwise as their names suggest. Every guess is told."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import polars as pl

from accord.batch import words
from accord.batch.columns import expand, nearest
from accord.batch.errors import BadRequest
from accord.batch.quality import Complaint, Quality
from accord.batch.wide import Cell, Reading, families, wide_cells

PILLARS = ("goal", "task", "bond")
RATERS = ("client", "therapist")


class Wish(NamedTuple):
    """What the person said about the columns; empty where they left it to us."""

    pair: str = ""
    columns: str = ""
    session: str = ""
    time: str = ""
    scores: tuple[str, ...] = ()
    pillar: str = ""
    rater: str = ""

    @property
    def named(self) -> tuple[str, ...]:
        """Every column named one by one."""
        single = (self.pair, self.session, self.time, *self.scores, self.pillar, self.rater)
        return tuple(name for name in single if name)


class Mapping(NamedTuple):
    """Which column is what. `readings` are the things rated; in a wide table each cell names its session."""

    form: Literal["wide", "long"]
    pair: str
    readings: tuple[Reading, ...]
    cells: tuple[Cell, ...] = ()  # wide only
    scores: tuple[str, ...] = ()  # long only, and all below
    session: str = ""
    time: str = ""
    pillar: str = ""
    rater: str = ""
    therapist: str = ""

    @property
    def used(self) -> tuple[str, ...]:
        """Every column that is read, each once, the pair first."""
        singles = (self.pair, self.session, self.time, self.pillar, self.rater, self.therapist)
        return tuple(dict.fromkeys(name for name in (*singles, *self.scored) if name))

    @property
    def scored(self) -> tuple[str, ...]:
        """The columns that hold scores."""
        return self.scores or tuple(cell.column for cell in self.cells)


def settle(columns: Sequence[str], sample: pl.DataFrame, wish: Wish, quality: Quality) -> Mapping | None:
    """The mapping for a table, or None with the reasons in `quality`. `sample`: the first rows."""
    if wish.columns and (wish.session or wish.time or wish.scores):
        raise BadRequest("--columns is for one row a pair; --session, --time and --score for one row a session")
    listed = expand(wish.columns, columns) if wish.columns else ()
    if _absent((*wish.named, *listed), columns, quality):
        return None
    pair = wish.pair or _pair(columns, wish.named)
    if listed:
        return _wide(pair, listed)
    if _is_long(columns, sample, wish, pair):
        return _long(columns, sample, wish, pair, quality)
    guessed = families([name for name in columns if name != pair])
    if guessed:
        return _wide(pair, guessed)
    what = "no columns look like sessions: neither three or more like s1, s2, s3 … nor one called session or date"
    mend = "Name them with --columns 'first..last', or --session and --score."
    quality.add(Complaint("error", "mapping", what, mend, row=1))
    return None


def _absent(named: Sequence[str], columns: Sequence[str], quality: Quality) -> bool:
    absent = [name for name in dict.fromkeys(named) if name not in columns]
    shown = ", ".join(columns[:12]) + (" …" if len(columns) > 12 else "")
    for name in absent:
        mend = nearest(name, columns) or f"The table has: {shown}."
        quality.add(Complaint("error", "no-column", f"there is no column {name}", mend, row=1, column=name))
    return bool(absent)


def _named_like(names: Sequence[str], columns: Sequence[str], taken: Sequence[str] = ()) -> str:
    by_plain = {words.plain(column): column for column in reversed(columns) if column not in taken}
    return next((by_plain[name] for name in names if name in by_plain), "")


def _pair(columns: Sequence[str], taken: Sequence[str]) -> str:
    free = [column for column in columns if column not in taken]
    return _named_like(words.PAIR_NAMES, free) or (free or columns)[0]


def _wide(pair: str, listed: Sequence[str]) -> Mapping:
    cells, readings = wide_cells(listed)
    return Mapping("wide", pair, readings, cells)


def _is_long(columns: Sequence[str], sample: pl.DataFrame, wish: Wish, pair: str) -> bool:
    if wish.session or wish.time or wish.scores or wish.pillar or wish.rater:
        return True
    if not _named_like((*words.SESSION_NAMES, *words.TIME_NAMES), columns, (pair,)):
        return False
    repeats = sample[pair].drop_nulls()
    return repeats.n_unique() < len(repeats) or not families([name for name in columns if name != pair])


def _long(columns: Sequence[str], sample: pl.DataFrame, wish: Wish, pair: str, quality: Quality) -> Mapping | None:
    taken = (pair, *wish.named)
    session = wish.session or ("" if wish.time else _named_like(words.SESSION_NAMES, columns, taken))
    time = wish.time or ("" if wish.session else _named_like(words.TIME_NAMES, columns, taken))
    pillar = wish.pillar or _named_like(words.PILLAR_NAMES, columns, taken)
    rater = wish.rater or _named_like(words.RATER_NAMES, columns, taken)
    therapist = _named_like(words.THERAPIST_NAMES, columns, (*taken, rater))
    others = [name for name in columns if name not in (*taken, session, time, pillar, rater, therapist)]
    scores = wish.scores or _scores(others, sample)
    if not (session or time):
        what, mend = "no column tells the session", "Name it with --session or --time."
        quality.add(Complaint("error", "mapping", what, mend, row=1))
    if not scores:
        what, mend = "no column was found that is surely the score", "Name it with --score."
        quality.add(Complaint("error", "mapping", what, mend, row=1))
    if quality.failed:
        return None
    readings = long_readings(scores, by_pillar=bool(pillar), by_rater=bool(rater))
    return Mapping("long", pair, readings, (), scores, session, time, pillar, rater, therapist)


def long_readings(scores: Sequence[str], *, by_pillar: bool, by_rater: bool) -> tuple[Reading, ...]:
    """All that a row can rate: score columns × pillars × raters, in this order."""
    readings = []
    for name in scores:
        own = Reading(name, words.pillar_in(name) or "", words.rater_in(name) or "client")
        for pillar in PILLARS if by_pillar else (own.pillar,):
            readings += [Reading(name, pillar, rater) for rater in (RATERS if by_rater else (own.rater,))]
    return distinct(readings)


def distinct(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Readings of a known pillar carry its name, unless two columns claim the same one: then each keeps its own."""
    places = [(reading.pillar, reading.rater) for reading in readings if reading.pillar]
    if len(set(places)) < len(places):
        return tuple(
            reading._replace(name=_apart(reading, readings), pillar="", rater="client") for reading in readings
        )
    return tuple(r._replace(name=r.pillar) if r.pillar else r for r in readings)


def _apart(reading: Reading, among: Sequence[Reading]) -> str:
    """A name that no other reading has."""
    alike = [other for other in among if other.name == reading.name]
    said = [reading.pillar] if len({other.pillar for other in alike}) > 1 else []
    said += [reading.rater] if len({other.rater for other in alike}) > 1 else []
    return "_".join([reading.name, *said])


def _scores(columns: Sequence[str], sample: pl.DataFrame) -> tuple[str, ...]:
    numeric = [name for name in columns if _mostly_numbers(sample[name])]
    pillars = [name for name in numeric if words.pillar_in(name)]
    if pillars:
        return tuple(pillars)
    called = [name for name in numeric if set(words.parts(name)) & set(words.SCORE_NAMES)]
    return tuple(called or (numeric if len(numeric) == 1 else ()))


def _mostly_numbers(cells: pl.Series) -> bool:
    if cells.dtype.is_numeric():
        return True
    if cells.dtype != pl.String:
        return False
    spoken = cells.drop_nulls().str.to_lowercase()
    spoken = spoken.filter(~spoken.is_in(words.MISSING))
    numbers = spoken.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return 2 * numbers.count() > len(spoken)
