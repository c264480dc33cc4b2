"""The answer sheets of bar 8, and how people score them by hand."""

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from accord.science.instruments import CODES, Instrument, Scale
from accord.science.instruments.model import names, numbered

LOWEST, HIGHEST = 1, 7
TURNED = ("4", "10")
SCALES = {"goal": ("4", "6", "10", "11"), "task": ("1", "2", "8", "12"), "bond": ("3", "5", "7", "9")}
# The key of Tracey & Kokotovic's short form, widely cited: a shape for the race, not registered as an instrument.
WAI_S = Instrument(
    id="wai-s@bench",
    title="",
    audience="client",
    note="",
    source="",
    items=numbered(12, lowest=LOWEST, highest=HIGHEST),
    scales=(
        *(Scale(name, items, tuple(set(items) & set(TURNED))) for name, items in SCALES.items()),
        Scale("total", names(*range(1, 13)), TURNED),
    ),
)
Answers = dict[str, NDArray[np.int8]]
Peer = tuple[Callable[[], Any], float]  # scores everything; how many times longer it must take, 0: no bar


def draw_sheets(sheets: int, *, seed: int) -> Answers:
    """Columns of int8: two answers in a hundred are missing, by one code or the other."""
    rng = np.random.default_rng(seed)
    answers = {}
    for item in WAI_S.items:
        column = rng.integers(LOWEST, HIGHEST + 1, sheets).astype(np.int8)
        lost = rng.random(sheets, dtype=np.float32)
        column[lost < 0.01] = CODES["skipped"]
        column[lost > 0.99] = CODES["not-sure"]
        answers[item.name] = column
    return answers


def _sums(turned: Callable[[str], Any]) -> dict[str, Any]:
    return {name: sum((turned(item) for item in items[1:]), turned(items[0])) for name, items in SCALES.items()}


def _polars(answers: Answers, kind: type[pl.DataType]) -> Callable[[], pl.DataFrame]:
    table = pl.DataFrame(answers)
    missing = list(CODES.values())

    def turned(item: str) -> pl.Expr:
        return LOWEST + HIGHEST - pl.col(item) if item in TURNED else pl.col(item)

    def scored() -> pl.DataFrame:
        given = {item: pl.col(item) > max(missing) for item in answers}
        inside = (~given[item] | pl.col(item).is_between(LOWEST, HIGHEST) for item in answers)
        if not table.select(pl.all_horizontal(fits.all() for fits in inside)).item():
            raise ValueError("an answer beyond the scale")
        known = table.select(pl.when(given[item]).then(pl.col(item)).cast(kind) for item in answers)
        sums = known.select(**_sums(turned)).with_columns(total=pl.col("goal") + pl.col("task") + pl.col("bond"))
        return sums.cast(pl.Float32)

    return scored


def _pandas(answers: Answers) -> Callable[[], Any]:
    table = pd.DataFrame(answers)

    def scored() -> Any:
        known = table.where(~table.isin(list(CODES.values())))
        if not (known.isna() | ((known >= LOWEST) & (known <= HIGHEST))).all().all():
            raise ValueError("an answer beyond the scale")
        for item in TURNED:
            known[item] = LOWEST + HIGHEST - known[item]
        sums = {name: known[list(items)].sum(axis=1, skipna=False) for name, items in SCALES.items()}
        return pd.DataFrame(sums | {"total": known.sum(axis=1, skipna=False)})

    return scored


def _duckdb(answers: Answers) -> Callable[[], Any]:
    connection = duckdb.connect()
    connection.register("given", pd.DataFrame(answers))
    connection.execute("CREATE TABLE sheets AS SELECT * FROM given")
    low = max(CODES.values())
    known = ", ".join(f'CASE WHEN "{item}" > {low} THEN "{item}"::SMALLINT END AS "{item}"' for item in answers)
    sums = _sums_in_sql()
    query = f"SELECT {sums} FROM (SELECT {known} FROM sheets)"
    odd = " OR ".join(f'("{item}" > {low} AND "{item}" NOT BETWEEN {LOWEST} AND {HIGHEST})' for item in answers)

    def scored() -> Any:
        if connection.execute(f"SELECT count(*) FROM sheets WHERE {odd}").fetchall()[0][0]:
            raise ValueError("an answer beyond the scale")
        return connection.execute(query).fetchnumpy()

    return scored


def _sums_in_sql() -> str:
    def turned(item: str) -> str:
        return f'{LOWEST + HIGHEST} - "{item}"' if item in TURNED else f'"{item}"'

    sums = {name: " + ".join(map(turned, items)) for name, items in SCALES.items()}
    sums["total"] = " + ".join(sums.values())
    return ", ".join(f"({text})::FLOAT AS {name}" for name, text in sums.items())


# The columns are int8 for everybody. In Polars the sums are made in the smallest kind that is safe, and in doubles, as
# most people would.
PEERS: dict[str, Callable[[Answers], Peer]] = {
    "Polars, int16": lambda answers: (_polars(answers, pl.Int16), 3.0),
    "Polars, float64": lambda answers: (_polars(answers, pl.Float64), 3.0),
    "pandas": lambda answers: (_pandas(answers), 20.0),
    "DuckDB": lambda answers: (_duckdb(answers), 0.0),
}


def agree(peer: str, ours: dict[str, Any], theirs: Any) -> None:
    """The same answer first. Raises ValueError."""
    for name, mine in ours.items():
        if not np.array_equal(mine, _column(theirs, name), equal_nan=True):
            raise ValueError(f"{peer} and ours differ in {name}")


def _column(table: Any, name: str) -> NDArray[np.float64]:
    column = table[name]
    if isinstance(column, pl.Series):
        return column.cast(pl.Float64).fill_null(np.nan).to_numpy()
    if isinstance(column, np.ma.MaskedArray):
        return np.asarray(np.ma.filled(column.astype(np.float64), np.nan))
    return np.asarray(column, np.float64)
