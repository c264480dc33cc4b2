"""Limits of `flags@2` that fit a practice's own check-ins, where these vary otherwise than the parameters say.

Ruptures are in the data too, and a quantile of the statistic itself would take them for usual. So only quiet sessions
speak: those of each pair before its statistic first passes CUT. Two numbers of their standardised forecast errors
(spread between the quartiles, skewness) are held against simulated pairs that are cut in the same way, over a
grid of variances and of skewness of the noise. Limits are then simulated with what fits best.
"""

from typing import NamedTuple

import numpy as np

from accord.science.alliance import Filtered, Params, filter_pairs
from accord.science.errors import BadReadings
from accord.science.ruptures.flags2_limits import SIZE, Table, simulate_table
from accord.science.ruptures.flags2_walk import trace_all
from accord.science.ruptures.model import Bools, Floats
from accord.science.simulation import World, simulate, spread_by

CUT = 0.3  # of the dip's statistic: about 1 session in 10 passes it when nothing happens
FEWEST = 1_000  # quiet ratings: below that, the two numbers say nothing
SPREADS = (0.5, 0.7, 1.0, 1.4, 2.0)  # times all variances
SKEWS = (-1.0, -0.5, 0.0)  # not further: a limit for more would be blind
PAIRS = 10_000  # of each simulation of the grid
# Differences of the log spread and of the skewness that chance and unseen ruptures can make in 2,000 pairs: smaller
# ones change nothing. Ruptures only ever add spread, so what is missing is believed sooner than what is added.
CALMER, WILDER, SKEW_SURE = 0.1, 0.2, 0.05


class Habits(NamedTuple):
    """How a practice's ratings vary, as far as their quiet sessions tell."""

    spread: float  # variances, times those of the parameters
    skew: float  # of the noise


def calibrated(params: Params, *, days: Floats, readings: Floats, size: int = SIZE, seed: int = 1) -> Table:
    """Limits for check-ins like these (N, T), (N, T, 6): simulated from `params` with the habits that they show.

    Habits that chance can explain are left out, so a practice that is as its parameters say keeps their limits.
    Simulated pairs meet as often and miss as many answers as these. Raises BadReadings where there is too little.
    """
    found = habits(params, days=days, readings=readings, seed=seed)
    if -CALMER < np.log(found.spread) < WILDER:
        found = found._replace(spread=1.0)
    truth = spread_by(params, found.spread, "as-seen")
    world = rhythm_of(days, readings)._replace(skew=found.skew)
    return simulate_table(params, truth=truth, world=world, size=size)._replace(made="calibrated")


def rhythm_of(days: Floats, readings: Floats) -> World:
    """How often these pairs meet and how much they leave unanswered, as a world."""
    gaps = np.diff(days, axis=1)
    gaps = gaps[~np.isnan(gaps)]
    low, middle, high = np.quantile(gaps, (0.16, 0.5, 0.84)) if len(gaps) else (7.0, 7.0, 7.0)
    given = ~np.isnan(readings[~np.isnan(days)])
    heard: Bools = np.asarray(given[:, :3].any(axis=1))
    return World(
        gap_days=max(float(middle), 0.1),
        gap_sd=float(high - low) / 2.0,
        skipped=0.0,
        missing=1.0 - float(given[heard, :3].mean()) if heard.any() else 0.0,
        missing_checkin=1.0 - float(heard.mean()) if heard.size else 0.0,
        missing_therapist=1.0 - float(given[:, 3:].any(axis=1).mean()) if heard.size else 1.0,
    )


def habits(params: Params, *, days: Floats, readings: Floats, seed: int = 1) -> Habits:
    """Spread from the quartiles' distance; skewness from the skewness at that spread, where it is more than chance.

    Straight lines between the simulations of the grid, over log spread.
    """
    width, lean = _quiet_numbers(filter_pairs(params, days=days, readings=readings), readings)
    world = rhythm_of(days, readings)
    straight = np.array([_simulated(params, spread, world, seed) for spread in SPREADS])
    spread = float(np.exp(np.interp(width, straight[:, 0], np.log(SPREADS))))
    usual = float(np.interp(np.log(spread), np.log(SPREADS), straight[:, 1]))
    if lean > usual - SKEW_SURE:
        return Habits(spread, 0.0)
    leaning = np.array([_simulated(params, spread, world._replace(skew=skew), seed) for skew in SKEWS])
    return Habits(spread, float(np.interp(lean, leaning[:, 1], SKEWS)))


def _simulated(params: Params, spread: float, world: World, seed: int) -> tuple[float, float]:
    truth = spread_by(params, spread, "grid")
    rng = np.random.default_rng(seed)  # the same for all: neighbours of the grid differ by their habits only
    drawn = simulate(truth, pairs=PAIRS, sessions=12, rng=rng, world=world)
    return _quiet_numbers(filter_pairs(params, days=drawn.days, readings=drawn.readings), drawn.readings)


def _quiet_numbers(filtered: Filtered, readings: Floats) -> tuple[float, float]:
    """Log of the quartiles' distance, and skewness, of standardised client ratings in quiet sessions."""
    ratio = trace_all(filtered, readings).ratio
    with np.errstate(invalid="ignore"):
        over = np.logical_or.accumulate(ratio > CUT, axis=1)
    z = filtered.z[..., :3][~np.isnan(ratio) & ~over]
    z = z[~np.isnan(z)]
    if len(z) < FEWEST:
        raise BadReadings(f"{len(z)} quiet ratings: at least {FEWEST} are needed to calibrate limits")
    low, high = np.quantile(z, (0.25, 0.75))
    away = z - z.mean()
    return float(np.log(high - low)), float((away**3).mean() / (away**2).mean() ** 1.5)
