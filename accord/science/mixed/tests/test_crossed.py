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
    if not PUBLIC.exists():
        pytest.skip(f"the public example is not here: {PUBLIC}")
    with gzip.open(PUBLIC, "rt") as file:
        table = np.array([[float(row[name]) for name in ("y", "s", "d")] for row in csv.DictReader(file)])
    fit = fit_crossed(table[:, 0], table[:, 1].astype(int), table[:, 2].astype(int))
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
