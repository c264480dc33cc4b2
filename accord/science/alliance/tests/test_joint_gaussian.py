"""Filter, forecast, smoother and log-likelihood against one big normal distribution."""

import numpy as np
import pytest

from accord.science.alliance import Filtered, Params, Smoothed, filter_and_smooth, filter_pairs, smooth_pairs
from accord.science.alliance.tests.brute_force import condition, joint, random_history, random_params, stacked

SESSIONS = 5
PAIRS = 6
Case = tuple[Params, np.ndarray, np.ndarray]


@pytest.fixture(params=range(4))
def case(request: pytest.FixtureRequest) -> Case:
    rng = np.random.default_rng(100 + request.param)
    return random_params(rng), *random_history(rng, PAIRS, SESSIONS)


def _seen(readings: np.ndarray, sessions: int, until: int) -> np.ndarray:
    """Places in the joint vector of the readings of the first `until` sessions."""
    there = ~np.isnan(readings[:sessions])
    there[until:] = False
    return 3 * sessions + np.flatnonzero(stacked(there.astype(float)) > 0)


def _given(case: Case, pair: int, until: int) -> tuple[np.ndarray, np.ndarray, float, int]:
    params, days, readings = case
    sessions = int((~np.isnan(days[pair])).sum())
    mean, cov, _ = joint(params, days[pair, :sessions])
    seen = _seen(readings[pair], sessions, until)
    values = stacked(readings[pair, :sessions])[seen - 3 * sessions]
    return *condition(mean, cov, seen, values), sessions


def _filtered(case: Case) -> Filtered:
    return filter_pairs(case[0], days=case[1], readings=case[2], censored=False)


def _smoothed(case: Case) -> Smoothed:
    return smooth_pairs(case[0], days=case[1], readings=case[2], censored=False)


def test_filter_it_gives_the_joint_log_likelihood(case: Case) -> None:
    ours = _filtered(case).loglik
    truth = [_given(case, pair, SESSIONS)[2] for pair in range(PAIRS)]
    np.testing.assert_allclose(ours, truth, rtol=0, atol=1e-9)


def test_filter_it_gives_the_level_given_all_sessions_so_far(case: Case) -> None:
    ours = _filtered(case)
    for pair in range(PAIRS):
        for t in range(int((~np.isnan(case[1][pair])).sum())):
            mean, cov, _, _ = _given(case, pair, t + 1)
            at = slice(3 * t, 3 * t + 3)
            np.testing.assert_allclose(ours.level_mean[pair, t], mean[at], atol=1e-9)
            np.testing.assert_allclose(ours.level_sd[pair, t], np.sqrt(np.diag(cov)[at]), atol=1e-9)


def test_forecast_it_uses_earlier_sessions_only(case: Case) -> None:
    ours = _filtered(case)
    for pair in range(PAIRS):
        for t in range(int((~np.isnan(case[1][pair])).sum())):
            mean, cov, _, sessions = _given(case, pair, t)
            at = np.concatenate((3 * sessions + 3 * t + np.arange(3), 6 * sessions + 3 * t + np.arange(3)))
            np.testing.assert_allclose(ours.forecast_mean[pair, t], mean[at], atol=1e-9)
            np.testing.assert_allclose(ours.forecast_sd[pair, t], np.sqrt(np.diag(cov)[at]), atol=1e-9)
            shared = [cov[at[p], at[q]] for p, q in ((0, 1), (0, 2), (1, 2))]
            np.testing.assert_allclose(ours.forecast_shared[pair, t], shared, atol=1e-9)


def test_smoother_it_gives_the_level_given_everything(case: Case) -> None:
    ours = _smoothed(case)
    for pair in range(PAIRS):
        mean, cov, loglik, sessions = _given(case, pair, SESSIONS)
        levels = 3 * sessions
        np.testing.assert_allclose(ours.level_mean[pair, :sessions].ravel(), mean[:levels], atol=1e-9)
        np.testing.assert_allclose(ours.level_sd[pair, :sessions].ravel(), np.sqrt(np.diag(cov)[:levels]), atol=1e-9)
        assert ours.loglik[pair] == pytest.approx(loglik, abs=1e-9)


def test_smoother_it_is_blank_where_a_pair_has_ended(case: Case) -> None:
    ours = _smoothed(case)
    np.testing.assert_array_equal(np.isnan(ours.level_mean[..., 0]), np.isnan(case[1]))
    np.testing.assert_array_equal(np.isnan(ours.level_sd[..., 0]), np.isnan(case[1]))


def test_smoother_it_ends_where_the_filter_ends(case: Case) -> None:
    last = (~np.isnan(case[1])).sum(axis=1) - 1
    rows = np.arange(PAIRS)
    ours, filtered = _smoothed(case), _filtered(case)
    np.testing.assert_allclose(ours.level_mean[rows, last], filtered.level_mean[rows, last], atol=1e-12)
    np.testing.assert_allclose(ours.level_sd[rows, last], filtered.level_sd[rows, last], atol=1e-12)


@pytest.mark.parametrize("copies", [1, 120])
def test_both_at_once_it_gives_what_each_gives(case: Case, copies: int) -> None:
    # Few pairs go on one thread, many on all of them.
    params, days, readings = case[0], np.tile(case[1], (copies, 1)), np.tile(case[2], (copies, 1, 1))
    filtered, smoothed = filter_and_smooth(params, days=days, readings=readings, censored=False)
    alone = filter_pairs(params, days=days, readings=readings, censored=False)
    for name in Filtered._fields:
        np.testing.assert_array_equal(getattr(filtered, name), getattr(alone, name))
    hindsight = smooth_pairs(params, days=days, readings=readings, censored=False)
    for name in Smoothed._fields:
        np.testing.assert_array_equal(getattr(smoothed, name), getattr(hindsight, name))
    ahead, back = filter_and_smooth(params, days=days, readings=readings, censored=False, part=True)
    assert len(ahead.z) == len(ahead.tail) == 0
    np.testing.assert_array_equal(ahead.forecast_mean, alone.forecast_mean[..., :3])
    np.testing.assert_array_equal(ahead.forecast_sd, alone.forecast_sd[..., :3])
    np.testing.assert_array_equal(ahead.forecast_shared, alone.forecast_shared)
    np.testing.assert_array_equal(back.level_mean, hindsight.level_mean)
