"""The comparison of rules: equal terms for all, and numbers that can be counted again."""

import csv
from functools import partial

import numpy as np
import pytest

from accord.batch import comparison, evaluating
from accord.batch.contenders import CONTENDERS, OURS, threshold_of
from accord.batch.evaluating import Asked, bracket, case_of, compare, losses, rate_of
from accord.science.ruptures import flags1, flags2, flags2_calibration
from accord.science.ruptures.flags2_limits import limits_at, table_for
from accord.science.simulation import CATALOGUE, simulate

BY_NAME = {rule.name: rule for rule in CONTENDERS}
ASKED = Asked(pairs=1_500)


def made_small(patch):
    """One practice, and a coarse simulation of what it is held against: the real sizes take seconds a world."""
    patch.setattr(evaluating, "PRACTICES", 1)
    patch.setattr(flags2_calibration, "PAIRS", 2_000)
    patch.setattr(evaluating, "calibrated", partial(flags2_calibration.calibrated, size=4_000))


def drawn_in(name, share=0.0, pairs=1_500):
    scene = CATALOGUE[name]
    world = scene.world._replace(rupture_share=share)
    drawn = simulate(scene.truth, pairs=pairs, sessions=scene.sessions, rng=np.random.default_rng(4), world=world)
    return drawn, case_of(scene, drawn, table_for(scene.told))


@pytest.fixture(scope="module")
def quiet():
    return drawn_in("as-modelled")[1]


@pytest.fixture(scope="module")
def rows():
    with pytest.MonkeyPatch.context() as patch:
        made_small(patch)
        return compare([CATALOGUE["as-modelled"], CATALOGUE["slow-slides"]], ASKED, lambda *_: None)


def fallen(flags, shape):
    fired = np.zeros(shape, bool)
    mine = np.isin(flags.kind_names, ("dip", "slide"))
    fired[flags.pair[mine], flags.session[mine]] = True
    return fired


def test_ours_fires_where_the_judge_flags(quiet):
    limits = limits_at(quiet.table, 0.25)
    whole = fallen(flags2.judge_filtered(quiet.filtered, readings=quiet.readings, limits=limits), quiet.score.shape)
    assert np.array_equal(BY_NAME[OURS].fires(quiet, threshold_of(0.25)), whole)


def test_the_rule_before_fires_where_its_judge_flags(quiet):
    limits = flags1.limits_for(0.25)
    whole = fallen(flags1.judge_filtered(quiet.filtered, readings=quiet.readings, limits=limits), quiet.score.shape)
    assert np.array_equal(BY_NAME["flags@1"].fires(quiet, threshold_of(0.25)), whole)


@pytest.mark.parametrize("rule", CONTENDERS, ids=lambda rule: rule.name)
def test_every_rule_fires_less_at_a_higher_threshold_and_can_keep_the_budget(quiet, rule):
    often, seldom = bracket(rule, quiet, 0.25)
    rates = [rate_of(rule.fires(quiet, threshold), quiet.judged) for threshold in (often, seldom)]
    assert rates[0] >= 0.25 >= rates[1]
    assert rates[0] > 0.0
    assert seldom - often < 1e-4


def test_a_fall_of_one_pillar_is_seen_though_the_mean_hides_it(quiet):
    case = quiet._replace(readings=np.full((1, 2, 6), np.nan), score=np.zeros((1, 2)))
    case.readings[0, :, :3] = [[8, 8, 8], [9, 9, 5]]
    assert BY_NAME["one-pillar-fall"].fires(case, 3.0).tolist() == [[False, True]]
    assert BY_NAME["one-pillar-fall"].fires(case, 3.1).tolist() == [[False, False]]


def test_only_sessions_after_four_check_ins_are_judged():
    drawn, case = drawn_in("missing", pairs=300)
    given = ~np.isnan(drawn.readings[..., :3]).all(axis=2)
    for pair in range(20):
        order = np.flatnonzero(given[pair])
        assert np.flatnonzero(case.judged[pair]).tolist() == order[4:].tolist()


def test_ruptures_count_where_their_first_session_is_judged():
    drawn, case = drawn_in("as-modelled", share=1.0)
    loss = losses(drawn, case.judged)
    assert (drawn.rupture_session[loss.pair] == loss.session).all()
    assert case.judged[loss.pair, loss.session].all()
    assert 0.6 * len(drawn.days) < len(loss.pair) < len(drawn.days)


def test_every_rule_has_a_row_in_every_world(rows):
    assert [(row.world, row.rule) for row in rows[:11]] == [("as-modelled", rule.name) for rule in CONTENDERS]
    assert len(rows) == 2 * len(CONTENDERS)
    for row in rows:
        assert 0.0 < row.at_onset <= row.by_next < 1.0
        assert row.depth[0] < row.depth[2]
        assert row.ruptures > 900


def test_ours_keeps_the_budget_and_sees_more_than_the_literature(rows):
    ours = {row.world: row for row in rows if row.rule == OURS}
    for row in ours.values():
        assert row.published == pytest.approx(0.25, rel=0.2)
        assert row.calibrated == pytest.approx(0.25, rel=0.4)
    means = comparison.mean_by_rule(rows)
    assert means[OURS] > 1.15 * max(means[name] for name in comparison.LITERATURE)


def test_the_gap_to_another_rule_is_the_difference_over_the_same_ruptures(rows):
    ours = next(row for row in rows if row.rule == OURS)
    for row in rows[1:11]:
        assert row.below == pytest.approx(ours.at_onset - row.at_onset)
        assert 0.0 < row.below_error < 2 * ours.error


def test_the_table_holds_every_figure(rows, tmp_path):
    comparison.write_table(rows, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open() as file:
        read = list(csv.DictReader(file))
    assert len(read) == len(rows)
    assert float(read[0]["at_onset"]) == pytest.approx(rows[0].at_onset, abs=1e-4)
    assert read[1]["calibrated"] == ""
    assert {"depth_1.5", "depth_2.3", "depth_3.1", "onset_5", "onset_7", "onset_9"} <= set(read[0])


def test_the_page_says_plainly_where_ours_falls_short(rows):
    told = comparison.page(rows, ASKED, ())
    assert "In no world is any rule better" in told and "with calibrated limits, in none" in told
    worse = [row._replace(below=-0.05, below_error=0.01) if row.rule == "xmr" else row for row in rows]
    off = [row._replace(published=0.31) if row.rule == OURS else row for row in worse]
    told = comparison.page(off, ASKED, ("a.svg",))
    assert "xmr in as-modelled (by 0.050 ± 0.010)" in told
    assert "as-modelled (0.310)" in told and "slow-slides (0.310)" not in told
    assert "](a.svg)" in told
