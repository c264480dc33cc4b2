"""Ratings at the end of the scale: against scipy's tails, and against draws from the model."""

import numpy as np
import pytest
from scipy.special import erfcx, log_ndtr
from scipy.stats import norm, truncnorm

from accord.science.alliance import DEFAULT, Belief, Update, start, update
from accord.science.alliance.tests.one_by_one import tails, weighed

DRAWS = 400_000
NONE = np.nan


WIDE = np.array([-40.0, -12.0, -3.0, -0.5, 0.0, 1e-9, 1.0, 4.0, 5.0, 11.999, 12.001, 30.0, 200.0, 1e4])


def test_exponential_it_equals_numpy_to_the_last_digits() -> None:
    x = np.concatenate((np.linspace(-690.0, 690.0, 4001), np.linspace(-1.0, 1.0, 1001)))
    np.testing.assert_allclose(tails(x)[0], np.exp(x), rtol=5e-16)
    assert tails(np.array([-1e9, -705.0]))[0].max() < 1e-300


def test_hazard_it_equals_the_scaled_tail_even_far_out() -> None:
    b = np.concatenate((np.abs(WIDE), np.linspace(0.0, 60.0, 2001)))
    truth = np.sqrt(2.0 / np.pi) / erfcx(b / np.sqrt(2.0))
    np.testing.assert_allclose(b + tails(b)[1], truth, rtol=2e-15)


def test_excess_it_does_not_cancel() -> None:
    # h − a = 1/(a + 2/(a + 3/(a + …))), written out
    for a in (6.0, 12.0, 200.0, 1e4):
        fraction = 0.0
        for k in range(400, 0, -1):
            fraction = k / (a + fraction)
        assert tails(np.array([a]))[1, 0] == pytest.approx(fraction, rel=2e-15)


def test_tail_it_equals_scipy_in_both_tails() -> None:
    a = np.linspace(-37.0, 37.0, 3001)
    np.testing.assert_allclose(tails(a)[2], norm.sf(a), rtol=5e-13)


def test_log_tail_it_equals_scipy_even_far_out() -> None:
    a = np.concatenate((WIDE, np.linspace(-8.0, 37.0, 3001)))
    np.testing.assert_allclose(tails(a)[3], log_ndtr(-a), rtol=1e-14, atol=2e-16)


def test_logarithm_it_undoes_the_exponential() -> None:
    x = np.concatenate((np.linspace(-690.0, 690.0, 4001), np.linspace(-1.0, 1.0, 1001)))
    np.testing.assert_allclose(tails(x)[4], x, rtol=5e-16, atol=3e-16)


@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("mean", [-30.0, 2.0, 8.0, 9.5, 11.0, 60.0])
def test_weigh_it_gives_the_derivatives_of_its_own_log_likelihood(mean: float, closed: bool) -> None:
    y, var, step = (10.0, 1.7, 1e-4) if closed else (7.0, 1.7, 1e-4)
    here = weighed(y, mean, var, closed=closed)
    up, down = (weighed(y, mean + sign * step, var, closed=closed) for sign in (1.0, -1.0))
    assert here.pull == pytest.approx((up.loglik - down.loglik) / (2 * step), rel=1e-5, abs=1e-7)
    assert here.curve == pytest.approx(-(up.pull - down.pull) / (2 * step), rel=1e-5, abs=1e-8)
    assert here.bend == pytest.approx((up.curve - down.curve) / (2 * step), rel=1e-5, abs=1e-8)
    assert here.bow == pytest.approx((up.bend - down.bend) / (2 * step), rel=1e-5, abs=1e-8)


def test_weigh_it_leaves_a_variance_between_none_and_all() -> None:
    for mean in np.linspace(-50.0, 70.0, 241):
        curve = weighed(10.0, float(mean), 1.0, closed=True).curve
        assert 0.0 <= curve < 1.0 + 1e-12


@pytest.mark.parametrize("mean", [-60.0, -8.0, 2.0, 9.5, 14.0, 60.0])
def test_weigh_it_gives_the_log_tail_far_into_both_tails(mean: float) -> None:
    assert weighed(10.0, mean, 1.0, closed=True).loglik == pytest.approx(float(log_ndtr(mean - 9.5)), rel=1e-12)
    assert weighed(0.0, mean, 1.0, closed=True).loglik == pytest.approx(float(log_ndtr(0.5 - mean)), rel=1e-12)


@pytest.mark.parametrize("seen", [0, 3, 7, 9])
def test_tail_it_counts_the_whole_rating_that_was_seen(seen: int) -> None:
    for censored, border in ((True, seen + 0.5), (False, seen)):
        taken = update(start(DEFAULT), DEFAULT, day=[0.0], readings=[[seen] + [NONE] * 5], censored=censored)
        truth = norm.cdf(border, taken.forecast.mean[0, 0], taken.forecast.sd[0, 0])
        assert taken.tail[0, 0] == pytest.approx(truth, rel=1e-12)


def test_tail_it_is_certain_at_the_top() -> None:
    assert update(start(DEFAULT), DEFAULT, day=[0.0], readings=[[10] + [NONE] * 5]).tail[0, 0] == 1.0


@pytest.mark.parametrize(("mean", "sd"), [(7.0, 1.2), (9.8, 0.9), (12.0, 2.0), (1.0, 1.1), (-2.0, 0.5)])
def test_weigh_it_gives_the_truncated_moments_at_both_ends(mean: float, sd: float) -> None:
    for rating, low, high in ((10.0, 9.5, np.inf), (0.0, -np.inf, 0.5)):
        found = weighed(rating, mean, sd * sd, closed=True)
        truth = truncnorm((low - mean) / sd, (high - mean) / sd, loc=mean, scale=sd)
        assert mean + sd * sd * found.pull == pytest.approx(truth.mean(), rel=1e-8)
        assert sd * sd - sd**4 * found.curve == pytest.approx(truth.var(), rel=1e-5)
        inside = norm.logsf(low, mean, sd) if rating == 10.0 else norm.logcdf(high, mean, sd)
        assert found.loglik == pytest.approx(float(inside), rel=1e-10)


def test_an_open_rating_it_carries_the_variance_of_rounding() -> None:
    expected = start(DEFAULT)
    for censored, rounding in ((True, 1.0 / 12.0), (False, 0.0)):
        taken = update(expected, DEFAULT, day=[0.0], readings=[[8.0] + [NONE] * 5], censored=censored)
        mean, sd = taken.forecast.mean[0, 0], taken.forecast.sd[0, 0]
        assert taken.loglik[0] == pytest.approx(norm.logpdf(8.0, mean, np.sqrt(sd * sd + rounding)))
    exact = np.log(norm.cdf(8.5, mean, sd) - norm.cdf(7.5, mean, sd))
    assert taken.loglik[0] == pytest.approx(exact, abs=3e-2)


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
