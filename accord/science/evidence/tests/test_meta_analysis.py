import csv
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, stats
from statsmodels.stats.meta_analysis import combine_effects

from accord.science.errors import BadOptions, BadReadings
from accord.science.evidence import pool, pool_correlations

PUBLIC = Path(__file__).parents[5] / "shared" / "data" / "molloy" / "molloy.csv"


@pytest.fixture(scope="module")
def adherence():
    if not PUBLIC.exists():
        pytest.skip(f"the public example is not here: {PUBLIC}")
    with PUBLIC.open() as file:
        rows = list(csv.DictReader(file))
    return pool_correlations([float(row["ri"]) for row in rows], [float(row["ni"]) for row in rows])


def drawn(studies, rng, *, tau=0.2, mean=0.3):
    variances = rng.uniform(0.01, 0.08, studies)
    return rng.normal(mean, np.sqrt(tau**2 + variances)), variances


def test_conscientiousness_and_adherence_give_the_published_numbers(adherence):
    z = adherence.z
    assert z.estimate == pytest.approx(0.149917, abs=5e-7)
    assert z.se == pytest.approx(0.031560, abs=5e-7)
    assert z.interval == pytest.approx((0.088061, 0.211774), abs=5e-7)
    assert z.tau2 == pytest.approx(0.008110, abs=5e-7)
    assert z.q == pytest.approx(38.159515, abs=5e-7)
    assert z.i2 == pytest.approx(61.7297, abs=5e-5)
    assert z.q_tail == pytest.approx(0.0009, abs=5e-5)
    assert z.studies == 16


def test_correlations_come_back_from_fishers_scale(adherence):
    assert adherence.r == pytest.approx(np.tanh(0.149917), abs=1e-6)
    assert adherence.interval == pytest.approx(np.tanh([0.088061, 0.211774]), abs=1e-6)
    low, high = adherence.prediction
    assert low < adherence.interval.low
    assert high > adherence.interval.high


def restricted(tau2, y, v):
    """The restricted likelihood written as the Gaussian of k − 1 contrasts, which knows nothing of the mean."""
    contrasts = np.eye(len(y))[1:] - np.eye(len(y))[:-1]
    cov = contrasts @ np.diag(v + tau2) @ contrasts.T
    return stats.multivariate_normal(np.zeros(len(y) - 1), cov).logpdf(contrasts @ y)


@pytest.mark.parametrize("seed", range(6))
def test_tau2_is_the_top_of_the_likelihood_of_contrasts(seed):
    y, v = drawn(7, np.random.default_rng(seed), tau=(0.0, 0.1, 0.4)[seed % 3])
    found = optimize.minimize_scalar(lambda tau2: -restricted(tau2, y, v), bounds=(0.0, 2.0), method="bounded")
    assert pool(y, v).tau2 == pytest.approx(found.x, abs=1e-4)


def test_equal_variances_are_the_closed_form():
    y, v = np.array([0.1, 0.5, 0.2, 0.9, 0.4]), np.full(5, 0.02)
    found = pool(y, v)
    assert found.tau2 == pytest.approx(y.var(ddof=1) - 0.02)
    assert found.estimate == pytest.approx(y.mean())
    assert found.se == pytest.approx(y.std(ddof=1) / np.sqrt(5))
    assert found.weights == pytest.approx(np.full(5, 0.2))
    reach = stats.t.ppf(0.975, 3) * np.sqrt(found.tau2 + found.se**2)
    assert found.prediction == pytest.approx((y.mean() - reach, y.mean() + reach))


def test_the_fixed_model_agrees_with_statsmodels():
    y, v = drawn(9, np.random.default_rng(7))
    theirs = combine_effects(y, v).summary_frame()
    ours = pool(y, v, model="fixed")
    row = theirs.loc["fixed effect"]
    assert ours.estimate == pytest.approx(row["eff"])
    assert ours.se == pytest.approx(row["sd_eff"])
    assert ours.interval == pytest.approx((row["ci_low"], row["ci_upp"]))
    assert ours.q == pytest.approx(combine_effects(y, v).q)
    assert ours.tau2 == 0.0
    assert ours.i2 == pytest.approx(100 * (1 - 8 / ours.q))


def test_given_tau2_the_random_model_agrees_with_statsmodels():
    # theirs takes another τ²; adding ours to the variances makes their fixed model our random one
    y, v = drawn(9, np.random.default_rng(8))
    ours, small = pool(y, v), pool(y, v, small_sample=True)
    theirs = combine_effects(y, v + ours.tau2)
    assert ours.estimate == pytest.approx(theirs.mean_effect_fe)
    assert ours.se == pytest.approx(theirs.sd_eff_w_fe)
    assert small.se == pytest.approx(theirs.sd_eff_w_fe_hksj)
    assert small.interval.high - small.estimate == pytest.approx(stats.t.ppf(0.975, 8) * small.se)


def test_the_interval_of_tau2_turns_q_into_its_quantiles():
    y, v = drawn(12, np.random.default_rng(9))
    found = pool(y, v)
    for tau2, quantile in zip(found.tau2_interval, (0.975, 0.025), strict=True):
        w = 1.0 / (v + tau2)
        mean = w @ y / w.sum()
        assert w @ (y - mean) ** 2 == pytest.approx(stats.chi2.ppf(quantile, 11))


def test_studies_that_agree_too_well_have_no_tau2():
    found = pool([0.3, 0.31, 0.29, 0.3], [0.04] * 4)
    assert (found.tau2, found.i2, found.tau2_interval) == (0.0, 0.0, (0.0, 0.0))
    assert found.estimate == pytest.approx(pool([0.3, 0.31, 0.29, 0.3], [0.04] * 4, model="fixed").estimate)


@pytest.mark.parametrize(("small_sample", "lowest"), [(False, 0.85), (True, 0.93)])
def test_intervals_cover_the_truth_and_better_with_the_small_sample_form(small_sample, lowest):
    rng, runs = np.random.default_rng(10), 500
    found = [pool(*drawn(6, rng), small_sample=small_sample) for _ in range(runs)]
    covered = np.mean([one.interval.low <= 0.3 <= one.interval.high for one in found])
    assert lowest <= covered <= 0.975


@pytest.mark.parametrize(("studies", "tau", "lowest"), [(25, 0.4, 0.92), (12, 0.2, 0.85), (12, 0.1, 0.78)])
def test_prediction_covers_another_study_where_studies_are_many_and_differ(studies, tau, lowest):
    # with few studies that hardly differ it is known to be too narrow: the page says so
    rng, runs = np.random.default_rng(11), 400
    found = [pool(*drawn(studies, rng, tau=tau)) for _ in range(runs)]
    truths = rng.normal(0.3, tau, runs)
    hits = [one.prediction.low <= truth <= one.prediction.high for one, truth in zip(found, truths, strict=True)]
    assert lowest <= np.mean(hits) <= 0.98


def test_tau2_and_its_interval_in_many_studies():
    rng = np.random.default_rng(12)
    found = [pool(*drawn(20, rng)) for _ in range(300)]
    assert np.mean([one.tau2 for one in found]) == pytest.approx(0.04, abs=0.004)
    assert 0.915 <= np.mean([one.tau2_interval.low <= 0.04 <= one.tau2_interval.high for one in found]) <= 0.985


def test_two_studies_have_no_prediction():
    assert np.isnan(pool([0.1, 0.4], [0.02, 0.03]).prediction).all()


@pytest.mark.parametrize(
    ("y", "v", "says"),
    [
        ([0.1], [0.1], "one study"),
        ([0.1, 0.2], [0.1], "variances: 1 for 2 studies"),
        ([0.1, 0.2], [0.1, 0.0], "variances: study 2 has 0"),
        ([0.1, np.nan], [0.1, 0.1], "y: number 2 is nan"),
        ("ab", [0.1, 0.1], "y: not numbers"),
    ],
)
def test_mistakes_are_named_with_their_study(y, v, says):
    with pytest.raises(BadReadings, match=says):
        pool(y, v)


@pytest.mark.parametrize(
    ("r", "n", "says"),
    [([0.1, 1.0], [20, 20], "study 2: r 1"), ([0.1, 0.2], [3, 20], "study 1"), ([0.1, 0.2], [20], "n: 1 for 2")],
)
def test_impossible_correlations_are_named(r, n, says):
    with pytest.raises(BadReadings, match=says):
        pool_correlations(r, n)


def test_an_unknown_model_is_refused():
    with pytest.raises(BadOptions, match="'mixed'"):
        pool([0.1, 0.2], [0.1, 0.1], model="mixed")  # type: ignore[arg-type]
