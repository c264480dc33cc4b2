"""The rules over a block of pairs, and their flags as one table in the user's own points."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from accord.batch.blocks import Block, Floats, Places
from accord.batch.errors import BadRequest
from accord.batch.estimating import Run, from_ten, moments
from accord.batch.numbers import Scale
from accord.batch.wide import Reading
from accord.science.errors import BadOptions
from accord.science.ruptures import CANNOT_KNOW, KINDS, Flags, limits_for, rules

OURS = "alliance"
_GAIN, _LOSS = KINDS.index("sudden-gain"), KINDS.index("sudden-loss")

FLAGS = {
    "pair": pl.String,
    "session": pl.Int64,
    "day": pl.Float64,
    "date": pl.Date,
    "pillar": pl.String,
    "rule": pl.String,
    "kind": pl.String,
    "version": pl.String,
    "score": pl.Float64,
    "size": pl.Float64,
    "limit": pl.Float64,
    "statistic": pl.Float64,
    "usual_low": pl.Float64,
    "usual_high": pl.Float64,
    "expected_false_alarms": pl.Float64,
    "first_reading": pl.Int64,
    "last_reading": pl.Int64,
    "cannot_know": pl.String,
}


class Setting(NamedTuple):
    """A rule made ready for one score of this table."""

    options: rules.Options
    alarms: float  # expected per 10 sessions of a course of usual length, nothing changing; NaN: not known


class Judges(NamedTuple):
    """Which rules, with what settings."""

    names: tuple[str, ...]
    options: rules.Options
    budget: float


def judges(names: Sequence[str], scale: Scale, *, cutoff: float | None, budget: float | None) -> Judges:
    """Rules by name; an unknown name is refused with the list of those there are."""
    known = (OURS, *(name for name in rules.BY_NAME if name != OURS))
    unknown = [name for name in names if name not in known]
    if unknown:
        raise BadRequest(f"no rule is called {', '.join(unknown)}; there are {', '.join(known)}")
    options = rules.Options(sign=1.0 if scale.better == "high" else -1.0)
    if cutoff is not None:
        options = options._replace(cutoff=cutoff, points=cutoff)
    allowed = options.budget if budget is None else budget
    try:
        limits_for(budget=allowed)
    except BadOptions as error:
        raise BadRequest(str(error)) from error
    return Judges(tuple(dict.fromkeys(names)) or (OURS,), options, allowed)


def flags_of_model(block: Block, run: Run, found: Flags, scale: Scale) -> pl.DataFrame:
    """Our own flags for one run; points are turned from 0..10 into the table's own."""
    span = (scale.high - scale.low) / 10.0
    names = np.array([run.names.get(pillar, "") for pillar in range(3)] + [""])
    ends = (from_ten(found.band_low, scale), from_ten(found.band_high, scale))
    place = [run.slots.get(pillar, -1) for pillar in range(3)] + [-1]
    own = found._replace(size=found.size * span, band_low=np.minimum(*ends), band_high=np.maximum(*ends))
    scores = _scores_at(block, own, np.array(place)[found.pillar])
    return _table(block, own, scores, OURS).with_columns(pillar=pl.Series(names[found.pillar], dtype=pl.String))


def flags_of_rules(
    block: Block, readings: Sequence[Reading], scale: Scale, settings: Mapping[tuple[str, int], Setting]
) -> pl.DataFrame:
    """The literature's rules on every score that clients gave, in the table's own points."""
    tables = [pl.DataFrame(schema=FLAGS)]
    for (name, place), setting in settings.items():
        found = rules.BY_NAME[name].judge(block.scores[:, :, place], setting.options)
        own = _good_end_up(found) if scale.better == "high" else found
        alike = own._replace(expected_false_alarms=np.full(len(own.pair), setting.alarms))
        scores = _scores_at(block, alike, np.full(len(own.pair), place))
        named = pl.lit(readings[place].name).alias("pillar")
        tables.append(_table(block, alike, scores, name).with_columns(named))
    return pl.concat(table.select(list(FLAGS)) for table in tables)


def _good_end_up(found: Flags) -> Flags:
    # The rule of sudden changes speaks of symptoms: where a high score is good, its gains are losses.
    swapped = found.kind.copy()
    swapped[found.kind == _GAIN], swapped[found.kind == _LOSS] = _LOSS, _GAIN
    changed = swapped != found.kind
    return found._replace(kind=swapped, size=np.where(changed, -found.size, found.size))


def _scores_at(block: Block, found: Flags, place: Places) -> Floats:
    scores = block.scores[found.pair, found.session, place]
    return np.where(place < 0, np.nan, scores)


def _table(block: Block, found: Flags, scores: Floats, rule: str) -> pl.DataFrame:
    numbers = {name: getattr(found, name) for name in ("size", "limit", "statistic", "expected_false_alarms")}
    numbers |= {"score": scores, "usual_low": found.band_low, "usual_high": found.band_high}
    frame = moments(block, found.pair, found.session).hstack(pl.DataFrame(numbers, nan_to_null=True))
    told = frame.with_columns(
        pl.lit(rule).alias("rule"),
        pl.lit(found.version).alias("version"),
        pl.Series("kind", found.kind_names, dtype=pl.String),
        pl.Series("first_reading", found.first, dtype=pl.Int64),
        pl.Series("last_reading", found.last, dtype=pl.Int64),
        pl.lit("").alias("pillar"),
    ).with_columns(pl.col("kind").replace_strict(CANNOT_KNOW, default="").alias("cannot_know"))
    return told.select(pl.col(name).cast(kind) for name, kind in FLAGS.items())
