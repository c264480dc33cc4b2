"""Levels with hindsight: what all sessions of a pair together say about each of them."""

import numpy as np
from numpy.typing import ArrayLike

from accord.science.alliance.filtering import FEW_PAIRS, blank, check, history_of, plan_of, prior_cov
from accord.science.alliance.kernels import smooth_few, smooth_rows
from accord.science.alliance.layout import History
from accord.science.alliance.model import Filtered, Params, Smoothed


def smooth_pairs(params: Params, *, days: ArrayLike, readings: ArrayLike, censored: bool = True) -> Smoothed:
    """Fixed-interval smoothing of N pairs' whole histories; arguments and errors as in `filter_pairs`.

    Backward recursion of Durbin & Koopman (2012, sections 4.4 and 6.4), one reading at a time:
    r ← h e + L'r, N ← h h'w + L'N L with L = I − g w h', then r ← F r, N ← F N F over the days between sessions;
    the smoothed moments are m + P r and P − P N P. A censored reading keeps the e and w that it had on the way
    forward: exact for the Gaussian that stands in for the truncated one. Bond, goal and task levels in points;
    trait is the usual level μ + u without growth.
    """
    nothing = History(np.empty((0, 0)), np.empty((0, 0, 6)))
    return _smoothed(params, history_of(days, readings), blank(nothing), whole=censored)


def filter_and_smooth(
    params: Params, *, days: ArrayLike, readings: ArrayLike, censored: bool = True, part: bool = False
) -> tuple[Filtered, Smoothed]:
    """What `filter_pairs` and `smooth_pairs` give, for the price of little more than the second.

    part: these pairs are a part of a table of which each thread takes some. Then they stay on the calling thread,
    forecasts are those of the client's ratings alone, (N, T, 3), and `z` and `tail` are left out, (0, T, 6).
    """
    history = history_of(days, readings)
    ahead = blank(history, part=part)
    return ahead, _smoothed(params, history, ahead, whole=censored, part=part)


def _smoothed(params: Params, history: History, ahead: Filtered, *, whole: bool, part: bool = False) -> Smoothed:
    pairs, sessions = history.days.shape
    out = Smoothed(
        level_mean=np.empty((pairs, sessions, 3)),
        level_sd=np.empty((pairs, sessions, 3)),
        trait_mean=np.empty((pairs, 3)),
        trait_sd=np.empty((pairs, 3)),
        loglik=np.empty(pairs),
    )
    run = smooth_few if part or pairs < FEW_PAIRS else smooth_rows
    run(plan_of(params, whole=whole), prior_cov(params), history, out, ahead)
    check(out.loglik, history, since=np.zeros(pairs), whole=whole)
    return out
