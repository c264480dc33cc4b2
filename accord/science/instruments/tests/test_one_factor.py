import numpy as np
import pytest
from scipy import optimize
from statsmodels.multivariate.factor import Factor

from accord.science.instruments.one_factor import SMALLEST, one_factor

LOADINGS, UNIQUE = np.array([0.6, 2.0, 1.0, -0.3]), np.array([0.7, 0.5, 3.0, 0.8])
EXACT = np.outer(LOADINGS, LOADINGS) + np.diag(UNIQUE)


def test_a_matrix_with_one_factor_gives_it_back():
    factor = one_factor(EXACT[None])
    assert factor.converged
    assert factor.loadings[0] == pytest.approx(LOADINGS, abs=1e-6)
    assert factor.unique[0] == pytest.approx(UNIQUE, abs=1e-6)


def test_three_items_are_the_closed_form():
    cov = np.array([[2.0, 0.8, 0.5], [0.8, 1.5, 0.6], [0.5, 0.6, 1.0]])
    first = np.sqrt(cov[0, 1] * cov[0, 2] / cov[1, 2])
    factor = one_factor(cov[None])
    assert factor.loadings[0] == pytest.approx([first, cov[0, 1] / first, cov[0, 2] / first], abs=1e-6)
    assert factor.unique[0] == pytest.approx(np.diag(cov) - factor.loadings[0] ** 2, abs=1e-6)


def sample(people=80, seed=1):
    rng = np.random.default_rng(seed)
    return np.cov(rng.normal(size=(people, 1)) * LOADINGS + rng.normal(0.0, np.sqrt(UNIQUE), (people, 4)), rowvar=False)


def misfit(numbers, cov):
    sigma = np.outer(numbers[:4], numbers[:4]) + np.diag(np.exp(numbers[4:]))
    return np.linalg.slogdet(sigma)[1] + np.trace(np.linalg.solve(sigma, cov))


def test_no_general_optimiser_finds_a_better_one():
    cov = sample()
    factor = one_factor(cov[None])
    found = optimize.minimize(misfit, np.concatenate((np.full(4, 0.5), np.log(np.diag(cov) / 2))), args=(cov,))
    ours = misfit(np.concatenate((factor.loadings[0], np.log(factor.unique[0]))), cov)
    assert ours <= found.fun + 1e-8
    assert factor.loadings[0] == pytest.approx(found.x[:4] * np.sign(found.x[:4].sum()), abs=1e-3)


def test_it_agrees_with_statsmodels():
    cov = sample(people=400, seed=2)
    sd = np.sqrt(np.diag(cov))
    theirs = Factor(corr=cov / np.outer(sd, sd), n_factor=1, method="ml").fit(rng=1)
    factor = one_factor(cov[None])
    assert factor.unique[0] / sd**2 == pytest.approx(theirs.uniqueness, abs=1e-4)


def test_many_at_once_are_each_alone():
    covs = np.array([sample(seed=seed) for seed in range(5)])
    together = one_factor(covs)
    for row in range(5):
        alone = one_factor(covs[row : row + 1])
        assert together.loadings[row] == pytest.approx(alone.loadings[0], abs=1e-5)


def test_units_of_items_do_not_matter():
    units = np.array([1.0, 100.0, 0.01, 10.0])
    cov = sample()
    scaled = one_factor((cov * np.outer(units, units))[None])
    assert scaled.loadings[0] == pytest.approx(one_factor(cov[None]).loadings[0] * units, rel=1e-5)


def test_an_item_without_variance_of_its_own_stops_at_the_edge():
    cov = np.array([[1.0, 0.7, 0.7], [0.7, 1.0, 0.3], [0.7, 0.3, 1.0]])
    factor = one_factor(cov[None])
    assert factor.converged
    assert factor.unique[0, 0] == pytest.approx(SMALLEST)
