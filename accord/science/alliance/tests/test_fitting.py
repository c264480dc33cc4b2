"""A fit finds the truth of simulated practices, needs no particular labels, and says what it cannot do."""

from typing import Any

import numpy as np
import pytest

from accord.science.alliance import DEFAULT, Fit, Model, Readings, filter_pairs, smooth_pairs, start
from accord.science.alliance.climbing import ENOUGH
from accord.science.alliance.coordinates import Levels
from accord.science.alliance.intervals import quantities
from accord.science.alliance.tests.practice import OPEN, fit_with_therapists, plain_fit, practice
from accord.science.errors import BadOptions, BadReadings
from accord.science.simulation import World, simulate

MODEL = Model(censored=False)


def _far(fit: Fit, truth: np.ndarray) -> np.ndarray:
    """Distance from the truth in standard errors, each on the scale on which it is told."""
    return np.asarray(np.abs(fit.estimates.value - truth) / fit.estimates.se)


@pytest.mark.parametrize("whole", [False, True])
def test_fit_it_finds_the_truth_within_its_errors(whole: bool) -> None:
    drawn = simulate(DEFAULT, pairs=600, sessions=10, rng=np.random.default_rng(12), world=World(whole=whole))
    fit = Model(censored=whole).fit(Readings(drawn.days, drawn.readings))
    far = _far(fit, quantities(DEFAULT, Levels()))
    assert far.max() < 4.5 and 0.5 < np.sqrt((far**2).mean()) < 1.5
    assert fit.peak.decrement < ENOUGH
    assert fit.censored is whole


def test_fit_it_counts_what_it_saw() -> None:
    seen, fit = practice().seen, plain_fit()
    given = ~np.isnan(np.asarray(seen.readings))
    assert (fit.pairs, fit.ratings) == (int(given.any(axis=(1, 2)).sum()), int(given.sum()))
    assert fit.sessions == int(given.any(axis=2).sum())
    assert fit.params.id == "alliance@1-fitted"


def test_fit_it_makes_the_readings_likelier_than_any_other_parameters() -> None:
    seen, fit = practice().seen, plain_fit()
    told = filter_pairs(fit.params, days=seen.days, readings=seen.readings, censored=False).loglik.sum()
    other = filter_pairs(DEFAULT, days=seen.days, readings=seen.readings, censored=False).loglik.sum()
    assert told == pytest.approx(fit.loglik, rel=1e-10)
    assert told > other + 10.0


def test_levels_it_finds_how_much_therapists_differ() -> None:
    fit = fit_with_therapists()
    assert fit.levels.therapist is not None and fit.levels.practice is None
    truth = quantities(DEFAULT, Levels(0.15 * DEFAULT.trait_cov))
    far = _far(fit, truth)
    assert far[-6:].max() < 4.0 and far.max() < 4.5
    assert fit.loglik > plain_fit().loglik + 5.0
    np.testing.assert_allclose(fit.params.trait_cov, fit.pair_trait_cov + fit.levels.therapist, rtol=1e-12)


def test_levels_it_does_not_matter_what_therapists_are_called_or_in_which_order_pairs_come() -> None:
    seen, fit = practice().seen, fit_with_therapists()
    names = np.array([f"th-{(7 * int(label)) % 41}" for label in np.asarray(seen.therapist)])
    turned = np.random.default_rng(2).permutation(len(names))
    again = Model(censored=False, levels=("therapist",)).fit(
        Readings(np.asarray(seen.days)[turned], np.asarray(seen.readings)[turned], names[turned]), id="mine"
    )
    assert again.params.id == "mine"
    assert again.loglik == pytest.approx(fit.loglik, abs=1e-5)
    np.testing.assert_allclose(again.estimates.value, fit.estimates.value, atol=2e-3)


def test_effects_it_shrinks_each_therapist_s_share_toward_the_average() -> None:
    seen, fit = practice().seen, fit_with_therapists()
    found = fit.effects(seen)
    assert list(found.therapist) == list(range(40))
    truth = practice().shared
    assert np.corrcoef(found.mean[:, 0], truth[:, 0])[0, 1] > 0.6
    assert found.mean.std() < truth.std()
    # With 40 therapists Σ_v itself is uncertain, and the sd does not know it (test_levels has the sd under the truth).
    z = (found.mean - truth) / found.sd
    assert 0.7 < np.sqrt((z**2).mean()) < 2.0
    with pytest.raises(BadOptions, match="without a level of therapists"):
        plain_fit().effects(seen)


def test_a_level_that_is_not_there_it_leaves_at_nothing() -> None:
    drawn = simulate(DEFAULT, pairs=400, sessions=8, rng=np.random.default_rng(5), world=OPEN)
    therapist = np.arange(400) % 40
    seen = Readings(drawn.days, drawn.readings, therapist, therapist // 8)
    fit = Model(censored=False, levels=("therapist", "practice")).fit(seen)
    for level in fit.levels:
        assert level is None or np.trace(level) < 0.05 * np.trace(fit.params.trait_cov)


def test_without_therapists_it_keeps_their_numbers_as_they_were() -> None:
    seen = practice().seen
    silent = np.array(seen.readings)
    silent[..., 3:] = np.nan
    fit = MODEL.fit(Readings(seen.days, silent))
    np.testing.assert_array_equal(fit.params.tracking, DEFAULT.tracking)
    np.testing.assert_allclose(fit.params.bias_cov, DEFAULT.bias_cov, rtol=1e-12)
    assert fit.free.sum() == 40 - 15
    assert np.abs(fit.params.mean - plain_fit().params.mean).max() < 0.1


def test_a_fit_it_follows_pairs_with_its_own_parameters() -> None:
    seen, fit = practice().seen, plain_fit()
    few = Readings(np.asarray(seen.days)[:5], np.asarray(seen.readings)[:5])
    own: dict[str, Any] = {"days": few.days, "readings": few.readings, "censored": False}
    np.testing.assert_array_equal(fit.filter(few).level_mean, filter_pairs(fit.params, **own).level_mean)
    np.testing.assert_array_equal(fit.smooth(few).level_mean, smooth_pairs(fit.params, **own).level_mean)
    ahead = fit.forecast(start(fit.params), day=[0.0])
    np.testing.assert_allclose(ahead.mean[0, :3], fit.params.mean, rtol=1e-12)


def test_a_fit_it_simulates_pairs_like_those_it_saw() -> None:
    fit = plain_fit()
    drawn = fit.simulate(days=np.tile(7.0 * np.arange(4), (20_000, 1)), rng=np.random.default_rng(1))
    sd = np.sqrt(fit.params.trait_cov[0, 0] + fit.params.state_cov[0, 0])
    assert drawn.level[:, 0, 0].std() == pytest.approx(sd, rel=0.03)
    assert drawn.readings[:, 0, 0].mean() == pytest.approx(fit.params.mean[0], abs=0.06)


def _some(pairs: int = 40) -> Readings:
    drawn = simulate(DEFAULT, pairs=pairs, sessions=4, rng=np.random.default_rng(1))
    return Readings(drawn.days, drawn.readings, np.arange(pairs) // 4, np.arange(pairs) // 20)


@pytest.mark.parametrize(
    ("levels", "change", "said"),
    [
        ((), {"readings": np.full((40, 4, 6), np.nan)}, "0 pairs with ratings: a fit needs 30"),
        ((), {"days": np.zeros((3, 2))}, "days"),
        (("therapist",), {"therapist": None}, "therapist: expected a label for each of 40 pairs"),
        (("therapist",), {"therapist": np.arange(3)}, "therapist: expected a label for each of 40 pairs"),
        (("therapist", "practice"), {"practice": np.arange(40)}, "practice: a therapist belongs to two practices"),
    ],
)
def test_readings_it_refuses_with_what_is_wrong(levels: tuple[str, ...], change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadReadings, match=said):
        Model(levels=levels).fit(_some()._replace(**change))


def test_readings_it_refuses_off_the_scale_and_without_a_pillar() -> None:
    high, blind = np.array(_some().readings), np.array(_some().readings)
    high[3, 0, 0], blind[:, :, 1] = 11.0, np.nan
    with pytest.raises(BadReadings, match=r"pair 3: a rating is outside 0\.\.10"):
        Model().fit(_some()._replace(readings=high))
    with pytest.raises(BadReadings, match="no client rated task: the model needs all three pillars"):
        Model().fit(_some()._replace(readings=blind))


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (Model(levels=("practice",)), "levels"),
        (Model(levels=("practice", "therapist")), "levels"),
        (Model(start=DEFAULT._replace(state_cov=np.zeros((3, 3)))), "start: a covariance lies on its border"),
        (Model(start=DEFAULT._replace(trait_cov=np.ones((3, 3)))), "start: a covariance lies on its border"),
        (Model(without=("bond",)), "without 'bond': parts that can be left out are state, trait, tracking"),
        (Model(without=("state", "trait")), "nothing of a pair is left"),
        (Model(without=("trait",), levels=("therapist",)), "levels are part of the trait"),
    ],
)
def test_models_it_refuses_that_mean_nothing(model: Model, said: str) -> None:
    with pytest.raises(BadOptions, match=said):
        model.fit(_some())


def _gaining(gain: float, days: float, seed: int) -> Fit:
    """Ratings without other surprises whose gain is as told; 300 pairs with eight sessions."""
    truth = DEFAULT._replace(gain=np.full(3, gain), gain_days=days)
    drawn = simulate(truth, pairs=300, sessions=8, rng=np.random.default_rng(seed), world=OPEN)
    return MODEL.fit(Readings(drawn.days, drawn.readings))


def _days_row(fit: Fit) -> tuple[float, float]:
    place = fit.estimates.name.index("gain_days")
    return fit.estimates.value[place], fit.estimates.se[place]


@pytest.mark.parametrize("seed", [4, 6])
def test_growth_along_a_line_it_holds_tau_far_beyond_the_days_there_are(seed: int) -> None:
    fit = _gaining(-3_000.0, 100_000.0, seed)  # −3 points in 100 days; by chance some practices seem to bend
    days, se = _days_row(fit)
    assert days > 5_000.0 and np.isnan(se)
    np.testing.assert_allclose(fit.params.gain / days, -0.03, atol=0.004)
    assert np.isfinite(fit.estimates.se[fit.estimates.name.index("gain goal")])


def test_growth_at_once_it_holds_tau_below_the_days_there_are() -> None:
    fit = _gaining(1.5, 0.05, seed=2)
    days, se = _days_row(fit)
    assert days < 1.0 and np.isnan(se)
    np.testing.assert_allclose(fit.params.gain, 1.5, atol=0.35)


@pytest.mark.parametrize("seed", [1, 3])
def test_no_growth_at_all_it_finds_an_answer_and_never_a_silent_one(seed: int) -> None:
    fit = _gaining(0.0, 28.0, seed)
    assert fit.peak.decrement < ENOUGH
    place = fit.estimates.name.index("gain_days")
    assert np.isnan(fit.estimates.se[place]) == (not fit.free[6])  # gain_days is the seventh of θ, too
    assert np.isfinite(fit.estimates.se[:3]).all()
