"""What the model says, pair by pair, laid out as the rows of a table: one pass, on the thread that asks."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.science.alliance.layout import compiled

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
LEVEL, LEVEL_SD, USUAL_LOW, USUAL_HIGH = range(4)


class Points(NamedTuple):
    """From 0..10 to the table's own points: base + share · x."""

    base: float
    share: float  # negative where a low score is the good one
    whole: bool  # the table's points are those of the model: the usual band is made of whole ratings


class Told(NamedTuple):
    """One run's answers for N pairs and T sessions."""

    session: Floats  # (N, T) NaN where there is none
    readings: Floats  # (N, T, 6)
    level_mean: Floats  # (N, T, 3)
    level_sd: Floats  # (N, T, 3)
    forecast_mean: Floats  # (N, T, 3)
    forecast_sd: Floats  # (N, T, 3)


@compiled
def lay_out(told: Told, points: Points, wait: tuple[int, float], first: NDArray[np.int64], out: Singles) -> None:
    """Fill out (4, 3, R): level, level sd, usual low and usual high of each pillar at each session that exists.

    wait: check-ins of the client before there is a usual band, and its half-width in sd. first (N,): row of each
    pair's first session. The band is that of `alliance.usual_band` where points are whole, else mean ± half-width.
    """
    learning, half_width = wait
    for pair in range(told.session.shape[0]):
        row, rated = first[pair], 0
        for t in range(told.session.shape[1]):
            if np.isnan(told.session[pair, t]):
                continue
            answered = False
            for p in range(3):
                out[LEVEL, p, row] = points.base + points.share * told.level_mean[pair, t, p]
                out[LEVEL_SD, p, row] = abs(points.share) * told.level_sd[pair, t, p]
                out[USUAL_LOW, p, row] = out[USUAL_HIGH, p, row] = np.nan
                answered = answered or not np.isnan(told.readings[pair, t, p])
                if rated < learning:
                    continue
                mean, half = told.forecast_mean[pair, t, p], half_width * told.forecast_sd[pair, t, p]
                low, high = mean - half, mean + half
                if points.whole:
                    low, high = np.ceil(low), np.floor(high)
                    if low > high:
                        low = high = np.rint(mean)
                low, high = min(max(low, 0.0), 10.0), min(max(high, 0.0), 10.0)
                ends = points.base + points.share * low, points.base + points.share * high
                out[USUAL_LOW, p, row], out[USUAL_HIGH, p, row] = min(ends), max(ends)
            rated += answered
            row += 1
