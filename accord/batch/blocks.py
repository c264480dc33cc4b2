"""Whole pairs as arrays: what the science takes."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from accord.batch.errors import BadRequest
from accord.batch.ratings import Meaning, slot
from accord.batch.runs import Survey, places

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
DAYS_BETWEEN = 7.0  # where a table has session numbers only
MOST_SESSIONS = 1_000
MOST_CELLS = 1_500_000  # of one array: bounds the memory of a block, and small enough to be used again


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


def grid_of(survey: Survey, meaning: Meaning) -> Grid:
    """The grid for a whole table; a table that numbers its sessions into the thousands is asked about."""
    mapping = meaning.mapping
    if mapping.form == "long" and not mapping.session:
        return Grid(None, 0, len(mapping.readings), meaning.dates)
    named = [cell.session for cell in mapping.cells] or [int(survey.first_session), int(survey.last_session)]
    first, last = min(named), max(named)
    if last - first >= MOST_SESSIONS:
        raise BadRequest(
            f"sessions are numbered from {first} to {last}; if these are days, name the column with --time"
        )
    return Grid(first, last - first + 1, len(mapping.readings), meaning.dates)


def blocks(frame: pl.DataFrame, grid: Grid) -> Iterator[Block]:
    """Ratings of whole pairs as blocks of arrays, cut between pairs so that no array becomes too large."""
    place = places(frame["pair"])
    pairs = int(place[-1]) + 1
    widest = grid.sessions or int(np.bincount(place).max())
    most = max(1, MOST_CELLS // (widest * max(grid.readings, 6)))
    edges = np.searchsorted(place, np.arange(0, pairs + most, most))
    for start, stop in pairwise(edges):
        if stop > start:
            yield block_of(frame.slice(int(start), int(stop - start)), grid)


def block_of(frame: pl.DataFrame, grid: Grid) -> Block:
    """Ratings of whole pairs, rows of one pair together, as arrays."""
    names, (column, number) = frame["pair"], _columns(frame, grid)
    place = places(names)
    pairs, sessions = int(place[-1]) + 1, grid.sessions or int(column.max()) + 1
    cell = place * sessions + column
    timed = frame["day"].null_count() < frame.height
    when = frame["day"].to_numpy() if timed else (number - (grid.first or 0)) * DAYS_BETWEEN
    at = _laid_out(when, cell, (pairs, sessions))
    # Dates differ by pair, so each pair starts at its own first day; numbered weeks start at the table's first.
    days = at - np.fmin.reduce(at, axis=1, keepdims=True) if timed else at
    scores = _scores(frame, cell, (pairs * sessions, grid.readings)).reshape(pairs, sessions, grid.readings)
    first = names.gather(np.flatnonzero(np.diff(place, prepend=-1)))
    return Block(first, _laid_out(number, cell, (pairs, sessions)), at, days, scores, grid.dated)


def _laid_out(values: Floats, cell: Places, shape: tuple[int, int]) -> Floats:
    laid = np.full(shape, np.nan)
    laid.reshape(-1)[cell] = values
    return laid


def _scores(frame: pl.DataFrame, cell: Places, shape: tuple[int, int]) -> Floats:
    """Scores of each cell of the grid (cells, S). Several rows may fill one cell, each with readings of its own."""
    scores = np.full(shape, np.nan)
    apart = (np.diff(cell) > 0).all()
    for place in range(shape[1]):
        given = frame[slot(place)].to_numpy()
        said = slice(None) if apart else ~np.isnan(given)
        scores[cell[said], place] = given[said]
    return scores


def _columns(frame: pl.DataFrame, grid: Grid) -> tuple[Places, Floats]:
    """Column of the grid for each row, and the number of its session."""
    if grid.first is not None:
        number = frame["session"].to_numpy()
        return number.astype(np.int64) - grid.first, number
    rank = frame.select(pl.col("day").rank("dense").over("pair").cast(pl.Int64)).to_series().to_numpy()
    return rank - 1, rank.astype(np.float64)
