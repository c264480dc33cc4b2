import numpy as np
import pytest

from accord.science.errors import BadOptions, BadReadings
from accord.science.outcomes import effects

WITHIN, BETWEEN = -1.2, 0.8  # of opposite signs on purpose


def drawn(people, sessions, rng, *, lag=0, drift=0.0, within_sd=0.3):
    trait, state = rng.normal(7.0, 1.5, (people, 1)), rng.normal(0.0, 1.0, (people, sessions))
    slope = rng.normal(WITHIN, within_sd, (people, 1))
    y = 10.0 + BETWEEN * trait + rng.normal(0.0, 1.0, (people, 1)) + rng.normal(0.0, 1.0, (people, sessions))
    y[:, lag:] += slope * state[:, : sessions - lag]
    steps = drift * np.arange(sessions)
    return trait + state + steps, y - 2.0 * steps


def test_two_effects_of_opposite_sign_are_told_apart():
    found = effects(*drawn(500, 30, np.random.default_rng(1)), lag=0)
    assert found.within.low < WITHIN < found.within.high
    # a mean of 30 noisy states is a trait with noise of 1/30 against 2.25: pulled towards β_w by 1.5 %
    assert found.between.estimate == pytest.approx(BETWEEN, abs=0.12)
    assert found.within_sd == pytest.approx(0.3, abs=0.05)
    assert found.context.estimate == pytest.approx(found.between.estimate - found.within.estimate)
    assert found.context.low > 0
    assert (found.people, found.readings, found.lag) == (500, 15_000, 0)


def test_a_lag_looks_at_the_session_after():
    x, y = drawn(300, 12, np.random.default_rng(2), lag=1)
    assert effects(x, y, lag=1).within.estimate == pytest.approx(WITHIN, abs=0.08)
    assert abs(effects(x, y, lag=0).within.estimate) < 0.2


def test_its_intervals_cover_the_truth():
    rng = np.random.default_rng(3)
    found = [effects(*drawn(40, 8, rng), lag=0).within for _ in range(300)]
    assert 0.91 <= np.mean([one.low <= WITHIN <= one.high for one in found]) <= 0.985


def test_without_the_trend_two_things_that_drift_look_like_one():
    x, y = drawn(300, 12, np.random.default_rng(4), drift=0.5)
    plain, held = effects(x, y, lag=0), effects(x, y, lag=0, trend=True)
    assert held.within.estimate == pytest.approx(WITHIN, abs=0.08)
    assert held.session is not None
    assert held.session.estimate == pytest.approx(-1.0 - 0.5 * WITHIN, abs=0.08)
    assert plain.within.estimate < WITHIN - 0.5
    assert plain.session is None


def test_missing_scores_are_left_out_on_both_sides():
    x, y = drawn(200, 12, np.random.default_rng(5))
    rng = np.random.default_rng(6)
    x[rng.random(x.shape) < 0.3] = np.nan
    y[rng.random(y.shape) < 0.3] = np.nan
    found = effects(x, y, lag=0)
    assert found.readings == int((~np.isnan(x) & ~np.isnan(y)).sum())
    assert found.within.estimate == pytest.approx(WITHIN, abs=0.1)


def test_few_sessions_pull_the_between_effect_towards_the_within_one():
    found = effects(*drawn(4000, 2, np.random.default_rng(7), within_sd=0.0), lag=0)
    # noise of the mean 1/2 against trait 9/4: weights 9/11 and 2/11
    assert found.between.estimate == pytest.approx(9 / 11 * BETWEEN + 2 / 11 * WITHIN, abs=0.08)


def test_mistakes_are_named():
    x, y = drawn(10, 4, np.random.default_rng(8))
    with pytest.raises(BadOptions, match="lag 4: allowed is 0 to 3"):
        effects(x, y, lag=4)
    with pytest.raises(BadReadings, match="outcome: shape"):
        effects(x, y[:, :3])
    with pytest.raises(BadReadings, match="nobody moves around their own mean"):
        effects(np.full_like(x, 7.0), y)
