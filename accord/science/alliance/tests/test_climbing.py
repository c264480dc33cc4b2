"""The climb ends at a top, says how sharp it is, and says so plainly where there is none."""

from typing import Any

import numpy as np
import pytest
from scipy import optimize

from accord.science.alliance import DEFAULT, Model, Readings, likelihood
from accord.science.alliance.climbing import (
    ENOUGH,
    Problem,
    Sample,
    climb,
    curvature_at,
    every,
    look,
    minimised,
    rounding,
    scaled_curvature,
)
from accord.science.alliance.coordinates import Levels, names, to_theta
from accord.science.alliance.filtering import history_of
from accord.science.alliance.levels import Places
from accord.science.alliance.tests.practice import OPEN, plain_fit, practice
from accord.science.errors import DidNotConverge
from accord.science.simulation import simulate

NONE = Levels()


def _problem(pairs: int = 60, sessions: int = 5) -> Problem:
    drawn = simulate(DEFAULT, pairs=pairs, sessions=sessions, rng=np.random.default_rng(2), world=OPEN)
    sample = Sample(history_of(drawn.days, drawn.readings), False, None)
    return Problem(sample, DEFAULT, NONE, np.ones(40, dtype=bool))


def test_look_it_is_the_log_likelihood_of_all_pairs() -> None:
    problem = _problem()
    history = problem.sample.history
    told = likelihood(DEFAULT, days=history.days, readings=history.readings, censored=False).sum()
    assert look(problem, to_theta(DEFAULT, NONE))[0] == pytest.approx(told, rel=1e-12)


def test_top_it_has_no_slope_and_nothing_left_to_gain() -> None:
    fit = plain_fit()
    assert 0.0 <= fit.peak.decrement < ENOUGH
    problem = _of_fit()
    loglik, slope = look(problem, fit.peak.theta)
    assert loglik == pytest.approx(fit.loglik, rel=1e-12)
    errors = np.sqrt(np.diag(np.linalg.inv(fit.peak.curvature)))
    assert np.abs(slope * errors).max() < 2e-3  # steps toward the top, in standard errors


def _of_fit() -> Problem:
    seen = practice().seen
    sample = Sample(history_of(seen.days, seen.readings), False, None)
    return Problem(sample, DEFAULT, NONE, np.ones(40, dtype=bool))


@pytest.mark.parametrize("seed", range(3))
def test_top_it_is_higher_than_anything_around(seed: int) -> None:
    fit, problem = plain_fit(), _of_fit()
    turn = rounding(problem, fit.peak.curvature)
    away = turn @ np.random.default_rng(seed).normal(0.0, 0.1, 40)
    lost = fit.loglik - look(problem, fit.peak.theta + away)[0]
    assert lost == pytest.approx(0.5 * away @ fit.peak.curvature @ away, rel=0.05)


def test_top_it_is_the_same_from_elsewhere() -> None:
    fit, problem = plain_fit(), _of_fit()
    start = to_theta(DEFAULT, NONE) + np.random.default_rng(3).normal(0.0, 0.15, 40)
    assert climb(problem, start).loglik == pytest.approx(fit.loglik, abs=1e-4)


def test_curvature_it_is_minus_the_second_derivative() -> None:
    problem, theta = _problem(), to_theta(DEFAULT, NONE)
    curvature = curvature_at(problem, theta)
    np.testing.assert_array_equal(curvature, curvature.T)
    for place in (0, 6, 17):
        step = np.zeros(40)
        step[place] = 1e-3
        up, here, down = (look(problem, theta + sign * step)[0] for sign in (1.0, 0.0, -1.0))
        assert curvature[place, place] == pytest.approx(-(up - 2.0 * here + down) / 1e-6, rel=1e-3)


def test_curvature_it_leaves_out_what_does_not_move() -> None:
    problem = _problem()
    free = np.arange(40) % 2 == 0
    some = curvature_at(problem._replace(free=free), to_theta(DEFAULT, NONE))
    everything = curvature_at(problem, to_theta(DEFAULT, NONE))
    np.testing.assert_allclose(some, everything[np.ix_(free, free)], rtol=1e-6, atol=1e-6)


def test_curvature_it_is_scaled_up_from_a_part_of_many_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = _problem(pairs=2_000, sessions=3)
    theta = to_theta(DEFAULT, NONE)
    whole = scaled_curvature(problem, theta)
    monkeypatch.setattr("accord.science.alliance.climbing.CURVED_PAIRS", 1_000)
    part = scaled_curvature(problem, theta)
    assert np.diag(part) == pytest.approx(np.diag(whole), rel=0.25)


def test_rounding_it_turns_the_curvature_into_a_ball() -> None:
    root = np.random.default_rng(4).normal(size=(40, 40))
    turn = rounding(_problem(), root @ root.T + 0.1 * np.eye(40))
    np.testing.assert_allclose(turn.T @ (root @ root.T + 0.1 * np.eye(40)) @ turn, np.eye(40), atol=1e-8)


def test_rounding_it_names_two_numbers_that_cannot_be_told_apart() -> None:
    flat = np.eye(40)
    flat[0, 3] = flat[3, 0] = 1.0
    with pytest.raises(DidNotConverge, match=r"cannot tell (mean goal from gain goal|gain goal from mean goal): give"):
        rounding(_problem(), flat)


def test_rounding_it_names_one_number_of_which_nothing_is_said() -> None:
    flat = np.eye(40)
    flat[6, 6] = 0.0
    with pytest.raises(DidNotConverge, match="too little about gain_days: give more pairs"):
        rounding(_problem(), flat)


def test_one_session_for_each_it_cannot_tell_what_lasts_from_what_moves() -> None:
    drawn = simulate(DEFAULT, pairs=300, sessions=1, rng=np.random.default_rng(3), world=OPEN)
    with pytest.raises(DidNotConverge, match="more sessions for each, or fit a simpler model"):
        Model(censored=False).fit(Readings(drawn.days, drawn.readings))


def test_a_climb_that_is_broken_off_it_is_an_error_and_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = _of_fit()
    near = plain_fit().peak.theta + 0.02
    monkeypatch.setattr("accord.science.alliance.climbing._walk", lambda problem, theta, turn, few: (theta, 1))
    with pytest.raises(DidNotConverge, match=r"stopped .* below the top"):
        climb(problem, near)


def test_a_part_of_the_pairs_it_is_each_so_many_th() -> None:
    sample = _problem().sample
    np.testing.assert_array_equal(every(sample, 4).history.days, sample.history.days[::4])


@pytest.mark.parametrize("practices", [3, 200])
def test_a_part_of_the_pairs_it_holds_whole_therapists(practices: int) -> None:
    rng = np.random.default_rng(8)
    practice_of = rng.integers(0, practices, 400)
    practice_of[:practices] = np.arange(practices)
    therapist = np.concatenate((np.arange(400), rng.integers(0, 400, 1_600)))
    drawn = simulate(DEFAULT, pairs=2_000, sessions=2, rng=rng, world=OPEN)
    sample = Sample(history_of(drawn.days, drawn.readings), False, Places(therapist, practice_of))
    part = every(sample, 5)
    assert part.places is not None
    kept = np.isin(sample.history.days[:, 1], part.history.days[:, 1])
    members = np.bincount(therapist, minlength=400)
    inside = np.bincount(therapist[kept], minlength=400)
    assert set(np.unique(inside / members)) <= {0.0, 1.0}
    assert 200 < len(part.history.days) < 700
    assert part.places.therapist.max() + 1 == len(part.places.practice)
    assert len(np.unique(part.places.practice)) == part.places.practice.max() + 1


def test_minimised_it_finds_the_bottom_of_a_valley() -> None:
    def height(x: np.ndarray) -> tuple[float, np.ndarray]:
        return float(optimize.rosen(x)), np.asarray(optimize.rosen_der(x))

    found: Any = minimised(height, np.array([-1.2, 1.0, 0.8]), tolerance=1e-6)
    np.testing.assert_allclose(found.x, 1.0, atol=1e-5)
    assert found.height < 1e-10 and found.steps > 10


def test_names_it_has_as_many_as_the_curvature_has_rows() -> None:
    assert len(names(NONE)) == len(plain_fit().peak.curvature)
