"""From a table with its mapping to one plain form: a row a session, whatever the table looked like.

Columns: ROW, pair (text), session (number or null), day (number or null), then a score for each of the readings,
named by `slot`; null or NaN where the row has none. Where the table has a row a rating, several rows make a session.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from accord.batch import words
from accord.batch.mapping import PILLARS, RATERS, Mapping
from accord.batch.numbers import OffScale, Scale, numbers_in, off_scale, tell_off_scale
from accord.batch.quality import Complaint, Quality
from accord.batch.source import ROW, Source
from accord.batch.times import days, session_numbers


def slot(place: int) -> str:
    """Column of a reading. Names of ours begin with #: the table's own cannot clash."""
    return f"#{place}"


def schema_of(readings: int) -> dict[str, pl.DataType]:
    """The plain form for so many readings."""
    moments = {ROW: pl.Int64(), "pair": pl.String(), "session": pl.Float64(), "day": pl.Float64()}
    return moments | {slot(place): pl.Float64() for place in range(readings)}


class Meaning(NamedTuple):
    """All that is needed to read a table: the columns, the scale, and whether times are dates."""

    mapping: Mapping
    scale: Scale
    dates: bool = False


class Opened(NamedTuple):
    """A table whose columns are understood."""

    source: Source
    meaning: Meaning


def ratings(source: Source, meaning: Meaning, quality: Quality) -> Iterator[pl.DataFrame]:
    """The table's ratings in blocks, in the order of its rows; complaints go to `quality`."""
    off: list[OffScale] = []
    schema, first = schema_of(len(meaning.mapping.readings)), True
    for frame in source.blocks(meaning.mapping.used, quality):
        rows = _without_second_header(frame, meaning.mapping, quality) if first else frame
        first = False
        checked = _scores(rows, meaning, off, quality)
        placed = _placed(_with_scores(checked, meaning.mapping, quality), meaning, quality)
        quality.count("scores used", sum(placed[slot(place)].count() for place in range(len(meaning.mapping.readings))))
        yield placed.select(pl.col(name).cast(kind) for name, kind in schema.items())
    tell_off_scale(off, meaning.scale, quality)


def _without_second_header(frame: pl.DataFrame, mapping: Mapping, quality: Quality) -> pl.DataFrame:
    numeric = [*mapping.scored, *([mapping.session] if mapping.session else [])]
    if any(frame[name].dtype != pl.String for name in numeric):
        return frame
    texts = (
        pl.col(name).is_not_null()
        & ~pl.col(name).str.to_lowercase().is_in(words.MISSING)
        & pl.col(name).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False).is_null()
        for name in numeric
    )
    said = pl.sum_horizontal(pl.col(name).is_not_null() for name in numeric)
    heading = frame.head(2).select((pl.sum_horizontal(*texts) == said) & (said >= 2)).to_series()
    if not heading.any():
        return frame
    rows = frame.head(2).filter(heading)[ROW].to_list()
    what = "a second header row: words where the numbers should be"
    complaint = Complaint("error", "second-header", what, "Delete the row; keep one header row.")
    quality.cells(complaint, rows, [""] * len(rows))
    return frame.filter(~pl.col(ROW).is_in(rows))


def _scores(frame: pl.DataFrame, meaning: Meaning, off: list[OffScale], quality: Quality) -> pl.DataFrame:
    columns = meaning.mapping.scored
    numeric = frame.with_columns(numbers_in(frame, name, quality) for name in columns)
    for name in columns:
        found = off_scale(numeric, name, meaning.scale, quality)
        off.extend([found] if found else [])
    return numeric


def _with_scores(frame: pl.DataFrame, mapping: Mapping, quality: Quality) -> pl.DataFrame:
    """Rows with a score and a pair. A row without any score is noted, one with scores but no pair is an error."""
    scored = frame.select(pl.any_horizontal(pl.col(name).is_not_null() for name in mapping.scored)).to_series()
    unscored = frame.filter(~scored)[ROW].to_list()
    quality.cells(Complaint("note", "no-score", "no score in this row; left out"), unscored, [""] * len(unscored))
    quality.count("rows without any score", len(unscored))
    named = frame.filter(scored).with_columns(as_name(frame.schema[mapping.pair], mapping.pair))
    nameless = named.filter(pl.col(mapping.pair).is_null())[ROW].to_list()
    complaint = Complaint("error", "blank-pair", "the row has scores but no pair", "Say whose scores these are.")
    quality.cells(complaint._replace(column=mapping.pair), nameless, [""] * len(nameless))
    used = named.filter(pl.col(mapping.pair).is_not_null())
    quality.count("rows used", used.height)
    return used


def as_name(kind: pl.DataType, column: str) -> pl.Expr:
    """The column as text; numbers of pairs stored as 1.0, 2.0 are the pairs 1 and 2."""
    whole = pl.col(column) == pl.col(column).floor() if kind.is_float() else pl.lit(value=True)
    as_text = pl.col(column).cast(pl.Int64, strict=False) if kind.is_float() else pl.col(column)
    return pl.when(whole).then(as_text.cast(pl.String)).otherwise(pl.col(column).cast(pl.String)).alias(column)


def _placed(frame: pl.DataFrame, meaning: Meaning, quality: Quality) -> pl.DataFrame:
    mapping = meaning.mapping
    if mapping.form == "wide":
        return _wide(frame, mapping)
    sessions = session_numbers(frame, mapping.session, quality) if mapping.session else None
    whens = days(frame, mapping.time, meaning.dates, quality) if mapping.time else None
    which = _which(frame, mapping, quality) if mapping.pillar or mapping.rater else None
    keys = {"session": sessions, "day": whens, "#which": which}
    rows = frame.select(
        ROW,
        pl.col(mapping.pair).alias("pair"),
        *(pl.lit(values, dtype=pl.Float64).alias(name) for name, values in keys.items()),
        *_slots(mapping, which),
    )
    there = [name for name, values in keys.items() if values is not None and values.null_count()]
    return rows.drop_nulls(there).drop("#which") if there else rows.drop("#which")


def _slots(mapping: Mapping, which: pl.Series | None) -> Iterator[pl.Expr]:
    """A column a reading, as mapping.long_readings lays them out: those of one score column stand together."""
    per_score = len(mapping.readings) // len(mapping.scores)
    for place in range(len(mapping.readings)):
        score = pl.col(mapping.scores[place // per_score])
        # A row of a table with a pillar or a rater column speaks of one of its readings.
        spoken = score if which is None else pl.when(pl.lit(which) == place % per_score).then(score)
        yield spoken.alias(slot(place))


def _wide(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """A row a session from a row a pair: sessions with a score, in the order of their numbers."""
    sessions = sorted({cell.session for cell in mapping.cells})
    named = {(cell.session, cell.reading): cell.column for cell in mapping.cells}
    blank = np.full(frame.height, np.nan)
    scores = {}
    for place in range(len(mapping.readings)):
        columns = (named.get((session, place)) for session in sessions)
        scores[slot(place)] = np.column_stack([frame[name].to_numpy() if name else blank for name in columns]).ravel()
    given = np.flatnonzero(np.any([~np.isnan(values) for values in scores.values()], axis=0))
    row, session = np.divmod(given, len(sessions))
    told = frame.select(ROW, pl.col(mapping.pair).alias("pair"))[row]
    return told.with_columns(
        session=pl.Series(np.array(sessions, np.float64)[session]),
        day=pl.lit(None, pl.Float64),
        **{name: pl.Series(values[given], nan_to_null=True) for name, values in scores.items()},
    )


def _which(frame: pl.DataFrame, mapping: Mapping, quality: Quality) -> pl.Series:
    """Place of a row's pillar and rater among those of one score column, as mapping.long_readings lays them out."""
    place = pl.Series([0] * frame.height, dtype=pl.Int64)
    if mapping.pillar:
        place = place + _said(frame, mapping.pillar, (words.PILLAR_WORDS, PILLARS), quality)
    if mapping.rater:
        place = place * len(RATERS) + _said(frame, mapping.rater, (words.RATER_WORDS, RATERS), quality)
    return place


def _said(
    frame: pl.DataFrame, column: str, known: tuple[dict[str, str], tuple[str, ...]], quality: Quality
) -> pl.Series:
    meanings, order = known
    places = {word: order.index(meaning) for word, meaning in meanings.items()}
    cells = frame[column].cast(pl.String)
    found = cells.str.strip_chars().str.to_lowercase().replace_strict(places, default=None, return_dtype=pl.Int64)
    unknown = found.is_null()
    shown = cells.filter(unknown).fill_null("(blank)").to_list()
    what = f"“{{value}}” is none of {', '.join(order)}"
    complaint = Complaint("error", "word", what, f"Write {' or '.join(order)}.", column=column)
    quality.cells(complaint, frame.filter(unknown)[ROW].to_list(), shown)
    return found
