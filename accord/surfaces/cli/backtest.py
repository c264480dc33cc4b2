"""`accord backtest`: the ordering against other rules, in simulated networks and over a practice's own past."""

import importlib
import os
import shlex
import sys
from pathlib import Path
from typing import Any

import click

from accord.batch import history_page
from accord.batch.backtest_page import HEADS, PAGE, PICTURES, TABLE, found, page, short_of, worse_groups, write_table
from accord.batch.backtesting import OURS, YARDSTICK, Plan, Row, backtest
from accord.batch.comparison import can_draw
from accord.batch.errors import BadRequest, BadTable, BatchError
from accord.batch.folder import leave_nothing_when_ended, scratch_beside
from accord.batch.histories import read_history
from accord.batch.quality import Group
from accord.batch.replaying import replay
from accord.science.errors import AccordError
from accord.science.matching.backtest import BY_NAME
from accord.science.simulation.networks import NETWORKS
from accord.surfaces.cli.telling import Bar, say_complaints

_FILE = click.Path(path_type=Path)


@click.command("backtest", short_help="Hold the ordering of therapists against other rules.")
@click.option("--out", "target", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder.")
@click.option(
    "--clients", type=_FILE, metavar="FILE", help="Own past: a row a client, in the order in which they asked."
)
@click.option("--therapists", type=_FILE, metavar="FILE", help="Own past: a row a therapist.")
@click.option("--group", "groups", multiple=True, metavar="COL", help="Own past: a column of subgroups; repeatable.")
@click.option("--pictures", type=click.Path(path_type=Path, file_okay=False), help="Folder for plots. Default: --out.")
@click.option("--networks", type=click.IntRange(2), default=60, show_default=True, help="Networks of each world.")
@click.option("--worlds", metavar="A,B", help=f"Some of: {', '.join(NETWORKS)}. Without it: all.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same result.")
def backtest_command(target: Path, clients: Path | None, therapists: Path | None, seed: int, **chosen: Any) -> None:
    """Hold the ordering against random, first-available and preference-only.

    In simulated networks, where the truth is known; or, with --clients and --therapists, over a practice's own past,
    where it is estimated. Written are a table (CSV), a page (Markdown) and, of networks, plots (SVG).

    \b
    CLIENTS     client, therapist, musts [, nice, baseline, alliance_3, sessions, ending]
                therapist blank: found no one; ending: planned, unplanned, still going
    THERAPISTS  therapist, has [, places]
                places: new clients they could take in this time; blank: as many as they took

    musts, nice and has hold tokens: language:es; time:evenings|time:weekends (| is "or"). In nice a strength of 0 to 1
    may follow: identity:woman=0.8.

    \b
    accord backtest --out networks
    accord backtest --clients clients.csv --therapists therapists.csv --group language --out past
    """
    leave_nothing_when_ended()
    try:
        if clients or therapists:
            _own_past(clients, therapists, chosen["groups"], target=target, seed=seed)
        else:
            _networks(chosen, seed, target)
    except BadTable as error:
        say_complaints(error.complaints)
        sys.exit(2)
    except (AccordError, BatchError) as error:
        click.echo(f"accord: {error}", err=True)
        sys.exit(2)


def _own_past(
    clients: Path | None, therapists: Path | None, groups: tuple[str, ...], *, target: Path, seed: int
) -> None:
    if clients is None or therapists is None:
        raise BadRequest("a past needs both tables: --clients and --therapists")
    own = read_history(clients, therapists, groups=groups)
    with Bar() as bar:
        result = replay(own, seed, bar.show)
    with scratch_beside(target / history_page.PAGE) as fresh:
        history_page.write_table(result, fresh / history_page.TABLE)
        text = history_page.page(result, shlex.join(["accord", *sys.argv[1:]]))
        (fresh / history_page.PAGE).write_text(text, encoding="utf-8")
        _settle(fresh, target)
    for note in own.notes:
        click.echo(f"note: {Group(note, (note.row,) if note.row else (), 1).where()}: {note.what}", err=True)
    click.echo(f"{result.clients:,} clients, {result.therapists} therapists.")
    for line in history_page.verdict(result):
        click.echo(line)
    click.echo(f"Written to {target}: start with {target / history_page.PAGE}; its last section first.")


def _networks(chosen: dict[str, Any], seed: int, target: Path) -> None:
    names = [name.strip() for name in chosen["worlds"].split(",")] if chosen["worlds"] else list(NETWORKS)
    unknown = [name for name in names if name not in NETWORKS]
    if unknown:
        raise BadRequest(f"no world is called {', '.join(unknown)}; there are {', '.join(NETWORKS)}")
    plan = Plan(chosen["networks"], seed)
    with Bar() as bar:
        rows = backtest([NETWORKS[name] for name in names], plan, bar.show)
    _write(rows, plan, target, chosen["pictures"] or target)
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
        _settle(fresh, target)
        _settle(fresh_pictures, pictures)


def _settle(fresh: Path, target: Path) -> None:
    for path in sorted(fresh.iterdir()):
        path.replace(target / path.name)


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
