"""Whole pairs as arrays: what the science takes."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from accord.batch.errors import BadRequest
from accord.batch.ratings import Meaning
from accord.batch.staging import Stage

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
DAYS_BETWEEN = 7.0  # where a table has session numbers only
MOST_SESSIONS = 1_000
MOST_CELLS = 4_000_000  # of one array: bounds the memory of a block


class Block(NamedTuple):
    """N pairs, T sessions, S readings; NaN where there is nothing."""

    pairs: pl.Series  # (N,) names
    session: Floats  # (N, T) the number people call it by
    at: Floats  # (N, T) day as the table has it (dates: since 1970-01-01); session tables: weeks × 7
    days: Floats  # (N, T) since the pair's first session
    scores: Floats  # (N, T, S) in the table's own points
    dated: bool  # `at` is days since 1970-01-01


class Grid(NamedTuple):
    """How sessions become columns: by their number from `first` on, or in order of time where it is None."""

    first: int | None
    sessions: int  # 0: as many as the block needs
    readings: int
    dated: bool = False


def grid_of(stage: Stage, meaning: Meaning) -> Grid:
    """The grid for a whole table; a table that numbers its sessions into the thousands is asked about."""
    mapping = meaning.mapping
    if mapping.form == "long" and not mapping.session:
        return Grid(None, 0, len(mapping.readings), meaning.dates)
    first, last = int(stage.first_session), int(stage.last_session)
    if last - first >= MOST_SESSIONS:
        raise BadRequest(
            f"sessions are numbered from {first} to {last}; if these are days, name the column with --time"
        )
    return Grid(first, last - first + 1, len(mapping.readings), meaning.dates)


def blocks(stage: Stage, grid: Grid) -> Iterator[Block]:
    """The staged ratings as blocks of arrays."""
    for frame in stage.whole_pairs():
        for part in _parts(frame, grid):
            yield block_of(part, grid)


def _parts(frame: pl.DataFrame, grid: Grid) -> Iterator[pl.DataFrame]:
    """Cut a frame between pairs so that no array becomes too large."""
    place = _place(frame)
    pairs = int(place[-1]) + 1
    widest = grid.sessions or int(np.bincount(place).max())
    most = max(1, MOST_CELLS // (widest * max(grid.readings, 6)))
    edges = np.searchsorted(place, np.arange(0, pairs + most, most))
    for start, stop in pairwise(edges):
        if stop > start:
            yield frame.slice(int(start), int(stop - start))


def _place(frame: pl.DataFrame) -> Places:
    """Row of the block for each rating: rows of one pair stand together."""
    changes = (frame["pair"] != frame["pair"].shift(1)).fill_null(value=True)
    return changes.cast(pl.Int64).cum_sum().to_numpy() - 1


def block_of(frame: pl.DataFrame, grid: Grid) -> Block:
    """Ratings of whole pairs, rows of one pair together, as arrays."""
    place = _place(frame)
    column, number = _columns(frame, grid)
    shape = (int(place[-1]) + 1, grid.sessions or int(column.max()) + 1)
    scores = np.full((*shape, grid.readings), np.nan)
    scores[place, column, frame["slot"].to_numpy()] = frame["score"].to_numpy()
    session, at = np.full(shape, np.nan), np.full(shape, np.nan)
    session[place, column] = number
    timed = frame["day"].null_count() < frame.height
    at[place, column] = frame["day"].to_numpy() if timed else (number - (grid.first or 0)) * DAYS_BETWEEN
    # Dates differ by pair, so each pair starts at its own first day; numbered weeks start at the table's first.
    days = at - np.nanmin(at, axis=1, keepdims=True) if timed else at
    return Block(frame["pair"].unique(maintain_order=True), session, at, days, scores, grid.dated)


def _columns(frame: pl.DataFrame, grid: Grid) -> tuple[Places, Floats]:
    """Column of the grid for each rating, and the number of its session."""
    if grid.first is not None:
        number = frame["session"].to_numpy()
        return number.astype(np.int64) - grid.first, number
    rank = frame.select(pl.col("day").rank("dense").over("pair").cast(pl.Int64)).to_series().to_numpy()
    return rank - 1, rank.astype(np.float64)
