"""Reliable change (Jacobson & Truax 1991, J Consult Clin Psychol 59, 12-19)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.science.errors import BadOptions, BadReadings
from accord.science.grids import Floats

RELIABLE = 1.96


class Spread(NamedTuple):
    """How much two scores of an unchanged person differ."""

    error: float  # SEM = SD √(1 − r)
    difference: float  # S_diff = √2 SEM


class Changed(NamedTuple):
    """N people, before and after."""

    points: Floats  # (N,) x₂ − x₁
    statistic: Floats  # (N,) RC
    direction: NDArray[np.int8]  # (N,) 1 reliably better, −1 reliably worse, 0 neither, or a score is missing
    known: int  # people with both scores
    limit: float  # points that a change must pass: 1.96 S_diff


def spread_of(sd: float, reliability: float) -> Spread:
    """SEM and S_diff of a score with this SD and reliability. Raises BadOptions."""
    if not 0.0 < sd < np.inf or not 0.0 <= reliability < 1.0:
        raise BadOptions(f"sd {sd!r}, reliability {reliability!r}: allowed are sd > 0 and 0 <= r < 1")
    error = sd * np.sqrt(1.0 - reliability)
    return Spread(float(error), float(np.sqrt(2.0) * error))


def reliable_change(before: Floats, after: Floats, *, sd: float, reliability: float) -> Floats:
    """RC = (x₂ − x₁) / S_diff; beyond ±1.96 it is more than error explains in 95 of 100 unchanged people."""
    change: Floats = (after - before) / spread_of(sd, reliability).difference
    return change


def reliably_changed(before: Floats, after: Floats, *, sd: float, reliability: float, lower_is_better: bool) -> Changed:
    """Who changed reliably: |RC| > 1.96, better or worse. `before`, `after` (N,), NaN missing.

    `sd` and `reliability` are those of the measure in people like these; both move the limit. RC says nothing about
    why, or whether the change matters to the person. Raises BadOptions; BadReadings where lengths differ.
    """
    before, after = np.asarray(before, float), np.asarray(after, float)
    if before.ndim != 1 or before.shape != after.shape:
        raise BadReadings(f"after: shape {after.shape}, but before has {before.shape}; give one score a person in both")
    statistic = reliable_change(before, after, sd=sd, reliability=reliability)
    better = -statistic if lower_is_better else statistic
    with np.errstate(invalid="ignore"):
        direction = (better > RELIABLE).astype(np.int8) - (better < -RELIABLE).astype(np.int8)
    limit = RELIABLE * spread_of(sd, reliability).difference
    return Changed(after - before, statistic, direction, int((~np.isnan(statistic)).sum()), limit)
