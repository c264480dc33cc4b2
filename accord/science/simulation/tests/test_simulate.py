"""Drawn pairs have the moments that the formulas say, and lose, break and end as the world says."""

from typing import Any

import numpy as np
import pytest

from accord.science.alliance import DEFAULT, filter_pairs, load_params
from accord.science.alliance.model import dump_params
from accord.science.errors import BadOptions
from accord.science.simulation import A_BIT, NO, UNANSWERED, Simulated, World, simulate

PAIRS, SESSIONS = 30_000, 6
PLAIN = World(skipped=0.0, missing=0.0, missing_checkin=0.0, missing_therapist=0.0, whole=False)
ROUNDING = 1.0 / 12.0
# Unequal rates, couplings everywhere: nothing that only holds for the default.
ODD = load_params(
    dump_params(DEFAULT) | {"state_rate": [0.03, 0.04, 0.05], "tracking": [0.2, 0.5, 0.8], "gain": [0.5, 0.0, -0.5]}
)


def _drawn(world: World, seed: int = 1, pairs: int = PAIRS, sessions: int = SESSIONS) -> Simulated:
    return simulate(ODD, pairs=pairs, sessions=sessions, rng=np.random.default_rng(seed), world=world)


@pytest.fixture(scope="module")
def plain() -> Simulated:
    return _drawn(PLAIN._replace(gap_sd=0.0))


def _covariance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    found: np.ndarray = (a - a.mean(axis=0)).T @ (b - b.mean(axis=0)) / len(a)
    return found


def test_level_it_has_the_mean_of_the_growth_curve(plain: Simulated) -> None:
    days = 7.0 * np.arange(SESSIONS)
    np.testing.assert_array_equal(plain.days[0], days)
    curve = ODD.mean + (1.0 - np.exp(-days / ODD.gain_days))[:, None] * ODD.gain
    np.testing.assert_allclose(plain.level.mean(axis=0), curve, atol=4.5 * 1.54 / np.sqrt(PAIRS))


def test_level_it_has_trait_plus_state_covariance_at_every_session(plain: Simulated) -> None:
    for t in range(SESSIONS):
        found = _covariance(plain.level[:, t], plain.level[:, t])
        np.testing.assert_allclose(found, ODD.trait_cov + ODD.state_cov, atol=0.08)


def test_level_it_forgets_the_state_at_each_pillar_s_own_rate(plain: Simulated) -> None:
    own = plain.level - plain.trait[:, None]
    for lag in (1, 3):
        found = _covariance(own[:, 1], own[:, 1 + lag])
        truth = ODD.state_cov * np.exp(-7.0 * lag * ODD.state_rate)[None, :]
        np.testing.assert_allclose(found, truth, atol=0.04)


def test_trait_it_has_its_own_covariance(plain: Simulated) -> None:
    np.testing.assert_allclose(_covariance(plain.trait, plain.trait), ODD.trait_cov, atol=0.06)


def test_client_rating_it_is_the_level_and_independent_noise(plain: Simulated) -> None:
    noise = plain.readings[..., :3] - plain.level
    flat = noise.reshape(-1, 3)
    np.testing.assert_allclose(_covariance(flat, flat), np.diag(ODD.noise), atol=0.02)
    assert abs(np.mean(noise[:, 1:] * noise[:, :-1])) < 0.01


def test_therapist_rating_it_tracks_the_level_and_leans(plain: Simulated) -> None:
    rest = plain.readings[..., 3:] - ODD.therapist_mean - ODD.tracking * (plain.level - ODD.mean)
    at_once = _covariance(rest[:, 2], rest[:, 2])
    np.testing.assert_allclose(at_once, ODD.bias_cov + np.diag(ODD.therapist_noise), atol=0.06)
    np.testing.assert_allclose(_covariance(rest[:, 0], rest[:, 5]), ODD.bias_cov, atol=0.05)


def test_whole_ratings_it_rounds_and_cuts_off() -> None:
    drawn = _drawn(PLAIN._replace(whole=True))
    assert set(np.unique(drawn.readings)) == set(range(11))
    same = _drawn(PLAIN)
    np.testing.assert_array_equal(drawn.readings, np.clip(np.rint(same.readings), 0.0, 10.0))
    np.testing.assert_array_equal(drawn.level, same.level)


def test_whole_ratings_it_adds_the_variance_of_rounding_away_from_the_ends() -> None:
    low = load_params(dump_params(DEFAULT) | {"mean": [5.0, 5.0, 5.0]})
    drawn = simulate(low, pairs=PAIRS, sessions=2, rng=np.random.default_rng(5), world=PLAIN._replace(whole=True))
    noise = drawn.readings[..., :3] - drawn.level
    assert noise.var() == pytest.approx(low.noise[0] + ROUNDING, abs=0.02)


def test_gaps_it_jitters_around_a_week_and_doubles_when_a_session_falls_out() -> None:
    gaps = np.diff(_drawn(PLAIN._replace(skipped=0.2, gap_sd=0.5)).days, axis=1)
    assert (gaps > 10.5).mean() == pytest.approx(0.2, abs=0.01)
    assert gaps.mean() == pytest.approx(7.0 * 1.2, abs=0.05)
    assert np.diff(_drawn(PLAIN._replace(gap_sd=20.0)).days, axis=1).min() >= 1.0 - 1e-9


def test_missing_it_loses_answers_check_ins_and_therapists_as_often_as_asked() -> None:
    drawn = _drawn(World(missing=0.2, missing_checkin=0.1, missing_therapist=0.4))
    client, therapist = np.isnan(drawn.readings[..., :3]), np.isnan(drawn.readings[..., 3:])
    assert client.mean() == pytest.approx(1 - 0.9 * 0.8, abs=0.01)
    assert therapist.mean() == pytest.approx(0.4, abs=0.01)
    np.testing.assert_array_equal(therapist.all(axis=2), therapist.any(axis=2))
    silent = drawn.tension == UNANSWERED
    assert silent.mean() == pytest.approx(0.1, abs=0.01)
    assert client[silent].all()


def test_ending_it_pads_with_nan_and_never_before_the_third_session() -> None:
    drawn = _drawn(World(ending=0.3, rupture_share=1.0))
    held = ~np.isnan(drawn.days)
    assert held[:, :3].all()
    assert held[:, 4].mean() == pytest.approx(0.7**2, abs=0.02)
    assert (held[:, 1:] <= held[:, :-1]).all()
    assert np.isnan(drawn.readings[~held]).all() and np.isnan(drawn.level[~held]).all()
    assert (drawn.tension[~held] == UNANSWERED).all()
    hit = drawn.rupture_session >= 0
    assert held[hit, drawn.rupture_session[hit]].all()
    assert (drawn.rupture_depth[~hit] == 0.0).all()


def test_rupture_it_takes_the_stated_points_from_the_stated_session_on() -> None:
    world = PLAIN._replace(rupture_first=2)
    calm, broken = _drawn(world), _drawn(world._replace(rupture_share=0.5))
    hit = broken.rupture_session >= 0
    assert hit.mean() == pytest.approx(0.5, abs=0.01)
    loss = calm.level - broken.level
    after = np.arange(SESSIONS) >= np.where(hit, broken.rupture_session, SESSIONS)[:, None]
    np.testing.assert_allclose(loss, after[..., None] * broken.rupture_depth[:, None], atol=1e-12)
    assert broken.rupture_session[hit].min() == 2
    depth = broken.rupture_depth[hit]
    np.testing.assert_allclose(np.sort(depth, axis=1)[:, :2], 0.5 * depth.max(axis=1)[:, None] * np.ones(2))
    assert depth.max(axis=1).min() >= 1.5 and depth.max() <= 4.0


def test_recovery_it_regains_half_the_loss_in_the_stated_days() -> None:
    world = PLAIN._replace(rupture_first=1, gap_sd=0.0)
    calm = _drawn(world)
    broken = _drawn(world._replace(rupture_share=1.0, recovery_days=14.0))
    early = broken.rupture_session == 1
    loss = (calm.level - broken.level)[early]
    np.testing.assert_allclose(loss[:, 3], 0.5 * loss[:, 1], atol=1e-12)
    np.testing.assert_allclose(loss[:, 5], 0.25 * loss[:, 1], atol=1e-12)


def test_tension_it_is_said_more_often_where_something_broke() -> None:
    drawn = _drawn(World(rupture_share=1.0, said=0.6, said_anyway=0.05, missing_checkin=0.0))
    now = drawn.rupture_session[:, None] == np.arange(SESSIONS)
    assert (drawn.tension[now] == A_BIT).mean() == pytest.approx(0.6, abs=0.02)
    assert (drawn.tension[~now] == A_BIT).mean() == pytest.approx(0.05, abs=0.01)
    assert set(np.unique(drawn.tension)) == {NO, A_BIT}


def test_drift_it_carries_all_pillars_of_a_pair_by_one_slope() -> None:
    steady, drifting = _drawn(PLAIN), _drawn(PLAIN._replace(drift_sd=2.0))
    slope = (drifting.level - steady.level)[:, 1:] / drifting.days[:, 1:, None] * 100.0
    np.testing.assert_allclose(slope, slope[:, :1, :1] * np.ones_like(slope), atol=1e-9)
    assert slope[:, 0, 0].std() == pytest.approx(2.0, rel=0.03)


def test_simulate_it_gives_the_same_pairs_for_the_same_generator() -> None:
    one, two, other = (_drawn(World(), seed=seed, pairs=50) for seed in (3, 3, 4))
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(one.trait, other.trait)


def test_simulate_it_feeds_the_filter_which_finds_the_truth() -> None:
    drawn = _drawn(World(ending=0.1))
    found = filter_pairs(ODD, days=drawn.days, readings=drawn.readings)
    held = ~np.isnan(drawn.days)
    distance = ((found.level_mean - drawn.level) / found.level_sd)[held]
    assert distance.mean() == pytest.approx(0.0, abs=0.02)
    assert distance.std() == pytest.approx(1.0, abs=0.02)


def test_simulate_it_draws_a_hundred_thousand_pairs_at_once() -> None:
    drawn = simulate(DEFAULT, pairs=100_000, sessions=12, rng=np.random.default_rng(0))
    assert drawn.readings.shape == (100_000, 12, 6)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("missing", 1.1),
        ("rupture_share", -0.1),
        ("gap_days", 0.0),
        ("recovery_days", 0.0),
        ("drift_sd", -1.0),
        ("rupture_first", -1),
        ("rupture_depth", (3.0, 2.0)),
        ("gap_sd", np.nan),
    ],
)
def test_bad_options_it_names_the_option(option: str, value: Any) -> None:
    with pytest.raises(BadOptions, match=f"^{option}: "):
        _drawn(World()._replace(**{option: value}), pairs=2)


@pytest.mark.parametrize("sizes", [{"pairs": 0, "sessions": 3}, {"pairs": 3, "sessions": 0}])
def test_bad_options_it_refuses_to_draw_nothing(sizes: dict[str, Any]) -> None:
    with pytest.raises(BadOptions, match="1 or more"):
        simulate(DEFAULT, **sizes, rng=np.random.default_rng(0))
