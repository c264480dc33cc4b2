import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from accord.science.matching import Asked, Waiting, assign, fairness
from accord.science.matching.fairness import Cases, by_group, gap, gini, load, share
from accord.science.matching.tests.people import offer, wish


@given(st.integers(1, 200), st.floats(0, 1))
def test_the_interval_of_a_share_is_wilsons(of, part):
    number = int(part * of)
    low, high = binomtest(number, of).proportion_ci(method="wilson")
    assert share(number, of) == pytest.approx((number / of, low, high), abs=1e-9)


def test_the_interval_of_a_gap_is_newcombes():
    # Newcombe (1998), table II: 56/70 − 48/80, method 10
    assert gap((56, 70), (48, 80)) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    # and 9/10 − 3/10
    assert gap((9, 10), (3, 10)) == pytest.approx((0.6, 0.1705, 0.8090), abs=5e-5)


def test_where_there_is_nobody_there_is_no_number():
    assert np.isnan(share(0, 0)).all()
    (one,) = by_group(Cases(["all"], [3], [True], [False], [np.nan]))
    assert np.isnan(one.gap.value)
    assert np.isnan((one.days_placed, one.wishes)).all()
    assert (one.waiting, one.fitted, one.placed, one.days_left) == (1, 1, 0, 3.0)


def test_a_row_a_group_with_what_became_of_it():
    cases = Cases(
        group=["a", "b", "a", "a", "b"],
        days=[1, 2, 3, 9, 4],
        fitted=[True, True, True, False, True],
        placed=[True, True, True, False, False],
        wishes=[0.5, np.nan, 1.0, 0.2, np.nan],
    )
    first, second = by_group(cases)
    assert (first.name, first.waiting, first.fitted, first.placed) == ("a", 3, 2, 2)
    assert (first.days_placed, first.days_left, first.wishes) == (2.0, 9.0, 0.75)
    assert first.gap.value == pytest.approx(2 / 3 - 1 / 2)
    assert second.gap == pytest.approx((-first.gap.value, -first.gap.high, -first.gap.low))
    assert np.isnan(second.wishes)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_gini_is_the_mean_difference_over_twice_the_mean(given_to):
    values = np.array(given_to, float)
    mean = values.mean()
    wanted = np.abs(values[:, None] - values).mean() / (2 * mean) if mean else 0.0
    assert gini(values) == pytest.approx(wanted, abs=1e-12)


def test_load_is_told_of_those_with_places():
    told = load([5, 0, 0, 5] + [0] * 16, [5, 5, 0, 5] + [5] * 16)
    assert (told.therapists, told.places, told.given) == (19, 95, 10)
    assert told.top_tenth == 1.0
    assert told.gini == pytest.approx(17 / 19)
    assert load([0, 0], [1, 1]).gini == 0.0
    assert load([2, 2], [2, 2]).gini == 0.0


def test_people_with_high_needs_are_not_left_out_for_others():
    safety = wish("safety:yes")
    waiting = [Waiting(f"high-{n}", Asked(musts=(safety,)), urgency=2, days=n) for n in range(4)]
    waiting += [Waiting(f"other-{n}", Asked(nice=((safety, 1.0),)), days=300 + n) for n in range(8)]
    offers = [offer("tess", "safety:yes", places=4), offer("theo", places=4)]
    result = assign(waiting, offers, seed=1)
    rows = [(one.client.partition("-")[0], one.offer is not None) for one in result.proposals]
    told = by_group(Cases([g for g, _ in rows], [0] * 12, [True] * 12, [placed for _, placed in rows], [np.nan] * 12))
    assert [(one.name, one.placed) for one in told] == [("high", 4), ("other", 4)]
    assert fairness.load([4, 4], [4, 4]).gini == 0.0
