"""The back-test over networks, its table and its page."""

import csv

import numpy as np
import pytest
from scipy import stats

from accord.batch import backtest_page
from accord.batch.backtesting import EVERYONE, OURS, TOGETHER, YARDSTICK, Mean, Plan, Row, backtest, mean_of
from accord.science.simulation.networks import NETWORKS

SMALL = [NETWORKS[name]._replace(world=NETWORKS[name].world._replace(clients=30, therapists=8)) for name in NETWORKS]
PLAN = Plan(networks=3, seed=5)


def told(*_):
    pass


@pytest.fixture(scope="module")
def rows():
    return backtest(SMALL, PLAN, told)


def test_a_mean_has_the_interval_of_t():
    values = np.array([1.0, 2.0, 4.0])
    found = mean_of(values)
    assert found.mean == pytest.approx(7 / 3)
    interval = stats.t.interval(0.95, 2, loc=values.mean(), scale=stats.sem(values))
    assert (found.low, found.high) == pytest.approx(interval)


def test_one_network_has_no_interval_and_none_has_no_mean():
    assert mean_of(np.array([2.0]))[0] == 2.0 and np.isnan(mean_of(np.array([2.0])).low)
    assert np.isnan(mean_of(np.array([])).mean)


def test_the_same_seed_gives_the_same_rows(rows):
    again = backtest(SMALL[:1], PLAN, told)
    same = [row for row in rows if row.world == SMALL[0].name]
    assert [row.value.mean for row in again] == pytest.approx([row.value.mean for row in same], nan_ok=True)


def test_ours_gains_nothing_over_itself(rows):
    for row in rows:
        if row.rule == OURS:
            assert row.gain.mean == 0.0 and row.better == 0


def test_gains_are_differences_within_the_same_networks(rows):
    ours, theirs = (backtest_page.found(rows, "usual", rule, "stay_8") for rule in (OURS, YARDSTICK))
    assert theirs.gain.mean == pytest.approx(ours.value.mean - theirs.value.mean)


@pytest.mark.parametrize(
    ("measure", "gain", "better"),
    [
        ("alliance", Mean(0.2, 0.1, 0.3), 1),
        ("alliance", Mean(-0.2, -0.3, -0.1), -1),
        ("alliance", Mean(0.1, -0.1, 0.3), 0),
        ("regret", Mean(0.2, 0.1, 0.3), -1),
        ("busiest", Mean(-0.2, -0.3, -0.1), 1),
        ("alliance", Mean(0.1, np.nan, np.nan), 0),
    ],
)
def test_better_goes_by_what_the_measure_means(measure, gain, better):
    assert Row("w", "r", EVERYONE, measure, gain, gain, 3).better == better


def test_where_only_style_differs_the_gain_is_nil_and_the_page_prints_it(rows):
    for rule in ("random", YARDSTICK, "preference-only"):
        gain = backtest_page.found(rows, "style-only", rule, "alliance").gain
        assert gain == pytest.approx((0.0, 0.0, 0.0), abs=1e-9)
    text = backtest_page.page(rows, PLAN, ())
    line = next(line for line in text.splitlines() if line.startswith("* **style-only**"))
    assert line.count("+0.000 [+0.000, +0.000] points") == 4


def test_the_page_has_every_world_rule_and_subgroup_and_what_falls_short(rows):
    text = backtest_page.page(rows, PLAN, ("../a.svg", "../b.svg"))
    for scene in SMALL:
        assert f"### {scene.name}: {scene.words}" in text
    for row in rows:
        assert row.rule in text and (row.group == EVERYONE or row.group in text)
    for row in backtest_page.short_of(rows):
        assert f"{row.rule} in " in text and backtest_page.HEADS[row.measure] in text
    assert "](../a.svg)" in text and "nan" not in text


def test_a_group_that_is_worse_off_is_named(rows):
    poor = next(row for row in rows if row.rule == YARDSTICK and row.group != EVERYONE and row.measure == "alliance")
    worse = poor._replace(gain=Mean(-0.3, -0.4, -0.2))
    text = backtest_page.page([worse if row is poor else row for row in rows], PLAN, ())
    assert f"{poor.world}, {poor.group}: alliance at session 3 -0.300 [-0.400, -0.200]" in text


def test_where_no_group_is_worse_off_it_says_so(rows):
    fine = [row._replace(gain=Mean(0.0, 0.0, 0.0)) for row in rows]
    text = backtest_page.page(fine, PLAN, ())
    assert f"Every subgroup is equal or better than with {YARDSTICK}, in every world" in text
    assert "Nowhere is another rule better than order" in text


def test_the_table_holds_every_row(rows, tmp_path):
    backtest_page.write_table(rows, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open() as file:
        written = list(csv.DictReader(file))
    assert len(written) == len(rows)
    assert float(written[0]["mean"]) == pytest.approx(rows[0].value.mean, abs=1e-5)


def test_placing_together_is_ours_too_and_told_beside(rows):
    assert not [row for row in backtest_page.short_of(rows) if row.rule == TOGETHER]
    assert f"* **{TOGETHER}** minus {OURS}, over the worlds: clients with all of them" in backtest_page.page(
        rows, PLAN, ()
    )
