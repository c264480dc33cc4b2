"""Reliable change (Jacobson & Truax 1991, J Consult Clin Psychol 59, 12-19)."""

from typing import NamedTuple

import numpy as np

from accord.science.errors import BadOptions
from accord.science.ruptures.model import Floats, Judged
from accord.science.ruptures.own_spread import columns, marked

RELIABLE = 1.96


class Spread(NamedTuple):
    """How much two scores of an unchanged person differ."""

    error: float  # SEM = SD √(1 − r)
    difference: float  # S_diff = √2 SEM


def spread_of(sd: float, reliability: float) -> Spread:
    """SEM and S_diff of a score with this SD and reliability. Raises BadOptions."""
    if not sd > 0.0 or not 0.0 <= reliability < 1.0:
        raise BadOptions(f"sd {sd!r}, reliability {reliability!r}: allowed are sd > 0 and 0 <= r < 1")
    error = sd * np.sqrt(1.0 - reliability)
    return Spread(float(error), float(np.sqrt(2.0) * error))


def reliable_change(before: Floats, after: Floats, *, sd: float, reliability: float) -> Floats:
    """RC = (x₂ − x₁) / S_diff; beyond ±1.96 it is more than error explains in 95 of 100 unchanged people."""
    change: Floats = (after - before) / spread_of(sd, reliability).difference
    return change


def reliable_falls(scores: Floats, *, sd: float, reliability: float = 0.8) -> Judged:
    """`reliable-change`: RC of each score against the client's first valid one is below −1.96.

    Scores (N, T), higher is better, NaN missing. Size is the fall in points, the statistic −RC.
    """
    given = ~np.isnan(scores)
    place = np.argmax(given, axis=1)
    first = scores[np.arange(len(scores)), place][:, None]
    fall = -reliable_change(first, scores, sd=sd, reliability=reliability)
    unit = spread_of(sd, reliability).difference
    with np.errstate(invalid="ignore"):
        fired = fall > RELIABLE
    return Judged(
        kind=marked(fired, "reliable-fall"),
        size=first - scores,
        statistic=fall,
        limit=np.array(RELIABLE),
        band_low=first - RELIABLE * unit,
        band_high=first + RELIABLE * unit,
        first=place[:, None],
        last=columns(scores),
    )
