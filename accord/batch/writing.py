"""Long results written part by part, so that their size does not matter."""

from pathlib import Path

import polars as pl
import polars.selectors as cs


class Parts:
    """One result on its way, kept in parts until it is whole."""

    def __init__(self, folder: Path, name: str, schema: dict[str, type[pl.DataType]]) -> None:
        self._folder = folder
        self.name = name
        self._schema = schema
        self._files: list[Path] = []
        self.rows = 0

    def put(self, frame: pl.DataFrame) -> None:
        """Keep one part."""
        if frame.height:
            path = self._folder / f"{self.name}-{len(self._files)}.parquet"
            frame.write_parquet(path, compression="lz4", statistics=False)
            self._files.append(path)
            self.rows += frame.height

    def finish(self, target: Path) -> None:
        """Write all parts, in their order, as Parquet and as CSV into a folder, and forget them."""
        self.write(target / f"{self.name}.parquet")
        self.write(target / f"{self.name}.csv", separator=",")
        for path in self._files:
            path.unlink()

    def write(self, path: Path, *, separator: str = "") -> None:
        """Write all parts, in their order: as text with a separator, as Parquet without one."""
        whole = pl.scan_parquet(self._files) if self._files else pl.LazyFrame(schema=self._schema)
        if separator:
            # Six decimals are for people; Parquet keeps every bit.
            whole.with_columns(cs.float().round(6)).sink_csv(path, separator=separator)
        else:
            whole.sink_parquet(path)
