"""The alliance model over a block of pairs, and its answers in the table's own points."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from accord.batch.blocks import Block, Floats, Places
from accord.batch.estimating_kernel import Points, Singles, Told, lay_out
from accord.batch.mapping import PILLARS
from accord.batch.numbers import Scale
from accord.batch.wide import Reading
from accord.science import alliance
from accord.science.alliance.filtering import TWO_THIRDS
from accord.science.ruptures import LEARNING, Flags, Limits, joined, judge_filtered

# A score that names no pillar is followed with the default numbers of bond, the pillar whose mean is highest.
STAND_IN = PILLARS.index("bond")

TILE = 1_024  # pairs taken through all steps at a time

# What estimates tell of each pillar; their columns are named goal_score, goal_level, …
TALL = ("score", "therapist_score", "level", "level_sd", "usual_low", "usual_high")


class Run(NamedTuple):
    """Readings that the model takes together: the pillars of a pair, or one score of its own."""

    names: dict[int, str]  # place among goal, task, bond → what the output calls it
    slots: dict[int, int]  # place among the six readings of the model → place among the table's readings


class Seen(NamedTuple):
    """What the model makes of one run in one block of N pairs with R sessions that exist."""

    run: Run
    laid: Singles  # (4, 3, R) level, level sd, usual low and usual high of each pillar, in the table's own points
    flags: Flags | None  # with places in the block; None: not asked for


def runs_of(readings: Sequence[Reading]) -> tuple[Run, ...]:
    """The pillars together, every other score by itself."""
    joint = [(place, reading) for place, reading in enumerate(readings) if reading.pillar]
    runs = [_run_of_pillars(joint)] if joint else []
    alone: dict[str, list[int]] = {}
    for place, reading in enumerate(readings):
        if not reading.pillar:
            alone.setdefault(reading.name, []).append(place)
    return tuple(runs + [_run_of_score(name, places) for name, places in alone.items()])


def _run_of_pillars(joint: Sequence[tuple[int, Reading]]) -> Run:
    slots = {}
    for place, reading in joint:
        slots[PILLARS.index(reading.pillar) + 3 * (reading.rater == "therapist")] = place
    return Run({pillar: PILLARS[pillar] for pillar in sorted({slot % 3 for slot in slots})}, slots)


def _run_of_score(name: str, places: Sequence[int]) -> Run:
    # Two readings of one name are the client's and the therapist's, in this order.
    return Run({STAND_IN: name}, {STAND_IN + 3 * reader: place for reader, place in enumerate(places)})


def to_ten(scores: Floats, scale: Scale) -> Floats:
    """Scores on 0..10, where 10 is the good end: (x − low) / (high − low) · 10, turned round for symptoms."""
    share = (scores - scale.low) / (scale.high - scale.low)
    turned = share if scale.better == "high" else 1.0 - share
    return np.asarray(np.clip(10.0 * turned, 0.0, 10.0))


def from_ten(points: Floats, scale: Scale) -> Floats:
    """The way back: values on 0..10 in the table's own points."""
    share = points / 10.0 if scale.better == "high" else 1.0 - points / 10.0
    return np.asarray(scale.low + share * (scale.high - scale.low))


def see(block: Block, run: Run, scale: Scale, params: alliance.Params, limits: Limits | None = None) -> Seen:
    """Filter, smooth and judge one run of a block on this thread: TILE pairs at a time, as a cache can hold them."""
    row = np.cumsum(np.count_nonzero(~np.isnan(block.session), axis=1))
    first = np.concatenate(([0], row))
    laid, flags = np.empty((4, 3, first[-1]), np.float32), []
    for start in range(0, len(block.pairs), TILE):
        part = slice(start, start + TILE)
        readings = to_ten(_six(block.scores[part], run), scale)
        ahead, back = alliance.filter_and_smooth(params, days=block.days[part], readings=readings, part=True)
        told = Told(
            block.session[part], readings, back.level_mean, back.level_sd, ahead.forecast_mean, ahead.forecast_sd
        )
        lay_out(told, _points(scale), (LEARNING, TWO_THIRDS), first[part], laid)
        if limits is not None:
            found = judge_filtered(ahead, readings=readings, limits=limits, part=True)
            flags.append(found._replace(pair=found.pair + start))
    return Seen(run, laid, joined(flags) if flags else None)


def _six(scores: Floats, run: Run) -> Floats:
    """The six readings of the model (N, T, 6), NaN where the table has none."""
    order = [run.slots.get(slot) for slot in range(6)]
    if order == list(range(scores.shape[2])):
        return scores
    six = np.full((*scores.shape[:2], 6), np.nan)
    for slot, place in run.slots.items():
        six[:, :, slot] = scores[:, :, place]
    return six


def estimates(block: Block, runs: Sequence[Seen], version: str) -> pl.DataFrame:
    """A row for each pair and session that was rated by either of the two, with columns for each pillar.

    Levels and bands are kept in single precision, seven digits; the usual band is empty until LEARNING check-ins
    of the client are in: before that it would show the average pair's usual, not this one's.
    """
    pair, session = np.nonzero(~np.isnan(block.session))
    at = pair, session
    columns: dict[str, Singles | Floats] = {}
    for seen in runs:
        columns |= _of_run(block, seen, at)
    numbers = pl.DataFrame(columns, nan_to_null=True)
    return moments(block, *at).hstack(numbers).with_columns(pl.lit(version).alias("version"))


def _of_run(block: Block, seen: Seen, at: tuple[Places, Places]) -> dict[str, Singles | Floats]:
    columns: dict[str, Singles | Floats] = {}
    for pillar, name in seen.run.names.items():
        for slot, what in ((pillar, "score"), (pillar + 3, "therapist_score")):
            if slot in seen.run.slots:
                columns[f"{name}_{what}"] = block.scores[..., seen.run.slots[slot]][at]
        columns |= {f"{name}_{what}": seen.laid[place, pillar] for place, what in enumerate(TALL[2:])}
    return columns


def _points(scale: Scale) -> Points:
    share = (scale.high - scale.low) / 10.0
    whole = (scale.low, scale.high, scale.better) == (0.0, 10.0, "high")
    return Points(scale.low, share, whole) if scale.better == "high" else Points(scale.high, -share, whole)


def tall(estimates: pl.DataFrame) -> pl.DataFrame:
    """A row for each pair, session and pillar that was rated, from a row for each pair and session."""
    frames = []
    for level in estimates.columns:
        if level.endswith("_level"):
            name = level.removesuffix("_level")
            mine = [column for column in estimates.columns if column in {f"{name}_{what}" for what in TALL}]
            renamed = {column: column.removeprefix(f"{name}_") for column in mine}
            frames.append(
                estimates.select("pair", "session", "day", pl.lit(name).alias("pillar"), *mine).rename(renamed)
            )
    blank = pl.DataFrame(schema=dict.fromkeys(TALL, pl.Float64))
    whole = pl.concat([blank, *frames], how="diagonal_relaxed").select("pair", "session", "day", "pillar", *TALL)
    rated = pl.any_horizontal(pl.col("score", "therapist_score").is_not_null())
    return whole.filter(rated).sort("session", maintain_order=True)


def moments(block: Block, pair: Places, session: Places) -> pl.DataFrame:
    """Who and when: pair, session, day since the pair's first session, date where the table has dates."""
    at = (pair, session)
    timed = np.floor(block.at[at]).astype(np.int32) if block.dated else None
    return pl.DataFrame(
        {
            "pair": block.pairs.gather(pair),
            "session": block.session[at].astype(np.int64),
            "day": block.days[at],
            "date": pl.repeat(None, len(pair), dtype=pl.Date, eager=True)
            if timed is None
            else pl.Series(timed).cast(pl.Date),
        }
    )
