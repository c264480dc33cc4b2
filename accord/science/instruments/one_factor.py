"""One factor behind a set of items, by maximum likelihood, for many covariance matrices at once.

x_k = μ_k + λ_k f + e_k,  f ~ N(0, 1),  e_k ~ N(0, ψ_k):   Σ = λλ' + diag ψ

EM (Rubin & Thayer 1982, Psychometrika 47, 69-76), which needs no step length and never gets worse. With S the
covariances and β = Σ⁻¹λ = ψ⁻¹λ / (1 + λ'ψ⁻¹λ):

    λ ← Sβ / (1 − β'λ + β'Sβ),   ψ ← diag S − λ · Sβ,  not below 0.005 of the item's variance

EM creeps where items hardly go together, so every two steps are stretched (Varadhan & Roland 2008, Scand J Stat 35,
335-353), and the stretched point is kept only where it is better: with θ = (λ, ψ), r = θ₁ − θ₀, v = θ₂ − θ₁ − r,
θ₀ + 2ar + a²v for a = max(1, |r|/|v|), and one more step of EM from there.
"""

from typing import NamedTuple

import numpy as np

from accord.science.grids import Floats

SMALLEST = 0.005  # share of an item's variance: below it an item *is* the factor, and the likelihood has no top
_MOST = 20_000
_FARTHEST = 1000.0


class Factor(NamedTuple):
    """The factor of each of D matrices, K items."""

    loadings: Floats  # λ (D, K) points of an item for one SD of the factor
    unique: Floats  # ψ (D, K) points²
    converged: bool


def one_factor(cov: Floats, *, tolerance: float = 1e-9) -> Factor:
    """λ and ψ for `cov` (D, K, K), positive definite; stops when no step of EM moves a λ or ψ of the correlations by
    more than `tolerance`."""
    sd = np.sqrt(np.diagonal(cov, axis1=1, axis2=2))
    correlations = cov / (sd[:, :, None] * sd[:, None, :])
    theta, moved = _start(correlations), np.inf
    for _ in range(_MOST):
        first = _improved(correlations, theta)
        second = _improved(correlations, first)
        moved = float(np.abs(second - first).max())
        if moved <= tolerance:
            break
        theta = _stretched(correlations, theta, first, second)
    loadings, unique = theta[:, 0], theta[:, 1]
    sign = np.where(loadings.sum(axis=1, keepdims=True) < 0.0, -1.0, 1.0)
    return Factor(sign * loadings * sd, unique * sd**2, moved <= tolerance)


def _start(correlations: Floats) -> Floats:
    """θ (D, 2, K) from the first principal component."""
    values, vectors = np.linalg.eigh(correlations)
    loadings = np.clip(0.8 * vectors[:, :, -1] * np.sqrt(values[:, -1:]), -0.95, 0.95)
    return np.stack((loadings, 1.0 - loadings**2), axis=1)


def _improved(correlations: Floats, theta: Floats) -> Floats:
    loadings = theta[:, 0]
    ratio = loadings / theta[:, 1]
    beta = ratio / (1.0 + (loadings * ratio).sum(axis=1, keepdims=True))
    shared = (correlations @ beta[:, :, None])[:, :, 0]
    spread = 1.0 - (beta * loadings).sum(axis=1) + (beta * shared).sum(axis=1)
    better = shared / spread[:, None]
    return np.stack((better, np.maximum(1.0 - better * shared, SMALLEST)), axis=1)


def _stretched(correlations: Floats, theta: Floats, first: Floats, second: Floats) -> Floats:
    step, bend = first - theta, second - 2.0 * first + theta
    lengths = np.sqrt((step**2).sum(axis=(1, 2)) / np.maximum((bend**2).sum(axis=(1, 2)), 1e-300))
    far = np.clip(lengths, 1.0, _FARTHEST)[:, None, None]
    jump = theta + 2.0 * far * step + far**2 * bend
    jump[:, 1] = np.clip(jump[:, 1], SMALLEST, 1.0)
    jump = _improved(correlations, jump)
    better = _misfit(correlations, jump) < _misfit(correlations, second)
    return np.where(better[:, None, None], jump, second)


def _misfit(correlations: Floats, theta: Floats) -> Floats:
    """log |Σ| + tr(SΣ⁻¹) of each matrix, (D,)."""
    ratio = theta[:, 0] / theta[:, 1]
    above = 1.0 + (theta[:, 0] * ratio).sum(axis=1)
    pulled = (ratio * (correlations @ ratio[:, :, None])[:, :, 0]).sum(axis=1) / above
    misfit: Floats = np.log(theta[:, 1]).sum(axis=1) + np.log(above) + (1.0 / theta[:, 1]).sum(axis=1) - pulled
    return misfit
