import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.batch.columns import MOST_COLUMNS, expand, nearest, numbered
from accord.batch.errors import BadRequest

stems = st.text("abcxyz_", min_size=1, max_size=8).filter(lambda stem: ".." not in stem)
numbers = st.integers(0, 400)


@pytest.mark.parametrize(
    ("listing", "columns"),
    [
        ("s1..s3", ("s1", "s2", "s3")),
        ("s3..s1", ("s3", "s2", "s1")),
        ("bdi_s9..bdi_s11", ("bdi_s9", "bdi_s10", "bdi_s11")),
        ("s08..s11", ("s08", "s09", "s10", "s11")),
        ("s0..s2", ("s0", "s1", "s2")),
        ("w1bdi..w3bdi", ("w1bdi", "w2bdi", "w3bdi")),
        (" a , b1 .. b2 ,c ", ("a", "b1", "b2", "c")),
        ("bdi1,wk2bdi,bdi.S3", ("bdi1", "wk2bdi", "bdi.S3")),
    ],
)
def test_expand_reads_ranges_and_lists(listing, columns):
    assert expand(listing) == columns


@given(stems, numbers, numbers)
def test_expand_gives_every_number_between_both_ends_once(stem, first, last):
    columns = expand(f"{stem}{first}..{stem}{last}")
    step = 1 if last >= first else -1
    assert columns == tuple(f"{stem}{number}" for number in range(first, last + step, step))


@given(stems, st.integers(0, 99), st.integers(0, 99))
def test_expand_keeps_leading_noughts(stem, first, last):
    columns = expand(f"{stem}{first:03d}..{stem}{last:03d}")
    assert all(len(column) == len(stem) + 3 for column in columns)
    assert int(columns[0][len(stem) :]) == first
    assert int(columns[-1][len(stem) :]) == last


@given(st.lists(st.text("abc ._-", min_size=1).map(str.strip).filter(bool), min_size=1, unique=True))
def test_expand_leaves_names_that_are_there_as_they_are(names):
    names = [name for name in names if ".." not in name]
    if names:
        assert expand(",".join(names), names) == tuple(names)


def test_expand_takes_a_name_with_dots_that_is_there_for_a_name():
    assert expand("a..b", ("a..b", "c")) == ("a..b",)
    assert expand("score, total", ("score, total",)) == ("score, total",)


@pytest.mark.parametrize(
    "listing",
    ["", " , ", "a..b", "a1..b2", "s1x..s2y", "s1,s1", "s1..s3,s2", f"s1..s{MOST_COLUMNS + 2}"],
)
def test_expand_refuses_what_is_no_list(listing):
    with pytest.raises(BadRequest):
        expand(listing)


def test_numbered_takes_the_last_number():
    assert numbered("phq9_s12") == ("phq9_s", 12, "", "12")
    assert numbered("s1_total") == ("s", 1, "_total", "1")
    assert numbered("bond") is None
    assert numbered("s²") is None


def test_nearest_names_the_likely_column_only():
    assert nearest("bdi_s1", ("id", "BDI_S1")) == "Did you mean BDI_S1?"
    assert nearest("therapist", ("id", "x")) == ""
