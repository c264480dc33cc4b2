import numpy as np
import pytest

from accord.science.errors import BadOptions, BadReadings
from accord.science.outcomes import goal_attainment, goal_change

GAP = np.nan


@pytest.mark.parametrize(
    ("levels", "weights", "t"),
    [((1, 1, 1), None, 63.6931), ((-1, 0, 2), None, 54.5644), ((1, 0, -1), (3, 2, 1), 54.4065)],
)
def test_the_printed_values_come_out(levels, weights, t):
    assert goal_attainment(levels, weights) == pytest.approx(t, abs=5e-5)


def test_as_expected_is_fifty_whatever_the_weights():
    assert goal_attainment([0, 0, 0, 0], [1, 5, 2, 9]) == 50.0


def test_one_goal_moves_ten_points_a_level():
    assert [goal_attainment([x], [7]) for x in (-2, -1, 0, 1, 2)] == pytest.approx([30, 40, 50, 60, 70])


def test_its_sd_is_ten_where_levels_are_standard_and_correlated_as_assumed():
    # Var(Σwx) = (1 − ρ)Σw² + ρ(Σw)² for unit variances: checked on the exact covariance, no drawing
    w, rho = np.array([3.0, 1.0, 2.0]), 0.3
    cov = (1 - rho) * np.eye(3) + rho
    slopes = [goal_attainment(np.eye(3)[goal], w) - 50.0 for goal in range(3)]
    assert slopes @ cov @ slopes == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("levels", "weights", "says"),
    [
        ([0, 3], None, "levels: 3 is none of"),
        ([0.5], None, "levels: 0.5"),
        ([1, np.nan], None, "levels: number 2 is nan"),
        ([1, 1], [1], "weights"),
        ([1, 1], [1, 0], "weights"),
        ([], None, "levels: shape"),
    ],
)
def test_impossible_goals_are_named(levels, weights, says):
    with pytest.raises(BadReadings, match=says):
        goal_attainment(levels, weights)


def test_a_correlation_outside_its_range_is_refused():
    with pytest.raises(BadOptions, match="correlation"):
        goal_attainment([1], correlation=1.5)


def test_three_points_or_more_count_in_either_direction():
    change = goal_change([[2, 5, 8, 4]], [[5, 7, 5, 4]])
    assert change.points.tolist() == [[3, 2, -3, 0]]
    assert change.direction.tolist() == [[1, 0, -1, 0]]
    assert change.share_up == 0.25


def test_a_goal_with_one_rating_is_left_out_not_unchanged():
    change = goal_change([[2, GAP], [GAP, 1]], [[9, 4], [3, 2]])
    assert change.direction.tolist() == [[1, 0], [0, 0]]
    assert change.share_up == 0.5
    assert np.isnan(goal_change([[GAP]], [[3]]).share_up)


def test_ratings_off_the_scale_are_named_with_their_place():
    with pytest.raises(BadReadings, match="last: row 1, goal 0 is 11"):
        goal_change([[1], [2]], [[3], [11]])
    with pytest.raises(BadReadings, match="last: shape"):
        goal_change([[1], [2]], [[3]])
    with pytest.raises(BadOptions, match="limit"):
        goal_change([[1]], [[3]], limit=0.0)
