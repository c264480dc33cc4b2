"""Pairs drawn from `alliance@1` at given days: the exact process, then the ratings."""

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from accord.science.alliance.model import READINGS, Floats, Params
from accord.science.errors import BadReadings


class Drawn(NamedTuple):
    """N pairs at T sessions; NaN where a session does not exist."""

    level: Floats  # (N, T, 3) the truth a_p(t)
    trait: Floats  # (N, 3) the truth μ_p + u_p
    readings: Floats  # (N, T, 6)


def draw(params: Params, *, days: ArrayLike, rng: Generator, whole: bool = True) -> Drawn:
    """Draw everything that happens to N pairs on their days (N, T), NaN where a session does not exist.

    u, then d from its stationary law and by its exact transition over each gap, then b and the six ratings of
    every session, whole and cut off at 0 and 10 where `whole` is set. Same generator state, same pairs.
    Raises BadReadings: days that are no (N, T), or that decrease.
    """
    when = np.asarray(days, dtype=np.float64)
    if when.ndim != 2:
        raise BadReadings(f"days {when.shape}: expected (N, T)")
    last = np.fmax.accumulate(when, axis=1)
    if (when < last).any():
        raise BadReadings(f"pair {int(np.argwhere(when < last)[0, 0])}: a session before the one already drawn")
    filled = np.nan_to_num(last)
    usual = rng.multivariate_normal(np.zeros(3), params.trait_cov, size=len(when), method="eigh")
    growth = -np.expm1(-filled / params.gain_days)[..., None] * params.gain
    level = params.mean + growth + usual[:, None, :] + draw_moving(params, filled, rng)
    readings = draw_readings(params, level, rng, whole=whole)
    missing = np.isnan(when)
    level[missing], readings[missing] = np.nan, np.nan
    return Drawn(level, params.mean + usual, readings)


def draw_moving(params: Params, days: Floats, rng: Generator) -> Floats:
    """Exact Ornstein–Uhlenbeck (N, T, 3): d ← F d + N(0, Σ_d − F Σ_d F), F = exp(−λ Δ), a covariance for each gap."""
    pairs, sessions = days.shape
    rates = params.state_rate[:, None] + params.state_rate[None, :]
    moving = np.empty((pairs, sessions, 3))
    moving[:, 0] = rng.multivariate_normal(np.zeros(3), params.state_cov, size=pairs, method="eigh")
    for t in range(1, sessions):
        gap = (days[:, t] - days[:, t - 1])[:, None]
        fresh = -np.expm1(-rates * gap[..., None]) * params.state_cov
        moving[:, t] = np.exp(-params.state_rate * gap) * moving[:, t - 1]
        moving[:, t] += np.einsum("npk,nk->np", _roots(fresh), rng.standard_normal((pairs, 3)))
    return moving


def _roots(cov: Floats) -> Floats:
    """Lower triangles L with L L' = cov for (N, 3, 3), Cholesky written out; a zero pivot leaves a zero column."""
    root = np.zeros_like(cov)
    for c in range(3):
        pivot = cov[:, c, c] - np.einsum("nk,nk->n", root[:, c, :c], root[:, c, :c])
        root[:, c, c] = np.sqrt(np.maximum(pivot, 0.0))
        safe = np.where(root[:, c, c] > 1e-8, root[:, c, c], np.inf)
        for r in range(c + 1, 3):
            rest = cov[:, r, c] - np.einsum("nk,nk->n", root[:, r, :c], root[:, c, :c])
            root[:, r, c] = rest / safe
    return root


def draw_readings(params: Params, level: Floats, rng: Generator, *, whole: bool) -> Floats:
    """The six ratings (N, T, 6) of the levels (N, T, 3), with each therapist's own lean."""
    lean = draw_lean(params, len(level), rng)
    readings = rate(params, level, lean=lean, noise=rng.standard_normal((*level.shape[:2], READINGS)))
    if whole:
        np.clip(np.rint(readings, out=readings), 0.0, 10.0, out=readings)
    return readings


def draw_lean(params: Params, pairs: int, rng: Generator) -> Floats:
    """Each therapist's lasting lean b (N, 3)."""
    return rng.multivariate_normal(np.zeros(3), params.bias_cov, size=pairs, method="eigh")


def rate(params: Params, level: Floats, *, lean: Floats, noise: Floats) -> Floats:
    """The six ratings before rounding; noise (N, T, 6) has mean 0 and SD 1, and is written over."""
    noise *= np.sqrt(np.concatenate((params.noise, params.therapist_noise)))
    noise[..., :3] += level
    noise[..., 3:] += params.therapist_mean + lean[:, None, :] + params.tracking * (level - params.mean)
    return noise
