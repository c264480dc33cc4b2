"""`accord backtest`: the ordering against other rules, in simulated networks."""

import importlib
import os
import sys
from pathlib import Path

import click

from accord.batch.backtest_page import HEADS, PAGE, PICTURES, TABLE, found, page, short_of, worse_groups, write_table
from accord.batch.backtesting import OURS, YARDSTICK, Plan, Row, backtest
from accord.batch.comparison import can_draw
from accord.batch.errors import BatchError
from accord.batch.folder import leave_nothing_when_ended, scratch_beside
from accord.science.errors import AccordError
from accord.science.matching.backtest import BY_NAME
from accord.science.simulation.networks import NETWORKS
from accord.surfaces.cli.telling import Bar


@click.command("backtest", short_help="Hold the ordering of therapists against other rules.")
@click.option("--out", "target", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder.")
@click.option("--pictures", type=click.Path(path_type=Path, file_okay=False), help="Folder for plots. Default: --out.")
@click.option("--networks", type=click.IntRange(2), default=60, show_default=True, help="Networks of each world.")
@click.option("--worlds", metavar="A,B", help=f"Some of: {', '.join(NETWORKS)}. Without it: all.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same networks.")
def backtest_command(target: Path, pictures: Path | None, worlds: str | None, **numbers: int) -> None:
    """Hold the ordering against random, first-available and preference-only where the truth is known.

    Written are a table (CSV), a page (Markdown) and, where matplotlib is installed, plots (SVG).
    """
    leave_nothing_when_ended()
    names = [name.strip() for name in worlds.split(",")] if worlds else list(NETWORKS)
    unknown = [name for name in names if name not in NETWORKS]
    if unknown:
        _refuse(f"no world is called {', '.join(unknown)}; there are {', '.join(NETWORKS)}")
    plan = Plan(numbers["networks"], numbers["seed"])
    try:
        with Bar() as bar:
            rows = backtest([NETWORKS[name] for name in names], plan, bar.show)
        _write(rows, plan, target, pictures or target)
    except (AccordError, BatchError) as error:
        _refuse(str(error))
    _say(rows, target)


def _write(rows: list[Row], plan: Plan, target: Path, pictures: Path) -> None:
    drawn = can_draw()
    links = [Path(os.path.relpath(pictures / name, target)).as_posix() for name in PICTURES]
    with scratch_beside(target / PAGE) as fresh, scratch_beside(pictures / PICTURES[0]) as fresh_pictures:
        write_table(rows, fresh / TABLE)
        (fresh / PAGE).write_text(page(rows, plan, links if drawn else ()), encoding="utf-8")
        if drawn:
            # only here: without the extra `plots` there is nothing to import
            importlib.import_module("accord.batch.backtest_plots").draw(rows, fresh_pictures)
        else:
            click.echo("No plots: matplotlib is not installed (accord[plots]).", err=True)
        for folder, place in ((fresh, target), (fresh_pictures, pictures)):
            for path in sorted(folder.iterdir()):
                path.replace(place / path.name)


def _say(rows: list[Row], target: Path) -> None:
    for world in dict.fromkeys(row.world for row in rows):
        click.echo(f"{world}: {HEADS['alliance']}, {HEADS['stay_8']}")
        for rule in BY_NAME:
            alliance, stay = (found(rows, world, rule, measure).value.said() for measure in ("alliance", "stay_8"))
            click.echo(f"  {alliance}  {stay}  {rule}")
    short, worse = len(short_of(rows)), len(worse_groups(rows))
    click.echo(f"Measures on which another rule is better than {OURS} beyond chance: {short}.")
    click.echo(f"Subgroups lower than with {YARDSTICK}, on the mean: {worse}.")
    click.echo(f"Written to {target}: start with {target / PAGE}")


def _refuse(why: str) -> None:
    click.echo(f"accord: {why}", err=True)
    sys.exit(2)
