"""Harbour Practice's four clients under the default parameters: what each of them, and Tess, should see."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from accord.science.alliance import DEFAULT, Update, start, update, usual_band

GOAL, TASK, BOND = 0, 1, 2
# Bond, goal, task on 0..10, one session a week.
KAI = [(8, 7, 8), (8, 8, 8), (9, 8, 8), (8, 8, 8), (3, 7, 7)]
JO = [(8, 7, 8), (7, 8, 7), (8, 8, 8), (7, 7, 8), (7, 8, 7)]
MAX = [(10, 10, 10)] * 5
LOU = [(5, 5, 5)] * 5


def _followed(check_ins: list[tuple[int, int, int]]) -> list[Update]:
    belief, taken = start(DEFAULT), []
    for week, (bond, goal, task) in enumerate(check_ins):
        row = [[goal, task, bond, np.nan, np.nan, np.nan]]
        taken.append(update(belief, DEFAULT, day=[7.0 * week], readings=row))
        belief = taken[-1].belief
    return taken


def _usual(taken: Update) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return usual_band(taken.forecast.mean[:, :3], taken.forecast.sd[:, :3])


def test_kai_it_says_bond_three_usually_eight_to_nine() -> None:
    low, high = _usual(_followed(KAI)[4])
    assert (low[0, BOND], high[0, BOND]) == (8, 9)
    assert low[0, GOAL] <= 7 <= high[0, GOAL]
    assert low[0, TASK] <= 7 <= high[0, TASK]


def test_kai_it_names_bond_only() -> None:
    tail = _followed(KAI)[4].tail[0]
    assert tail[BOND] < 1e-4
    assert tail[GOAL] >= 0.05
    assert tail[TASK] >= 0.05


def test_kai_it_finds_nothing_before_the_fifth_session() -> None:
    assert min(taken.tail[0, :3].min() for taken in _followed(KAI)[:4]) >= 0.05


def test_jo_it_finds_nothing_at_all() -> None:
    assert min(taken.tail[0, :3].min() for taken in _followed(JO)) >= 0.05


def test_max_it_stays_finite_and_knows_no_more_than_high() -> None:
    for taken in _followed(MAX):
        np.testing.assert_array_equal(taken.tail[0, :3], 1.0)
        assert np.isfinite(taken.belief.mean).all()
        assert np.isfinite(taken.belief.cov).all()
        assert (taken.level_mean > 9.5).all() and (taken.level_mean < 12.5).all()
        assert (taken.level_sd > 0.5).all()


def test_max_it_does_not_wear_out_after_a_hundred_perfect_check_ins() -> None:
    levels = [taken.level_mean[0] for taken in _followed([(10, 10, 10)] * 100)]
    assert (levels[-1] < 14.0).all()
    np.testing.assert_array_equal(_usual(_followed(MAX)[-1])[1], 10)


@pytest.mark.parametrize("session", [3, 4, 5])
def test_lou_it_is_sure_that_every_pillar_is_below_six(session: int) -> None:
    taken = _followed(LOU)[session - 1]
    assert np.min(norm.cdf(6.0, taken.level_mean, taken.level_sd)) > 0.9


def test_lou_it_sees_nothing_sudden() -> None:
    assert min(taken.tail[0, :3].min() for taken in _followed(LOU)) >= 0.05
