"""The exact gradient against finite differences of the log-likelihood, and at the truth of simulated pairs."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from accord.science.alliance import DEFAULT, Params, gradient, likelihood
from accord.science.alliance.filtering import history_of, traits
from accord.science.alliance.gradient import with_seeds
from accord.science.alliance.tests.brute_force import random_history, random_params
from accord.science.simulation import World, simulate

STEP = 1e-5
Case = tuple[Params, np.ndarray, np.ndarray, bool]


@pytest.fixture(params=range(6))
def case(request: pytest.FixtureRequest) -> Case:
    rng = np.random.default_rng(40 + request.param)
    params, (days, readings), whole = random_params(rng), random_history(rng, 11, 7), request.param % 2 == 1
    return params, days, np.clip(np.rint(1.4 * readings), 0.0, 10.0) if whole else readings, whole


def _moved(params: Params, name: str, place: tuple[int, ...], step: float) -> Params:
    value = np.array(getattr(params, name), dtype=np.float64)
    value[place] += step
    if len(place) == 2 and place[0] != place[1]:
        value[place[::-1]] += step  # a covariance stays symmetric
    change: dict[str, Any] = {name: value if value.ndim else float(value)}
    return params._replace(**change)


def _places(value: np.ndarray) -> list[tuple[int, ...]]:
    return [place for place in np.ndindex(value.shape) if len(place) < 2 or place[0] >= place[1]]


def _differences(
    case: Case, name: str, place: tuple[int, ...], function: Callable[[Params], float] | None = None
) -> float:
    params, days, readings, whole = case
    of = function or (lambda moved: likelihood(moved, days=days, readings=readings, censored=whole).sum())
    up, down = (of(_moved(params, name, place, sign * STEP)) for sign in (1.0, -1.0))
    return float((up - down) / (2.0 * STEP))


FIELDS = tuple(name for name in Params._fields if name != "id")


@pytest.mark.parametrize("name", FIELDS)
def test_gradient_it_equals_finite_differences(case: Case, name: str) -> None:
    params, days, readings, whole = case
    ours = np.asarray(getattr(gradient(params, days=days, readings=readings, censored=whole), name))
    for place in _places(np.asarray(getattr(params, name))):
        twice = 2.0 if len(place) == 2 and place[0] != place[1] else 1.0
        assert twice * ours[place] == pytest.approx(_differences(case, name, place), rel=2e-6, abs=2e-6)


def test_gradient_it_comes_with_the_log_likelihood(case: Case) -> None:
    params, days, readings, whole = case
    found = gradient(params, days=days, readings=readings, censored=whole)
    assert found.loglik == pytest.approx(likelihood(params, days=days, readings=readings, censored=whole).sum())


@pytest.mark.parametrize("name", FIELDS)
def test_seeds_it_adds_the_gradient_of_a_function_of_the_traits(case: Case, name: str) -> None:
    params, days, readings, whole = case
    seeds = np.random.default_rng(5).normal(size=(len(days), 9))
    weights = seeds * [1, 1, 1, 1, 2, 1, 2, 2, 1]  # what stands off the diagonal counts on both sides

    def function(moved: Params) -> float:
        found = traits(moved, history_of(days, readings), whole=whole)
        return float(found[:, 0].sum() + (found[:, 1:] * weights).sum())

    ours = np.asarray(getattr(with_seeds(params, history_of(days, readings), seeds, whole=whole)[0], name))
    for place in _places(np.asarray(getattr(params, name))):
        twice = 2.0 if len(place) == 2 and place[0] != place[1] else 1.0
        assert twice * ours[place] == pytest.approx(_differences(case, name, place, function), rel=2e-6, abs=2e-6)


def test_gradient_it_averages_to_nothing_at_the_truth() -> None:
    # The expected score is zero: each sum over many pairs lies within a few of its standard errors.
    world = World(whole=False, missing_checkin=0.0)
    parts = []
    for seed in range(24):
        drawn = simulate(DEFAULT, pairs=250, sessions=8, rng=np.random.default_rng(seed), world=world)
        found = gradient(DEFAULT, days=drawn.days, readings=drawn.readings, censored=False)
        parts.append(np.concatenate([np.ravel(getattr(found, name)) for name in FIELDS]))
    sums = np.array(parts)
    z = sums.mean(axis=0) / (sums.std(axis=0, ddof=1) / np.sqrt(len(sums)))
    assert np.abs(z).max() < 4.5


def test_gradient_it_is_nothing_where_nothing_was_said() -> None:
    empty = gradient(DEFAULT, days=np.full((3, 4), np.nan), readings=np.full((3, 4, 6), np.nan))
    assert empty.loglik == 0.0
    assert all(np.abs(getattr(empty, name)).max() == 0.0 for name in FIELDS)
