import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.batch.estimating import STAND_IN, from_ten, runs_of, to_ten
from accord.batch.numbers import Scale
from accord.batch.wide import Reading


@given(
    st.floats(-100, 100), st.floats(0.5, 200), st.sampled_from(["high", "low"]), st.lists(st.floats(0, 1), min_size=1)
)
def test_to_ten_and_from_ten_are_each_others_way_back(low, span, better, shares):
    scale = Scale(low, low + span, better)
    scores = low + np.array(shares) * span
    points = to_ten(scores, scale)
    assert ((points >= 0) & (points <= 10)).all()
    assert from_ten(points, scale) == pytest.approx(scores, abs=1e-9 * (abs(low) + span) + 1e-12)


def test_to_ten_turns_symptoms_round_so_that_ten_is_the_good_end():
    assert to_ten(np.array([0.0, 63.0, 21.0]), Scale(0, 63, "low")) == pytest.approx([10, 0, 20 / 3])
    assert to_ten(np.array([1.0, 5.0, 2.0]), Scale(1, 5)) == pytest.approx([0, 10, 2.5])


def test_runs_of_takes_pillars_together_and_other_scores_apart():
    readings = (Reading("goal", "goal"), Reading("bond", "bond"), Reading("bond", "bond", "therapist"))
    (run,) = runs_of(readings)
    assert run.slots == {0: 0, 2: 1, 5: 2}
    assert run.names == {0: "goal", 2: "bond"}
    alone = runs_of((Reading("phq"), Reading("wai")))
    assert [run.names for run in alone] == [{STAND_IN: "phq"}, {STAND_IN: "wai"}]
