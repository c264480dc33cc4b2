"""All pairs of a network as one normal distribution: what the random levels are checked against. Slow and short."""

from typing import NamedTuple

import numpy as np

from accord.science.alliance import Params
from accord.science.alliance.coordinates import Levels
from accord.science.alliance.tests.brute_force import condition, joint, stacked


class Network(NamedTuple):
    """Some pairs, and for each pair the row of its therapist and of its practice."""

    days: np.ndarray  # (N, T)
    readings: np.ndarray  # (N, T, 6)
    therapist: np.ndarray  # (N,)
    practice: np.ndarray  # (N,)


def together(params: Params, levels: Levels, network: Network) -> tuple[float, np.ndarray, np.ndarray]:
    """Log-likelihood of open ratings, and moments of f + w of each therapist (J, 3), (J, 3, 3).

    `params.trait_cov` is that of a pair alone. A pair's readings weigh f and w as they weigh u.
    """
    parts = [_pair(params, days[~np.isnan(days)]) for days in network.days]
    mean = np.concatenate([part[0] for part in parts])
    weigh = [part[2] for part in parts]
    cov = _block_diagonal([part[1] for part in parts])
    own, whole = _effects(network, levels)
    lifted = np.zeros((len(mean), 3 * len(own)))
    start = 0
    for pair, weights in enumerate(weigh):
        therapist = network.therapist[pair]
        lifted[start : start + len(weights), 3 * therapist : 3 * therapist + 3] = weights
        start += len(weights)
    cov = cov + lifted @ whole @ lifted.T
    values = np.concatenate([stacked(r[~np.isnan(d)]) for d, r in zip(network.days, network.readings, strict=True)])
    everything = np.block([[whole, whole @ lifted.T], [lifted @ whole, cov]])
    seen = len(whole) + np.flatnonzero(~np.isnan(values))
    found, spread, loglik = condition(
        np.concatenate((np.zeros(len(whole)), mean)), everything, seen, values[~np.isnan(values)]
    )
    blocks = [spread[3 * j : 3 * j + 3, 3 * j : 3 * j + 3] for j in range(len(own))]
    return loglik, found[: len(whole)].reshape(-1, 3), np.array(blocks)


def _pair(params: Params, days: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean and covariance of one pair's readings, and how each weighs the three traits."""
    mean, cov, levels = joint(params, days)
    weights = np.vstack([np.eye(3)] * days.size + [np.diag(params.tracking)] * days.size)
    rest = slice(levels.size, None)
    return mean[rest], cov[rest, rest], weights


def _effects(network: Network, levels: Levels) -> tuple[list[int], np.ndarray]:
    """Covariance of f + w over all therapists, stacked."""
    practices = [int(network.practice[network.therapist == j][0]) for j in range(network.therapist.max() + 1)]
    same = np.equal.outer(practices, practices).astype(float)
    assert levels.therapist is not None
    whole = np.kron(np.eye(len(practices)), levels.therapist)
    if levels.practice is not None:
        whole = whole + np.kron(same, levels.practice)
    return practices, whole


def _block_diagonal(blocks: list[np.ndarray]) -> np.ndarray:
    size = sum(len(block) for block in blocks)
    whole, start = np.zeros((size, size)), 0
    for block in blocks:
        whole[start : start + len(block), start : start + len(block)] = block
        start += len(block)
    return whole
