"""Reliable change as a rule at every session; the formula itself is `accord.science.outcomes.reliable_change`."""

import numpy as np

from accord.science.outcomes.reliable_change import RELIABLE, reliable_change, spread_of
from accord.science.ruptures.model import Floats, Judged
from accord.science.ruptures.own_spread import columns, marked


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
