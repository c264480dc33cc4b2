"""Control charts over one client's scores: XmR, Shewhart, EWMA, CUSUM. Only falls fire.

Scores (N, T), higher is better, NaN missing: a missed session leaves a chart where it was. A chart needs a centre and
an SD. Given by the caller, the run lengths of run_lengths.py hold exactly (for independent normal scores); left out,
both are taken from the client's own earlier scores (`settle` of them or more), and no exact figure is known.
"""

from typing import NamedTuple

import numpy as np

from accord.science.ruptures.model import Bools, Floats, Ints, Judged
from accord.science.ruptures.own_spread import columns, earlier_mean, marked, moments, previous

XMR_FACTOR = 2.66  # 3 / d₂ with d₂ = 1.128 for ranges of two


class Baseline(NamedTuple):
    """What a chart holds scores against: given, or None for the client's own earlier scores."""

    centre: float | None = None
    sd: float | None = None
    settle: int = 4


def xmr(scores: Floats, *, factor: float = XMR_FACTOR) -> Judged:
    """`xmr`: x̄ − x_t > factor · mean |x_t − x_before|, mean and moving ranges over the whole course.

    Source: Eubanks-Carter, Gorman & Muran (2012), Psychotherapy Research 22, 627-637. It describes a finished
    course: the limits know later sessions. Needs three valid scores.
    """
    before, _ = previous(scores)
    moves, mean_range, _ = moments(np.abs(scores - before))
    _, centre, _ = moments(scores)
    limit = (factor * mean_range)[:, None]
    below = centre[:, None] - scores
    with np.errstate(invalid="ignore"):
        fired = (below > limit) & (moves >= 2)[:, None]
    return Judged(
        kind=marked(fired, "shift"),
        size=below,
        statistic=below,
        limit=limit,
        band_low=centre[:, None] - limit,
        band_high=centre[:, None] + limit,
        first=np.array(0),
        last=np.array(scores.shape[1] - 1),
    )


def shewhart(scores: Floats, baseline: Baseline, *, width: float = 3.0) -> Judged:
    """`shewhart`: z_t < −width with z = (x − centre) / sd. Source: Shewhart (1931); Montgomery, SPC, ch. 5-6."""
    z, centre, sd = standardised(scores, baseline)
    judged = _judged(scores, -z, -z, width, sd)
    return judged._replace(band_low=centre - width * sd, band_high=centre + width * sd)


def ewma(scores: Floats, baseline: Baseline, *, weight: float = 0.2, width: float = 2.962) -> Judged:
    """`ewma`: w_t = (1 − λ) w_{t−1} + λ z_t from 0 falls below −L √(λ / (2 − λ)); it then starts again from 0.

    Source: Roberts (1959), Technometrics 1, 239-250; Lucas & Saccucci (1990), Technometrics 32, 1-12.
    """
    z, _, sd = standardised(scores, baseline)
    limit = width * np.sqrt(weight / (2.0 - weight))
    level, seen = np.zeros(len(scores)), np.zeros(scores.shape)
    for t in range(scores.shape[1]):
        moved = (1.0 - weight) * level + weight * z[:, t]
        level = np.where(np.isnan(moved), level, moved)
        seen[:, t] = level
        # two-sided, as its run lengths are: a rise starts it again without a flag
        level = np.where(np.abs(level) > limit, 0.0, level)
    return _judged(scores, -z, -seen, limit, sd)


def cusum(scores: Floats, baseline: Baseline, *, k: float = 0.5, h: float = 5.0) -> Judged:
    """`cusum`: S_t = max(0, S_{t−1} − z_t − k) passes h; it then starts again from 0.

    Source: Page (1954), Biometrika 41, 100-115; limits as Montgomery, SPC, ch. 9.
    """
    z, _, sd = standardised(scores, baseline)
    level, seen = np.zeros(len(scores)), np.zeros(scores.shape)
    for t in range(scores.shape[1]):
        moved = np.maximum(0.0, level - z[:, t] - k)
        level = np.where(np.isnan(moved), level, moved)
        seen[:, t] = level
        level = np.where(level > h, 0.0, level)
    return _judged(scores, -z, seen, h, sd)


def standardised(scores: Floats, baseline: Baseline) -> tuple[Floats, Floats, Floats]:
    """z (N, T), and the centre and SD used (broadcast to (N, T)). NaN where there is nothing to stand on."""
    mean, count = earlier_mean(scores)
    settled = count >= baseline.settle
    centre = np.array(baseline.centre) if baseline.centre is not None else np.where(settled, mean, np.nan)
    sd = np.array(baseline.sd) if baseline.sd is not None else _earlier_sd(scores, mean, count, settled)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(sd > 0.0, (scores - centre) / sd, np.nan)
    return z, centre, sd


def _earlier_sd(scores: Floats, mean: Floats, count: Ints, settled: Bools) -> Floats:
    """SD (n − 1) of the valid scores before each session, by the running sum of squares (Welford)."""
    squares = np.zeros(scores.shape)
    for t in range(1, scores.shape[1]):
        old, new = mean[:, t - 1], mean[:, t]
        gained = (scores[:, t - 1] - old) * (scores[:, t - 1] - new)
        squares[:, t] = squares[:, t - 1] + np.where(np.isnan(gained), 0.0, gained)
    return np.where(settled, np.sqrt(squares / np.maximum(count - 1, 1)), np.nan)


def _judged(scores: Floats, below: Floats, statistic: Floats, limit: float, sd: Floats) -> Judged:
    """Fires where a score was given and the statistic passes the limit. Size: points below the centre."""
    with np.errstate(invalid="ignore"):
        fired = (statistic > limit) & ~np.isnan(below)
        size = below * sd
    return Judged(
        kind=marked(fired, "shift"),
        size=size,
        statistic=statistic,
        limit=np.array(limit),
        band_low=np.array(np.nan),  # the statistic remembers earlier scores: no band of single ratings
        band_high=np.array(np.nan),
        first=np.array(0),
        last=columns(scores),
    )
