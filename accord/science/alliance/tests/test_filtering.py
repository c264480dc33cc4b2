"""One session at a time, whole histories at once: the same kernel, the same numbers, the same complaints."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from accord.science.alliance import (
    DEFAULT,
    filter_pairs,
    forecast,
    smooth_pairs,
    start,
    update,
    usual_band,
)
from accord.science.alliance.filtering import FEW_PAIRS
from accord.science.alliance.tests.brute_force import random_history
from accord.science.errors import BadReadings

MANY = FEW_PAIRS + 100  # enough pairs for all threads
NONE = np.nan
ROW = [8.0, 7.0, 9.0, 7.0, NONE, 8.0]


def _whole(readings: np.ndarray) -> np.ndarray:
    whole: np.ndarray = np.clip(np.rint(readings), 0.0, 10.0)
    return whole


@pytest.fixture(scope="module")
def history() -> dict[str, Any]:
    days, readings = random_history(np.random.default_rng(4), MANY, 8)
    return {"days": days, "readings": _whole(readings)}


@pytest.mark.parametrize("censored", [True, False])
def test_filter_pairs_it_equals_taking_in_one_session_after_the_other(history: dict[str, Any], censored: bool) -> None:
    whole = filter_pairs(DEFAULT, **history, censored=censored)
    belief, loglik = start(DEFAULT, MANY), np.zeros(MANY)
    for t in range(8):
        taken = update(
            belief, DEFAULT, day=history["days"][:, t], readings=history["readings"][:, t], censored=censored
        )
        belief, loglik = taken.belief, loglik + taken.loglik
        for one, many in (
            (taken.level_mean, whole.level_mean),
            (taken.level_sd, whole.level_sd),
            (taken.forecast.mean, whole.forecast_mean),
            (taken.forecast.sd, whole.forecast_sd),
            (taken.z, whole.z),
            (taken.tail, whole.tail),
        ):
            np.testing.assert_allclose(one, many[:, t], rtol=0, atol=1e-12)
    np.testing.assert_allclose(loglik, whole.loglik, rtol=0, atol=1e-12)


@pytest.mark.parametrize("method", [filter_pairs, smooth_pairs])
def test_many_pairs_it_gives_each_pair_what_it_gets_alone(history: dict[str, Any], method) -> None:
    together = method(DEFAULT, **history)
    for pair in (0, 63, 64, MANY - 1):
        alone = method(DEFAULT, days=history["days"][[pair]], readings=history["readings"][[pair]])
        for one, many in zip(alone, together, strict=True):
            np.testing.assert_array_equal(one[0], many[pair])


def test_smoother_it_returns_the_filter_s_log_likelihood(history: dict[str, Any]) -> None:
    np.testing.assert_array_equal(smooth_pairs(DEFAULT, **history).loglik, filter_pairs(DEFAULT, **history).loglik)


def test_smoother_it_is_never_less_sure_than_the_filter(history: dict[str, Any]) -> None:
    ours, filtered = smooth_pairs(DEFAULT, **history), filter_pairs(DEFAULT, **history)
    held = ~np.isnan(history["days"])
    assert (ours.level_sd[held] <= filtered.level_sd[held] + 1e-12).all()


def test_update_it_leaves_the_old_belief_as_it_was() -> None:
    before = start(DEFAULT)
    kept = [field.copy() for field in before]
    update(before, DEFAULT, day=[3.0], readings=[ROW])
    for old, now in zip(kept, before, strict=True):
        np.testing.assert_array_equal(old, now)


def test_update_it_counts_sessions_with_a_client_reading() -> None:
    rows = [ROW, [NONE, NONE, NONE, 7.0, 7.0, 7.0], [NONE] * 6, [NONE, 5.0, NONE, NONE, NONE, NONE]]
    belief, counts = start(DEFAULT), []
    for week, row in enumerate(rows):
        belief = update(belief, DEFAULT, day=[7.0 * week], readings=[row]).belief
        counts.append(int(belief.count[0]))
    assert counts == [1, 1, 1, 2]
    assert belief.day[0] == 21.0


def test_update_it_takes_the_therapist_s_answers_later_on_the_same_day() -> None:
    at_once = update(start(DEFAULT), DEFAULT, day=[0.0], readings=[ROW])
    client = update(start(DEFAULT), DEFAULT, day=[0.0], readings=[ROW[:3] + [NONE] * 3])
    later = update(client.belief, DEFAULT, day=[0.0], readings=[[NONE] * 3 + ROW[3:]])
    np.testing.assert_allclose(later.belief.mean, at_once.belief.mean, atol=1e-12)
    np.testing.assert_allclose(later.belief.cov, at_once.belief.cov, atol=1e-12)
    assert client.loglik[0] + later.loglik[0] == pytest.approx(at_once.loglik[0], abs=1e-12)


def test_update_it_changes_nothing_for_a_pair_without_a_session() -> None:
    before = update(start(DEFAULT, 2), DEFAULT, day=[0.0, 0.0], readings=[ROW, ROW]).belief
    taken = update(before, DEFAULT, day=[7.0, NONE], readings=[ROW, [NONE] * 6])
    np.testing.assert_array_equal(taken.belief.mean[1], before.mean[1])
    np.testing.assert_array_equal(taken.belief.cov[1], before.cov[1])
    assert taken.belief.day.tolist() == [7.0, 0.0]
    assert np.isnan(taken.forecast.mean[1]).all() and np.isnan(taken.level_mean[1]).all()
    assert taken.loglik[1] == 0.0


def test_update_it_cannot_be_pulled_by_a_rating_that_is_not_there() -> None:
    silent = update(start(DEFAULT), DEFAULT, day=[0.0], readings=[[NONE] * 6])
    np.testing.assert_array_equal(silent.belief.mean, 0.0)
    assert np.isnan(silent.z).all() and np.isnan(silent.tail).all()
    np.testing.assert_allclose(silent.level_mean[0], DEFAULT.mean)
    np.testing.assert_allclose(silent.level_sd[0] ** 2, np.diag(DEFAULT.trait_cov + DEFAULT.state_cov))


def test_update_it_takes_arrays_that_may_not_be_written_to() -> None:
    day, readings = np.zeros(1), np.array([ROW])
    day.setflags(write=False)
    readings.setflags(write=False)
    assert np.isfinite(update(start(DEFAULT), DEFAULT, day=day, readings=readings).loglik[0])


def test_forecast_it_is_what_the_next_update_judges_against() -> None:
    belief = update(start(DEFAULT), DEFAULT, day=[0.0], readings=[ROW]).belief
    ahead = forecast(belief, DEFAULT, day=[9.0])
    taken = update(belief, DEFAULT, day=[9.0], readings=[ROW])
    np.testing.assert_array_equal(ahead.mean, taken.forecast.mean)
    np.testing.assert_array_equal(ahead.sd, taken.forecast.sd)
    np.testing.assert_allclose(taken.z[0, 0], (ROW[0] - ahead.mean[0, 0]) / ahead.sd[0, 0])


def test_forecast_it_forgets_the_state_and_keeps_the_trait_after_years() -> None:
    belief = update(start(DEFAULT), DEFAULT, day=[0.0], readings=[[2.0, 2.0, 2.0, NONE, NONE, NONE]]).belief
    ahead = forecast(belief, DEFAULT, day=[36_500.0])
    np.testing.assert_allclose(ahead.mean[0, :3], DEFAULT.mean + DEFAULT.gain + belief.mean[0, :3], atol=1e-9)


@pytest.mark.parametrize(
    ("mean", "sd", "band"),
    [
        (8.3, 1.1, (8, 9)),
        (8.0, 1.1, (7, 9)),
        (7.5, 0.2, (8, 8)),
        (7.4, 0.2, (7, 7)),
        (11.0, 0.8, (10, 10)),
        (9.2, 1.5, (8, 10)),
        (-1.0, 0.5, (0, 0)),
        (np.nan, np.nan, (-1, -1)),
    ],
)
def test_usual_band_it_holds_the_whole_ratings_of_the_central_two_thirds(
    mean: float, sd: float, band: tuple[int, int]
) -> None:
    low, high = usual_band(np.full((1, 3), mean), np.full((1, 3), sd))
    assert (low.tolist(), high.tolist()) == ([[band[0]] * 3], [[band[1]] * 3])


@pytest.mark.parametrize(
    ("days", "readings", "words"),
    [
        ([[0.0]], [[[11.0] + [NONE] * 5]], "outside 0..10"),
        ([[0.0]], [[[NONE] * 5 + [-1.0]]], "outside 0..10"),
        ([[0.0]], [[[np.inf] + [NONE] * 5]], "outside 0..10"),
        ([[0.0, 7.0, 6.0]], [[ROW] * 3], "before the one already taken in"),
        ([[-1.0]], [[ROW]], "before the one already taken in"),
        ([[0.0, NONE]], [[ROW] * 2], "without a day"),
        ([[np.inf]], [[ROW]], "infinite"),
        ([0.0], [[ROW]], "do not fit"),
        ([[0.0]], [[ROW[:3]]], "do not fit"),
    ],
)
@pytest.mark.parametrize("method", [filter_pairs, smooth_pairs])
def test_bad_readings_it_says_which_pair_and_what(method, days, readings, words: str) -> None:
    with pytest.raises(BadReadings, match=words):
        method(DEFAULT, days=days, readings=readings)


def test_bad_readings_it_refuses_a_session_before_the_belief_s() -> None:
    belief = update(start(DEFAULT), DEFAULT, day=[14.0], readings=[ROW]).belief
    with pytest.raises(BadReadings, match="already taken in"):
        update(belief, DEFAULT, day=[13.9], readings=[ROW])
    with pytest.raises(BadReadings, match="2 sessions for 1 beliefs"):
        update(belief, DEFAULT, day=[21.0, 21.0], readings=[ROW, ROW])


def test_any_number_it_takes_out_of_range_ratings_at_their_word_when_uncensored() -> None:
    found = filter_pairs(DEFAULT, days=[[0.0]], readings=[[[14.0] + [NONE] * 5]], censored=False)
    assert np.isfinite(found.loglik[0])


def test_update_it_comes_compiled_from_disk_in_a_new_process() -> None:
    update(start(DEFAULT), DEFAULT, day=[0.0], readings=[ROW])  # writes the cache if there was none
    program = (
        "from accord.science.alliance import DEFAULT, start, update;"
        "from accord.science.alliance.kernels import update_rows;"
        "update(start(DEFAULT), DEFAULT, day=[0.0], readings=[[8.0] * 6]);"
        "print(sum(update_rows.stats.cache_hits.values()), sum(update_rows.stats.cache_misses.values()))"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["1", "0"]
