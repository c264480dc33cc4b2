import csv
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from accord.science.dyads import converge, together
from accord.science.errors import BadOptions, BadReadings

PUBLIC = Path(__file__).parents[5] / "shared" / "data" / "pingouin" / "rm_corr.csv"
GAP = np.nan


def drawn(pairs, sessions, rng, *, closer=0.0):
    """Two sides with a common part and parts of their own that shrink by `closer` a session."""
    shared = rng.normal(7.0, 1.0, (pairs, 1)) + rng.normal(0.0, 0.5, (pairs, sessions))
    own = 1.2 - closer * np.arange(sessions)
    return shared + own * rng.normal(0.0, 1.0, shared.shape), shared + own * rng.normal(0.0, 1.0, shared.shape)


def test_sides_that_come_closer_are_seen_both_ways():
    z, c = drawn(400, 8, np.random.default_rng(1), closer=0.12)
    found = converge(z, c, rng=np.random.default_rng(2), draws=200)
    # |difference| of two normal parts has mean 2 own/√π
    assert found.first_distance.estimate == pytest.approx(2 * 1.2 / np.sqrt(np.pi), abs=0.1)
    assert found.distance_change.estimate == pytest.approx(-2 * 0.12 / np.sqrt(np.pi), abs=0.02)
    assert found.correlation_change_low > 0.0
    assert found.pairs.tolist() == [400] * 8


def test_sides_that_do_not_are_not():
    rng, runs = np.random.default_rng(3), 120
    found = [converge(*drawn(60, 6, rng), rng=rng, draws=150) for _ in range(runs)]
    of_distance = np.mean([one.distance_change.low <= 0.0 <= one.distance_change.high for one in found])
    of_correlation = np.mean([one.correlation_change_low <= 0.0 <= one.correlation_change_high for one in found])
    assert of_distance >= 0.89  # .95 − 3 √(.95 · .05 / 120)
    assert of_correlation >= 0.88


def test_each_session_is_the_plain_correlation_and_distance():
    z, c = drawn(50, 3, np.random.default_rng(4))
    z[:7, 1] = GAP
    c[3:9, 1] = GAP
    found = converge(z, c, rng=np.random.default_rng(5), draws=100)
    assert found.pairs.tolist() == [50, 41, 50]
    both = ~np.isnan(z[:, 1]) & ~np.isnan(c[:, 1])
    plain = stats.pearsonr(z[both, 1], c[both, 1])
    assert found.correlation[1] == pytest.approx(plain.statistic)
    interval = plain.confidence_interval()
    assert (found.correlation_low[1], found.correlation_high[1]) == pytest.approx((interval.low, interval.high))
    assert found.distance[1] == pytest.approx(np.abs(z - c)[both, 1].mean())


def test_its_slope_is_weighted_least_squares():
    z, c = drawn(80, 5, np.random.default_rng(6))
    z[:30, 4] = GAP
    found = converge(z, c, rng=np.random.default_rng(7), draws=100)
    weights = np.sqrt(found.pairs - 3.0)
    slope = np.polyfit(np.arange(5), np.arctanh(found.correlation), 1, w=weights)[0]
    assert found.correlation_change == pytest.approx(slope)


def test_its_interval_comes_from_samples_of_pairs():
    z, c = drawn(60, 4, np.random.default_rng(8))
    found = converge(z, c, rng=np.random.default_rng(9), draws=400)
    rng, slopes = np.random.default_rng(10), []
    for _ in range(400):
        rows = rng.integers(0, 60, 60)
        r = [np.corrcoef(z[rows, t], c[rows, t])[0, 1] for t in range(4)]
        slopes.append(np.polyfit(np.arange(4), np.arctanh(r), 1)[0])
    low, high = np.quantile(slopes, [0.025, 0.975])
    assert found.correlation_change_low == pytest.approx(low, abs=0.04)
    assert found.correlation_change_high == pytest.approx(high, abs=0.04)


def test_sessions_with_few_pairs_have_no_correlation():
    z, c = drawn(30, 4, np.random.default_rng(11))
    z[9:, 3] = GAP
    found = converge(z, c, rng=np.random.default_rng(12), draws=100)
    assert np.isnan([found.correlation[3], found.correlation_low[3]]).all()
    assert np.isfinite(found.correlation_change)
    z[5:, 1:] = GAP
    alone = converge(z, c, rng=np.random.default_rng(13), draws=100)
    assert np.isnan([alone.correlation_change, alone.correlation_change_low]).all()


def test_the_same_generator_gives_the_same_interval():
    z, c = drawn(30, 4, np.random.default_rng(14))
    first, second = (converge(z, c, rng=np.random.default_rng(15), draws=100) for _ in range(2))
    assert first.correlation_change_low == second.correlation_change_low


def test_acidity_and_carbon_dioxide_in_eight_patients():
    if not PUBLIC.exists():
        pytest.skip(f"the public example is not here: {PUBLIC}")
    with PUBLIC.open() as file:
        rows = list(csv.DictReader(file))
    people = sorted({row["Subject"] for row in rows})
    acidity, gas = np.full((2, len(people), len(rows)), GAP)
    for place, row in enumerate(rows):
        acidity[people.index(row["Subject"]), place] = float(row["pH"])
        gas[people.index(row["Subject"]), place] = float(row["PacO2"])
    found = together(acidity, gas)
    # Bland & Altman's own example: r −.51 on 38 degrees of freedom
    assert (round(found.state.r, 2), found.state.freedom) == (-0.51, 38)
    assert found.trait.r > 0.0


def test_state_and_trait_may_go_opposite_ways():
    rng = np.random.default_rng(16)
    trait, state = rng.normal(0.0, 1.0, (300, 1)), rng.normal(0.0, 1.0, (300, 10))
    found = together(trait - 0.8 * state + rng.normal(0.0, 0.3, state.shape), trait + state)
    assert found.state.r < -0.9
    assert found.trait.r > 0.8


def test_its_intervals_cover_the_truth():
    rng, runs, hits = np.random.default_rng(17), 400, np.zeros(2)
    for _ in range(runs):
        traits = rng.multivariate_normal([0, 0], [[1, 0.3], [0.3, 1]], 40)
        states = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], (40, 20)) * 0.05
        found = together(*np.moveaxis(traits[:, None, :] + states, -1, 0))
        hits += [found.state.low <= 0.6 <= found.state.high, found.trait.low <= 0.3 <= found.trait.high]
    assert (hits / runs >= 0.917).all()
    assert (hits / runs <= 0.983).all()


def test_too_little_to_tell_is_nan_and_not_a_number():
    found = together([[1.0, 2.0], [GAP, 4.0]], [[1.0, 3.0], [2.0, 2.0]])
    assert np.isnan([found.state.r, found.trait.r]).all()
    still = together(np.ones((4, 4)), np.random.default_rng(18).normal(size=(4, 4)))
    assert np.isnan(still.state.r)


def test_mistakes_are_named():
    rng = np.random.default_rng(19)
    z, c = drawn(20, 4, rng)
    with pytest.raises(BadOptions, match="draws 10"):
        converge(z, c, rng=rng, draws=10)
    with pytest.raises(BadReadings, match="client: shape"):
        converge(z, c[:5], rng=rng)
    with pytest.raises(BadReadings, match="no session has a rating by both"):
        together(np.where(np.arange(4) < 2, GAP, z), np.where(np.arange(4) < 2, c, GAP))
