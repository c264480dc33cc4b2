"""State and trait apart: each person's mean over sessions, and what moves around it.

Source: Curran & Bauer (2011), Annu Rev Psychol 62, 583-619, for person-mean centring.
"""

from typing import Any, NamedTuple

import numpy as np

from accord.science.grids import Floats, grid
from accord.science.mixed.model import Ints


class Split(NamedTuple):
    """x_it = x̄_i + (x_it − x̄_i), for N people and T sessions."""

    trait: Floats  # x̄_i (N,) mean over the sessions that were answered; NaN where there is none
    state: Floats  # x_it − x̄_i (N, T); NaN where missing
    count: Ints  # type: ignore[assignment]  # (N,) sessions answered; the word shadows tuple.count
    between: float  # variance of the true person means, points²; 0 where the estimate falls below
    within: float  # variance around a person's own mean, points²
    share_between: float  # between / (between + within): ICC(1,1) with unequal numbers of sessions


def split(scores: Any) -> Split:
    """Person means, deviations, and the variance of each, from `scores` (N, T), NaN missing.

    within = Σ_i Σ_t (x_it − x̄_i)² / Σ_i (n_i − 1);  between = (MS_b − within) / n₀, with the mean square between
    people MS_b = Σ_i n_i (x̄_i − x̄)² / (N − 1) and n₀ = (Σ n_i − Σ n_i² / Σ n_i) / (N − 1). NaN where fewer than two
    people answered, or none twice. A person's mean is not their true level: it carries within / n_i of noise.
    Raises BadReadings for tables that are none.
    """
    table = grid("scores", scores)
    given = ~np.isnan(table)
    count = given.sum(axis=1)
    mean = np.where(given, table, 0.0).sum(axis=1) / np.maximum(count, 1)
    state = table - mean[:, None]
    between, within = _variances(state, mean, count)
    total = between + within
    share = between / total if total > 0.0 else np.nan
    return Split(np.where(count > 0, mean, np.nan), state, count, between, within, float(share))


def _variances(state: Floats, mean: Floats, count: Ints) -> tuple[float, float]:
    people, readings = int((count > 0).sum()), int(count.sum())
    if people < 2 or readings <= people:
        return np.nan, np.nan
    within = float(np.nansum(state**2)) / (readings - people)
    grand = float(mean @ count) / readings
    square = float(count @ (mean - grand) ** 2) / (people - 1)
    usual = (readings - float((count**2).sum()) / readings) / (people - 1)
    return max((square - within) / usual, 0.0), within
