"""Bars 7 to 9: whole tables. `python -m benchmarks.tables TABLE OUT` is the process that `_alone` measures.

7: `accord analyse` from Parquet to Parquet, against what Polars needs to read, sort and write the same table.
8: scoring answer sheets, against expressions written by hand in Polars, SQL in DuckDB, and pandas.
9: how time and memory of 7 grow with the number of pairs.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from accord.batch.analysing import Request, analyse, understand
from accord.batch.judging import judges
from accord.batch.mapping import Wish
from accord.batch.numbers import Scale
from accord.batch.simulating import Order, Places, write_simulated
from accord.science import alliance
from accord.science.instruments import score_sheets
from accord.science.simulation import World
from benchmarks.rows import Row, at_least, at_most
from benchmarks.setup import Setup, Size
from benchmarks.sheets import PEERS, WAI_S, agree, draw_sheets
from benchmarks.timing import peak_memory

SESSIONS = 12
MISSING = 0.2
WARM_UP = 2_000  # pairs
MOST_MEMORY = 4.0  # GiB
SLOPE = 1.05


def bar_7(setup: Setup) -> list[Row]:
    """The whole command's work, after a warm-up on a small table; then its peak memory, in a process of its own."""
    return [row for form in ("long", "wide") for row in _rows_of_form(setup.size, form)]


def _rows_of_form(size: Size, form: str) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        table, out = _simulated(Path(folder), size.analysed, form), Path(folder) / "out"
        _analysed(_simulated(Path(folder), WARM_UP, form), out)
        timed = _race(
            {
                "ours": lambda: _analysed(table, out),
                "Polars": lambda: pl.read_parquet(table).sort(_keys(form)).write_parquet(out / "sorted.parquet"),
                "Polars, streaming": lambda: pl.scan_parquet(table).sort(_keys(form)).sink_parquet(out / "s.parquet"),
                "DuckDB": lambda: _sorted_by_duckdb(table, out / "d.parquet", form),
            },
            size.rounds,
        )
        _check_scores(table, out, form)
        memory = _alone(table, Path(folder) / "alone")["memory"]
    task = f"analyse {size.analysed:,} pairs × {SESSIONS} sessions, {form}, Parquet to Parquet"
    bars = {"Polars": at_most(3), "Polars, streaming": at_most(3)}
    ours = timed.pop("ours")
    rows = [Row(7, task, "s", ours, name, seconds, bars.get(name)) for name, seconds in timed.items()]
    return [*rows, Row(7, f"{task}: peak memory", "GiB", memory, bar=at_most(MOST_MEMORY, "GiB"))]


def bar_8(setup: Setup) -> list[Row]:
    """Twelve items from 1 to 7, two of them reversed, three scales and a total, two missing codes."""
    sheets = setup.size.sheets
    answers = draw_sheets(sheets, seed=1)
    ours = score_sheets(WAI_S, answers)
    made = {name: peer(answers) for name, peer in PEERS.items()}
    for name, (score, _) in made.items():
        agree(name, ours, score())
    racers: dict[str, Callable[[], object]] = {"ours": lambda: score_sheets(WAI_S, answers)}
    timed = _race(racers | {name: score for name, (score, _) in made.items()}, setup.size.rounds)
    rate = {name: sheets / seconds for name, seconds in timed.items()}
    task = f"score {sheets:,} sheets of 12 items"
    return [
        Row(8, task, "sheets/s", rate["ours"], name, rate[name], at_least(least) if least else None)
        for name, (_, least) in made.items()
    ]


def bar_9(setup: Setup) -> list[Row]:
    """Exponents of time and memory, by least squares on logarithms; every size in a process of its own."""
    sizes, rows, found = setup.size.growing, [], []
    with tempfile.TemporaryDirectory() as folder:
        for pairs in sizes:
            table = _simulated(Path(folder), pairs, "long")
            found.append(_alone(table, Path(folder) / "out"))
            table.unlink()
            rows.append(Row(9, f"analyse {pairs:,} pairs", "s", found[-1]["seconds"]))
            rows.append(Row(9, f"analyse {pairs:,} pairs", "GiB", found[-1]["memory"]))
    for what in ("seconds", "memory"):
        slope = float(np.polyfit(np.log(sizes), np.log([one[what] for one in found]), 1)[0])
        task = f"exponent of {what}, {min(sizes):,} to {max(sizes):,} pairs"
        rows.append(Row(9, task, "", slope, bar=at_most(SLOPE, "")))
    return rows


def _race(racers: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Medians of seconds after a warm-up, by turns, so that what else the machine does falls on all alike."""
    laps: dict[str, list[float]] = {name: [] for name in racers}
    for lap in range(rounds + 1):
        for name, run in racers.items():
            start = time.perf_counter()
            run()
            laps[name] += [time.perf_counter() - start] if lap else []
    return {name: statistics.median(seconds) for name, seconds in laps.items()}


def _keys(form: str) -> list[str]:
    return ["pair", "session"] if form == "long" else ["pair"]


def _simulated(folder: Path, pairs: int, form: str) -> Path:
    """What `accord simulate --missing 0.2` writes."""
    path = folder / f"{form}-{pairs}.parquet"
    world = World(missing=0.0, missing_checkin=MISSING, missing_therapist=MISSING)
    world = world._replace(gap_sd=0.0, skipped=0.0) if form == "wide" else world
    write_simulated(Order(pairs, SESSIONS, 1, form, world=world), Places(path), alliance.DEFAULT, _quiet)
    return path


def _analysed(table: Path, out: Path) -> None:
    scale = Scale()
    chosen = judges((), scale, cutoff=None, budget=None)
    request = Request(table, out, Wish(), scale, chosen, alliance.DEFAULT)
    opened, quality = understand(request)
    analyse(request, opened, quality, _quiet)


def _quiet(step: str, done: int, total: int) -> None:
    """Nobody watches."""


def _sorted_by_duckdb(table: Path, target: Path, form: str) -> None:
    duckdb.sql(
        f"COPY (SELECT * FROM read_parquet('{table}') ORDER BY {', '.join(_keys(form))}) "
        f"TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
    )


def _check_scores(table: Path, out: Path, form: str) -> None:
    """Our estimates hold every rated session and every score of the sorted table, in its order."""
    if form != "long":
        return
    names = [f"{reader}{pillar}" for reader in ("", "therapist_") for pillar in alliance.PILLARS]
    rated = pl.any_horizontal(pl.col(name).is_not_null() for name in names)
    wanted = pl.read_parquet(out / "sorted.parquet").filter(rated)
    columns = [f"{name.removeprefix('therapist_')}_{'therapist_' * (name[:2] == 'th')}score" for name in names]
    found = pl.read_parquet(out / "estimates.parquet", columns=["pair", "session", *columns])
    mine = found.sort("pair", "session").rename(dict(zip(columns, names, strict=True)))
    if not mine.cast(dict.fromkeys(names, pl.Int64)).equals(wanted.select("pair", "session", *names)):
        raise ValueError("the estimates do not hold the scores of the table")


def _alone(table: Path, out: Path) -> dict[str, float]:
    """Seconds (compiling and importing apart) and peak memory in GiB, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.tables", str(table), str(out)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(told.splitlines()[-1])
    return found


def _measure_alone(table: Path, out: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _analysed(_simulated(Path(folder), WARM_UP, "long"), Path(folder) / "out")
    start = time.perf_counter()
    _analysed(table, out)
    seconds = time.perf_counter() - start
    sys.stdout.write(json.dumps({"seconds": seconds, "memory": peak_memory()}) + "\n")


if __name__ == "__main__":
    _measure_alone(*map(Path, sys.argv[1:]))
