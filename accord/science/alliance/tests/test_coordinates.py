"""Parameters as a vector without borders: there and back, and its slope."""

import numpy as np
import pytest

from accord.science.alliance import DEFAULT, Params, gradient, likelihood
from accord.science.alliance.coordinates import BORDER, Levels, from_theta, held, names, slope, to_theta
from accord.science.alliance.model import dump_params, load_params
from accord.science.alliance.tests.brute_force import random_history, random_params

NONE = Levels()


def _levels(rng: np.random.Generator) -> Levels:
    roots = rng.normal(size=(2, 3, 3))
    return Levels(*(0.2 * root @ root.T + 0.1 * np.eye(3) for root in roots))


def _same(one: Params, other: Params) -> None:
    for field in Params._fields[1:]:
        np.testing.assert_allclose(getattr(one, field), getattr(other, field), rtol=1e-12, atol=1e-12, err_msg=field)


@pytest.mark.parametrize("seed", range(5))
def test_theta_it_leads_there_and_back(seed: int) -> None:
    rng = np.random.default_rng(seed)
    params, levels = random_params(rng), _levels(rng)
    theta = to_theta(params, levels)
    back, again = from_theta(theta, params, levels)
    _same(back, params)
    for one, other in zip(again, levels, strict=True):
        assert one is not None and other is not None
        np.testing.assert_allclose(one, other, rtol=1e-12)
    np.testing.assert_allclose(to_theta(back, again), theta, atol=1e-10)


@pytest.mark.parametrize("seed", range(20))
def test_theta_it_is_valid_parameters_wherever_it_points(seed: int) -> None:
    rng = np.random.default_rng(seed)
    theta = to_theta(DEFAULT, NONE) + rng.normal(0.0, 0.7, 40)
    params, _ = from_theta(theta, DEFAULT, NONE)
    load_params(dump_params(params))  # refuses what is no covariance, or no process


def test_names_it_is_one_for_each_number_in_the_order_of_theta() -> None:
    levels = Levels(0.1 * np.eye(3), 0.2 * np.eye(3))
    told = names(levels)
    assert len(told) == len(set(told)) == len(to_theta(DEFAULT, levels)) == 52
    assert told[:4] == ("mean goal", "mean task", "mean bond", "gain goal")
    assert told[6] == "gain_days"
    theta = to_theta(DEFAULT, levels)
    assert np.exp(theta[told.index("state_rate bond")]) == pytest.approx(DEFAULT.state_rate[2])
    assert np.exp(theta[told.index("trait_cov goal")]) == pytest.approx(np.sqrt(DEFAULT.trait_cov[0, 0]))
    assert np.exp(theta[told.index("practice_cov bond")]) == pytest.approx(np.sqrt(0.2))


def test_names_it_grows_by_the_levels_that_there_are() -> None:
    assert held(NONE) == () and len(names(NONE)) == 40
    assert held(Levels(np.eye(3))) == ("therapist",) and len(names(Levels(np.eye(3)))) == 46


def test_no_variance_it_stands_at_the_border_and_comes_back_as_next_to_nothing() -> None:
    none = DEFAULT._replace(state_cov=np.zeros((3, 3)))
    theta = to_theta(none, NONE)
    assert theta[names(NONE).index("state_cov goal")] == BORDER
    assert np.abs(from_theta(theta, none, NONE)[0].state_cov).max() < 1e-15


def test_a_covariance_without_an_inverse_it_has_no_theta() -> None:
    with pytest.raises(np.linalg.LinAlgError):
        to_theta(DEFAULT._replace(trait_cov=np.ones((3, 3))), NONE)


@pytest.mark.parametrize("seed", range(3))
def test_slope_it_equals_finite_differences_of_the_log_likelihood(seed: int) -> None:
    rng = np.random.default_rng(70 + seed)
    params, (days, readings) = random_params(rng), random_history(rng, 9, 6)

    def height(theta: np.ndarray) -> float:
        moved, _ = from_theta(theta, params, NONE)
        return float(likelihood(moved, days=days, readings=readings, censored=False).sum())

    theta = to_theta(params, NONE)
    found = gradient(params, days=days, readings=readings, censored=False)
    ours = slope(theta, found, params, (NONE, NONE))
    for place, name in enumerate(names(NONE)):
        step = np.zeros(len(theta))
        step[place] = 1e-5
        numeric = (height(theta + step) - height(theta - step)) / 2e-5
        assert ours[place] == pytest.approx(numeric, rel=1e-5, abs=1e-5), name
