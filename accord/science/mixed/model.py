"""Mixed models: many readings of one person, with what all people share and what each has of their own.

For person i with n_i readings:   y_i = X_i β + Z_i b_i + e_i,   b_i ~ N(0, Ψ),   e_i ~ N(0, σ² I)
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from accord.science.grids import Floats

Ints = NDArray[np.int64]


class Rows(NamedTuple):
    """n readings in long form: one row a reading."""

    y: Floats  # (n,)
    fixed: Floats  # X (n, K)
    random: Floats  # Z (n, R)
    person: Ints  # (n,) any whole numbers; equal numbers are one person


class Effect(NamedTuple):
    """One number that all people share, with its 95 % interval."""

    estimate: float
    se: float
    low: float
    high: float


class MixedFit(NamedTuple):
    """A mixed model fitted by restricted maximum likelihood."""

    names: tuple[str, ...]  # of the K fixed effects
    effects: Floats  # β (K,)
    effects_cov: Floats  # (K, K)
    random_cov: Floats  # Ψ (R, R), points²
    residual_variance: float  # σ², points²
    criterion: float  # −2 × restricted log-likelihood
    person: Ints  # (N,) the people, in the order of `own`
    own: Floats  # b_i (N, R) each person's own part, given all readings (shrunken towards 0)
    own_cov: Floats  # (N, R, R) its uncertainty with β and the variances taken as known
    readings: int  # n
    singular: bool  # a variance of Ψ, or of a mixture of its parts, is at zero

    def effect(self, name: str) -> Effect:
        """One fixed effect: β ± t(.975; N − K) × its standard error."""
        return effect_of(self, self.names.index(name))

    @property
    def freedom(self) -> int:
        """N − K: people, not readings, limit what is known; careful where an effect lies within people only."""
        return max(len(self.person) - len(self.names), 1)


def effect_of(fit: MixedFit, place: int) -> Effect:
    """The fixed effect at that place of `names`."""
    weights = np.zeros(len(fit.names))
    weights[place] = 1.0
    return combined(fit, weights)


def combined(fit: MixedFit, weights: Floats) -> Effect:
    """w'β with its standard error √(w' Cov(β) w) and 95 % interval; `weights` (K,)."""
    estimate = float(weights @ fit.effects)
    se = float(np.sqrt(np.maximum(weights @ fit.effects_cov @ weights, 0.0)))
    reach = t_quantile(fit.freedom) * se
    return Effect(estimate, se, estimate - reach, estimate + reach)


def t_quantile(freedom: int) -> float:
    """t(.975; freedom)."""
    return float(stats.t.ppf(0.975, freedom))
