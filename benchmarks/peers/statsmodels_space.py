"""statsmodels: a state space model a pair, as its manual does it; and all pairs as one long series, as a trick does it.

It runs on one core; a second process would double it.
"""

from typing import Any, NamedTuple

import numpy as np
from statsmodels.tsa.statespace.kalman_filter import MEMORY_CONSERVE, MEMORY_NO_LIKELIHOOD, KalmanFilter
from statsmodels.tsa.statespace.kalman_smoother import SMOOTHER_STATE, SMOOTHER_STATE_COV, KalmanSmoother

from benchmarks.inputs import Floats, Inputs
from benchmarks.peers.matrices import READINGS, STATES, Matrices, level_of, matrices

LEVELS = np.hstack((np.eye(3), np.eye(3), np.zeros((3, 3))))  # a_p = u_p + d_p


class Laid(NamedTuple):
    """Time last, as statsmodels wants it; its transition t leads from t to t + 1."""

    intercept: Floats  # (N, 6, T)
    transition: Floats  # (N, 9, 9, T)
    state_cov: Floats  # (N, 9, 9, T)


def loglik(inputs: Inputs) -> Floats:
    """A model a pair, in a loop."""
    system = matrices(inputs)
    laid = _lay(system)
    return np.array([_one(KalmanFilter, system, laid, inputs, i).loglike() for i in range(inputs.pairs)])


def loglik_in_one(inputs: Inputs) -> Floats:
    """All pairs as one series of N × T sessions: at a pair's start the transition is 0 and the noise is the prior."""
    model = _long(KalmanFilter, inputs)
    found: Floats = model.loglikeobs().reshape(inputs.days.shape).sum(axis=1)
    return found


def smooth(inputs: Inputs) -> tuple[Floats, Floats]:
    """Smoothed level and its sd (N, T, 3); a model a pair, in a loop."""
    system = matrices(inputs)
    laid = _lay(system)
    mean, sd = np.empty((2, *inputs.days.shape, 3))
    for i in range(inputs.pairs):
        model = _one(KalmanSmoother, system, laid, inputs, i)
        model.smoother_output = SMOOTHER_STATE | SMOOTHER_STATE_COV
        mean[i], sd[i] = _levels(model.smooth())
    return mean + level_of(inputs), sd


def smooth_in_one(inputs: Inputs) -> tuple[Floats, Floats]:
    """As `smooth`, all pairs as one series."""
    model = _long(KalmanSmoother, inputs)
    model.smoother_output = SMOOTHER_STATE | SMOOTHER_STATE_COV
    shape = (*inputs.days.shape, 3)
    mean, sd = _levels(model.smooth())
    return mean.reshape(shape) + level_of(inputs), sd.reshape(shape)


def _one(kind: type, system: Matrices, laid: Laid, inputs: Inputs, i: int) -> Any:
    model = _blank(kind, system)
    if kind is KalmanFilter:
        model.conserve_memory = MEMORY_CONSERVE & ~MEMORY_NO_LIKELIHOOD
    model.bind(inputs.readings[i])
    model["obs_intercept"] = laid.intercept[i]
    model["transition"] = laid.transition[i]
    model["state_cov"] = laid.state_cov[i]
    model.initialize_known(np.zeros(STATES), system.prior)
    return model


def _long(kind: type, inputs: Inputs) -> Any:
    system = matrices(inputs)
    fade = system.fade.copy()
    fade[:, 0] = 0.0
    fresh = np.zeros((*inputs.days.shape, STATES, STATES))
    fresh[..., 3:6, 3:6] = system.fresh
    fresh[:, 0] = system.prior
    sessions = inputs.days.size
    model = _blank(kind, system)
    model.bind(inputs.readings.reshape(sessions, READINGS))
    model["obs_intercept"] = system.intercept.reshape(sessions, READINGS).T
    transition = np.zeros((STATES, STATES, sessions), order="F")
    transition[np.arange(STATES), np.arange(STATES)] = np.roll(fade.reshape(sessions, STATES), -1, axis=0).T
    model["transition"] = transition
    following = np.roll(fresh.reshape(sessions, STATES, STATES), -1, axis=0)
    model["state_cov"] = np.asfortranarray(following.transpose(1, 2, 0))
    model.initialize_known(np.zeros(STATES), system.prior)
    return model


def _blank(kind: type, system: Matrices) -> Any:
    model = kind(k_endog=READINGS, k_states=STATES, k_posdef=STATES)
    model["design"], model["obs_cov"], model["selection"] = system.design, np.diag(system.noise), np.eye(STATES)
    return model


def _lay(system: Matrices) -> Laid:
    pairs, sessions, _ = system.fade.shape
    transition, state_cov = np.zeros((2, pairs, STATES, STATES, sessions))
    states = np.arange(STATES)
    transition[:, states, states] = np.roll(system.fade, -1, axis=1).transpose(0, 2, 1)
    state_cov[:, 3:6, 3:6] = np.roll(system.fresh, -1, axis=1).transpose(0, 2, 3, 1)
    return Laid(system.intercept.transpose(0, 2, 1), transition, state_cov)


def _levels(found: Any) -> tuple[Floats, Floats]:
    mean = (LEVELS @ found.smoothed_state).T
    var = np.einsum("pr,rct,pc->tp", LEVELS, found.smoothed_state_cov, LEVELS)
    return mean, np.sqrt(var)
