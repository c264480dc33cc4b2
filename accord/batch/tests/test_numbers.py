import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.batch.numbers import OffScale, Scale, numbers_in, off_scale, tell_off_scale
from accord.batch.quality import Quality
from accord.batch.source import ROW
from accord.batch.words import MISSING


def column(cells, kind=None):
    return pl.DataFrame({ROW: range(2, 2 + len(cells)), "s": pl.Series(cells, dtype=kind)})


def read(cells, kind=pl.String):
    quality = Quality()
    return numbers_in(column(cells, kind), "s", quality).to_list(), quality


@given(st.lists(st.floats(-1e6, 1e6)))
def test_numbers_in_reads_every_number_back(values):
    found, quality = read([repr(value) for value in values])
    assert found == values
    assert not quality.complaints()


@pytest.mark.parametrize("code", MISSING)
def test_numbers_in_notes_missing_codes_in_either_case(code):
    found, quality = read([code, code.upper(), None, "5"])
    assert found == [None, None, None, 5.0]
    assert {(c.level, c.kind) for c in quality.complaints()} == {("note", "missing-code")}
    assert quality.counts == {"score cells read": 4, "score cells that are blank": 1, "score cells coded as missing": 2}


@pytest.mark.parametrize("text", ["seven", "3;4", "1 000", "5 points", "0x10", "1,2,3", "#DIV/0!"])
def test_numbers_in_never_guesses_at_text(text):
    (found,), quality = read([text])
    assert math.isnan(found)
    assert [(c.level, c.kind, c.row, c.value) for c in quality.complaints()] == [("error", "text-in-score", 2, text)]


def test_numbers_in_reads_decimal_commas_and_says_so():
    found, quality = read(["6,5", "-0,25", ",5"])
    assert found == [6.5, -0.25, 0.5]
    assert [c.kind for c in quality.complaints()] == ["decimal-comma"] * 3


def test_numbers_in_takes_typed_columns_as_they_are():
    assert read([1, None, 3], pl.Int64)[0] == [1.0, None, 3.0]
    assert read([1.5, float("nan")], pl.Float64)[0] == [1.5, None]


def test_off_scale_names_every_cell_of_a_scale_that_was_said():
    quality = Quality()
    assert off_scale(column([0.0, 5.0, 5.1, -0.1, None]), "s", Scale(0, 5, named=True), quality) is None
    assert [(c.row, c.value) for c in quality.complaints()] == [(4, "5.1"), (5, "-0.1")]


def test_off_scale_hands_back_what_is_off_a_scale_that_was_assumed():
    quality = Quality()
    found = off_scale(column([0.0, 40.0, None, 63.0]), "s", Scale(), quality)
    assert found == OffScale(2, 0.0, 63.0, 3, "s")
    assert not quality.failed
    tell_off_scale([found], Scale(), quality)
    assert (
        "2 scores lie off the scale of 0 to 10 that is assumed; the scores there go from 0 to 63"
        in quality.complaints()[0].what
    )


def test_off_scale_is_silent_when_all_is_well():
    quality = Quality()
    assert off_scale(column([0.0, 10.0, None, float("nan")]), "s", Scale(named=True), quality) is None
    tell_off_scale([], Scale(), quality)
    assert not quality.complaints()


def test_one_score_off_an_assumed_scale_is_told_with_the_range_it_stands_in():
    quality = Quality()
    off = off_scale(pl.DataFrame({ROW: [2, 3], "s1": [12.0, 3.0]}), "s1", Scale(), quality)
    assert off is not None
    tell_off_scale([off], Scale(), quality)
    told = quality.complaints()[0]
    assert (told.row, told.column) == (2, "s1")
    assert "a score lies off the scale of 0 to 10 that is assumed; the scores there go from 3 to 12" in told.what
