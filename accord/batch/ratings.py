"""From a table with its mapping to one plain form: a row a rating, whatever the table looked like.

Columns: ROW, pair (text), session (number or null), day (number or null), slot (place among the readings), score.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import polars as pl

from accord.batch import words
from accord.batch.mapping import PILLARS, RATERS, Mapping
from accord.batch.numbers import OffScale, Scale, numbers_in, off_scale, tell_off_scale
from accord.batch.quality import Complaint, Quality
from accord.batch.source import ROW, Source
from accord.batch.times import days, session_numbers

SCHEMA = {
    ROW: pl.Int64,
    "pair": pl.String,
    "session": pl.Float64,
    "day": pl.Float64,
    "slot": pl.Int16,
    "score": pl.Float64,
}


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
    first = True
    for frame in source.blocks(meaning.mapping.used, quality):
        rows = _without_second_header(frame, meaning.mapping, quality) if first else frame
        first = False
        checked = _scores(rows, meaning, off, quality)
        placed = _placed(_with_scores(checked, meaning.mapping, quality), meaning, quality)
        yield placed.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
    tell_off_scale(off, meaning.scale, quality)


def _scored(mapping: Mapping) -> tuple[str, ...]:
    return mapping.scores or tuple(cell.column for cell in mapping.cells)


def _without_second_header(frame: pl.DataFrame, mapping: Mapping, quality: Quality) -> pl.DataFrame:
    numeric = [*_scored(mapping), *([mapping.session] if mapping.session else [])]
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
    columns = _scored(meaning.mapping)
    numeric = frame.with_columns(numbers_in(frame, name, quality) for name in columns)
    for name in columns:
        found = off_scale(numeric, name, meaning.scale, quality)
        off.extend([found] if found else [])
    return numeric


def _with_scores(frame: pl.DataFrame, mapping: Mapping, quality: Quality) -> pl.DataFrame:
    """Rows with a score and a pair. A row without any score is noted, one with scores but no pair is an error."""
    scored = frame.select(pl.any_horizontal(pl.col(name).is_not_null() for name in _scored(mapping))).to_series()
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
        return _wide(frame, mapping, quality)
    sessions = session_numbers(frame, mapping.session, quality) if mapping.session else None
    whens = days(frame, mapping.time, meaning.dates, quality) if mapping.time else None
    timed = frame.select(
        ROW,
        pl.col(mapping.pair).alias("#pair"),
        pl.lit(sessions, dtype=pl.Float64).alias("#session"),
        pl.lit(whens, dtype=pl.Float64).alias("#day"),
        _which(frame, mapping, quality).alias("#which"),
        *mapping.scores,
    )
    return _long(timed, mapping, quality)


def _wide(frame: pl.DataFrame, mapping: Mapping, quality: Quality) -> pl.DataFrame:
    columns = [cell.column for cell in mapping.cells]
    keys = pl.DataFrame(
        {
            "#column": columns,
            "session": [float(cell.session) for cell in mapping.cells],
            "slot": [cell.reading for cell in mapping.cells],
        }
    )
    named = frame.select(ROW, pl.col(mapping.pair).alias("#pair"), *columns)
    placed = _tall(named, columns, quality).join(keys, on="#column", how="left", maintain_order="left")
    return placed.with_columns(pl.lit(None, pl.Float64).alias("day")).rename({"#pair": "pair", "#score": "score"})


def _long(frame: pl.DataFrame, mapping: Mapping, quality: Quality) -> pl.DataFrame:
    wanted = [name for name, there in (("#session", mapping.session), ("#day", mapping.time)) if there]
    tall = _tall(frame.drop_nulls([*wanted, "#which"]), mapping.scores, quality)
    per_score = len(mapping.readings) // len(mapping.scores)
    starts = {name: place * per_score for place, name in enumerate(mapping.scores)}
    slot = pl.col("#column").replace_strict(starts, return_dtype=pl.Int64) + pl.col("#which")
    renamed = {"#pair": "pair", "#session": "session", "#day": "day", "#score": "score"}
    return tall.select(pl.exclude(list(renamed.values()))).with_columns(slot.alias("slot")).rename(renamed)


def _tall(frame: pl.DataFrame, columns: Sequence[str], quality: Quality) -> pl.DataFrame:
    """A row a score, in the order of the table's rows. Names of ours begin with #: the table's own cannot clash."""
    index = [name for name in frame.columns if name.startswith("#")]
    tall = frame.unpivot(columns, index=index, variable_name="#column", value_name="#score").drop_nulls("#score")
    quality.count("scores used", tall.height)
    return tall.sort(ROW, maintain_order=True)


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
