"""The steps of the kernels, one at a time and callable from Python: the arithmetic that the tests look at alone."""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from accord.science.alliance import elementary, forward, lanes, layout

AT = layout.rows_for(0, 0)


class Weighed(NamedTuple):
    """What one reading does: e, w, ∂w/∂ŷ, ∂²w/∂ŷ², log-likelihood."""

    pull: float
    curve: float
    bend: float
    bow: float
    loglik: float


@njit
def _tails(rows):
    a = lanes.get(rows, 0)
    b = elementary.size(a)
    lanes.put(rows, 1, elementary.exponential(a))
    lanes.put(rows, 2, elementary.excess(b))
    lanes.put(rows, 3, elementary.upper_tail(a))
    lanes.put(rows, 4, elementary.log_upper_tail(a))
    lanes.put(rows, 5, elementary.logarithm(elementary.exponential(a)))


@njit
def _weighed_open(rows, y, mean, var):
    forward.forget_likelihood(rows)
    forward.weigh_open(rows, lanes.spread(y), lanes.spread(mean), lanes.spread(var), AT)


@njit
def _weighed_closed(rows, y, mean, var):
    forward.forget_likelihood(rows)
    closed = forward.weigh_closed(rows, lanes.spread(y), lanes.spread(mean), lanes.spread(var), AT)
    forward.bend_closed(rows, lanes.spread(y), lanes.spread(var), AT, closed)


def tails(a: np.ndarray) -> np.ndarray:
    """e^a, h(|a|) − |a|, Φ(−a), log Φ(−a) and log e^a, (5, A)."""
    found = np.empty((5, len(a)))
    for first in range(0, len(a), lanes.LANES):
        rows = np.ones((6, lanes.LANES))
        part = a[first : first + lanes.LANES]
        rows[0, : len(part)] = part
        flat = rows.ravel()
        _tails(flat)
        found[:, first : first + lanes.LANES] = flat.reshape(6, -1)[1:, : len(part)]
    return found


def weighed(y: float, mean: float, var: float, *, closed: bool) -> Weighed:
    """One reading predicted as N(mean, var)."""
    rows = np.zeros(lanes.LANES * layout.rows_for(0, 1))
    (_weighed_closed if closed else _weighed_open)(rows, y, mean, var)
    one = rows.reshape(-1, lanes.LANES)[:, 3]
    loglik = -0.5 * (math.log(one[layout.PRODUCT]) + one[layout.SQUARES])
    pull, curve, bend, bow = (float(one[AT + place]) for place in (layout.PULL, layout.CURVE, layout.BEND, layout.BOW))
    return Weighed(pull, curve, bend, bow, loglik)
