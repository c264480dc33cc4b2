"""What has to be known about all ratings before any is judged: do pairs stand together, which sessions are there."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray


class Survey(NamedTuple):
    """What there is."""

    rows: int
    pairs: int
    together: bool  # all rows of a pair stand together, for every pair
    first_session: float = np.inf  # by number; infinite where sessions have none
    last_session: float = -np.inf


class Runs:
    """Learns the survey from frames that go by. A run is a stretch of rows of one pair."""

    def __init__(self) -> None:
        self._starts: list[NDArray[np.uint64]] = []
        self._last: int | None = None
        self.rows = 0
        self._ends = (np.inf, -np.inf)

    def add(self, frame: pl.DataFrame) -> None:
        """Take in the next rows: columns pair and session."""
        if not frame.height:
            return
        names = frame["pair"]
        starts = names.filter(~same_as_before(names)).hash(seed=0).to_numpy()
        # A pair that goes on from the frame before is no new run.
        self._starts.append(starts[1:] if self._last is not None and int(starts[0]) == self._last else starts)
        self._last = int(starts[-1])
        self.rows += frame.height
        low, high = frame["session"].min(), frame["session"].max()
        if isinstance(low, int | float) and isinstance(high, int | float):
            self._ends = min(self._ends[0], low), max(self._ends[1], high)

    def survey(self) -> Survey:
        """What was learned."""
        starts = np.concatenate(self._starts) if self._starts else np.empty(0, np.uint64)
        pairs = pl.Series(starts).n_unique()
        return Survey(self.rows, pairs, len(starts) == pairs, *self._ends)


def same_as_before(names: pl.Series) -> pl.Series:
    """Which rows are of the same pair as the row before them; no name is no pair."""
    return (names == names.shift(1)).fill_null(value=False)


def places(names: pl.Series) -> NDArray[np.int64]:
    """Place of each row's pair among all pairs, where the rows of a pair stand together."""
    return np.cumsum((~same_as_before(names)).to_numpy(), dtype=np.int64) - 1
