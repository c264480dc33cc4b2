import numpy as np
import pytest

from accord.science.ruptures.reliable_change import reliable_falls


def test_a_fall_beyond_196_standard_errors_of_difference_is_reliable():
    # 1.96 · 4.743 = 9.297 points
    judged = reliable_falls(np.array([[np.nan, 40.0, 31.0, 30.0, 49.5]]), sd=7.5)
    assert (judged.kind[0] >= 0).tolist() == [False, False, False, True, False]
    assert judged.size[0, 3] == 10.0
    assert judged.band_low[0, 0] == pytest.approx(40 - 9.297, abs=1e-3)
    assert judged.first[0, 0] == 1


def test_nobody_changed_reliably_where_nothing_was_answered():
    assert (reliable_falls(np.full((2, 4), np.nan), sd=7.5).kind < 0).all()
