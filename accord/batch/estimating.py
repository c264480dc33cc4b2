"""The alliance model over a block of pairs, and its answers in the table's own points."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from accord.batch.blocks import Block, Floats, Places
from accord.batch.mapping import PILLARS
from accord.batch.numbers import Scale
from accord.batch.wide import Reading
from accord.science import alliance
from accord.science.alliance.filtering import TWO_THIRDS
from accord.science.ruptures import LEARNING

# A score that names no pillar is followed with the default numbers of bond, the pillar whose mean is highest.
STAND_IN = PILLARS.index("bond")

ESTIMATES = {
    "pair": pl.String,
    "session": pl.Int64,
    "day": pl.Float64,
    "date": pl.Date,
    "pillar": pl.String,
    "score": pl.Float64,
    "therapist_score": pl.Float64,
    "level": pl.Float64,
    "level_sd": pl.Float64,
    "usual_low": pl.Float64,
    "usual_high": pl.Float64,
    "version": pl.String,
}


class Run(NamedTuple):
    """Readings that the model takes together: the pillars of a pair, or one score of its own."""

    names: dict[int, str]  # place among goal, task, bond → what the output calls it
    slots: dict[int, int]  # place among the six readings of the model → place among the table's readings


class Seen(NamedTuple):
    """What the model makes of one run in one block."""

    run: Run
    readings: Floats  # (N, T, 6) on 0..10
    filtered: alliance.Filtered
    smoothed: alliance.Smoothed


def runs_of(readings: Sequence[Reading]) -> tuple[Run, ...]:
    """The pillars together, every other score by itself."""
    joint = [(place, reading) for place, reading in enumerate(readings) if reading.pillar]
    runs = [_run_of_pillars(joint)] if joint else []
    alone = [(place, reading) for place, reading in enumerate(readings) if not reading.pillar]
    return tuple(runs + [Run({STAND_IN: reading.name}, {STAND_IN: place}) for place, reading in alone])


def _run_of_pillars(joint: Sequence[tuple[int, Reading]]) -> Run:
    slots = {}
    for place, reading in joint:
        slots[PILLARS.index(reading.pillar) + 3 * (reading.rater == "therapist")] = place
    return Run({pillar: PILLARS[pillar] for pillar in sorted({slot % 3 for slot in slots})}, slots)


def to_ten(scores: Floats, scale: Scale) -> Floats:
    """Scores on 0..10, where 10 is the good end: (x − low) / (high − low) · 10, turned round for symptoms."""
    share = (scores - scale.low) / (scale.high - scale.low)
    turned = share if scale.better == "high" else 1.0 - share
    return np.asarray(np.clip(10.0 * turned, 0.0, 10.0))


def from_ten(points: Floats, scale: Scale) -> Floats:
    """The way back: values on 0..10 in the table's own points."""
    share = points / 10.0 if scale.better == "high" else 1.0 - points / 10.0
    return np.asarray(scale.low + share * (scale.high - scale.low))


def see(block: Block, run: Run, scale: Scale, params: alliance.Params) -> Seen:
    """Filter and smooth one run of a block."""
    readings = np.full((*block.days.shape, 6), np.nan)
    for slot, place in run.slots.items():
        readings[:, :, slot] = to_ten(block.scores[:, :, place], scale)
    filtered = alliance.filter_pairs(params, days=block.days, readings=readings)
    smoothed = alliance.smooth_pairs(params, days=block.days, readings=readings)
    return Seen(run, readings, filtered, smoothed)


def usual(seen: Seen, scale: Scale) -> tuple[Floats, Floats]:
    """The band (N, T, 3) in which two of three client ratings were expected, in own points.

    Known before the session; NaN until LEARNING check-ins are in.
    """
    # Before that many check-ins a band would show the average pair's usual, not this one's.
    rated = np.logical_not(np.isnan(seen.readings[..., :3]).all(axis=2))
    learning = np.asarray(np.cumsum(rated, axis=1) - rated < LEARNING)
    mean = np.where(learning[..., None], np.nan, seen.filtered.forecast_mean[..., :3])
    sd = seen.filtered.forecast_sd[..., :3]
    if (scale.low, scale.high, scale.better) == (0.0, 10.0, "high"):
        low, high = alliance.usual_band(mean, sd)
        return np.where(low < 0, np.nan, low), np.where(high < 0, np.nan, high)
    half = TWO_THIRDS * sd
    ends = (from_ten(np.clip(mean + side * half, 0.0, 10.0), scale) for side in (-1, 1))
    first, second = ends
    return np.minimum(first, second), np.maximum(first, second)


def estimates(block: Block, seen: Seen, scale: Scale, version: str) -> pl.DataFrame:
    """A row for each pair, session and pillar that was rated by either of the two."""
    low, high = usual(seen, scale)
    level = from_ten(seen.smoothed.level_mean, scale)
    level_sd = seen.smoothed.level_sd * (scale.high - scale.low) / 10.0
    frames = []
    for pillar, name in seen.run.names.items():
        given = [_given(block, seen.run, slot) for slot in (pillar, pillar + 3)]
        pair, session = np.nonzero(~np.isnan(given[0]) | ~np.isnan(given[1]))
        at = (pair, session)
        columns = {"score": given[0][at], "therapist_score": given[1][at]}
        columns |= {"level": level[..., pillar][at], "level_sd": level_sd[..., pillar][at]}
        columns |= {"usual_low": low[..., pillar][at], "usual_high": high[..., pillar][at]}
        numbers = pl.DataFrame(columns, nan_to_null=True)
        frames.append(moments(block, pair, session).hstack(numbers).with_columns(pillar=pl.lit(name)))
    told = pl.concat(frames).with_columns(version=pl.lit(version))
    return told.select(pl.col(column).cast(kind) for column, kind in ESTIMATES.items())


def moments(block: Block, pair: Places, session: Places) -> pl.DataFrame:
    """Who and when: pair, session, day since the pair's first session, date where the table has dates."""
    at = (pair, session)
    timed = pl.Series(block.at[at]).floor().cast(pl.Int32) if block.dated else [None] * len(pair)
    return pl.DataFrame(
        {
            "pair": block.pairs.gather(pair),
            "session": block.session[at].astype(np.int64),
            "day": block.days[at],
            "date": pl.Series(timed, dtype=pl.Int32).cast(pl.Date),
        }
    )


def _given(block: Block, run: Run, slot: int) -> Floats:
    place = run.slots.get(slot)
    return np.full(block.days.shape, np.nan) if place is None else block.scores[:, :, place]
