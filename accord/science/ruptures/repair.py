"""Statistical repair: is a pillar back, once a dip or slide took it down? `repair@1`.

A word for the two people and for research. It never ends an episode: only the client does.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from accord.science.alliance import Smoothed
from accord.science.errors import BadOptions
from accord.science.ruptures.model import Floats, Ints

VERSION = "repair@1"
BACK = 0.5  # share of the loss that may still be missing
SURE = 0.8
LOOK_BACK = 4  # sessions that stand for the level before


class Losses(NamedTuple):
    """What was flagged: F dips or slides."""

    pair: Ints  # (F,) row of the pair
    pillar: NDArray[np.int8]  # (F,) 0 goal, 1 task, 2 bond
    session: Ints  # (F,) column of the flag
    begun: Ints  # (F,) column at which it began: the flag's own for a dip, where the sum left 0 for a slide


class Repair(NamedTuple):
    """F losses with hindsight; NaN and −1 where there is nothing to say."""

    before: Floats  # (F,) smoothed level before, points
    loss: Floats  # (F,) before − smoothed level at the flag, points
    chance: Floats  # (F, T) P(back within half the loss); NaN up to the flag, and where a session does not exist
    session: Ints  # (F,) the first session with a chance above SURE, −1: none


def repairs(smoothed: Smoothed, losses: Losses) -> Repair:
    """When each flagged pillar came back, by smoothed levels.

    before = mean of the smoothed levels of the four sessions before it began; loss = before − level at the flag;
    back at t: a_p(t) ≥ before − loss/2. With the smoothed level N(m_t, v_t),

        P = Φ((m_t − before + loss/2) / √(v_t + v_0)),   v_0 = mean of the variances before.

    Smoothed, so that one high rating after a low one (regression to the mean) is not called repair: a rating that is
    soon followed by low ones has little say. Counting v_0 in full takes the two levels to be independent; they are
    positively correlated, so the chance is drawn towards one half and repair is named later rather than sooner.
    Nothing is said (NaN) where no session lies before, or where with hindsight nothing was lost (loss ≤ 0).
    Raises BadOptions: a loss that begins after its flag.
    """
    if (losses.begun > losses.session).any():
        raise BadOptions("begun: a loss cannot begin after its flag")
    mean, var = (
        smoothed.level_mean[losses.pair, :, losses.pillar],
        smoothed.level_sd[losses.pair, :, losses.pillar] ** 2,
    )
    columns = np.arange(mean.shape[1])
    near = (columns < losses.begun[:, None]) & (columns >= losses.begun[:, None] - LOOK_BACK) & ~np.isnan(mean)
    before, uncertain = _mean_over(mean, near), _mean_over(var, near)
    loss = before - mean[np.arange(len(mean)), losses.session]
    loss = np.where(loss > 0.0, loss, np.nan)
    chance = ndtr((mean - (before - BACK * loss)[:, None]) / np.sqrt(var + uncertain[:, None]))
    chance = np.where(columns > losses.session[:, None], chance, np.nan)
    with np.errstate(invalid="ignore"):
        back = chance > SURE
    return Repair(before, loss, chance, np.where(back.any(axis=1), back.argmax(axis=1), -1))


def _mean_over(values: Floats, places: NDArray[np.bool_]) -> Floats:
    """Mean of the marked values of each row, NaN where none is marked."""
    count = places.sum(axis=1)
    total = np.where(places, values, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
