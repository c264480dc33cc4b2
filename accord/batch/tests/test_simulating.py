import polars as pl
import pytest
from polars.testing import assert_frame_equal

from accord.batch import simulating
from accord.batch.errors import BadRequest
from accord.batch.simulating import Order, Places, write_simulated
from accord.batch.tests.tables import quiet, run
from accord.science.alliance import DEFAULT
from accord.science.simulation import World

READ = {".csv": pl.read_csv, ".tsv": lambda path: pl.read_csv(path, separator="\t"), ".parquet": pl.read_parquet}


def written(path, order, truth=None):
    write_simulated(order, Places(path, truth), DEFAULT, quiet)
    return READ[path.suffix](path)


@pytest.mark.parametrize("form", ["wide", "long"])
def test_every_format_holds_the_same_table(tmp_path, form):
    tables = [written(tmp_path / f"t{ending}", Order(30, 5, seed=2, form=form)) for ending in READ]
    for other in tables[1:]:
        assert_frame_equal(tables[0], other)


def test_wide_has_a_row_a_pair_and_a_column_a_reading_and_session(tmp_path):
    table = written(tmp_path / "t.csv", Order(7, 4, seed=1))
    assert table.shape == (7, 1 + 6 * 4)
    assert written(tmp_path / "t.csv", Order(7, 4, seed=1, therapist=False)).shape == (7, 1 + 3 * 4)
    assert table["goal_1"].drop_nulls().is_between(0, 10).all()


def test_same_seed_same_table_other_seed_other_table(tmp_path):
    first, again, other = (written(tmp_path / "t.csv", Order(20, 4, seed=seed)) for seed in (3, 3, 4))
    assert_frame_equal(first, again)
    assert not first.equals(other)


def test_blocks_do_not_repeat_each_other(tmp_path, monkeypatch):
    monkeypatch.setattr(simulating, "BLOCK_PAIRS", 8)
    table = written(tmp_path / "t.parquet", Order(20, 6, seed=3))
    assert table["pair"].n_unique() == 20
    assert not table[:8].drop("pair").equals(table[8:16].drop("pair"))


def test_truth_says_where_ruptures_set_in_and_how_deep(tmp_path):
    world = World(rupture_share=1.0)
    path = tmp_path / "truth.parquet"
    table = written(tmp_path / "t.csv", Order(40, 10, seed=1, form="long", world=world), path)
    truth = pl.read_parquet(path)
    assert truth.select("pair", "session").equals(table.select("pair", "session"))
    assert truth.filter("rupture")["pair"].n_unique() == truth.filter("rupture").height == 40
    lost = truth.filter("rupture").select(pl.max_horizontal("lost_goal", "lost_task", "lost_bond")).to_series()
    assert lost.is_between(1.5, 4.0).all()
    assert truth.filter(~pl.col("rupture"))["lost_bond"].sum() == 0


def test_missing_share_is_kept(tmp_path):
    world = World(missing=0.0, missing_checkin=0.3, missing_therapist=0.3)
    table = written(tmp_path / "t.parquet", Order(500, 8, seed=1, world=world))
    cells = table.drop("pair")
    assert sum(cells.null_count().row(0)) / (cells.height * cells.width) == pytest.approx(0.3, abs=0.02)


@pytest.mark.parametrize("form", ["wide", "long"])
def test_simulated_tables_are_read_without_being_told_anything(tmp_path, form):
    written(tmp_path / "t.csv", Order(30, 6, seed=1, form=form))
    outcome = run(tmp_path / "t.csv", tmp_path / "out")
    readings = outcome.opened.meaning.mapping.readings
    assert {(reading.pillar, reading.rater) for reading in readings} == {
        (pillar, rater) for pillar in ("goal", "task", "bond") for rater in ("client", "therapist")
    }


def test_an_unknown_ending_is_refused_and_nothing_is_left(tmp_path):
    with pytest.raises(BadRequest):
        write_simulated(Order(5, 5, seed=1), Places(tmp_path / "t.xlsx"), DEFAULT, quiet)
    assert list(tmp_path.iterdir()) == []


def test_an_error_half_way_leaves_no_table(tmp_path):
    def breaks(step, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_simulated(Order(5, 5, seed=1), Places(tmp_path / "t.csv"), DEFAULT, breaks)
    assert list(tmp_path.iterdir()) == []
