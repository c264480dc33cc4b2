"""pykalman: a KalmanFilter a pair.

It drops a whole session when one reading is masked, and its likelihood wants one R for all sessions. So a missing
reading becomes a row that sees nothing: weights 0, value 0. What that adds to the likelihood, log N(0; 0, R), is taken
off again.
"""

import numpy as np
from pykalman import KalmanFilter

from benchmarks.inputs import Floats, Inputs
from benchmarks.peers.matrices import LOG_TWO_PI, STATES, Matrices, matrices


def loglik(inputs: Inputs) -> Floats:
    system = matrices(inputs)
    return np.array([_one(inputs, system, i) for i in range(inputs.pairs)])


def _one(inputs: Inputs, system: Matrices, i: int) -> float:
    seen = ~np.isnan(inputs.readings[i])
    fresh = np.zeros((inputs.days.shape[1] - 1, STATES, STATES))
    fresh[:, 3:6, 3:6] = system.fresh[i, 1:]
    known = KalmanFilter(
        transition_matrices=system.fade[i, 1:, :, None] * np.eye(STATES),
        transition_covariance=fresh,
        observation_matrices=seen[..., None] * system.design,
        observation_covariance=np.diag(system.noise),
        initial_state_mean=np.zeros(STATES),
        initial_state_covariance=system.prior,
    )
    gaps = np.where(seen, inputs.readings[i] - system.intercept[i], 0.0)
    nothing = 0.5 * (LOG_TWO_PI + np.log(system.noise))
    return float(known.loglikelihood(gaps) + (~seen * nothing).sum())
