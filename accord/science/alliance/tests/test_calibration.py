"""In worlds that follow the model, a stated probability happens as often as it says."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import kstest, norm

from accord.science.alliance import DEFAULT, Params, filter_pairs, smooth_pairs
from accord.science.alliance.tests.brute_force import random_params

PAIRS, SESSIONS = 4_000, 8


def _drawn(params: Params, rng: np.random.Generator, whole: bool) -> dict[str, np.ndarray]:
    """Pairs drawn here by hand: the simulation package stands above this one."""
    days = np.cumsum(rng.uniform(2.0, 20.0, (PAIRS, SESSIONS)), axis=1)
    days -= days[:, :1]
    usual = rng.multivariate_normal(np.zeros(3), params.trait_cov, size=PAIRS)
    lean = rng.multivariate_normal(np.zeros(3), params.bias_cov, size=PAIRS)
    moving = rng.multivariate_normal(np.zeros(3), params.state_cov, size=PAIRS)
    levels = np.empty((PAIRS, SESSIONS, 3))
    for t in range(SESSIONS):
        gap = days[:, t] - days[:, max(t - 1, 0)]
        fade = np.exp(-params.state_rate * gap[:, None])
        fresh = params.state_cov * (1.0 - fade[:, :, None] * fade[:, None, :])
        roots = np.linalg.cholesky(fresh + 1e-12 * np.eye(3))
        moving = fade * moving + np.einsum("npq,nq->np", roots, rng.normal(size=(PAIRS, 3)))
        growth = params.gain * (1.0 - np.exp(-days[:, t, None] / params.gain_days))
        levels[:, t] = params.mean + growth + usual + moving
    client = levels + rng.normal(size=levels.shape) * np.sqrt(params.noise)
    therapist = params.therapist_mean + lean[:, None] + params.tracking * (levels - params.mean)
    therapist += rng.normal(size=levels.shape) * np.sqrt(params.therapist_noise)
    readings = np.concatenate((client, therapist), axis=2)
    if whole:
        readings = np.clip(np.rint(readings), 0.0, 10.0)
    readings[rng.random(readings.shape) < 0.2] = np.nan
    return {"days": days, "readings": readings, "levels": levels}


@pytest.mark.parametrize("seed", range(3))
def test_uncensored_tails_it_spreads_them_evenly(seed: int) -> None:
    rng = np.random.default_rng(200 + seed)
    params = random_params(rng)
    world = _drawn(params, rng, whole=False)
    found = filter_pairs(params, days=world["days"], readings=world["readings"], censored=False)
    for t in range(SESSIONS):
        for reading in range(6):
            tails = found.tail[:, t, reading]
            # 144 tests in all: one in a hundred thousand keeps false alarms away.
            assert kstest(tails[~np.isnan(tails)], "uniform").pvalue > 1e-5


def test_uncensored_innovations_it_leaves_nothing_that_an_earlier_session_could_tell() -> None:
    rng = np.random.default_rng(300)
    world = _drawn(DEFAULT, rng, whole=False)
    z = filter_pairs(DEFAULT, days=world["days"], readings=world["readings"], censored=False).z
    for lag in (1, 2):
        both = z[:, lag:, :3] * z[:, :-lag, :3]
        per_pair = np.nanmean(both, axis=(1, 2))
        assert abs(per_pair.mean()) < 4.0 * per_pair.std() / np.sqrt(PAIRS)
    assert np.nanvar(z) == pytest.approx(1.0, abs=0.02)


def test_whole_ratings_it_says_how_often_a_rating_is_this_low() -> None:
    rng = np.random.default_rng(301)
    world = _drawn(DEFAULT, rng, whole=True)
    found = filter_pairs(DEFAULT, days=world["days"], readings=world["readings"])
    for rating in range(3, 10):
        said = np.asarray(norm.cdf(rating + 0.5, found.forecast_mean, found.forecast_sd))[..., :3]
        happened = (world["readings"][..., :3] <= rating)[~np.isnan(world["readings"][..., :3])]
        said = said[~np.isnan(world["readings"][..., :3])]
        assert happened.mean() == pytest.approx(said.mean(), abs=0.006)


def test_whole_ratings_it_calls_few_ratings_rare_and_no_more_than_it_says() -> None:
    rng = np.random.default_rng(302)
    world = _drawn(DEFAULT, rng, whole=True)
    found = filter_pairs(DEFAULT, days=world["days"], readings=world["readings"])
    tails = found.tail[..., :3][~np.isnan(found.tail[..., :3])]
    for limit in (0.002, 0.01, 0.05):
        # A whole rating's tail moves in steps, so it can only be below the limit less often than stated.
        assert 0.3 * limit < (tails < limit).mean() < 1.05 * limit + 0.0005


@pytest.mark.parametrize("whole", [True, False])
def test_levels_it_covers_the_truth_as_often_as_it_says(whole: bool) -> None:
    rng = np.random.default_rng(303)
    world = _drawn(DEFAULT, rng, whole)
    asked: dict[str, Any] = {"days": world["days"], "readings": world["readings"], "censored": whole}
    for found in (filter_pairs(DEFAULT, **asked), smooth_pairs(DEFAULT, **asked)):
        distance = np.abs(found.level_mean - world["levels"]) / found.level_sd
        assert (distance < norm.ppf(0.95)).mean() == pytest.approx(0.90, abs=0.01)
        assert (distance < norm.ppf(0.75)).mean() == pytest.approx(0.50, abs=0.015)


def test_smoothing_it_comes_closer_to_the_truth_than_filtering() -> None:
    rng = np.random.default_rng(304)
    world = _drawn(DEFAULT, rng, whole=True)
    asked: dict[str, Any] = {"days": world["days"], "readings": world["readings"]}
    behind = filter_pairs(DEFAULT, **asked).level_mean - world["levels"]
    ahead = smooth_pairs(DEFAULT, **asked).level_mean - world["levels"]
    assert np.mean(ahead**2) < 0.9 * np.mean(behind**2)
