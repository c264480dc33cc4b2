"""Errors and intervals: the delta method by hand, profiles on a grid, and nothing for what was not estimated."""

from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

from accord.science.alliance import DEFAULT, Fit, Model
from accord.science.alliance.climbing import Problem, look
from accord.science.alliance.coordinates import Levels, from_theta, names, to_theta
from accord.science.alliance.fitting import sample_of
from accord.science.alliance.intervals import best_at, estimates, profile, quantities
from accord.science.alliance.tests.practice import fit_with_therapists, plain_fit, practice
from accord.science.errors import BadOptions

NONE = Levels()


def _problem(fit: Fit) -> Problem:
    like = fit.params._replace(trait_cov=fit.pair_trait_cov)
    levels = ("therapist",) if fit.levels.therapist is not None else ()
    return Problem(sample_of(practice().seen, levels, whole=False), like, fit.levels, fit.free)


def _row(fit: Fit, name: str) -> tuple[float, float, float, float]:
    told = fit.estimates
    place = told.name.index(name)
    return told.value[place], told.se[place], told.low[place], told.high[place]


def _errors(fit: Fit) -> np.ndarray:
    return np.sqrt(np.diag(np.linalg.inv(fit.peak.curvature)))


def test_a_mean_it_has_the_error_of_its_own_entry_and_a_symmetric_interval() -> None:
    fit = plain_fit()
    value, se, low, high = _row(fit, "mean task")
    assert value == fit.params.mean[1]
    assert se == pytest.approx(_errors(fit)[1], rel=1e-6)
    assert (low, high) == pytest.approx((value - 1.959964 * se, value + 1.959964 * se), rel=1e-6)


@pytest.mark.parametrize("name", ["gain_days", "state_rate bond", "noise goal"])
def test_what_is_positive_it_has_an_interval_on_the_scale_of_logarithms(name: str) -> None:
    fit = plain_fit()
    value, se, low, high = _row(fit, name)
    error = _errors(fit)[names(NONE).index(name)]
    assert se == pytest.approx(value * error, rel=1e-5)
    assert np.log([low, high]) == pytest.approx(np.log(value) + 1.959964 * error * np.array([-1, 1]), rel=1e-5)


def test_sds_and_correlations_it_has_errors_like_draws_of_theta() -> None:
    # The same errors from 4,000 draws of θ around the top, without any derivative.
    fit, problem = fit_with_therapists(), _problem(fit_with_therapists())
    chosen = fit.free
    draws = np.tile(fit.peak.theta, (4_000, 1))
    draws[:, chosen] += np.random.default_rng(6).multivariate_normal(
        np.zeros(chosen.sum()), np.linalg.inv(fit.peak.curvature) / 100.0, size=len(draws)
    )  # a tenth of the errors: near enough for a straight line
    told = np.array([quantities(*from_theta(theta, problem.like, problem.levels)) for theta in draws])
    np.testing.assert_allclose(fit.estimates.se, 10.0 * told.std(axis=0), rtol=0.08)


def test_correlations_it_keeps_intervals_between_minus_one_and_one() -> None:
    told = fit_with_therapists().estimates
    corr = np.array(["_corr" in name for name in told.name])
    assert corr.sum() == 12
    assert (np.abs(np.stack([told.low, told.high])[:, corr]) < 1.0).all()
    assert (told.low <= told.value).all() and (told.value <= told.high).all()
    np.testing.assert_allclose(
        np.arctanh(told.value[corr]), (np.arctanh(told.low[corr]) + np.arctanh(told.high[corr])) / 2.0, atol=1e-6
    )


def test_level_it_sets_the_width() -> None:
    fit = plain_fit()
    narrow = estimates(_problem(fit), fit.peak, level=0.5)
    ratio = (narrow.high - narrow.low)[:3] / (fit.estimates.high - fit.estimates.low)[:3]
    np.testing.assert_allclose(ratio, stats.norm.ppf(0.75) / stats.norm.ppf(0.975), rtol=1e-9)
    for level in (0.0, 1.0, 95.0):
        with pytest.raises(BadOptions, match="level"):
            estimates(_problem(fit), fit.peak, level=level)


def test_what_was_not_estimated_it_has_no_error_and_no_interval() -> None:
    seen = practice().seen
    silent = np.array(seen.readings)
    silent[..., 3:] = np.nan
    told = Model(censored=False).fit(seen._replace(readings=silent)).estimates
    unknown = {name for name, se in zip(told.name, told.se, strict=True) if np.isnan(se)}
    assert {name.split()[0] for name in unknown} == {
        *("therapist_mean", "tracking", "therapist_noise", "bias_sd", "bias_corr"),
    }
    assert np.isnan(told.low[np.isnan(told.se)]).all() and np.isnan(told.high[np.isnan(told.se)]).all()
    known = told.value[told.name.index("tracking goal")]
    assert known == pytest.approx(DEFAULT.tracking[0])


def test_profile_it_ends_where_the_best_log_likelihood_has_fallen_by_1_92() -> None:
    fit = plain_fit()
    problem, place = _problem(fit), names(NONE).index("state_rate goal")
    others = np.arange(40) != place
    errors = _errors(fit)[others]

    def best(rate: float) -> float:
        """By another optimiser, from another start, in other coordinates."""
        theta = fit.peak.theta.copy()
        theta[place] = np.log(rate)

        def height(x: np.ndarray) -> tuple[float, np.ndarray]:
            theta[others] = fit.peak.theta[others] + errors * x
            loglik, slope = look(problem, theta)
            return -loglik, -slope[others] * errors

        options = {"ftol": 1e-12, "gtol": 1e-2, "maxiter": 500}
        minimize: Any = optimize.minimize
        found = minimize(height, np.zeros(39), jac=True, method="L-BFGS-B", options=options)
        return -float(found.fun)

    for end in fit.profile(practice().seen, "state_rate goal"):
        assert fit.loglik - best(end) == pytest.approx(0.5 * stats.chi2.ppf(0.95, 1), abs=0.06)


def test_a_point_of_the_profile_it_is_the_top_at_the_estimate_and_1_92_lower_at_the_ends() -> None:
    fit, problem = plain_fit(), _problem(plain_fit())
    assert best_at(problem, fit.peak, "mean bond", float(fit.params.mean[2])) == pytest.approx(fit.loglik, abs=1e-6)
    for end in fit.profile(practice().seen, "mean bond"):
        assert fit.loglik - best_at(problem, fit.peak, "mean bond", end) == pytest.approx(1.92, abs=0.05)


def test_profile_it_is_the_wald_interval_where_the_surface_is_round() -> None:
    fit = plain_fit()
    low, high = fit.profile(practice().seen, "mean bond")
    assert (low, high) == pytest.approx(_row(fit, "mean bond")[2:], abs=0.02)


@pytest.mark.parametrize("name", ["trait_cov goal", "state_cov bond", "nonsense"])
def test_profile_it_refuses_what_does_not_stand_alone(name: str) -> None:
    with pytest.raises(BadOptions, match="has no profile; there are mean goal"):
        plain_fit().profile(practice().seen, name)


def test_profile_it_refuses_what_was_not_estimated() -> None:
    fit = plain_fit()
    free = fit.free & (np.arange(40) != 6)
    with pytest.raises(BadOptions, match="'gain_days' was not estimated"):
        profile(_problem(fit)._replace(free=free), fit.peak, "gain_days")


def test_quantities_it_tells_covariances_as_sds_and_correlations() -> None:
    told = dict(zip(plain_fit().estimates.name, quantities(DEFAULT, NONE), strict=True))
    assert told["trait_sd goal"] == pytest.approx(np.sqrt(DEFAULT.trait_cov[0, 0]))
    assert told["state_corr goal-task"] == pytest.approx(0.6)
    assert told["state_corr task-bond"] == pytest.approx(0.5)
    assert told["bias_corr goal-bond"] == pytest.approx(0.7)
    assert len(told) == len(to_theta(DEFAULT, NONE)) == 40
