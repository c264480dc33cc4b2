"""Ratings at the end of the scale: against scipy's tails, and against draws from the model."""

import numpy as np
import pytest
from scipy.special import erfcx, log_ndtr
from scipy.stats import norm, truncnorm

from accord.science.alliance import DEFAULT, Belief, Update, start, update
from accord.science.alliance.kernels import hazard, log_upper_tail, lower_tail, weigh

DRAWS = 400_000
NONE = np.nan


@pytest.mark.parametrize("a", [-40.0, -12.0, -3.0, 0.0, 1.0, 5.0, 11.999, 12.0, 12.001, 30.0, 200.0])
def test_hazard_it_equals_the_scaled_tail_even_far_out(a: float) -> None:
    # erfcx overflows below −26: there the hazard is the density itself.
    truth = np.sqrt(2.0 / np.pi) / erfcx(a / np.sqrt(2.0)) if a > -20 else norm.pdf(a)
    assert hazard(a)[0] == pytest.approx(truth, rel=1e-12)


@pytest.mark.parametrize("a", [-3.0, 0.0, 4.0, 11.9, 12.1, 40.0])
def test_hazard_it_grows_by_hazard_times_excess(a: float) -> None:
    step = 1e-4
    slope = (hazard(a + step)[0] - hazard(a - step)[0]) / (2.0 * step)
    found, excess = hazard(a)
    assert found * excess == pytest.approx(slope, rel=1e-6)


def test_hazard_it_leaves_a_variance_between_none_and_all() -> None:
    for a in np.linspace(-60.0, 60.0, 2401):
        found, excess = hazard(a)
        assert 0.0 <= found * excess < 1.0


@pytest.mark.parametrize("a", [-40.0, -8.0, -5.0, -1.0, 0.0, 5.0, 12.0, 12.5, 50.0])
def test_log_tail_it_equals_scipy_far_into_both_tails(a: float) -> None:
    assert log_upper_tail(a) == pytest.approx(float(log_ndtr(-a)), rel=1e-12)


@pytest.mark.parametrize("seen", [0, 3, 7, 9])
def test_tail_it_counts_the_whole_rating_that_was_seen(seen: int) -> None:
    assert lower_tail(seen, 7.2, 1.3, True) == pytest.approx(norm.cdf(seen + 0.5, 7.2, 1.3), rel=1e-12)
    assert lower_tail(seen, 7.2, 1.3, False) == pytest.approx(norm.cdf(seen, 7.2, 1.3), rel=1e-12)


def test_tail_it_is_certain_at_the_top() -> None:
    assert lower_tail(10.0, 3.0, 1.0, True) == 1.0


@pytest.mark.parametrize(("mean", "sd"), [(7.0, 1.2), (9.8, 0.9), (12.0, 2.0), (1.0, 1.1), (-2.0, 0.5)])
def test_weigh_it_gives_the_truncated_moments_at_both_ends(mean: float, sd: float) -> None:
    for rating, low, high in ((10.0, 9.5, np.inf), (0.0, -np.inf, 0.5)):
        e, w, loglik = weigh(rating, mean, sd * sd, True)
        truth = truncnorm((low - mean) / sd, (high - mean) / sd, loc=mean, scale=sd)
        assert mean + sd * sd * e == pytest.approx(truth.mean(), rel=1e-8)
        assert sd * sd - sd**4 * w == pytest.approx(truth.var(), rel=1e-5)
        inside = norm.logsf(low, mean, sd) if rating == 10.0 else norm.logcdf(high, mean, sd)
        assert loglik == pytest.approx(float(inside), rel=1e-10)


def test_weigh_it_adds_the_variance_of_rounding_to_an_open_rating() -> None:
    assert weigh(8.0, 7.0, 1.5, True)[2] == pytest.approx(norm.logpdf(8.0, 7.0, np.sqrt(1.5 + 1.0 / 12.0)))
    assert weigh(8.0, 7.0, 1.5, False)[2] == pytest.approx(norm.logpdf(8.0, 7.0, np.sqrt(1.5)))
    exact = np.log(norm.cdf(8.5, 7.0, np.sqrt(1.5)) - norm.cdf(7.5, 7.0, np.sqrt(1.5)))
    assert weigh(8.0, 7.0, 1.5, True)[2] == pytest.approx(exact, abs=2e-3)


def _experienced() -> Belief:
    belief = start(DEFAULT)
    for day, row in ((0.0, [8, 7, 9, 7, 7, 8]), (7.0, [9, NONE, 9, NONE, NONE, NONE])):
        belief = update(belief, DEFAULT, day=[day], readings=[row]).belief
    return belief


def _drawn(belief: Belief, day: float, row: list[float], rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Levels drawn from the belief on `day` that round and cut to this session's ratings, and their share."""
    fade = np.exp(-DEFAULT.state_rate * (day - belief.day[0]))
    states = rng.multivariate_normal(belief.mean[0], belief.cov[0], size=DRAWS, method="cholesky")
    fresh = DEFAULT.state_cov * (1.0 - np.outer(fade, fade))
    moved = states[:, 3:6] * fade + rng.multivariate_normal(np.zeros(3), fresh, size=DRAWS)
    growth = DEFAULT.gain * (1.0 - np.exp(-day / DEFAULT.gain_days))
    level = DEFAULT.mean + growth + states[:, :3] + moved
    client = level + rng.normal(size=level.shape) * np.sqrt(DEFAULT.noise)
    therapist = DEFAULT.therapist_mean + DEFAULT.tracking * (level - DEFAULT.mean) + states[:, 6:]
    therapist += rng.normal(size=level.shape) * np.sqrt(DEFAULT.therapist_noise)
    seen = np.clip(np.rint(np.hstack((client, therapist))), 0.0, 10.0)
    fits = np.all((seen == row) | np.isnan(row), axis=1)
    return level[fits], float(fits.mean())


def _taken(belief: Belief, day: float, row: list[float]) -> Update:
    return update(belief, DEFAULT, day=[day], readings=[row])


@pytest.mark.parametrize(
    "row",
    [
        [10, NONE, NONE, NONE, NONE, NONE],
        [NONE, NONE, 10, NONE, NONE, NONE],
        [NONE, NONE, NONE, NONE, 10, NONE],
        [10, 8, NONE, NONE, 7, NONE],
    ],
)
def test_one_perfect_rating_it_gives_the_exact_moments(row: list[float]) -> None:
    rng = np.random.default_rng(7)
    belief = _experienced()
    level, share = _drawn(belief, 21.0, row, rng)
    ours = _taken(belief, 21.0, row)
    error = 4.5 / np.sqrt(len(level))
    np.testing.assert_allclose(ours.level_mean[0], level.mean(axis=0), atol=error)
    np.testing.assert_allclose(ours.level_sd[0], level.std(axis=0), atol=error)
    assert ours.loglik[0] == pytest.approx(np.log(share), abs=4.5 / np.sqrt(share * DRAWS))


def test_one_rating_at_the_floor_it_gives_the_exact_moments() -> None:
    rng = np.random.default_rng(8)
    belief = start(DEFAULT)
    for day in (0.0, 7.0):
        belief = _taken(belief, day, [2, 2, 2, NONE, NONE, NONE]).belief
    row = [NONE, 0, NONE, NONE, NONE, NONE]
    level, _ = _drawn(belief, 14.0, row, rng)
    ours = _taken(belief, 14.0, row)
    np.testing.assert_allclose(ours.level_mean[0], level.mean(axis=0), atol=4.5 / np.sqrt(len(level)))
    np.testing.assert_allclose(ours.level_sd[0], level.std(axis=0), atol=4.5 / np.sqrt(len(level)))


def test_a_perfect_check_in_it_stays_close_to_the_truth() -> None:
    # Three censored ratings one after the other: the normal stands in for the truncated normal in between.
    rng = np.random.default_rng(9)
    belief = _experienced()
    level, share = _drawn(belief, 14.0, [10, 10, 10, NONE, NONE, NONE], rng)
    ours = _taken(belief, 14.0, [10, 10, 10, NONE, NONE, NONE])
    np.testing.assert_allclose(ours.level_mean[0], level.mean(axis=0), atol=0.03)
    np.testing.assert_allclose(ours.level_sd[0], level.std(axis=0), atol=0.03)
    assert ours.loglik[0] == pytest.approx(np.log(share), abs=0.05)


def test_a_perfect_check_in_it_pulls_further_than_the_same_number_taken_at_its_word() -> None:
    row = [10, 10, 10, NONE, NONE, NONE]
    at_its_word = update(start(DEFAULT), DEFAULT, day=[0.0], readings=[row], censored=False)
    ours = _taken(start(DEFAULT), 0.0, row)
    assert (ours.level_mean > at_its_word.level_mean).all()
    assert (ours.level_sd > at_its_word.level_sd).all()
