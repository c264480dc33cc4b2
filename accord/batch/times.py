"""When a session was: numbers of sessions, numbers of days, or dates."""

import polars as pl

from accord.batch.quality import Complaint, Quality
from accord.batch.source import ROW

LAST_SESSION = 10_000
_DAY = 86_400_000_000  # microseconds
# Day first only with dots: 03/05/2026 is March in one country and May in another, so it is asked about.
_FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%dT%H:%M:%S%.f", "%Y/%m/%d", "%d.%m.%Y", "%d.%m.%Y %H:%M")  # fmt: skip


def are_dates(cells: pl.Series) -> bool:
    """Whether a time column holds dates rather than numbers of days."""
    if cells.dtype.is_temporal():
        return True
    if cells.dtype != pl.String:
        return False
    first = cells.drop_nulls().head(1)
    return len(first) > 0 and first.cast(pl.Float64, strict=False)[0] is None


def session_numbers(frame: pl.DataFrame, column: str, quality: Quality) -> pl.Series:
    """Session numbers as float64; blanks, fractions and text are errors."""
    numbers = _float(frame[column])
    good = pl.select(is_session_number(pl.lit(numbers))).to_series()
    if good.all(ignore_nulls=False):
        return numbers
    mend = "Number the sessions 0, 1, 2, …; name a column of dates or days with --time."
    _name_bad(frame, column, good, Complaint("error", "session", "“{value}” is no session number", mend), quality)
    return pl.select(pl.when(good).then(numbers)).to_series()


def days(frame: pl.DataFrame, column: str, dates: bool, quality: Quality) -> pl.Series:
    """Days as float64 (dates: since 1970-01-01); what is neither is an error."""
    values = _days_of_dates(frame[column]) if dates else _float(frame[column])
    good = values.is_finite()
    if good.all(ignore_nulls=False):
        return values
    what = "“{value}” is no date" if dates else "“{value}” is no number of days"
    mend = "Write dates as 2026-03-05, in every row." if dates else "Write days as numbers, in every row."
    _name_bad(frame, column, good, Complaint("error", "date", what, mend), quality)
    return pl.select(pl.when(good).then(values)).to_series()


def is_session_number(number: pl.Expr) -> pl.Expr:
    """Whether it is a whole number that sessions may have."""
    return number.is_between(0, LAST_SESSION) & (number == number.floor())


def _float(cells: pl.Series) -> pl.Series:
    if cells.dtype.is_temporal():
        return pl.Series([None] * len(cells), dtype=pl.Float64)
    return cells.cast(pl.Float64, strict=False)


def _days_of_dates(cells: pl.Series) -> pl.Series:
    if cells.dtype.is_temporal():
        stamps = cells.cast(pl.Datetime("us"))
    elif cells.dtype == pl.String:
        tried = [pl.lit(cells).str.to_datetime(form, time_unit="us", strict=False) for form in _FORMATS]
        stamps = pl.select(pl.coalesce(tried)).to_series()
    else:
        return pl.Series([None] * len(cells), dtype=pl.Float64)
    return stamps.to_physical().cast(pl.Float64) / _DAY


def _name_bad(frame: pl.DataFrame, column: str, good: pl.Series, complaint: Complaint, quality: Quality) -> None:
    bad = frame.filter(~good.fill_null(value=False))
    if bad.height:
        values = bad[column].cast(pl.String).fill_null("").to_list()
        shown = [value or "(blank)" for value in values]
        quality.cells(complaint._replace(column=column), bad[ROW].to_list(), shown)
