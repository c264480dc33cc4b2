import datetime as dt

import polars as pl
import pytest

from accord.batch.quality import Quality
from accord.batch.source import ROW
from accord.batch.times import LAST_SESSION, are_dates, days, session_numbers


def column(cells, kind=None):
    return pl.DataFrame({ROW: range(2, 2 + len(cells)), "when": pl.Series(cells, dtype=kind)})


@pytest.mark.parametrize(
    "text",
    ["2026-03-05", "2026/03/05", "05.03.2026", "2026-03-05 00:00", "2026-03-05 00:00:00", "2026-03-05T00:00:00",
     "2026-03-05 00:00:00.000"],
)  # fmt: skip
def test_days_reads_dates_that_mean_one_day_only(text):
    quality = Quality()
    expected = (dt.date(2026, 3, 5) - dt.date(1970, 1, 1)).days
    assert days(column([text]), "when", True, quality).to_list() == [expected]
    assert not quality.failed


def test_days_keeps_the_time_of_day_and_takes_date_columns():
    assert days(column(["1970-01-02 12:00"]), "when", True, Quality()).to_list() == [1.5]
    assert days(column([dt.date(1970, 1, 11)]), "when", True, Quality()).to_list() == [10.0]
    assert days(column([dt.datetime(1970, 1, 1, 6)]), "when", True, Quality()).to_list() == [0.25]  # noqa: DTZ001


@pytest.mark.parametrize("text", ["05/03/2026", "March 5", "2026-13-01", "", "17"])
def test_days_names_what_is_no_plain_date(text):
    quality = Quality()
    assert days(column([text or None], pl.String), "when", True, quality).to_list() == [None]
    assert [(c.kind, c.row) for c in quality.complaints()] == [("date", 2)]


def test_days_as_numbers_must_be_finite():
    quality = Quality()
    assert days(column(["0", "7.5", "inf", "x"]), "when", False, quality).to_list() == [0.0, 7.5, None, None]
    assert [c.row for c in quality.complaints()] == [4, 5]


@pytest.mark.parametrize(("cells", "dates"), [(["7", "14"], False), ([None, "2026-01-05"], True), (["May"], True)])
def test_are_dates_looks_at_the_first_filled_cell(cells, dates):
    assert are_dates(pl.Series(cells)) is dates
    assert are_dates(pl.Series([dt.date(2026, 1, 1)]))
    assert not are_dates(pl.Series([1.5]))


def test_session_numbers_are_whole_and_not_negative():
    quality = Quality()
    cells = ["0", "12", "3.0", "2.5", "-1", None, str(LAST_SESSION + 1)]
    assert session_numbers(column(cells), "when", quality).to_list() == [0, 12, 3, None, None, None, None]
    assert [c.row for c in quality.complaints()] == [5, 6, 7, 8]
    assert "(blank)" in quality.complaints()[2].what
