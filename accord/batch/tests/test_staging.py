import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from accord.batch import parquet_tables
from accord.batch.analysing import understand
from accord.batch.blocks import Grid, block_of
from accord.batch.quality import Quality
from accord.batch.ratings import schema_of, slot
from accord.batch.runs import Runs, Survey
from accord.batch.source import ROW
from accord.batch.staging import dealt, in_place, is_in_numbers, on_disk
from accord.batch.tests.tables import long_frame, request, wide_frame

SCHEMA = schema_of(1)


def frame(pairs, first_row=2):
    rows = range(first_row, first_row + len(pairs))
    return pl.DataFrame(
        {ROW: rows, "pair": pairs, "session": [1.0] * len(pairs), "day": None, slot(0): 5.0}, schema=SCHEMA
    )


def staged(folder, parts, part_rows=1_000_000):
    """As the analysis does it: kept on disk, dealt where pairs are scattered."""
    row, frames = 2, []
    for pairs in parts:
        frames.append(frame(pairs, row))
        row += len(pairs)
    stage = on_disk(frames, folder, lambda rows: None)
    assert stage.survey.rows == row - 2
    return stage if stage.survey.together else dealt(stage, folder, Quality(), part_rows=part_rows)


def opened(path, **chosen):
    return understand(request(path, path.parent / "out", **chosen))[0]


@given(
    st.lists(st.lists(st.sampled_from("abcdefg"), max_size=9), min_size=1, max_size=6), st.sampled_from([1, 4, 1000])
)
def test_whole_pairs_keeps_every_row_and_never_splits_a_pair(tmp_path_factory, parts, part_rows):
    stage = staged(tmp_path_factory.mktemp("stage"), parts, part_rows)
    frames = list(stage.whole_pairs(Quality()))
    rows = [row for part in frames for row in part[ROW].to_list()]
    assert sorted(rows) == list(range(2, 2 + sum(map(len, parts))))
    homes = [set(part["pair"]) for part in frames]
    assert sum(map(len, homes)) == len(set().union(*homes)) == stage.survey.pairs if homes else True
    for part in frames:
        runs = (part["pair"] != part["pair"].shift(1)).fill_null(value=True).sum()
        assert runs == part["pair"].n_unique()


def test_pairs_that_stand_together_come_in_their_own_order_over_frame_borders(tmp_path):
    stage = staged(tmp_path, [["b", "b", "a"], ["a"], ["a", "c"]], part_rows=2)
    order = [pair for part in stage.whole_pairs(Quality()) for pair in part["pair"].unique(maintain_order=True)]
    assert order == ["b", "a", "c"]


def test_scattered_pairs_come_in_the_order_of_their_first_rows(tmp_path):
    stage = staged(tmp_path, [["b", "a", "b"], ["c", "a"]])
    order = pl.concat(stage.whole_pairs(Quality()))["pair"].to_list()
    assert order == ["b", "b", "a", "a", "c"]


def test_an_empty_stage_has_no_pairs(tmp_path):
    stage = staged(tmp_path, [])
    assert list(stage.whole_pairs(Quality())) == []
    assert stage.survey.pairs == 0


def test_a_survey_tells_pairs_rows_and_sessions_whatever_the_cut():
    rows = frame(["a", "a", "b", "c", "c"]).with_columns(session=pl.Series([4.0, 2.0, None, 9.0, 3.0]))
    for cut in range(6):
        runs = Runs()
        runs.add(rows[:cut])
        runs.add(rows[cut:])
        assert runs.survey() == Survey(5, 3, True, 2.0, 9.0)
    runs.add(frame(["a"]))
    assert runs.survey() == Survey(6, 3, False, 1.0, 9.0)


def test_only_parquet_without_text_in_its_numbers_is_left_where_it_is(tmp_path):
    wide = wide_frame(3, 4)
    for name, table, left in (
        ("a", wide, True),
        ("b", wide.with_columns(pl.col("bond_2").cast(pl.String)), False),
        ("c", long_frame(wide), True),
        ("d", long_frame(wide).with_columns(pl.col("session").cast(pl.String)), False),
    ):
        table.write_parquet(tmp_path / f"{name}.parquet")
        assert is_in_numbers(opened(tmp_path / f"{name}.parquet")) == left
    wide.write_csv(tmp_path / "t.csv")
    assert not is_in_numbers(opened(tmp_path / "t.csv"))


def test_a_table_left_in_place_says_the_same_as_one_kept_on_disk(tmp_path, monkeypatch):
    table = long_frame(wide_frame(7, 6)).with_columns(pair=pl.concat_str(pl.lit(" "), "pair"))
    first = table.head(1).with_columns(pair=pl.lit("p0"), session=pl.lit(0, pl.Int64), bond=pl.lit(None, pl.Int64))
    pl.concat([first, table]).write_parquet(tmp_path / "t.parquet")
    monkeypatch.setattr(parquet_tables, "BLOCK_CELLS", 30)
    known = opened(tmp_path / "t.parquet")
    left = in_place(known, lambda rows: None)
    kept = on_disk(left.frames(Quality()), tmp_path, lambda rows: None)
    assert left.survey == kept.survey == Survey(42, 7, True, 1.0, 6.0)
    for one, other in zip(left.whole_pairs(Quality()), kept.whole_pairs(Quality()), strict=True):
        assert_frame_equal(one, other)


def test_block_of_puts_numbered_sessions_a_week_apart_where_they_belong():
    rows = pl.DataFrame(
        {
            ROW: [2, 3, 4],
            "pair": ["a", "a", "b"],
            "session": [1.0, 4.0, 2.0],
            "day": None,
            slot(0): [5, 6, 7],
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
            slot(0): [5, 6, 7],
        },
        schema=SCHEMA,
        strict=False,
    )
    block = block_of(rows, Grid(None, 0, 1))
    assert block.scores[0, :, 0].tolist() == [6, 5]
    assert block.days[0].tolist() == [0, 20]
    assert block.session[0].tolist() == [1, 2]
    assert block.days[1, 0] == 0


@pytest.mark.parametrize("shuffled", [False, True])
def test_block_of_takes_a_row_a_session_and_a_row_a_rating_alike(shuffled):
    rng = np.random.default_rng(4)
    scores = np.where(rng.random((5, 4, 3)) < 0.3, np.nan, rng.integers(0, 10, (5, 4, 3)).astype(float))
    scores[:, 0] = 5.0
    pair, session = np.divmod(np.arange(20), 4)
    columns = {ROW: pl.Series(range(20)), "pair": [f"p{p}" for p in pair], "session": session + 1.0, "day": None}
    slots = {slot(place): scores.reshape(20, 3)[:, place] for place in range(3)}
    whole = pl.DataFrame(columns | slots, schema=schema_of(3), strict=False)
    ratings = [whole.with_columns(pl.when(place == p).then(pl.col(slot(p))).alias(slot(p)) for p in range(3))
               for place in range(3)]  # fmt: skip
    rows = pl.concat(ratings)
    rows = rows.sample(fraction=1.0, shuffle=True, seed=2) if shuffled else rows
    for table in (whole, rows.sort("pair", maintain_order=True)):
        block = block_of(table, Grid(1, 4, 3))
        np.testing.assert_array_equal(block.scores, scores)
        assert block.session[0].tolist() == [1, 2, 3, 4]
