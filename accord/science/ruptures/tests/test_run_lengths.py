import math

import numpy as np
import pytest

from accord.science.errors import BadOptions
from accord.science.ruptures import run_lengths as arl


def test_shewhart_gives_the_published_run_length():
    assert arl.shewhart(3.0) == pytest.approx(370.398, abs=5e-4)


@pytest.mark.parametrize(
    ("h", "shift", "published", "places"),
    [(4, 0, 167.7, 0.05), (4, 1, 8.383, 5e-4), (5, 0, 465.4, 0.05), (5, 1, 10.376, 5e-4)],
)
def test_cusum_gives_the_published_run_lengths(h, shift, published, places):
    assert arl.cusum_two_sided(0.5, h, shift=shift) == pytest.approx(published, abs=places)


@pytest.mark.parametrize(
    ("weight", "width", "shift", "published", "places"),
    [
        (0.1, 2.814, 0, 499.5, 0.1),  # 499.5796 here, with 40 nodes as with 200: the print is cut short
        (0.1, 2.814, 1, 10.33, 6e-3),
        (0.2, 2.962, 0, 499.7, 0.06),
        (0.2, 2.962, 1, 10.54, 6e-3),
    ],
)
def test_ewma_gives_the_published_run_lengths(weight, width, shift, published, places):
    assert arl.ewma(weight, width, shift=shift) == pytest.approx(published, abs=places)


def test_an_ewma_of_only_the_last_score_is_a_shewhart_chart():
    assert arl.ewma(1.0, 3.0) == pytest.approx(arl.shewhart(3.0), rel=1e-9)


def test_a_cusum_that_forgets_all_is_a_one_sided_shewhart_chart():
    # with k this large S is almost always 0, so only one score beyond k + h fires
    assert arl.cusum(2.0, 0.5) == pytest.approx(arl.shewhart(2.5, two_sided=False), rel=0.03)


def simulated_run_length(rng, *, k, h, cap):
    runs, level, length = 4000, np.zeros(4000), np.zeros(4000)
    going = np.ones(runs, bool)
    while going.any():
        length[going] += 1
        step = np.minimum(rng.standard_normal(runs), cap) - k
        level = np.maximum(0.0, level + step)
        going &= level <= h
    return length.mean(), length.std() / math.sqrt(runs)


@pytest.mark.parametrize("cap", [math.inf, 1.5])
def test_a_cusum_fires_as_often_as_in_simulation(cap):
    seen, error = simulated_run_length(np.random.default_rng(7), k=0.5, h=2.5, cap=cap)
    assert arl.cusum(0.5, 2.5, cap=cap) == pytest.approx(seen, abs=4 * error)


def test_the_limit_for_a_run_length_gives_that_run_length():
    h = arl.cusum_limit(120.0, cap=1.5)
    # a capped chart jumps from grid to grid: 2 parts in 1000
    assert arl.cusum(0.5, h, cap=1.5) == pytest.approx(120.0, rel=2e-3)
    assert h < arl.cusum_limit(240.0, cap=1.5)


def test_alarms_per_ten_sessions_are_ten_over_the_run_length():
    assert arl.alarms_per_ten(370.398) == pytest.approx(0.027, abs=5e-5)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: arl.shewhart(0.0),
        lambda: arl.cusum(0.5, -1.0),
        lambda: arl.ewma(0.0, 3.0),
        lambda: arl.ewma(0.2, math.inf),
        lambda: arl.cusum_limit(1.0),
    ],
)
def test_impossible_charts_are_refused(ask):
    with pytest.raises(BadOptions, match=r"allowed|shorter"):
        ask()
