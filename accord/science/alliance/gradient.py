"""The gradient of the log-likelihood in every parameter, exact to rounding."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from accord.science.alliance.filtering import check, history_of, plan_of, prior_cov
from accord.science.alliance.kernels import PART, gradient_rows
from accord.science.alliance.layout import (
    NUMBERS,
    PLACE,
    SUM_BIAS,
    SUM_DAYS,
    SUM_GAIN,
    SUM_MEAN,
    SUM_NOISE,
    SUM_RATE,
    SUM_STATE,
    SUM_THERAPIST,
    SUM_THERAPIST_NOISE,
    SUM_TRACKING,
    SUM_TRAIT,
    History,
)
from accord.science.alliance.model import Floats, Params

_NO_SEEDS = np.empty((0, 9))


class Gradient(NamedTuple):
    """∂ℓ/∂θ at some parameters, a field each; for a covariance the symmetric G with dℓ = tr(G dΣ)."""

    loglik: float  # ℓ, summed over pairs
    mean: Floats  # (3,)
    gain: Floats  # (3,)
    gain_days: float
    trait_cov: Floats  # (3, 3)
    state_rate: Floats  # (3,)
    state_cov: Floats  # (3, 3)
    noise: Floats  # (3,)
    therapist_mean: Floats  # (3,)
    tracking: Floats  # (3,)
    bias_cov: Floats  # (3, 3)
    therapist_noise: Floats  # (3,)


def gradient(params: Params, *, days: ArrayLike, readings: ArrayLike, censored: bool = True) -> Gradient:
    """Log-likelihood of N pairs and its gradient; arguments and errors as in `filter_pairs`.

    Reverse differentiation of the filter's own arithmetic, one reading at a time from the last to the first; at an
    end of the scale the derivatives of the hazard go along, so that it is the gradient of the very number that
    `likelihood` gives. For open ratings it is Koopman & Shephard's score (1992, Biometrika 79, 823-826).
    """
    history = history_of(days, readings)
    return with_seeds(params, history, _NO_SEEDS, whole=censored)[0]


def with_seeds(params: Params, history: History, seeds: Floats, *, whole: bool) -> tuple[Gradient, Floats]:
    """The gradient of ℓ plus a function of the final traits, whose derivatives in their mean and packed covariance
    (off-diagonal ones halved) are `seeds` (N, 9), or none (0, 9). Also what `filtering.traits` gives."""
    pairs = history.days.shape[0]
    found, sums = np.empty((pairs, 10)), np.empty((-(-pairs // PART), NUMBERS))
    gradient_rows(plan_of(params, whole=whole), prior_cov(params), history, seeds, found, sums)
    check(found[:, 0], history, since=np.zeros(pairs), whole=whole)
    return _named(float(found[:, 0].sum()), sums.sum(axis=0)), found


def _named(loglik: float, total: Floats) -> Gradient:
    def three(first: int) -> Floats:
        return total[first : first + 3].copy()

    def square(first: int) -> Floats:
        return total[first : first + 6][PLACE[:3, :3]]

    return Gradient(
        loglik=loglik,
        mean=three(SUM_MEAN),
        gain=three(SUM_GAIN),
        gain_days=float(total[SUM_DAYS]),
        trait_cov=square(SUM_TRAIT),
        state_rate=three(SUM_RATE),
        state_cov=square(SUM_STATE),
        noise=three(SUM_NOISE),
        therapist_mean=three(SUM_THERAPIST),
        tracking=three(SUM_TRACKING),
        bias_cov=square(SUM_BIAS),
        therapist_noise=three(SUM_THERAPIST_NOISE),
    )
