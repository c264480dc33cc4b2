"""What must hold for every pair, whatever it answered and whenever it came."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.science.alliance import DEFAULT, Belief, filter_pairs, smooth_pairs, start, update
from accord.science.alliance.tests.brute_force import random_params

RATINGS = st.one_of(st.just(float("nan")), st.integers(0, 10).map(float))
SESSION = st.tuples(st.floats(0.0, 1000.0), st.lists(RATINGS, min_size=6, max_size=6))
OPEN_SESSION = st.tuples(st.floats(0.0, 1000.0), st.lists(st.integers(1, 9).map(float), min_size=6, max_size=6))
HISTORY = st.lists(SESSION, min_size=1, max_size=8)
CALM = settings(max_examples=150, deadline=None, derandomize=True, database=None)


def _followed(history: list[tuple[float, list[float]]], seed: int, censored: bool) -> list[Belief]:
    params = random_params(np.random.default_rng(seed))
    belief, day, beliefs = start(params), 0.0, []
    for gap, row in history:
        day += gap
        belief = update(belief, params, day=[day], readings=[row], censored=censored).belief
        beliefs.append(belief)
    return beliefs


@CALM
@given(HISTORY, st.integers(0, 1000), st.booleans())
def test_covariance_it_stays_symmetric_and_has_no_negative_eigenvalue(history, seed, censored) -> None:
    for belief in _followed(history, seed, censored):
        np.testing.assert_array_equal(belief.cov[0], belief.cov[0].T)
        values = np.linalg.eigvalsh(belief.cov[0])
        assert values[0] >= -1e-10 * values[-1]


@CALM
@given(HISTORY, st.integers(0, 1000))
def test_any_history_it_gives_finite_numbers_and_tails_between_none_and_all(history, seed) -> None:
    params = random_params(np.random.default_rng(seed))
    days = np.cumsum([gap for gap, _ in history])[None]
    readings = np.array([[row for _, row in history]])
    found = filter_pairs(params, days=days, readings=readings)
    given_ = ~np.isnan(readings)
    assert np.isfinite(found.loglik).all()
    assert np.isfinite(found.level_mean).all() and (found.level_sd >= 0.0).all()
    assert ((found.tail[given_] >= 0.0) & (found.tail[given_] <= 1.0)).all()
    assert np.isfinite(smooth_pairs(params, days=days, readings=readings).level_sd).all()


@CALM
@given(st.lists(RATINGS, min_size=6, max_size=6), st.integers(0, 5))
def test_one_more_reading_it_never_makes_the_level_less_certain(row, silent) -> None:
    fewer = list(row)
    fewer[silent] = float("nan")
    more = update(start(DEFAULT), DEFAULT, day=[0.0], readings=[row], censored=False)
    less = update(start(DEFAULT), DEFAULT, day=[0.0], readings=[fewer], censored=False)
    assert (more.level_sd <= less.level_sd + 1e-12).all()


@CALM
@given(st.lists(OPEN_SESSION, min_size=1, max_size=5), st.integers(0, 2))
def test_a_higher_last_rating_it_never_lowers_the_level(history, pillar) -> None:
    days = np.cumsum([gap for gap, _ in history])[None]
    readings = np.array([[row for _, row in history]])
    levels = []
    for rating in range(11):
        readings[0, -1, pillar] = rating
        levels.append(filter_pairs(DEFAULT, days=days, readings=readings).level_mean[0, -1, pillar])
    assert (np.diff(levels) > 0.0).all()


@CALM
@given(HISTORY)
def test_mirrored_ratings_it_gives_mirrored_levels(history) -> None:
    # Nothing in the arithmetic prefers the top of the scale to its floor.
    still = DEFAULT._replace(gain=np.zeros(3), mean=np.full(3, 6.0), therapist_mean=np.full(3, 6.0))
    upside = still._replace(mean=np.full(3, 4.0), therapist_mean=np.full(3, 4.0))
    days = np.cumsum([gap for gap, _ in history])[None]
    readings = np.array([[row for _, row in history]])
    up = filter_pairs(still, days=days, readings=readings)
    down = filter_pairs(upside, days=days, readings=10.0 - readings)
    np.testing.assert_allclose(up.level_mean, 10.0 - down.level_mean, atol=1e-10)
    np.testing.assert_allclose(up.level_sd, down.level_sd, atol=1e-10)
    np.testing.assert_allclose(up.loglik, down.loglik, atol=1e-10)
