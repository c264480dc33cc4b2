"""Innovations are standard normal under the truth, and show what is wrong under anything else."""

import numpy as np
import pytest
from scipy import stats

from accord.science.alliance import DEFAULT, Goodness, filter_pairs, goodness
from accord.science.alliance.goodness import ASKED, LAGS, innovations, judged
from accord.science.alliance.tests.practice import plain_fit, practice
from accord.science.simulation import Simulated, World, simulate

# A mean of 9: two in five ratings are perfect, so that the transform at the end of the scale matters.
USUAL = World()
HIGH = DEFAULT._replace(mean=np.full(3, 9.0), therapist_mean=np.full(3, 9.0))


def _drawn(world: World, seed: int = 1) -> Simulated:
    return simulate(HIGH, pairs=1_500, sessions=10, rng=np.random.default_rng(seed), world=world)


def _z(drawn: Simulated, *, censored: bool, seed: int = 5) -> np.ndarray:
    found = filter_pairs(HIGH, days=drawn.days, readings=drawn.readings, censored=censored)
    return innovations(found, drawn.readings, rng=np.random.default_rng(seed), censored=censored)


def _judged(params: object = HIGH, world: World = USUAL) -> Goodness:
    drawn = _drawn(world)
    rng = np.random.default_rng(2)
    return goodness(params, days=drawn.days, readings=drawn.readings, rng=rng, censored=world.whole)  # type: ignore[arg-type]


@pytest.mark.parametrize("whole", [False, True])
def test_innovations_it_are_standard_normal_under_the_truth(whole: bool) -> None:
    z = _z(_drawn(World(whole=whole)), censored=whole)
    for reading in range(6):
        seen = z[..., reading][~np.isnan(z[..., reading])]
        assert stats.kstest(seen, "norm").pvalue > 1e-3
        assert seen.std() == pytest.approx(1.0, abs=0.03)


def test_innovations_it_are_missing_where_ratings_are() -> None:
    drawn = _drawn(World(missing=0.4, ending=0.2))
    z = _z(drawn, censored=True)
    np.testing.assert_array_equal(np.isnan(z), np.isnan(drawn.readings))


def test_innovations_it_are_the_plain_ones_for_open_ratings() -> None:
    drawn = _drawn(World(whole=False))
    found = filter_pairs(HIGH, days=drawn.days, readings=drawn.readings, censored=False)
    np.testing.assert_allclose(_z(drawn, censored=False), found.z, atol=1e-6)


def test_innovations_it_spread_a_whole_rating_between_its_two_tails() -> None:
    drawn = _drawn(World())
    found = filter_pairs(HIGH, days=drawn.days, readings=drawn.readings)
    draws = np.stack([stats.norm.cdf(_z(drawn, censored=True, seed=seed)) for seed in range(40)])
    given = ~np.isnan(drawn.readings)
    assert (draws[:, given] <= found.tail[given] + 1e-12).all()
    ten = given & (drawn.readings == 10.0)
    assert ten.sum() > 5_000
    below = stats.norm.cdf((9.5 - found.forecast_mean) / found.forecast_sd)
    np.testing.assert_allclose(draws[:, ten].mean(), (below[ten].mean() + 1.0) / 2.0, atol=0.003)


def test_goodness_it_finds_nothing_under_the_truth() -> None:
    told = _judged()
    quantiles = told.quantiles
    assert (np.abs(quantiles.seen - quantiles.expected) < 5.0 * quantiles.se).all()
    assert ((told.memory.low < 0.0) & (told.memory.high > 0.0)).mean() > 0.8
    asked = told.coverage.asked
    assert ((told.coverage.low < asked) & (asked < told.coverage.high)).mean() > 0.8
    assert np.abs(told.coverage.seen - asked).max() < 0.03


def test_goodness_it_sees_noise_that_was_taken_too_small() -> None:
    told = _judged(HIGH._replace(noise=HIGH.noise / 3.0))
    assert (told.sd[:3] > 1.1).all()
    assert (told.coverage.high[:3, 1] < 0.8).all()


def test_goodness_it_sees_a_mean_that_is_off() -> None:
    told = _judged(HIGH._replace(mean=HIGH.mean - 1.0))
    assert (told.mean[:3] > 0.1).all()


def test_goodness_it_sees_memory_that_the_model_forgets_too_fast() -> None:
    told = _judged(HIGH._replace(state_rate=np.full(3, 2.0)), World(whole=False))
    assert (told.memory.low[:3, 0] > 0.05).all()


def test_memory_it_is_the_correlation_of_sessions_so_far_apart() -> None:
    rng = np.random.default_rng(4)
    steps = rng.normal(size=(4_000, 60))
    z = np.repeat((steps[:, 1:] + 0.5 * steps[:, :-1])[..., None], 6, axis=2) / np.sqrt(1.25)
    memory = judged(z[:, :10]).memory
    np.testing.assert_array_equal(memory.lag, LAGS)
    assert memory.value[0, 0] == pytest.approx(0.4, abs=0.02)
    assert np.abs(memory.value[0, 1:]).max() < 0.03
    assert (memory.low < memory.value).all() and (memory.value < memory.high).all()


def test_errors_it_treats_the_ratings_of_a_pair_as_one() -> None:
    # Every pair says the same thing ten times: ten pairs of one rating know as much.
    once = np.random.default_rng(3).normal(size=(500, 1, 6))
    many, few = judged(np.tile(once, (1, 10, 1))).coverage, judged(once).coverage
    np.testing.assert_allclose(many.high - many.low, few.high - few.low, rtol=1e-12)
    share = few.seen[0, 0]
    half = 1.959964 * np.sqrt(share * (1.0 - share) / 500)
    assert few.high[0, 0] - share == pytest.approx(half, rel=1e-6)


def test_nobody_rated_it_says_nothing() -> None:
    drawn = _drawn(World(missing_therapist=1.0))
    told = goodness(HIGH, days=drawn.days, readings=drawn.readings, rng=np.random.default_rng(1))
    assert list(told.ratings[3:]) == [0, 0, 0]
    for numbers in (told.mean, told.sd, told.quantiles.seen, told.quantiles.se, told.memory.value, told.coverage.low):
        assert np.isnan(numbers[3:]).all() and np.isfinite(numbers[:3]).all()


def test_one_session_it_has_no_memory() -> None:
    drawn = simulate(HIGH, pairs=50, sessions=1, rng=np.random.default_rng(1))
    told = goodness(HIGH, days=drawn.days, readings=drawn.readings, rng=np.random.default_rng(1))
    assert np.isnan(told.memory.value).all()
    assert told.coverage.seen.shape == (6, len(ASKED))


def test_a_fit_it_judges_itself_with_its_own_parameters() -> None:
    seen, fit = practice().seen, plain_fit()
    ours = fit.goodness(seen, rng=np.random.default_rng(3))
    rng = np.random.default_rng(3)
    same = goodness(fit.params, days=seen.days, readings=seen.readings, rng=rng, censored=False)
    np.testing.assert_array_equal(ours.coverage.seen, same.coverage.seen)
    np.testing.assert_allclose(ours.sd, 1.0, atol=0.05)
