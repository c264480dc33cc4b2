import numpy as np
import pytest

from accord.science.errors import BadOptions, BadReadings
from accord.science.outcomes.reliable_change import reliable_change, reliably_changed, spread_of


def test_the_published_example_comes_out():
    assert spread_of(7.5, 0.80) == pytest.approx((3.354, 4.743), abs=5e-4)
    change = reliable_change(np.array(32.5), np.array(47.5), sd=7.5, reliability=0.80)
    assert change == pytest.approx(3.162, abs=5e-4)


@pytest.mark.parametrize(
    ("sd", "reliability"), [(0.0, 0.8), (-1.0, 0.8), (np.nan, 0.8), (np.inf, 0.8), (7.5, 1.0), (7.5, -0.1)]
)
def test_an_impossible_measure_is_refused(sd, reliability):
    with pytest.raises(BadOptions, match="allowed are sd > 0"):
        spread_of(sd, reliability)


def test_it_tells_better_worse_and_neither_in_the_direction_of_the_measure():
    before, after = np.array([20.0, 20.0, 20.0, np.nan]), np.array([10.0, 30.0, 12.0, 5.0])
    symptoms = reliably_changed(before, after, sd=7.5, reliability=0.80, lower_is_better=True)
    assert symptoms.direction.tolist() == [1, -1, 0, 0]
    assert symptoms.known == 3
    assert symptoms.limit == pytest.approx(9.297, abs=1e-3)  # 1.96 · 4.743
    assert np.isnan(symptoms.points[3])
    wellbeing = reliably_changed(before, after, sd=7.5, reliability=0.80, lower_is_better=False)
    assert wellbeing.direction.tolist() == [-1, 1, 0, 0]


def test_one_in_twenty_unchanged_people_passes_for_changed():
    rng = np.random.default_rng(4)
    true = rng.normal(20.0, 7.5 * np.sqrt(0.8), 200_000)
    error = 7.5 * np.sqrt(0.2)
    before, after = (true + rng.normal(0.0, error, true.size) for _ in range(2))
    changed = reliably_changed(before, after, sd=7.5, reliability=0.80, lower_is_better=True)
    assert np.mean(changed.direction != 0) == pytest.approx(0.05, abs=0.0015)  # three standard errors


def test_one_score_a_person_is_asked_for():
    with pytest.raises(BadReadings, match="after: shape"):
        reliably_changed(np.zeros(3), np.zeros(2), sd=1.0, reliability=0.5, lower_is_better=True)
