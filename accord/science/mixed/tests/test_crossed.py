import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from accord.science.errors import BadReadings
from accord.science.mixed import fit_crossed

PUBLIC = Path(__file__).parents[5] / "shared" / "data" / "insteval" / "insteval.csv.gz"


def drawn(rng, *, first=12, second=7, readings=120):
    a, b = rng.integers(0, first, readings), rng.integers(0, second, readings)
    y = 3.0 + rng.normal(0.0, 0.8, first)[a] + rng.normal(0.0, 0.6, second)[b] + rng.normal(0.0, 1.0, readings)
    return y, a, b


def test_ratings_of_lecturers_by_students():
    fit = fit_crossed(*lecturers())
    assert fit.mean == pytest.approx(3.25415828, abs=1e-7)
    assert fit.criterion == pytest.approx(237783.88, abs=5e-3)
    # lme4 stops where its own optimiser stops: five digits
    assert fit.first.variance == pytest.approx(0.106214503, rel=1e-5)
    assert fit.second.variance == pytest.approx(0.273734862, rel=1e-5)
    assert fit.residual_variance == pytest.approx(1.387179707, rel=1e-6)
    assert (fit.readings, len(fit.first.label), len(fit.second.label)) == (73_421, 2_972, 1_128)


def dense(y, a, b, fit):
    """Criterion, mean, own parts and their SDs from the covariance of all readings, at the fitted variances."""
    za, zb = np.eye(a.max() + 1)[a], np.eye(b.max() + 1)[b]
    z = np.hstack((np.sqrt(fit.first.variance) * za, np.sqrt(fit.second.variance) * zb))
    cov = z @ z.T + fit.residual_variance * np.eye(y.size)
    inverse, one = np.linalg.inv(cov), np.ones(y.size)
    inner = one @ inverse @ one
    mean = one @ inverse @ y / inner
    rest = y - mean
    criterion = (y.size - 1) * np.log(2 * np.pi) + np.linalg.slogdet(cov)[1] + np.log(inner) + rest @ inverse @ rest
    sizes = np.concatenate(
        [np.full(z_.shape[1], np.sqrt(v)) for z_, v in ((za, fit.first.variance), (zb, fit.second.variance))]
    )
    own = sizes * (z.T @ inverse @ rest)
    left = sizes * np.sqrt(np.diag(np.eye(z.shape[1]) - z.T @ inverse @ z))
    return criterion, mean, own, left


def henderson(fixed, y, groups, variances, residual):
    """Effects, own parts and prediction SDs from the mixed-model equations, dense: [X'X X'Z; Z'X Z'Z + σ²/τ²]⁻¹ σ²."""
    z = np.hstack([np.eye(group.max() + 1)[group] for group in groups])
    ridge = np.concatenate([np.full(group.max() + 1, residual / v) for group, v in zip(groups, variances, strict=True)])
    both = np.hstack((fixed, z))
    system = both.T @ both
    system[np.diag_indices(len(system))] += np.concatenate((np.zeros(fixed.shape[1]), ridge))
    inverse = np.linalg.inv(system)
    solution, count = inverse @ (both.T @ y), fixed.shape[1]
    return solution[:count], solution[count:], np.sqrt(residual * np.diag(inverse))[count:]


def lecturers(some=None):
    """Scores, students, lecturers; of `some` lecturers only, numbered from 0."""
    if not PUBLIC.exists():
        pytest.skip(f"the public example is not here: {PUBLIC}")
    with gzip.open(PUBLIC, "rt") as file:
        rows = [(float(row["y"]), int(row["s"]), int(row["d"])) for row in csv.DictReader(file)]
    y, s, d = (np.array(column) for column in zip(*rows, strict=True))
    kept = d < np.unique(d)[some] if some else np.full(y.size, True)
    return y[kept], np.unique(s[kept], return_inverse=True)[1], np.unique(d[kept], return_inverse=True)[1]


def test_own_parts_and_their_errors_are_those_of_the_mixed_model_equations():
    y, s, d = lecturers(some=60)
    fit = fit_crossed(y, s, d)
    variances = (fit.first.variance, fit.second.variance)
    effects, own, errors = henderson(np.ones((y.size, 1)), y, (s, d), variances, fit.residual_variance)
    assert fit.mean == pytest.approx(effects[0], abs=1e-8)
    assert np.concatenate((fit.first.own, fit.second.own)) == pytest.approx(own, abs=1e-8)
    assert np.concatenate((fit.first.own_error, fit.second.own_error)) == pytest.approx(errors, abs=1e-8)
    assert (fit.second.own_error > fit.second.own_sd).all()


def test_with_covariates_it_is_the_full_gaussian_too():
    rng = np.random.default_rng(6)
    y, a, b = drawn(rng)
    x = np.column_stack((rng.normal(50.0, 9.0, y.size), rng.integers(0, 2, y.size)))
    y = y + x @ [-0.05, 0.8]
    fit = fit_crossed(y, a, b, covariates=x)
    fixed = np.column_stack((np.ones_like(y), x - x.mean(axis=0)))
    variances = (fit.first.variance, fit.second.variance)
    effects, own, errors = henderson(fixed, y, (a, b), variances, fit.residual_variance)
    assert np.array([fit.mean, *fit.slopes]) == pytest.approx(effects, abs=1e-8)
    assert np.concatenate((fit.first.own, fit.second.own)) == pytest.approx(own, abs=1e-7)
    assert np.concatenate((fit.first.own_error, fit.second.own_error)) == pytest.approx(errors, abs=1e-7)
    here = restricted(y, fixed, (a, b), (*variances, fit.residual_variance))
    assert fit.criterion == pytest.approx(here, abs=1e-7)
    for place in range(3):
        for factor in (0.9, 1.1):
            moved = [*variances, fit.residual_variance]
            moved[place] *= factor
            assert restricted(y, fixed, (a, b), moved) > here


def restricted(y, fixed, groups, variances):
    """−2 × restricted log-likelihood from the covariance of all readings."""
    cov = variances[-1] * np.eye(y.size)
    for group, variance in zip(groups, variances, strict=False):
        cov += variance * (group[:, None] == group[None, :])
    inverse = np.linalg.inv(cov)
    inner = fixed.T @ inverse @ fixed
    rest = y - fixed @ np.linalg.solve(inner, fixed.T @ inverse @ y)
    freedom = y.size - fixed.shape[1]
    logs = np.linalg.slogdet(cov)[1] + np.linalg.slogdet(inner)[1]
    return freedom * np.log(2 * np.pi) + logs + rest @ inverse @ rest


@pytest.mark.parametrize(
    ("covariates", "says"),
    [
        (np.ones((119, 1)), "119 rows for 120 scores"),
        (np.full((120, 1), np.nan), "give each score all of them"),
        (np.ones((120, 1)), "says nothing"),
        (np.column_stack((np.arange(120.0), -2.0 * np.arange(120.0))), "says nothing"),
    ],
)
def test_covariates_that_cannot_be_used_are_refused(covariates, says):
    y, a, b = drawn(np.random.default_rng(7))
    with pytest.raises(BadReadings, match=says):
        fit_crossed(y, a, b, covariates=covariates)


@pytest.mark.parametrize(("first", "second"), [(12, 7), (5, 9)])
def test_it_is_the_full_gaussian_whichever_side_is_larger(first, second):
    y, a, b = drawn(np.random.default_rng(1), first=first, second=second)
    fit = fit_crossed(y, a, b)
    criterion, mean, own, left = dense(y, a, b, fit)
    assert fit.criterion == pytest.approx(criterion, abs=1e-7)
    assert fit.mean == pytest.approx(mean, abs=1e-9)
    assert np.concatenate((fit.first.own, fit.second.own)) == pytest.approx(own, abs=1e-8)
    assert np.concatenate((fit.first.own_sd, fit.second.own_sd)) == pytest.approx(left, abs=1e-8)


def test_nothing_near_its_variances_is_lower():
    y, a, b = drawn(np.random.default_rng(2))
    fit = fit_crossed(y, a, b)
    for side, other in (("first", "second"), ("second", "first")):
        for factor in (0.9, 1.1):
            moved = getattr(fit, side)._replace(variance=getattr(fit, side).variance * factor)
            assert dense(y, a, b, fit._replace(**{side: moved, other: getattr(fit, other)}))[0] > fit.criterion


def test_labels_are_kept():
    y, a, b = drawn(np.random.default_rng(3))
    fit = fit_crossed(y, 100 - 3 * a, b + 50)
    assert fit.first.label.tolist() == sorted(100 - 3 * np.unique(a))
    assert fit.first.own[::-1] == pytest.approx(fit_crossed(y, a, b).first.own, abs=1e-6)


def test_it_finds_the_truth_again():
    y, a, b = drawn(np.random.default_rng(4), first=600, second=150, readings=12_000)
    fit = fit_crossed(y, a, b)
    assert fit.first.variance == pytest.approx(0.64, abs=0.12)
    assert fit.second.variance == pytest.approx(0.36, abs=0.13)
    assert fit.residual_variance == pytest.approx(1.0, abs=0.04)


@pytest.mark.parametrize(
    ("y", "a", "b", "says"),
    [
        ([1.0, 2.0, 3.0], [1, 1], [1, 2, 2], "first: 2 labels for 3 scores"),
        ([1.0, 2.0, 3.0], [1, 1, 1], [1, 2, 2], "first: 1 members"),
        ([1.0, 2.0, 3.0], [1, 1, 2], [1, 2, 3], "second: 3 members for 3 scores"),
        ([2.0, 2.0, 2.0], [1, 1, 2], [1, 2, 2], "every score is 2"),
        ([1.0, 2.0, 3.0, 4.0], [1, 1, 2, 2], [1, 2, 1, 2], "tell every score exactly"),
    ],
)
def test_what_cannot_be_fitted_is_named(y, a, b, says):
    with pytest.raises(BadReadings, match=says):
        fit_crossed(y, a, b)
