import csv
from pathlib import Path

import numpy as np
import pytest
from statsmodels.regression.mixed_linear_model import MixedLM

from accord.science.errors import BadReadings
from accord.science.mixed import Rows, combined, fit_mixed

PUBLIC = Path(__file__).parents[5] / "shared" / "data"


def public(name):
    path = PUBLIC / name
    if not path.exists():
        pytest.skip(f"the public example is not here: {path}")
    with path.open() as file:
        return list(csv.DictReader(file))


def line(times):
    return np.column_stack((np.ones_like(times), times))


def growth(people, rng, *, slope_sd=0.3, noise=1.0, start=5.0):
    """People with 2 to 8 readings at uneven times around start + 0.5 t, and the truth in round numbers."""
    count = rng.integers(2, 9, people)
    person = np.repeat(np.arange(people), count)
    times = rng.uniform(0.0, 6.0, person.size)
    own = rng.normal(0.0, (1.2, slope_sd), (people, 2))
    y = start + 0.5 * times + own[person, 0] + own[person, 1] * times + rng.normal(0.0, noise, person.size)
    return Rows(y, line(times), line(times), person)


def dense_criterion(rows, random_cov, residual_variance):
    """−2 restricted log-likelihood from the full covariance of all readings."""
    z = np.zeros((len(rows.y), rows.random.shape[1] * (rows.person.max() + 1)))
    for place, who in enumerate(rows.person):
        z[place, rows.random.shape[1] * who : rows.random.shape[1] * (who + 1)] = rows.random[place]
    people = z.shape[1] // rows.random.shape[1]
    cov = z @ np.kron(np.eye(people), random_cov) @ z.T + residual_variance * np.eye(len(rows.y))
    inverse = np.linalg.inv(cov)
    inner = rows.fixed.T @ inverse @ rows.fixed
    beta = np.linalg.solve(inner, rows.fixed.T @ inverse @ rows.y)
    rest = rows.y - rows.fixed @ beta
    freedom = len(rows.y) - rows.fixed.shape[1]
    logdets = np.linalg.slogdet(cov)[1] + np.linalg.slogdet(inner)[1]
    return freedom * np.log(2 * np.pi) + logdets + rest @ inverse @ rest, beta, np.linalg.inv(inner)


def test_reaction_times_of_people_who_sleep_too_little():
    people = public("sleepstudy/sleepstudy.csv")
    days, names = np.array([float(row["Days"]) for row in people]), np.array([int(row["Subject"]) for row in people])
    times = np.array([float(row["Reaction"]) for row in people])
    fit = fit_mixed(Rows(times, line(days), line(days), names), names=("start", "per day"))
    assert fit.criterion == pytest.approx(1743.6283, abs=5e-5)
    assert fit.effects == pytest.approx([251.40510, 10.46729], abs=5e-6)
    assert (len(fit.person), fit.readings, fit.singular) == (18, 180, False)


@pytest.fixture(scope="module")
def depression():
    rows = public("suddengains/sgdata.csv")
    columns = [f"bdi_s{session}" for session in range(1, 13)]
    return np.array([[float(row[c]) if row[c] != "NA" else np.nan for c in columns] for row in rows])


def test_depression_over_twelve_sessions(depression):
    person, session = np.nonzero(~np.isnan(depression))
    y, one = depression[person, session], np.ones((person.size, 1))
    null = fit_mixed(Rows(y, one, one, person), names=("mean",))
    share = null.random_cov[0, 0] / (null.random_cov[0, 0] + null.residual_variance)
    assert share == pytest.approx(0.18072, abs=5e-6)
    design = line(session.astype(float))
    fit = fit_mixed(Rows(y, design, design, person), names=("start", "per session"))
    assert fit.effects == pytest.approx([32.737968, -1.978750], abs=5e-7)
    assert fit.criterion == pytest.approx(2664.4970, abs=5e-5)


def test_it_agrees_with_statsmodels():
    rows = growth(60, np.random.default_rng(1))
    ours = fit_mixed(rows, names=("start", "change"))
    theirs = MixedLM(rows.y, rows.fixed, groups=rows.person, exog_re=rows.random).fit(method="cg", gtol=1e-8)
    assert ours.criterion == pytest.approx(-2.0 * theirs.llf, abs=1e-6)
    assert ours.criterion <= -2.0 * theirs.llf + 1e-9
    assert ours.effects == pytest.approx(theirs.fe_params, abs=1e-5)
    # theirs are from the curvature by differences; the full Gaussian below holds ours to more digits
    assert np.sqrt(np.diag(ours.effects_cov)) == pytest.approx(theirs.bse_fe, rel=5e-3)
    assert ours.random_cov == pytest.approx(theirs.cov_re, abs=2e-4)
    assert ours.residual_variance == pytest.approx(theirs.scale, rel=1e-4)
    assert ours.own == pytest.approx(np.array(list(theirs.random_effects.values())), abs=1e-3)
    assert ours.own_cov == pytest.approx(np.array(list(theirs.random_effects_cov.values())), abs=1e-3)


def test_its_criterion_is_the_full_gaussian_and_nothing_near_is_lower():
    rows = growth(25, np.random.default_rng(2))
    fit = fit_mixed(rows, names=("start", "change"))
    full, beta, cov = dense_criterion(rows, fit.random_cov, fit.residual_variance)
    assert fit.criterion == pytest.approx(full, abs=1e-8)
    assert fit.effects == pytest.approx(beta, abs=1e-9)
    assert fit.effects_cov == pytest.approx(cov, abs=1e-10)
    root = np.linalg.cholesky(fit.random_cov)
    for step in ([[0.02, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.02, 0.0]], [[0.0, 0.0], [0.0, 0.02]]):
        for sign in (-1.0, 1.0):
            near = root + sign * np.array(step)
            assert dense_criterion(rows, near @ near.T, fit.residual_variance)[0] > fit.criterion
    for factor in (0.98, 1.02):
        assert dense_criterion(rows, fit.random_cov, factor * fit.residual_variance)[0] > fit.criterion


def test_a_balanced_null_model_is_the_closed_form():
    y = np.random.default_rng(3).normal(0.0, 1.0, (30, 5)) + np.random.default_rng(4).normal(0.0, 0.8, (30, 1))
    within = ((y - y.mean(axis=1, keepdims=True)) ** 2).sum() / (30 * 4)
    between = 5 * y.mean(axis=1).var(ddof=1)
    one = np.ones((150, 1))
    fit = fit_mixed(Rows(y.ravel(), one, one, np.repeat(np.arange(30), 5)), names=("mean",))
    assert fit.residual_variance == pytest.approx(within, rel=1e-6)
    assert fit.random_cov[0, 0] == pytest.approx((between - within) / 5, rel=1e-5)
    assert fit.effects[0] == pytest.approx(y.mean())
    assert fit.effect("mean").se == pytest.approx(np.sqrt(between / 150), rel=1e-6)


def test_units_of_scores_and_times_do_not_matter():
    rows = growth(40, np.random.default_rng(5))
    fit = fit_mixed(rows, names=("start", "change"))
    scaled = line(rows.fixed[:, 1] * 1e-4)
    other = fit_mixed(Rows(rows.y * 1000.0, scaled, scaled, rows.person), names=("start", "change"))
    assert other.effects == pytest.approx(fit.effects * [1e3, 1e7], rel=1e-5)
    assert other.own == pytest.approx(fit.own * [1e3, 1e7], rel=1e-3, abs=1e-2)
    # rescaling y by c and a column by s moves the criterion by known amounts
    shift = 2.0 * (len(rows.y) - 2) * np.log(1e3) + 2.0 * np.log(1e-4)
    assert other.criterion - fit.criterion == pytest.approx(shift, abs=1e-6)


def test_a_variance_of_zero_is_told_and_is_no_failure():
    rng = np.random.default_rng(6)
    fits = [fit_mixed(growth(30, rng, slope_sd=0.0), names=("start", "change")) for _ in range(30)]
    singular = [fit.singular for fit in fits]
    assert 0.2 < np.mean(singular) < 0.95
    assert not fit_mixed(growth(300, rng), names=("start", "change")).singular


def test_its_intervals_cover_the_truth():
    rng, runs = np.random.default_rng(7), 400
    hits = np.zeros(3)
    for _ in range(runs):
        fit = fit_mixed(growth(30, rng), names=("start", "change"))
        start, change = fit.effect("start"), fit.effect("change")
        after_four = combined(fit, np.array([1.0, 4.0]))
        for place, (effect, truth) in enumerate(((start, 5.0), (change, 0.5), (after_four, 7.0))):
            hits[place] += effect.low <= truth <= effect.high
    assert (hits / runs >= 0.917).all()  # .95 − 3 √(.95 · .05 / 400)
    assert (hits / runs <= 0.983).all()


def test_variances_are_found_again_with_many_people():
    fit = fit_mixed(growth(4000, np.random.default_rng(8)), names=("start", "change"))
    assert fit.random_cov == pytest.approx(np.array([[1.44, 0.0], [0.0, 0.09]]), abs=0.12)
    assert fit.residual_variance == pytest.approx(1.0, abs=0.04)


def test_own_parts_are_drawn_towards_the_average_where_readings_are_few():
    rng = np.random.default_rng(9)
    rows = growth(300, rng)
    fit = fit_mixed(rows, names=("start", "change"))
    count = np.bincount(rows.person)
    sds = np.sqrt(fit.own_cov[:, 0, 0])
    assert sds[count >= 7].mean() < sds[count == 2].mean()
    assert (sds < np.sqrt(fit.random_cov[0, 0])).all()


def test_people_may_be_named_by_any_whole_numbers_in_any_order():
    rows = growth(20, np.random.default_rng(10))
    mixed = np.random.default_rng(11).permutation(rows.y.size)
    other = Rows(rows.y[mixed], rows.fixed[mixed], rows.random[mixed], 1000 - 7 * rows.person[mixed])
    first, second = fit_mixed(rows, names=("a", "b")), fit_mixed(other, names=("a", "b"))
    assert second.effects == pytest.approx(first.effects, abs=1e-6)
    assert second.own[::-1] == pytest.approx(first.own, abs=1e-4)


ONE = np.ones((6, 1))
THREE = np.array([0, 0, 1, 1, 2, 2])


@pytest.mark.parametrize(
    ("rows", "names", "says"),
    [
        (Rows(np.arange(6.0), ONE, ONE, np.array([0, 0, 0, 1, 1, 1])), ("m",), "three people or more; 2 have"),
        (Rows(np.arange(6.0), ONE, ONE, np.arange(6)), ("m",), "6 readings of 6 people are too few"),
        (Rows(np.full(6, 3.0), ONE, ONE, THREE), ("m",), "every reading is 3"),
        (Rows(np.arange(6.0), np.hstack((ONE, 2 * ONE)), ONE, THREE), ("m", "twice"), "m, twice: one of these"),
        (Rows(np.arange(6.0), np.hstack((ONE, 0 * ONE)), ONE, THREE), ("m", "nothing"), "leave it out"),
        (Rows(np.arange(6.0), ONE, ONE, THREE), ("m", "n"), "2 for 1 fixed effects"),
        (Rows(1.0 * THREE, ONE, ONE, THREE), ("m",), "tells every reading exactly"),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_a_way_out(rows, names, says):
    with pytest.raises(BadReadings, match=says):
        fit_mixed(rows, names=names)
