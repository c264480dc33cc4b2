"""numpy alone: a structure of arrays, pairs in the last place, one reading at a time for a whole block of pairs."""

import numpy as np

from benchmarks.inputs import Floats, Inputs
from benchmarks.peers.blocks import in_blocks
from benchmarks.peers.matrices import LOG_TWO_PI, READINGS, STATES, matrices

BLOCK = 2048  # the fastest of those tried from 64 to 4096


def loglik(inputs: Inputs) -> Floats:
    return np.concatenate(in_blocks(_forward, inputs, BLOCK))


def _forward(inputs: Inputs) -> Floats:
    system = matrices(inputs)
    pairs, sessions = inputs.days.shape
    mean, cov = np.zeros((STATES, pairs)), np.repeat(system.prior[:, :, None], pairs, axis=2)
    gaps = np.ascontiguousarray((inputs.readings - system.intercept).transpose(1, 2, 0))
    fade = np.ascontiguousarray(system.fade[..., 3:6].transpose(1, 2, 0))
    fresh = np.ascontiguousarray(system.fresh.transpose(1, 2, 3, 0))
    loglik = np.zeros(pairs)
    for t in range(sessions):
        if t:
            mean[3:6] *= fade[t]
            cov[3:6] *= fade[t][:, None]
            cov[:, 3:6] *= fade[t][None]
            cov[3:6, 3:6] += fresh[t]
        for j in range(READINGS):
            loglik += _take_in(mean, cov, system.design[j], system.noise[j], gaps[t, j])
    return loglik


def _take_in(mean: Floats, cov: Floats, weights: Floats, noise: float, gap: Floats) -> Floats:
    """One reading of every pair, in place; NaN is missing."""
    seen = ~np.isnan(gap)
    used = np.flatnonzero(weights)
    gain = sum(weights[r] * cov[r] for r in used)
    var = sum(weights[r] * gain[r] for r in used) + noise
    left = np.where(seen, gap - sum(weights[r] * mean[r] for r in used), 0.0)
    pull = seen / var
    mean += gain * (left * pull)
    cov -= gain[:, None] * (gain * pull)[None]
    found: Floats = -0.5 * (seen * (LOG_TWO_PI + np.log(var)) + left * left * pull)
    return found
