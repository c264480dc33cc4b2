from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from accord.batch import analysing
from accord.batch.errors import BadTable
from accord.batch.folder import RESULTS
from accord.batch.numbers import Scale
from accord.batch.simulating import Order, Places, write_simulated
from accord.batch.tests.tables import long_frame, quiet, run, wide_frame, write_workbook
from accord.science import alliance
from accord.science.simulation import World

SUDDEN = Path(__file__).parents[4] / "shared" / "data" / "suddengains"
BADLY_NAMED = (
    "bdi1,wk2bdi,bdi.S3,bdis4,bdi_session5,bdi_weekSix,beck.dep.inv_sess7,weeeek8bdi,bdi_nine,bdii10,bDi11,bdi_s12_end"
)
needs_sudden = pytest.mark.skipif(not SUDDEN.exists(), reason=f"the public data are not at {SUDDEN}")


def results(folder):
    return pl.read_parquet(folder / "estimates.parquet"), pl.read_parquet(folder / "flags.parquet")


def analysed(path, **chosen):
    target = path.parent / f"out-{path.name}"
    run(path, target, **chosen)
    return results(target)


@pytest.fixture(scope="module")
def wide():
    return wide_frame()


@needs_sudden
@pytest.mark.parametrize(("name", "columns"), [("sgdata.csv", "bdi_s1..bdi_s12"), ("sgdata_bad.csv", BADLY_NAMED)])
def test_analyse_finds_the_published_sudden_gains_and_losses(tmp_path, name, columns):
    scale = Scale(0, 63, "low", named=True)
    chosen = {"pair": "id", "columns": columns, "scale": scale, "rules": ("sudden-change",), "cutoff": 7.0}
    run(SUDDEN / name, tmp_path / "out", **chosen)
    _, flags = results(tmp_path / "out")
    gains, losses = (flags.filter(pl.col("kind") == kind) for kind in ("sudden-gain", "sudden-loss"))
    assert (gains.height, losses.height, gains["pair"].n_unique()) == (24, 3, 15)
    assert gains["size"].mean() == pytest.approx(11.0, abs=0.05)
    assert gains["size"].std() == pytest.approx(3.426, abs=0.0005)
    assert losses.select("pair", "session", "size").rows() == [("4", 9, -9.0), ("34", 7, -12.0), ("35", 7, -18.0)]


@needs_sudden
def test_the_counts_of_the_real_table_add_up(tmp_path):
    scale = Scale(0, 63, "low", named=True)
    outcome = run(SUDDEN / "sgdata.csv", tmp_path / "out", columns="bdi_s1..bdi_s12", scale=scale)
    counts = Counter(outcome.quality.counts)
    assert counts["rows read"] == counts["rows used"] + counts["rows without any score"] == 43
    cells = counts["score cells that are blank"] + counts["score cells coded as missing"] + counts["scores used"]
    assert counts["score cells read"] == cells == 43 * 12
    estimates, _ = results(tmp_path / "out")
    assert estimates.height == counts["scores used"]


def test_every_row_and_every_cell_is_either_used_or_named(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("id,s1,s2,s3\n\nA,1,NA,3\nid,s1,s2,s3\nB,,,\nC,4,,6\n,,,\n")
    outcome = run(path, tmp_path / "out")
    assert outcome.quality.counts == {
        "rows read": 6,
        "rows that are blank": 2,
        "rows that repeat the header": 1,
        "rows without any score": 1,
        "rows used": 2,
        "score cells read": 9,
        "score cells that are blank": 4,
        "score cells coded as missing": 1,
        "scores used": 4,
    }


def test_all_file_formats_give_the_same_numbers(tmp_path, wide):
    wide.write_csv(tmp_path / "t.csv")
    wide.write_csv(tmp_path / "t.tsv", separator="\t")
    wide.write_parquet(tmp_path / "t.parquet")
    write_workbook(tmp_path / "t.xlsx", [wide.columns, *map(list, wide.rows())])
    (tmp_path / "bom.csv").write_bytes(b"\xef\xbb\xbf" + wide.write_csv(separator=";").encode())
    first, *others = (analysed(tmp_path / name) for name in ("t.csv", "t.tsv", "t.parquet", "t.xlsx", "bom.csv"))
    assert first[0].height == wide.height * (wide.width - 1)
    assert first[1].height > 0
    for other in others:
        assert_frame_equal(first[0], other[0])
        assert_frame_equal(first[1], other[1])


def test_wide_and_long_tables_give_the_same_numbers(tmp_path, wide):
    holes = wide.with_columns(pl.when(pl.col("pair") != "p3").then(pl.col("bond_4")).alias("bond_4"))
    holes.write_csv(tmp_path / "wide.csv")
    tall = long_frame(holes).drop_nulls("bond")
    tall.write_csv(tmp_path / "long.csv")
    tall.sample(fraction=1.0, shuffle=True, seed=3).write_csv(tmp_path / "shuffled.csv")
    by_pillar = tall.rename({"bond": "score"}).with_columns(pillar=pl.lit("Bond"), rater=pl.lit("client"))
    by_pillar.write_csv(tmp_path / "pillar.csv")
    first, *others = (analysed(tmp_path / f"{name}.csv") for name in ("wide", "long", "shuffled", "pillar"))
    assert first[1].height > 0
    keys = ["pair", "session"]
    for other in others:
        ours = [name for name in other[0].columns if not name.startswith(("goal", "task", "bond_therapist"))]
        assert_frame_equal(first[0].sort(keys), other[0].select(ours).sort(keys))
        assert_frame_equal(first[1].sort(*keys, "kind"), other[1].sort(*keys, "kind"))


def test_dates_a_week_apart_give_the_numbers_of_numbered_sessions(tmp_path, wide):
    tall = long_frame(wide)
    tall.write_csv(tmp_path / "numbered.csv")
    start = pl.date(2026, 1, 5) + pl.duration(weeks=pl.col("session") - 1)
    tall.with_columns(date=start).drop("session").write_csv(tmp_path / "dated.csv")
    numbered, dated = analysed(tmp_path / "numbered.csv"), analysed(tmp_path / "dated.csv")
    assert dated[0]["date"][1].isoformat() == "2026-01-12"
    assert_frame_equal(numbered[0].drop("date"), dated[0].drop("date"))
    assert_frame_equal(numbered[1].drop("date"), dated[1].drop("date"))


def test_estimates_are_the_models_own_in_the_tables_points(tmp_path, wide):
    tens = wide.with_columns(pl.exclude("pair") * 3 + 2)
    tens.write_csv(tmp_path / "t.csv")
    scale = Scale(2, 32, named=True)
    estimates, _ = analysed(tmp_path / "t.csv", scale=scale)
    readings = np.full((wide.height, 8, 6), np.nan)
    readings[:, :, 2] = wide.drop("pair").to_numpy()
    days = np.tile(np.arange(8) * 7.0, (wide.height, 1))
    smoothed = alliance.smooth_pairs(alliance.DEFAULT, days=days, readings=readings)
    assert estimates["bond_level"].to_numpy() == pytest.approx(2 + 3 * smoothed.level_mean[:, :, 2].ravel())
    assert estimates["bond_level_sd"].to_numpy() == pytest.approx(3 * smoothed.level_sd[:, :, 2].ravel())


def test_symptoms_turned_round_give_mirrored_levels_and_the_same_flags(tmp_path, wide):
    wide.write_csv(tmp_path / "high.csv")
    wide.with_columns(pl.exclude("pair") * -1 + 10).write_csv(tmp_path / "low.csv")
    high = analysed(tmp_path / "high.csv")
    low = analysed(tmp_path / "low.csv", scale=Scale(0, 10, "low", named=True))
    assert low[0]["bond_level"].to_numpy() == pytest.approx(10 - high[0]["bond_level"].to_numpy())
    assert_frame_equal(
        low[1].select("pair", "session", "kind", "size"), high[1].select("pair", "session", "kind", "size")
    )


def test_the_usual_band_waits_until_four_check_ins_are_in(tmp_path, wide):
    wide.write_csv(tmp_path / "t.csv")
    estimates, _ = analysed(tmp_path / "t.csv")
    known = estimates.filter(pl.col("bond_usual_low").is_not_null())["session"]
    assert known.unique().sort().to_list() == [5, 6, 7, 8]


def test_a_sudden_fall_of_a_good_score_is_a_loss(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("id,s1,s2,s3,s4,s5,s6\nA,9,9,9,1,1,1\nB,1,1,1,9,9,9\n")
    _, flags = analysed(path, rules=("sudden-change",), cutoff=5.0)
    told = flags.select("pair", "session", "kind", "size").rows()
    assert told == [("A", 3, "sudden-loss", -8.0), ("B", 3, "sudden-gain", 8.0)]


@pytest.mark.parametrize("rule", ["srs-drop", "own-sd-1", "own-sd-2", "xmr", "ewma", "cusum", "shewhart",
                                  "reliable-change", "below-own-mean"])  # fmt: skip
def test_every_rule_of_the_literature_runs_and_sees_the_fall_either_way_up(tmp_path, rule):
    scores = [[8 + (7 * pair + 3 * session) % 2 for pair in range(40)] for session in range(12)]
    scores[11][0] = 2
    table = pl.DataFrame({"pair": list(map(str, range(40))), **{f"wai_{s}": row for s, row in enumerate(scores)}})
    table.write_csv(tmp_path / "high.csv")
    table.with_columns(pl.exclude("pair") * -1 + 10).write_csv(tmp_path / "low.csv")
    _, high = analysed(tmp_path / "high.csv", rules=(rule,))
    _, low = analysed(tmp_path / "low.csv", rules=(rule,), scale=Scale(0, 10, "low", named=True))
    assert ("0", 11) in high.select("pair", "session").rows()
    assert high["rule"].unique().to_list() == [rule]
    assert_frame_equal(low.select("pair", "session", "kind"), high.select("pair", "session", "kind"))


def test_flags_and_estimates_do_not_depend_on_how_the_table_is_cut(tmp_path, wide, monkeypatch):
    wide.write_parquet(tmp_path / "t.parquet")
    whole = analysed(tmp_path / "t.parquet", rules=("alliance", "own-sd-1"))
    monkeypatch.setattr("accord.batch.blocks.MOST_CELLS", 100)
    (tmp_path / "cut").mkdir()
    wide.write_parquet(tmp_path / "cut" / "t.parquet")
    cut = analysed(tmp_path / "cut" / "t.parquet", rules=("alliance", "own-sd-1"))
    assert_frame_equal(whole[0], cut[0])
    assert_frame_equal(whole[1], cut[1])


@pytest.mark.parametrize("form", ["wide", "long"])
def test_parquet_in_any_order_of_rows_gives_the_numbers_of_text(tmp_path, form, monkeypatch):
    world = World(missing_checkin=0.3, rupture_share=0.5)
    order = Order(60, 9, seed=2, form=form, world=world)
    write_simulated(order, Places(tmp_path / "t.parquet"), alliance.DEFAULT, quiet)
    table = pl.read_parquet(tmp_path / "t.parquet")
    table.write_csv(tmp_path / "t.csv")
    table.sample(fraction=1.0, shuffle=True, seed=3).write_parquet(tmp_path / "shuffled.parquet")
    table.with_columns(pl.col(pl.Int64).cast(pl.String)).write_parquet(tmp_path / "text.parquet")
    monkeypatch.setattr("accord.batch.parquet_tables.BLOCK_CELLS", 500)
    rules = ("alliance", "own-sd-1")
    first = analysed(tmp_path / "t.parquet", rules=rules)
    assert first[1].height > 0
    assert first[0]["pair"].n_unique() == 60
    for name in ("t.csv", "text.parquet"):
        assert_frame_equal(analysed(tmp_path / name, rules=rules)[0], first[0])
        assert_frame_equal(analysed(tmp_path / name, rules=rules)[1], first[1])
    shuffled = analysed(tmp_path / "shuffled.parquet", rules=rules)
    assert_frame_equal(shuffled[0].sort("pair", "session"), first[0].sort("pair", "session"))
    keys = ["pair", "session", "rule", "kind", "pillar"]
    assert_frame_equal(shuffled[1].sort(keys), first[1].sort(keys))


def test_an_error_in_a_late_block_is_told_with_all_others_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr("accord.batch.parquet_tables.BLOCK_CELLS", 12)
    table = long_frame(wide_frame(20, 5)).with_columns(bond=pl.col("bond").cast(pl.Float64))
    wrong = pl.when(pl.int_range(pl.len()).is_in([3, 97])).then(float("inf")).otherwise("bond").alias("bond")
    twice = pl.concat([table.with_columns(wrong), table.tail(1)])
    twice.write_parquet(tmp_path / "t.parquet")
    for rules in ((), ("cusum",)):
        with pytest.raises(BadTable) as refused:
            run(tmp_path / "t.parquet", tmp_path / "out", rules=rules)
        errors = [(c.kind, c.row) for c in refused.value.complaints if c.level == "error"]
        assert errors == [("infinite", 5), ("infinite", 99), ("duplicate-session", 102)]
        assert [path.name for path in tmp_path.iterdir()] == ["t.parquet"]


def test_the_quality_list_is_the_same_however_often_the_table_is_gone_through(tmp_path):
    table = long_frame(wide_frame(9, 6)).with_columns(bond=pl.when(pl.col("session") != 3).then("bond"))
    table.write_parquet(tmp_path / "t.parquet")
    outcomes = [run(tmp_path / "t.parquet", tmp_path / "out", rules=rules) for rules in ((), ("cusum", "xmr"))]
    assert outcomes[0].quality.counts == outcomes[1].quality.counts
    assert outcomes[0].quality.counts["rows without any score"] == 9
    assert outcomes[0].quality.complaints() == outcomes[1].quality.complaints()


def test_csv_is_written_as_far_as_a_spreadsheet_can_open_it_or_when_asked(tmp_path, wide, monkeypatch):
    wide.write_csv(tmp_path / "t.csv")
    monkeypatch.setattr(analysing, "SHEET_ROWS", 95)
    run(tmp_path / "t.csv", tmp_path / "out", csv=True)
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(RESULTS)
    run(tmp_path / "t.csv", tmp_path / "out")
    assert not list((tmp_path / "out").glob("estimates.csv"))
    monkeypatch.setattr(analysing, "SHEET_ROWS", 96)
    run(tmp_path / "t.csv", tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(RESULTS)


def test_results_as_csv_say_what_parquet_says(tmp_path, wide):
    wide.write_csv(tmp_path / "t.csv")
    run(tmp_path / "t.csv", tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(RESULTS)
    for name in ("estimates", "flags"):
        kept = pl.read_parquet(tmp_path / "out" / f"{name}.parquet")
        told = pl.read_csv(tmp_path / "out" / f"{name}.csv", schema=kept.schema)
        assert_frame_equal(kept, told, abs_tol=1e-6)
    flags = pl.read_parquet(tmp_path / "out" / "flags.parquet")
    asked = {"pair", "session", "pillar", "kind", "version", "size", "limit", "expected_false_alarms"}
    assert asked <= set(flags.columns)


def test_an_error_half_way_leaves_nothing(tmp_path, wide, monkeypatch):
    wide.write_csv(tmp_path / "t.csv")

    def breaks(*given):
        raise RuntimeError("out of paper")

    monkeypatch.setattr(analysing, "write_report", breaks)
    with pytest.raises(RuntimeError):
        run(tmp_path / "t.csv", tmp_path / "results" / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_a_second_run_replaces_the_results_and_the_same_table_gives_the_same_bytes(tmp_path, wide):
    wide.write_csv(tmp_path / "t.csv")
    run(tmp_path / "t.csv", tmp_path / "out")
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    (tmp_path / "out" / "mine.txt").write_text("stays")
    run(tmp_path / "t.csv", tmp_path / "out")
    second = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert second == first | {"mine.txt": b"stays"}


def test_pairs_without_change_are_flagged_as_often_as_the_budget_says(tmp_path):
    calm = World(missing=0.0, missing_checkin=0.0, missing_therapist=1.0, gap_sd=0.0, skipped=0.0)
    order = Order(4_000, 14, seed=5, therapist=False, world=calm)
    write_simulated(order, Places(tmp_path / "t.parquet"), alliance.DEFAULT, quiet)
    outcome = run(tmp_path / "t.parquet", tmp_path / "out", budget=0.5)
    found = outcome.findings
    assert found.judged == 4_000 * 10
    fallen = sum(found.sessions_with["alliance", kind] for kind in ("dip", "slide"))  # never both at one session
    assert 10 * fallen / found.judged == pytest.approx(0.5, rel=0.15)
