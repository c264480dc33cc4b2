"""filterpy: one KalmanFilter, fed session by session, in a loop over pairs. H and R leave out what is missing."""

from collections.abc import Callable
from typing import Any

import numpy as np
from filterpy.kalman import KalmanFilter

from benchmarks.inputs import Floats, Inputs
from benchmarks.peers.matrices import LOG_TWO_PI, READINGS, STATES, Matrices, matrices


def loglik(inputs: Inputs) -> Floats:
    system = matrices(inputs)
    return np.array([_one(inputs, system, i) for i in range(inputs.pairs)])


def fresh_filter(system: Matrices) -> KalmanFilter:
    """At a pair's start."""
    known = KalmanFilter(dim_x=STATES, dim_z=READINGS)
    known.x, known.P, known.Q = np.zeros((STATES, 1)), system.prior.copy(), np.zeros((STATES, STATES))
    return known


def step(known: KalmanFilter, system: Matrices, readings: Floats, i: int, t: int) -> float:
    """Session t of pair i; its log-likelihood from what the filter leaves behind (its own property takes longer)."""
    known.Q[3:6, 3:6] = system.fresh[i, t]
    known.predict(F=np.diag(system.fade[i, t]))
    seen = np.flatnonzero(~np.isnan(readings[t]))
    if not seen.size:
        return 0.0
    gap = (readings[t] - system.intercept[i, t])[seen, None]
    known.update(gap, R=np.diag(system.noise[seen]), H=system.design[seen])
    spread = np.linalg.slogdet(known.S)[1] + (known.y.T @ known.SI @ known.y).item()
    return float(-0.5 * (spread + seen.size * LOG_TWO_PI))


def _one(inputs: Inputs, system: Matrices, i: int) -> float:
    known = fresh_filter(system)
    return sum(step(known, system, inputs.readings[i], i, t) for t in range(inputs.days.shape[1]))


def steps(inputs: Inputs, count: int) -> Callable[[], Any]:
    """The last session of the first pair, `count` times from the same belief."""
    system, last = matrices(inputs), inputs.days.shape[1] - 1
    known = fresh_filter(system)
    for t in range(last):
        step(known, system, inputs.readings[0], 0, t)
    mean, cov = known.x, known.P

    def run() -> None:
        for _ in range(count):
            known.x, known.P = mean, cov
            step(known, system, inputs.readings[0], 0, last)

    return run
