"""Ratings on their way from the table to the science: they can be gone through again, in whole pairs.

A Parquet table of numbers is read again where it is; everything else is read once and kept on disk. A table whose
pairs stand together (every wide one, most long ones) is handed on in its own order; one whose pairs are scattered is
first dealt into as many parts as memory asks for, and within a part pairs keep the order in which they first appear.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from accord.batch.mapping import Mapping
from accord.batch.quality import Quality
from accord.batch.ratings import Opened, as_name, ratings
from accord.batch.runs import Runs, Survey, same_as_before
from accord.batch.source import ROW
from accord.batch.times import is_session_number

PART_ROWS = 2_000_000
Step = Callable[[int], object]  # told how many rows are done


class Stage(NamedTuple):
    """Ratings that can be gone through again, and what is known about them before."""

    frames: Callable[[Quality], Iterable[pl.DataFrame]]  # what is odd goes to the quality that is given
    survey: Survey

    def whole_pairs(self, quality: Quality) -> Iterator[pl.DataFrame]:
        """The ratings, each frame holding all the rows of its pairs, rows of one pair together."""
        carried: list[pl.DataFrame] = []
        for frame in self.frames(quality):
            if not frame.height:
                continue
            whole = pl.concat([*carried, frame], rechunk=True)
            last = int(np.flatnonzero(~same_as_before(whole["pair"]).to_numpy())[-1])
            if last:
                yield whole.head(last)
            carried = [whole.slice(last)]
        yield from carried


def is_in_numbers(opened: Opened) -> bool:
    """Whether the table can be read again where it is: no session and no score has to be read out of text."""
    mapping, kinds = opened.meaning.mapping, opened.source.kinds
    columns = [*mapping.scored, *([mapping.session] if mapping.session else [])]
    return bool(kinds) and all(kinds[name].is_numeric() for name in columns)


def in_place(opened: Opened, told: Step) -> Stage:
    """A table of numbers, left where it is and looked over once."""
    mapping, runs = opened.meaning.mapping, Runs()
    used = (mapping.pair, *([mapping.session, *mapping.scores] if mapping.session else []))
    for frame in opened.source.blocks(used, Quality()):
        runs.add(_looked_over(frame, mapping))
        told(runs.rows)
    return Stage(lambda quality: ratings(opened.source, opened.meaning, quality), runs.survey())


def _looked_over(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Pair and session of the rows, where sessions are numbered of those with a score; no session where it is none."""
    name = as_name(frame.schema[mapping.pair], mapping.pair).alias("pair")
    if not mapping.session:
        return frame.select(name, pl.lit(None, pl.Float64).alias("session"))
    rated = pl.any_horizontal(pl.col(score).is_not_nan().fill_null(value=False) for score in mapping.scores)
    number = pl.col(mapping.session).cast(pl.Float64)
    return frame.filter(rated).select(name, pl.when(is_session_number(number)).then(number).alias("session"))


def on_disk(frames: Iterable[pl.DataFrame], folder: Path, told: Step) -> Stage:
    """Ratings kept in a folder, as they come."""
    files: list[Path] = []
    runs = Runs()
    for frame in frames:
        if frame.height:
            files.append(folder / f"ratings-{len(files)}.parquet")
            frame.write_parquet(files[-1], compression="lz4", statistics=False)
            runs.add(frame)
        told(runs.rows)
    return Stage(lambda quality: map(pl.read_parquet, files), runs.survey())


def dealt(stage: Stage, folder: Path, quality: Quality, *, part_rows: int = PART_ROWS) -> Stage:
    """Scattered pairs brought together: each row is written once, into the part that its pair's name falls to."""
    parts = max(1, -(-stage.survey.rows // part_rows))
    files: list[list[Path]] = [[] for _ in range(parts)]
    for number, frame in enumerate(stage.frames(quality)):
        part = frame["pair"].hash(seed=0) % parts
        for place in range(parts):
            mine = frame.filter(part == place)
            if mine.height:
                files[place].append(folder / f"part-{place}-{number}.parquet")
                mine.write_parquet(files[place][-1], compression="lz4", statistics=False)
    return Stage(lambda quality: map(_in_order_of_first, filter(None, files)), stage.survey._replace(together=True))


def _in_order_of_first(files: list[Path]) -> pl.DataFrame:
    part = pl.read_parquet(files)
    first = part.group_by("pair").agg(pl.col(ROW).min().alias("#first"))
    return part.join(first, on="pair").sort("#first", ROW, maintain_order=True).drop("#first")
