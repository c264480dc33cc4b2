"""simdkalman: its primitives over all pairs of a block, session by session; the blocks shared out over two threads.

Its ready-made filter knows neither uneven gaps nor partly missing answers; its primitives take a matrix a pair. A
missing reading becomes a row that sees nothing: weights 0, noise 1, value 0. It moves no belief and adds log 1 = 0.
"""

import numpy as np
from simdkalman.primitives import predict, priv_update_with_nan_check, smooth

from benchmarks.inputs import Floats, Inputs
from benchmarks.peers.blocks import in_blocks
from benchmarks.peers.matrices import LOG_TWO_PI, READINGS, STATES, Matrices, level_of, matrices

BLOCK = 512  # the fastest of those tried from 64 to 4096
Way = list[tuple[Floats, Floats]]


def loglik(inputs: Inputs) -> Floats:
    return np.concatenate(in_blocks(lambda block: _forward(block, matrices(block))[0], inputs, BLOCK))


def smooth_levels(inputs: Inputs) -> tuple[Floats, Floats]:
    """Smoothed level and its sd (N, T, 3), by its Rauch–Tung–Striebel step."""
    parts = in_blocks(_smooth_block, inputs, BLOCK)
    return np.concatenate([mean for mean, _ in parts]), np.concatenate([sd for _, sd in parts])


def _forward(inputs: Inputs, system: Matrices) -> tuple[Floats, Way]:
    pairs, sessions = inputs.days.shape
    mean, cov = np.zeros((pairs, STATES, 1)), np.broadcast_to(system.prior, (pairs, STATES, STATES))
    loglik, way = np.zeros(pairs), []
    for t in range(sessions):
        if t:
            mean, cov = predict(mean, cov, *_step(system, t))
        seen = ~np.isnan(inputs.readings[:, t])
        design = seen[..., None] * system.design
        noise = np.where(seen, system.noise, 1.0)[..., None] * np.eye(READINGS)
        gap = np.where(seen, inputs.readings[:, t] - system.intercept[:, t], 0.0)[..., None]
        mean, cov, _, added = priv_update_with_nan_check(mean, cov, design, noise, gap, log_likelihood=True)
        loglik += added - 0.5 * LOG_TWO_PI * seen.sum(axis=1)
        way.append((mean, cov))
    return loglik, way


def _step(system: Matrices, t: int) -> tuple[Floats, Floats]:
    fresh = np.zeros((system.fade.shape[0], STATES, STATES))
    fresh[:, 3:6, 3:6] = system.fresh[:, t]
    return system.fade[:, t, :, None] * np.eye(STATES), fresh


def _smooth_block(inputs: Inputs) -> tuple[Floats, Floats]:
    system = matrices(inputs)
    _, way = _forward(inputs, system)
    level, sd = level_of(inputs), np.empty((*inputs.days.shape, 3))
    mean, cov = way[-1]
    for t in range(len(way) - 1, -1, -1):
        if t < len(way) - 1:
            mean, cov = smooth(*way[t], *_step(system, t + 1), mean, cov)
        level[:, t] += mean[:, :3, 0] + mean[:, 3:6, 0]
        diagonal = np.einsum("nrr->nr", cov)
        cross = np.einsum("npp->np", cov[:, :3, 3:6])
        sd[:, t] = np.sqrt(diagonal[:, :3] + 2.0 * cross + diagonal[:, 3:6])
    return level, sd
