import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.batch.blocks import Grid, block_of
from accord.batch.ratings import SCHEMA
from accord.batch.source import ROW
from accord.batch.staging import Stage


def frame(pairs, first_row=2):
    rows = range(first_row, first_row + len(pairs))
    return pl.DataFrame(
        {ROW: rows, "pair": pairs, "session": [1.0] * len(pairs), "day": None, "slot": 0, "score": 5.0}, schema=SCHEMA
    )


def staged(folder, parts, part_rows=1_000_000):
    stage = Stage(folder, part_rows)
    row = 2
    frames = []
    for pairs in parts:
        frames.append(frame(pairs, row))
        row += len(pairs)
    assert list(stage.fill(frames))[-1] == row - 2
    return stage


@given(
    st.lists(st.lists(st.sampled_from("abcdefg"), max_size=9), min_size=1, max_size=6), st.sampled_from([1, 4, 1000])
)
def test_whole_pairs_keeps_every_row_and_never_splits_a_pair(tmp_path_factory, parts, part_rows):
    stage = staged(tmp_path_factory.mktemp("stage"), parts, part_rows)
    frames = list(stage.whole_pairs())
    rows = [row for part in frames for row in part[ROW].to_list()]
    assert sorted(rows) == list(range(2, 2 + sum(map(len, parts))))
    homes = [set(part["pair"]) for part in frames]
    assert sum(map(len, homes)) == len(set().union(*homes)) == stage.pairs if homes else True
    for part in frames:
        runs = (part["pair"] != part["pair"].shift(1)).fill_null(value=True).sum()
        assert runs == part["pair"].n_unique()


def test_pairs_that_stand_together_come_in_their_own_order_over_file_borders(tmp_path):
    stage = staged(tmp_path, [["b", "b", "a"], ["a"], ["a", "c"]], part_rows=2)
    order = [pair for part in stage.whole_pairs() for pair in part["pair"].unique(maintain_order=True)]
    assert order == ["b", "a", "c"]


def test_scattered_pairs_come_in_the_order_of_their_first_rows(tmp_path):
    stage = staged(tmp_path, [["b", "a", "b"], ["c", "a"]])
    (whole,) = stage.whole_pairs()
    assert whole["pair"].to_list() == ["b", "b", "a", "a", "c"]


def test_clear_leaves_the_folder_empty(tmp_path):
    stage = staged(tmp_path, [["a"], ["b"]])
    assert len(list(tmp_path.iterdir())) == 2
    stage.clear()
    assert not list(tmp_path.iterdir())


def test_an_empty_stage_has_no_pairs(tmp_path):
    stage = Stage(tmp_path)
    assert list(stage.whole_pairs()) == []
    assert stage.pairs == 0


def test_block_of_puts_numbered_sessions_a_week_apart_where_they_belong():
    rows = pl.DataFrame(
        {
            ROW: [2, 3, 4],
            "pair": ["a", "a", "b"],
            "session": [1.0, 4.0, 2.0],
            "day": None,
            "slot": 0,
            "score": [5, 6, 7],
        },
        schema=SCHEMA,
        strict=False,
    )
    block = block_of(rows, Grid(1, 4, 1))
    assert block.pairs.to_list() == ["a", "b"]
    assert block.scores[0, :, 0].tolist() == pytest.approx([5, float("nan"), float("nan"), 6], nan_ok=True)
    assert block.days[0].tolist() == pytest.approx([0, float("nan"), float("nan"), 21], nan_ok=True)
    assert block.days[1, 1] == 7.0


def test_block_of_orders_dated_sessions_and_counts_days_from_the_pairs_first():
    rows = pl.DataFrame(
        {
            ROW: [2, 3, 4],
            "pair": ["a", "a", "b"],
            "session": None,
            "day": [30.0, 10.0, 99.0],
            "slot": 0,
            "score": [5, 6, 7],
        },
        schema=SCHEMA,
        strict=False,
    )
    block = block_of(rows, Grid(None, 0, 1))
    assert block.scores[0, :, 0].tolist() == [6, 5]
    assert block.days[0].tolist() == [0, 20]
    assert block.session[0].tolist() == [1, 2]
    assert block.days[1, 0] == 0
