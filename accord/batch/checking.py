"""Checks that need all the ratings of a pair at once: nothing twice, nothing out of order unsaid."""

import polars as pl

from accord.batch.mapping import Mapping
from accord.batch.quality import Complaint, Quality
from accord.batch.ratings import slot
from accord.batch.runs import same_as_before
from accord.batch.source import ROW


def check_pairs(frame: pl.DataFrame, mapping: Mapping, quality: Quality) -> None:
    """Name what is rated twice (errors) and what was not in order (notes), in a frame of whole pairs."""
    odd = _suspects(frame, mapping)
    if odd.is_empty():
        return
    if mapping.form == "wide":
        _pairs_twice(odd, mapping.pair, quality)
    else:
        _sessions_twice(odd, mapping, quality)
        _out_of_order(odd, mapping, quality)


def _suspects(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """All rows of the pairs whose rows do not follow one another in time: usually none, so that it ends here."""
    onward = [_onward(frame, name) for name in ("session", "day") if frame[name].null_count() < frame.height]
    if mapping.form == "wide":
        onward = [frame[ROW] == frame[ROW].shift(1)]
    strays = frame.filter(same_as_before(frame["pair"]) & ~pl.select(pl.all_horizontal(onward)).to_series())
    return frame.filter(frame["pair"].is_in(strays["pair"].unique().implode())) if strays.height else strays


def _onward(frame: pl.DataFrame, moment: str) -> pl.Series:
    return (frame[moment] > frame[moment].shift(1)).fill_null(value=False)


def _tell(found: pl.DataFrame, complaint: Complaint, quality: Quality) -> None:
    # Every line has its own words: they name the pair and the other row.
    for row, what in found.select(ROW, "what").iter_rows():
        quality.add(complaint._replace(row=row, what=what))


def _pairs_twice(frame: pl.DataFrame, column: str, quality: Quality) -> None:
    rows = frame.select("pair", ROW).unique(maintain_order=True)
    first = pl.col(ROW).min().over("pair")
    what = pl.format("pair {} was already in row {}", "pair", first)
    later = rows.with_columns(what.alias("what")).filter(pl.col(ROW) != first)
    mend = "Keep one row a pair, or name a session column with --session."
    _tell(later, Complaint("error", "duplicate-pair", "", mend, column=column), quality)


def _sessions_twice(frame: pl.DataFrame, mapping: Mapping, quality: Quality) -> None:
    moment = "session" if mapping.session else "day"
    keys = ["pair", moment, "slot"]
    ratings = _a_row_a_rating(frame)
    twice = ratings.filter(pl.struct(keys).is_duplicated())
    if twice.is_empty():
        return
    first = pl.col(ROW).min().over(keys)
    at = pl.format("session {} of", pl.col("session").cast(pl.Int64)) if mapping.session else pl.lit("this day of")
    what = pl.format("{} pair {} was already rated in row {}", at, "pair", first)
    later = twice.with_columns(what.alias("what")).filter(pl.col(ROW) != first).unique(ROW, maintain_order=True)
    column = mapping.session or mapping.time
    mend = "Keep one of the rows, or tell them apart by session."
    _tell(later, Complaint("error", "duplicate-session", "", mend, column=column), quality)


def _a_row_a_rating(frame: pl.DataFrame) -> pl.DataFrame:
    slots = [slot(place) for place in range(frame.width - len((ROW, "pair", "session", "day")))]
    tall = frame.unpivot(slots, index=[ROW, "pair", "session", "day"], variable_name="slot", value_name="score")
    return tall.filter(pl.col("score").is_not_nan()).sort(ROW, maintain_order=True)


def _out_of_order(frame: pl.DataFrame, mapping: Mapping, quality: Quality) -> None:
    moment, column = ("session", mapping.session) if mapping.session else ("day", mapping.time)
    late = _steps_back(frame, moment, ROW)
    _tell(late, Complaint("note", "unsorted", "", column=column), quality)
    if mapping.session and mapping.time:
        backwards = _steps_back(frame, "day", "session")
        told = backwards.with_columns(
            pl.format("pair {}: this session is dated before an earlier one", "pair").alias("what")
        )
        mend = "Mend the date or the session number."
        _tell(told, Complaint("error", "dates-disagree", "", mend, column=mapping.time), quality)


def _steps_back(frame: pl.DataFrame, moment: str, order: str) -> pl.DataFrame:
    """The rows at which `moment` is smaller than in the pair's row before, in the order of `order`."""
    rows = frame.select("pair", ROW, "session", "day").unique(ROW, maintain_order=True).sort("pair", order, ROW)
    earlier = pl.col(moment) < pl.col(moment).shift(1).over("pair")
    what = pl.format("pair {}: not in order of time; sorted", "pair").alias("what")
    return rows.filter(earlier).with_columns(what).sort(ROW)
