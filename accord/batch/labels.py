"""Who a pair belongs to: its therapist and its practice, by the columns that a person names."""

from collections.abc import Sequence

import polars as pl

from accord.batch.columns import nearest
from accord.batch.errors import BadTable
from accord.batch.quality import Complaint, Quality
from accord.batch.ratings import Opened, as_name
from accord.batch.source import ROW

_BLANK = "the row names a pair but not its {column}"
_TWICE = "pair {pair} has another {column} than in row {first}"


def labels_of(opened: Opened, columns: Sequence[str], quality: Quality) -> pl.DataFrame:
    """A row a pair: `pair`, then each column as text. Raises BadTable: no such column, a blank, a second label."""
    if not columns:
        return pl.DataFrame(schema={"pair": pl.String})
    absent = [name for name in columns if name not in opened.source.columns]
    for name in absent:
        what, mend = f"there is no column {name}", nearest(name, opened.source.columns)
        quality.add(Complaint("error", "no-column", what, mend, row=1, column=name))
    if absent:
        raise BadTable(quality.complaints())
    pair = opened.meaning.mapping.pair
    # What is wrong with the rows themselves was told when the ratings were read.
    frames = [_named(frame, pair, columns) for frame in opened.source.blocks((pair, *columns), Quality())]
    rows = pl.concat(frames)
    first = rows.unique("pair", keep="first", maintain_order=True)
    for name in columns:
        _blank(rows, name, quality)
        _twice(rows, first, name, quality)
    if quality.failed:
        raise BadTable(quality.complaints())
    return first.drop(ROW)


def _named(frame: pl.DataFrame, pair: str, columns: Sequence[str]) -> pl.DataFrame:
    # Under names of ours, so that a column called "pair" cannot clash.
    texts = [as_name(frame.schema[name], name) for name in columns]
    whose = as_name(frame.schema[pair], pair).alias("pair")
    return frame.select(ROW, whose, *texts).drop_nulls("pair")


def _blank(rows: pl.DataFrame, column: str, quality: Quality) -> None:
    found = rows.filter(pl.col(column).is_null())[ROW].to_list()
    complaint = Complaint("error", "blank-label", _BLANK.format(column=column), "Say whose pair it is.", column=column)
    quality.cells(complaint, found, [""] * len(found))


def _twice(rows: pl.DataFrame, first: pl.DataFrame, column: str, quality: Quality) -> None:
    known = first.select("pair", pl.col(column).alias("#label"), pl.col(ROW).alias("#first"))
    other = rows.join(known, on="pair", maintain_order="left").filter(pl.col(column) != pl.col("#label"))
    for row, pair, began in other.select(ROW, "pair", "#first").iter_rows():
        what = _TWICE.format(pair=pair, column=column, first=began)
        mend = "A pair is one client with one therapist: give the pairs different names."
        quality.add(Complaint("error", "two-labels", what, mend, row=row, column=column))
