"""Ratings on their way from the table to the science: kept on disk, handed on in whole pairs.

A table whose pairs stand together (every wide one, most long ones) is handed on in its own order. One whose pairs
are scattered is first dealt into as many parts as memory asks for; within a part pairs keep the order in which
they first appear.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from accord.batch.ratings import SCHEMA
from accord.batch.source import ROW

PART_ROWS = 1_000_000


class Stage:
    """A folder of ratings that remembers whether its pairs stand together."""

    def __init__(self, folder: Path, part_rows: int = PART_ROWS) -> None:
        self._folder = folder
        self._part_rows = part_rows
        self._files: list[Path] = []
        self._runs: list[np.ndarray[tuple[int], np.dtype[np.uint64]]] = []
        self._last: int | None = None
        self.rows = 0
        self.first_session = np.inf
        self.last_session = -np.inf

    def fill(self, frames: Iterable[pl.DataFrame]) -> Iterator[int]:
        """Take frames in; yields the rows taken so far, for a progress bar."""
        for frame in frames:
            if frame.height:
                self._put(frame)
            yield self.rows

    @property
    def pairs(self) -> int:
        return len(self._distinct())

    def whole_pairs(self) -> Iterator[pl.DataFrame]:
        """The ratings again, each frame holding all the rows of its pairs, rows of one pair together."""
        if not self._runs:
            return
        together = sum(len(runs) for runs in self._runs) == self.pairs
        yield from self._in_order() if together else self._dealt()

    def clear(self) -> None:
        """Forget the files."""
        for path in self._files:
            path.unlink()

    def _put(self, frame: pl.DataFrame) -> None:
        path = self._folder / f"ratings-{len(self._files)}.parquet"
        frame.write_parquet(path, compression="lz4", statistics=False)
        self._files.append(path)
        self.rows += frame.height
        hashes = frame["pair"].hash(seed=0)
        starts = hashes.to_numpy()[(hashes != hashes.shift(1)).fill_null(value=True).to_numpy()]
        # A pair that goes on from the frame before is no new run.
        self._runs.append(starts[1:] if self._last is not None and int(starts[0]) == self._last else starts)
        self._last = int(starts[-1])
        low, high = frame["session"].min(), frame["session"].max()
        if isinstance(low, float) and isinstance(high, float):
            self.first_session = min(self.first_session, low)
            self.last_session = max(self.last_session, high)

    def _distinct(self) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
        return np.unique(np.concatenate(self._runs)) if self._runs else np.empty(0, np.uint64)

    def _in_order(self) -> Iterator[pl.DataFrame]:
        carried = [pl.DataFrame(schema=SCHEMA)]
        for path in self._files:
            carried.append(pl.read_parquet(path))
            if sum(frame.height for frame in carried) < self._part_rows // 2:
                continue
            frame = pl.concat(carried)
            unfinished = frame["pair"] == frame["pair"][-1]
            if not unfinished.all():
                yield frame.filter(~unfinished)
            carried = [frame.filter(unfinished)]
        yield pl.concat(carried)

    def _dealt(self) -> Iterator[pl.DataFrame]:
        parts = -(-self.rows // self._part_rows)
        table = pl.scan_parquet(self._files)
        for part in range(parts):
            mine = pl.col("pair").hash(seed=0) % parts == part
            frame = table.filter(mine).collect() if parts > 1 else table.collect()
            first = frame.group_by("pair").agg(pl.col(ROW).min().alias("#first"))
            yield frame.join(first, on="pair").sort("#first", ROW, maintain_order=True).drop("#first")
