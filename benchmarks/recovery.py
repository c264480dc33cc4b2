"""Does a fit find what was there, and do its intervals hold? `make recovery` runs it.

Each practice is drawn from `alliance@1-default` with a seed of its own, fitted from scratch, and its 95 % intervals
are held against the truth. Fits are kept in var/recovery/, a line an estimate; a seed that is there is not fitted
again. The summary goes to docs/science/recovery.csv, from which docs/plots/fitting.py draws.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np

from accord.science.alliance import DEFAULT, Fit, Model, Readings
from accord.science.alliance.coordinates import Levels
from accord.science.alliance.intervals import quantities
from accord.science.errors import DidNotConverge
from accord.science.simulation import World, simulate

ROOT = Path(__file__).parent.parent
KEPT, SUMMARY = ROOT / "var" / "recovery", ROOT / "docs" / "science" / "recovery.csv"
WORLDS = {"whole": World(), "open": World(whole=False)}
COLUMNS = ("seed", "name", "value", "se", "low", "high")
FIRST_SEED = 1000


class Row(NamedTuple):
    """One parameter in one world."""

    world: str
    name: str
    truth: float
    practices: int
    covered: float  # share of 95 % intervals that hold the truth
    bias: float  # mean of (estimate − truth) / se
    spread: float  # its standard deviation; 1 where standard errors are right


@click.command()
@click.option("--practices", default=100, show_default=True, help="Practices of each world.")
@click.option("--pairs", default=2_000, show_default=True)
@click.option("--sessions", default=12, show_default=True)
@click.option("--world", "worlds", type=click.Choice(list(WORLDS)), multiple=True, default=list(WORLDS))
def recovery(practices: int, pairs: int, sessions: int, worlds: tuple[str, ...]) -> None:
    """Fit simulated practices, then sum up all that were ever fitted at this size."""
    for world in worlds:
        file = KEPT / f"{world}-{pairs}x{sessions}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        for seed in _to_do(file, practices):
            rng = np.random.default_rng(seed)
            drawn = simulate(DEFAULT, pairs=pairs, sessions=sessions, rng=rng, world=WORLDS[world])
            try:
                fit = Model(censored=WORLDS[world].whole).fit(Readings(drawn.days, drawn.readings))
            except DidNotConverge as error:
                click.echo(f"{world} {seed}: {error}")
                continue
            _keep(file, seed, fit)
    rows = [row for world in WORLDS for row in _rows(world, KEPT / f"{world}-{pairs}x{sessions}.csv")]
    if (pairs, sessions) == (2_000, 12):
        _write(rows)
    _tell(rows)


def _to_do(file: Path, practices: int) -> list[int]:
    done = {int(line["seed"]) for line in _lines(file)}
    return [seed for seed in range(FIRST_SEED, FIRST_SEED + practices) if seed not in done]


def _lines(file: Path) -> Iterator[dict[str, str]]:
    if file.exists():
        with file.open(encoding="utf-8", newline="") as text:
            yield from csv.DictReader(text)


def _keep(file: Path, seed: int, fit: Fit) -> None:
    new = not file.exists()
    with file.open("a", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        if new:
            writer.writerow(COLUMNS)
        told = fit.estimates
        writer.writerows((seed, *row) for row in zip(told.name, told.value, told.se, told.low, told.high, strict=True))


def _rows(world: str, file: Path) -> Iterator[Row]:
    found = defaultdict(list)
    for line in _lines(file):
        found[line["name"]].append([float(line[column]) for column in COLUMNS[2:]])
    truths = quantities(DEFAULT, Levels())
    for (name, told), truth in zip(found.items(), truths, strict=bool(found)):
        value, se, low, high = np.array(told).T
        z = (value - truth) / se
        covered = float(((low <= truth) & (truth <= high)).mean())
        yield Row(world, name, float(truth), len(z), covered, float(z.mean()), float(z.std(ddof=1)))


def _write(rows: list[Row]) -> None:
    with SUMMARY.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows((r.world, r.name, *(round(number, 4) for number in r[2:])) for r in rows)


def _tell(rows: list[Row]) -> None:
    click.echo("| parameter | truth | " + " | ".join(f"{world}: covered · bias · spread" for world in WORLDS) + " |")
    by_name: dict[tuple[str, float], dict[str, str]] = defaultdict(dict)
    for row in rows:
        by_name[row.name, row.truth][row.world] = f"{row.covered:.3f} · {row.bias:+.2f} · {row.spread:.2f}"
    for (name, truth), cells in by_name.items():
        click.echo(f"| {name} | {truth:.3f} | " + " | ".join(cells.get(world, "") for world in WORLDS) + " |")
    for world in WORLDS:
        covered = [row.covered for row in rows if row.world == world]
        if covered:
            practices = max(row.practices for row in rows if row.world == world)
            least, most, middle = min(covered), max(covered), float(np.mean(covered))
            click.echo(f"{world}: {practices} practices, covered from {least:.3f} to {most:.3f}, mean {middle:.3f}")


if __name__ == "__main__":
    recovery()
