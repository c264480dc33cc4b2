"""Drawn pairs have the moments of the joint normal distribution, and repeat with their seed."""

from typing import Any

import numpy as np
import pytest

from accord.science.alliance import DEFAULT, draw
from accord.science.alliance.tests.brute_force import joint, random_params, stacked
from accord.science.errors import BadReadings

DAYS = np.array([0.0, 3.0, 3.0, 31.0])
PAIRS = 20_000


@pytest.mark.parametrize("seed", range(3))
def test_draw_it_has_the_moments_of_the_joint_normal(seed: int) -> None:
    params = random_params(np.random.default_rng(seed))
    drawn = draw(params, days=np.tile(DAYS, (PAIRS, 1)), rng=np.random.default_rng(90 + seed), whole=False)
    mean, cov, _ = joint(params, DAYS)
    seen = np.concatenate((drawn.level.reshape(PAIRS, -1), [stacked(readings) for readings in drawn.readings]), axis=1)
    sd = np.sqrt(np.diag(cov))
    np.testing.assert_array_less(np.abs(seen.mean(axis=0) - mean) / sd, 4.5 / np.sqrt(PAIRS))
    error = np.sqrt((cov**2 + np.outer(sd**2, sd**2)) / PAIRS)
    np.testing.assert_array_less(np.abs(np.cov(seen.T) - cov) / error, 5.0)


def test_draw_it_keeps_each_pair_s_usual_level() -> None:
    drawn = draw(DEFAULT, days=np.zeros((PAIRS, 1)), rng=np.random.default_rng(1))
    np.testing.assert_allclose(drawn.trait.mean(axis=0), DEFAULT.mean, atol=4.5 * 1.3 / np.sqrt(PAIRS))
    np.testing.assert_allclose(np.cov(drawn.trait.T), DEFAULT.trait_cov, atol=0.08)
    rest = drawn.level[:, 0] - drawn.trait
    np.testing.assert_allclose(np.cov(rest.T), DEFAULT.state_cov, atol=0.05)


def test_same_seed_it_draws_the_same_pairs() -> None:
    days = np.tile(DAYS, (5, 1))
    one, other = (draw(DEFAULT, days=days, rng=np.random.default_rng(4)) for _ in range(2))
    for first, second in zip(one, other, strict=True):
        np.testing.assert_array_equal(first, second)
    assert not np.array_equal(one.level, draw(DEFAULT, days=days, rng=np.random.default_rng(5)).level)


def test_whole_ratings_it_rounds_and_cuts_off_the_open_ones() -> None:
    days = np.tile(DAYS, (500, 1))
    whole = draw(DEFAULT, days=days, rng=np.random.default_rng(2)).readings
    free = draw(DEFAULT, days=days, rng=np.random.default_rng(2), whole=False).readings
    np.testing.assert_array_equal(whole, np.clip(np.rint(free), 0.0, 10.0))


def test_sessions_that_do_not_exist_it_leaves_empty() -> None:
    days = np.array([[0.0, 7.0, np.nan], [np.nan, 2.0, 9.0]])
    drawn = draw(DEFAULT, days=days, rng=np.random.default_rng(3))
    gone = np.isnan(days)
    assert np.isnan(drawn.level[gone]).all() and np.isnan(drawn.readings[gone]).all()
    assert np.isfinite(drawn.level[~gone]).all() and np.isfinite(drawn.readings[~gone]).all()


@pytest.mark.parametrize("days", [[0.0, 1.0], [[0.0, 5.0], [3.0, 2.0]]])
def test_days_it_refuses_in_another_shape_or_order(days: Any) -> None:
    with pytest.raises(BadReadings, match=r"expected \(N, T\)|pair 1: a session before"):
        draw(DEFAULT, days=days, rng=np.random.default_rng(1))
