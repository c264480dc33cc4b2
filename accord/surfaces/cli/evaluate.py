"""`accord evaluate`: all rules in simulated worlds, side by side."""

import importlib
import os
import sys
from pathlib import Path

import click

from accord.batch.comparison import PAGE, PICTURES, TABLE, can_draw, mean_by_rule, page, write_table
from accord.batch.evaluating import Asked, Row, compare
from accord.science.errors import AccordError
from accord.science.ruptures import limits_for
from accord.science.simulation import CATALOGUE
from accord.surfaces.cli.telling import Bar


@click.command(short_help="Compare all rules for flags in simulated worlds.")
@click.option("--out", "target", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder.")
@click.option("--pictures", type=click.Path(path_type=Path, file_okay=False), help="Folder for plots. Default: --out.")
@click.option("--pairs", type=click.IntRange(200), default=5_000, show_default=True, help="Pairs of each world.")
@click.option("--worlds", metavar="A,B", help=f"Some of: {', '.join(CATALOGUE)}. Without it: all.")
@click.option(
    "--budget", type=float, default=0.25, show_default=True, help="False alarms per 10 judged sessions, for every rule."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same comparison.")
def evaluate(target: Path, pictures: Path | None, worlds: str | None, **numbers: float) -> None:
    """Compare our flags with the rules of the literature where the truth is known.

    Every rule is tuned, in every world, to the same number of actual false alarms. Written are a table (CSV), a page
    (Markdown) and, where matplotlib is installed, plots (SVG).
    """
    names = [name.strip() for name in worlds.split(",")] if worlds else list(CATALOGUE)
    unknown = [name for name in names if name not in CATALOGUE]
    if unknown:
        _refuse(f"no world is called {', '.join(unknown)}; there are {', '.join(CATALOGUE)}")
    asked = Asked(int(numbers["pairs"]), numbers["budget"], int(numbers["seed"]))
    try:
        limits_for(budget=asked.budget)
        with Bar() as bar:
            rows = compare([CATALOGUE[name] for name in names], asked, bar.show)
    except AccordError as error:
        _refuse(str(error))
    _write(rows, asked, target, pictures or target)


def _write(rows: list[Row], asked: Asked, target: Path, pictures: Path) -> None:
    for folder in (target, pictures):
        folder.mkdir(parents=True, exist_ok=True)
    drawn = can_draw()
    if drawn:
        # only here: without the extra `plots` there is nothing to import
        importlib.import_module("accord.batch.comparison_plots").draw(rows, asked, pictures)
    else:
        click.echo("No plots: matplotlib is not installed (accord[plots]).", err=True)
    links = [Path(os.path.relpath(pictures / name, target)).as_posix() for name in PICTURES]
    write_table(rows, target / TABLE)
    (target / PAGE).write_text(page(rows, asked, links if drawn else ()), encoding="utf-8")
    for name, share in sorted(mean_by_rule(rows).items(), key=lambda item: -item[1]):
        click.echo(f"  {share:.3f}  {name}")
    click.echo(f"Ruptures flagged at onset, averaged over the worlds. Written to {target}: start with {target / PAGE}")


def _refuse(why: str) -> None:
    click.echo(f"accord: {why}", err=True)
    sys.exit(2)
