"""Long results on their way into a file: frames go in one by one, so that their size does not matter."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Full, Queue
from types import TracebackType
from typing import Any

import polars as pl
import polars.selectors as cs
from polars.exceptions import PolarsError
from polars.io.plugins import register_io_source

from accord.batch.errors import CannotWrite

WAITING = 2  # frames that may wait for the writer: bounds the memory
ROW_GROUP = 1 << 18
SHEET_ROWS = 1_048_575  # what a spreadsheet can open, the header not counted


class _Broken(Exception):
    """Ends a table that nobody wants any more."""


class Stream:
    """A table that is being written: another thread writes what is there while the next frame is made."""

    def __init__(self, path: Path, *, separator: str = "") -> None:
        self.path = path
        self._separator = separator
        self._waiting: Queue[pl.DataFrame | _Broken | None] = Queue(maxsize=WAITING)
        self._thread = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None

    def __enter__(self) -> "Stream":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._hand_over(None if error is None else _Broken())
        finally:
            self._thread.shutdown(wait=True)
        if error is None:
            self._told()

    def put(self, frame: pl.DataFrame) -> None:
        """Take one frame in; the first one says which columns there are. Raises CannotWrite as soon as it is known."""
        if self._writing is None:
            self._writing = self._thread.submit(self._write, frame.schema)
        self._hand_over(frame)

    def _hand_over(self, frame: pl.DataFrame | _Broken | None) -> None:
        """Wait until there is room, but not for a writer that is gone."""
        while not self._over():
            with suppress(Full):
                self._waiting.put(frame, timeout=1.0)
                return
        if not isinstance(frame, _Broken):
            self._told()

    def _over(self) -> bool:
        return self._writing is None or self._writing.done()

    def _told(self) -> None:
        try:
            if self._writing is not None:
                self._writing.result()
        except (PolarsError, OSError) as error:
            raise CannotWrite(f"cannot write {self.path}: {error}") from error

    def _write(self, schema: pl.Schema) -> None:
        sink(register_io_source(self._frames, schema=schema), self.path, separator=self._separator)

    def _frames(self, *asked: Any) -> Iterator[pl.DataFrame]:
        while (frame := self._waiting.get()) is not None:
            if isinstance(frame, _Broken):
                raise frame
            yield frame


def sink(table: pl.LazyFrame, path: Path, *, separator: str = "") -> None:
    """Write a table: as text with a separator, as Parquet without one."""
    if separator:
        # Six decimals are for people; Parquet keeps every bit.
        table.with_columns(cs.float().round(6)).sink_csv(path, separator=separator)
    else:
        table.sink_parquet(path, compression="zstd", compression_level=1, row_group_size=ROW_GROUP)
