"""The same model written down a second time, as one big normal distribution: slow, short, and independent.

Everything that a pair's ratings depend on is stacked in one vector; conditioning is one linear solve.
"""

import numpy as np
from numpy.random import Generator

from accord.science.alliance import Params, load_params


def random_params(rng: Generator, **changes: object) -> Params:
    """Valid parameters far from the default; equal rates half of the time."""

    def covariance(size: float) -> np.ndarray:
        root = rng.normal(size=(3, 3))
        return size * (root @ root.T + 0.3 * np.eye(3))

    rate = rng.uniform(0.005, 0.3)
    values = {
        "id": "random",
        "mean": rng.uniform(4.0, 9.0, 3),
        "gain": rng.normal(0.0, 0.5, 3),
        "gain_days": rng.uniform(5.0, 60.0),
        "trait_cov": covariance(0.5),
        "state_rate": rate * rng.uniform(0.9, 1.1, 3),
        "state_cov": covariance(0.4),
        "noise": rng.uniform(0.2, 1.5, 3),
        "therapist_mean": rng.uniform(4.0, 9.0, 3),
        "tracking": rng.normal(0.5, 0.4, 3),
        "bias_cov": covariance(0.3),
        "therapist_noise": rng.uniform(0.2, 1.5, 3),
    }
    return load_params(values | changes)


def random_history(rng: Generator, pairs: int, sessions: int, missing: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """Uneven gaps from hours to months; readings missing one by one; some pairs end early."""
    gaps = rng.choice([0.1, 1.0, 7.0, 60.0], size=(pairs, sessions)) * rng.uniform(0.5, 2.0, (pairs, sessions))
    days = np.cumsum(gaps, axis=1) - gaps[:, :1]
    readings = rng.normal(7.0, 2.0, (pairs, sessions, 6))
    readings[rng.random(readings.shape) < missing] = np.nan
    ended = np.arange(sessions) >= rng.integers(sessions // 2, sessions + 1, size=(pairs, 1))
    days[ended] = np.nan
    readings[ended] = np.nan
    return days, readings


def joint(params: Params, days: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Levels (T, 3) flattened, their covariance, and (mean (3T + 6T), covariance) of levels then readings."""
    sessions = days.size
    growth = 1.0 - np.exp(-days / params.gain_days)
    level_mean = params.mean + growth[:, None] * params.gain
    level_cov = np.empty((sessions, 3, sessions, 3))
    for s in range(sessions):
        for t in range(sessions):
            # Stationary OU: cov(d(s), d(t)) decays at the rate of the pillar that is seen later.
            rate = params.state_rate[None, :] if t >= s else params.state_rate[:, None]
            level_cov[s, :, t, :] = params.trait_cov + params.state_cov * np.exp(-rate * abs(days[t] - days[s]))
    levels = level_cov.reshape(3 * sessions, 3 * sessions)
    track = np.kron(np.eye(sessions), np.diag(params.tracking))
    lasting = np.kron(np.ones((sessions, sessions)), params.bias_cov)
    own = np.kron(np.eye(sessions), np.diag(params.noise))
    other = np.kron(np.eye(sessions), np.diag(params.therapist_noise))
    cov = np.block(
        [
            [levels, levels, levels @ track.T],
            [levels, levels + own, levels @ track.T],
            [track @ levels, track @ levels, track @ levels @ track.T + lasting + other],
        ]
    )
    therapist = params.therapist_mean + params.tracking * (level_mean - params.mean)
    mean = np.concatenate((level_mean.ravel(), level_mean.ravel(), therapist.ravel()))
    return mean, cov, np.arange(3 * sessions)


def stacked(readings: np.ndarray) -> np.ndarray:
    """Readings (T, 6) in the order of `joint`: all client readings, then all therapist readings."""
    return np.concatenate((readings[:, :3].ravel(), readings[:, 3:].ravel()))


def condition(
    mean: np.ndarray, cov: np.ndarray, seen: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """Moments of everything given the entries `seen`, and their log-density."""
    block = cov[np.ix_(seen, seen)]
    gap = values - mean[seen]
    gain = np.linalg.solve(block, cov[seen]).T
    loglik = -0.5 * (seen.size * np.log(2 * np.pi) + np.linalg.slogdet(block)[1] + gap @ np.linalg.solve(block, gap))
    return mean + gain @ gap, cov - gain @ cov[seen], float(loglik)
