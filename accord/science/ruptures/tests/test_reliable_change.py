import numpy as np
import pytest

from accord.science.errors import BadOptions
from accord.science.ruptures.reliable_change import reliable_change, reliable_falls, spread_of


def test_the_published_example_comes_out():
    assert spread_of(7.5, 0.80) == pytest.approx((3.354, 4.743), abs=5e-4)
    change = reliable_change(np.array(32.5), np.array(47.5), sd=7.5, reliability=0.80)
    assert change == pytest.approx(3.162, abs=5e-4)


def test_a_fall_beyond_196_standard_errors_of_difference_is_reliable():
    # 1.96 · 4.743 = 9.297 points
    judged = reliable_falls(np.array([[np.nan, 40.0, 31.0, 30.0, 49.5]]), sd=7.5)
    assert (judged.kind[0] >= 0).tolist() == [False, False, False, True, False]
    assert judged.size[0, 3] == 10.0
    assert judged.band_low[0, 0] == pytest.approx(40 - 9.297, abs=1e-3)
    assert judged.first[0, 0] == 1


def test_nobody_changed_reliably_where_nothing_was_answered():
    assert (reliable_falls(np.full((2, 4), np.nan), sd=7.5).kind < 0).all()


@pytest.mark.parametrize(("sd", "reliability"), [(0.0, 0.8), (-1.0, 0.8), (np.nan, 0.8), (7.5, 1.0), (7.5, -0.1)])
def test_an_impossible_measure_is_refused(sd, reliability):
    with pytest.raises(BadOptions):
        spread_of(sd, reliability)
