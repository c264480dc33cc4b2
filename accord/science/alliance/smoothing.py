"""Levels with hindsight: what all sessions of a pair together say about each of them."""

import numpy as np
from numpy.typing import ArrayLike

from accord.science.alliance.filtering import FEW_PAIRS, check, history_of, plan_of, prior_cov
from accord.science.alliance.kernels import smooth_few, smooth_rows
from accord.science.alliance.model import Params, Smoothed


def smooth_pairs(params: Params, *, days: ArrayLike, readings: ArrayLike, censored: bool = True) -> Smoothed:
    """Fixed-interval smoothing of N pairs' whole histories; arguments and errors as in `filter_pairs`.

    Backward recursion of Durbin & Koopman (2012, sections 4.4 and 6.4), one reading at a time:
    r ← h e + L'r, N ← h h'w + L'N L with L = I − g w h', then r ← F r, N ← F N F over the days between sessions;
    the smoothed moments are m + P r and P − P N P. A censored reading keeps the e and w that it had on the way
    forward: exact for the Gaussian that stands in for the truncated one. Bond, goal and task levels in points;
    trait is the usual level μ + u without growth.
    """
    history = history_of(days, readings)
    pairs, sessions = history.days.shape
    out = Smoothed(
        level_mean=np.empty((pairs, sessions, 3)),
        level_sd=np.empty((pairs, sessions, 3)),
        trait_mean=np.empty((pairs, 3)),
        trait_sd=np.empty((pairs, 3)),
        loglik=np.empty(pairs),
    )
    run = smooth_few if pairs < FEW_PAIRS else smooth_rows
    run(plan_of(params, whole=censored), prior_cov(params), history, out)
    check(out.loglik, history, since=np.zeros(pairs), whole=censored)
    return out
