"""A row of numbers at once is those numbers, one by one; and compiled code is renewed when its steps change."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from numba import njit

from accord.science.alliance import kernels
from accord.science.alliance.lanes import (
    LANES,
    exponent,
    fraction,
    get,
    known_anywhere,
    largest,
    put,
    root,
    spread,
    sum_of,
    two_to_the,
    where_known,
    where_less,
)

STEPS = ("lanes.py", "layout.py", "elementary.py", "forward.py", "backward.py")


@njit
def _everything(rows):
    x, y = get(rows, 0), get(rows, 1)
    put(rows, 2, 1.0 / x + y * 2.0 - 3.0)
    put(rows, 3, root(x))
    put(rows, 4, fraction(x))
    put(rows, 5, exponent(x))
    put(rows, 6, where_known(y, x, spread(7.0)))
    put(rows, 7, where_less(x, y, x - y, x * y))
    put(rows, 8, two_to_the(get(rows, 9)))


@njit
def _known(rows):
    return known_anywhere(get(rows, 0))


@njit
def _across(rows):
    return largest(get(rows, 0)), sum_of(get(rows, 0))


@pytest.fixture
def rows() -> np.ndarray:
    rng = np.random.default_rng(2)
    table = np.exp(rng.uniform(-80.0, 80.0, (10, LANES)))
    table[1, [2, 5]] = np.nan
    table[9] = 1.5 * 2.0**52 + np.arange(-8, 8) * 37.0
    return table


def test_row_it_does_the_same_sixteen_times(rows: np.ndarray) -> None:
    flat = rows.ravel().copy()
    _everything(flat)
    found, (x, y) = flat.reshape(10, LANES), rows[:2]
    np.testing.assert_allclose(found[2], 1.0 / x + y * 2.0 - 3.0, rtol=1e-15)
    np.testing.assert_array_equal(found[3], np.sqrt(x))
    np.testing.assert_array_equal(found[4] * 2.0 ** found[5], x)
    assert ((found[4] >= 1.0) & (found[4] < 2.0)).all()
    np.testing.assert_array_equal(found[6], np.where(np.isnan(y), 7.0, x))
    np.testing.assert_allclose(found[7], np.where(x < y, x - y, x * y), rtol=1e-15)
    np.testing.assert_array_equal(found[8], 2.0 ** (np.arange(-8, 8) * 37.0))


def test_known_anywhere_it_sees_a_single_number() -> None:
    nothing = np.full(LANES, np.nan)
    assert not _known(nothing)
    for lane in range(LANES):
        one = nothing.copy()
        one[lane] = 0.0
        assert _known(one)


def test_across_it_finds_the_largest_and_the_sum() -> None:
    numbers = np.random.default_rng(3).normal(size=LANES)
    assert _across(numbers) == pytest.approx((numbers.max(), numbers.sum()), rel=1e-14)


def test_kernels_it_compiles_anew_when_a_step_changes() -> None:
    # The cache of compiled code looks at kernels.py alone; without this line it would keep the old steps.
    here = Path(kernels.__file__).parent
    steps = hashlib.sha256(b"".join((here / name).read_bytes() for name in STEPS)).hexdigest()[:16]
    assert steps == kernels.BUILT_ON, f'write BUILT_ON = "{steps}" in kernels.py'
