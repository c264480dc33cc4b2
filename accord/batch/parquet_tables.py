"""Parquet: typed columns, read in blocks so that the size of the file does not matter."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from accord.batch.quality import NO_ROWS, Complaint, Quality
from accord.batch.source import ROW, Source, tidy_names, trimmed

BLOCK_CELLS = 4_000_000


def open_parquet(path: Path, quality: Quality) -> Source | None:
    """A Parquet table ready to be read, or None with the reasons in `quality`."""
    try:
        schema = pl.read_parquet_schema(path)
        rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    except (PolarsError, OSError) as error:
        what = f"this is not a Parquet file we can open: {str(error).splitlines()[0]}"
        quality.add(Complaint("error", "unreadable", what, "Write it again, or save it as CSV (UTF-8)."))
        return None
    if not rows or not schema:
        quality.add(NO_ROWS)
        return None
    names = tidy_names(list(schema), 1, quality)
    renamed = dict(zip(schema, names, strict=True))

    def blocks(columns: Sequence[str], quality: Quality) -> Iterator[pl.DataFrame]:
        # Rows are numbered by the scan itself: only so does a slice read its own row groups and no others.
        # `collect_batches` would do so too, but reads far ahead of a slow reader.
        table = pl.scan_parquet(path, row_index_name=ROW, row_index_offset=2).rename(renamed).select(ROW, *columns)
        size = max(1, BLOCK_CELLS // len(columns))
        for start in range(0, rows, size):
            frame = table.slice(start, size).collect()
            quality.count("rows read", frame.height)
            yield _readable(frame)

    return Source(path, "Parquet", names, blocks, dict(zip(names, schema.values(), strict=True)))


def _readable(frame: pl.DataFrame) -> pl.DataFrame:
    """Numbers and dates as they are, text trimmed, anything else (categories, truth values) as text."""
    kept = [name for name, kind in frame.schema.items() if kind.is_numeric() or kind.is_temporal()]
    texts = [name for name in frame.columns if name not in kept]
    as_text = frame.with_columns(pl.col(ROW).cast(pl.Int64), pl.col(texts).cast(pl.String, strict=False))
    return as_text.with_columns(trimmed(texts))
