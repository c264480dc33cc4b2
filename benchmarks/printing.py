"""The table, and var/bench.json."""

import json
import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.rows import Row
from benchmarks.setup import Setup

LIBRARIES = ("numpy", "numba", "statsmodels", "simdkalman", "jax", "filterpy", "pykalman", "polars", "pandas", "duckdb")
HOLDS = {True: "[green]holds[/]", False: "[bold red]falls short[/]", None: ""}


def show(rows: list[Row], console: Console) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("", "task", "ours", "", "peer", "theirs", "ratio", "cpu", "bar", "", "note"):
        table.add_column(heading, justify="right" if heading in ("ours", "theirs", "ratio", "cpu") else "left")
    for row in rows:
        ratio = number(row.ratio) if row.peer else ""
        stands = (ratio, number(row.processor_ratio), str(row.bar) if row.bar else "", HOLDS[row.holds], row.note)
        table.add_row(str(row.number), row.task, number(row.ours), row.unit, row.peer, number(row.theirs), *stands)
    console.print(table)
    console.print("cpu: the ratio in processor time, all threads together; what else runs here does not count in it.")


def number(value: float | None) -> str:
    """Three digits that count."""
    if value is None:
        return ""
    return f"{float(f'{value:.3g}'):,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def save(rows: list[Row], setup: Setup, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(as_json(rows, setup), indent=1) + "\n", encoding="utf-8")


def as_json(rows: list[Row], setup: Setup) -> dict[str, Any]:
    return {
        "size": setup.size._asdict(),
        "machine": setup.machine._asdict() | {"load_at_the_end": os.getloadavg()[0]},
        "versions": {name: found for name in LIBRARIES if (found := _version(name))},
        "rows": [row.as_json() for row in rows],
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
