"""Guess minus answer: against scipy's one-sample t, against a simulated truth, and where there is too little."""

import numpy as np
import pytest
from scipy import stats

from accord.science.dyads import lean
from accord.science.errors import BadReadings


def test_the_interval_is_that_of_a_one_sample_t_test() -> None:
    draw = np.random.default_rng(3)
    guesses, answers = draw.integers(3, 11, 17), draw.integers(2, 11, 17)
    found = lean(guesses, answers)
    low, high = stats.ttest_1samp(guesses - answers, 0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-12)
    assert found.mean == pytest.approx((guesses - answers).mean())
    assert found.off == pytest.approx(np.abs(guesses - answers).mean())


def test_it_is_by_hand_what_it_says() -> None:
    found = lean([9, 9, 8], [8, 7, 8])
    assert (found.n, found.mean, found.off) == (3, 1.0, 1.0)
    assert not found.is_clear  # three guesses say little: ± 2.48


def test_a_steady_lean_is_clear_and_a_small_one_never_is() -> None:
    assert lean([9, 8, 9, 8, 9], [8, 7, 8, 7, 7]).is_clear
    assert not lean([8.3] * 40 + [8.2], [8] * 41).is_clear


def test_the_interval_holds_the_truth_in_about_nineteen_of_twenty() -> None:
    draw = np.random.default_rng(11)
    held = 0
    for _ in range(2000):
        d = draw.normal(0.7, 1.4, 12)
        found = lean(8 + d, np.full(12, 8.0))
        held += found.low <= 0.7 <= found.high
    assert 0.935 < held / 2000 < 0.965


def test_one_guess_has_no_interval() -> None:
    found = lean([9], [7])
    assert np.isnan(found.low)
    assert not found.is_clear


@pytest.mark.parametrize(("guesses", "answers"), [([], []), ([1], [1, 2]), ([[1]], [[1]]), ([np.nan], [1])])
def test_what_makes_no_sense_is_refused(guesses, answers) -> None:
    with pytest.raises(BadReadings):
        lean(guesses, answers)
