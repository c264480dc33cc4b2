"""`accord simulate`: a table of ratings whose truth is known."""

import sys
from pathlib import Path

import click

from accord.batch.errors import BatchError
from accord.batch.folder import leave_nothing_when_ended
from accord.batch.simulating import Order, Places, write_simulated
from accord.science.alliance import DEFAULT
from accord.science.errors import AccordError
from accord.science.simulation import World
from accord.surfaces.cli.telling import Bar

_SHARE = click.FloatRange(0, 1)


@click.command(short_help="Write a table of simulated ratings with known truth.")
@click.option("--pairs", type=click.IntRange(1), required=True, help="Number of pairs.")
@click.option("--sessions", type=click.IntRange(1, 1000), required=True, help="Sessions of each pair.")
@click.option("--out", "table", type=click.Path(path_type=Path), required=True, help="File: .csv, .tsv or .parquet.")
@click.option("--truth", type=click.Path(path_type=Path), help="A second file with the levels and the ruptures.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same table.")
@click.option("--ruptures", type=_SHARE, default=0.0, show_default=True, help="Share of pairs with a rupture.")
@click.option(
    "--missing", type=_SHARE, default=0.1, show_default=True, help="Share of check-ins missing, on each side."
)
@click.option(
    "--form",
    type=click.Choice(["wide", "long"]),
    default="wide",
    show_default=True,
    help="A row a pair, or a row a session.",
)
@click.option("--therapist/--no-therapist", default=True, show_default=True, help="With the therapist's ratings.")
def simulate(table: Path, truth: Path | None, form: str, *, therapist: bool, **numbers: float) -> None:
    """Write a table of simulated ratings on 0 to 10: goal, task and bond, from the client and the therapist.

    A wide table has no days, so its sessions are exactly a week apart; a long one has uneven gaps and their days.
    """
    share = numbers["missing"]
    world = World(missing=0.0, missing_checkin=share, missing_therapist=share, rupture_share=numbers["ruptures"])
    if form == "wide":
        world = world._replace(gap_sd=0.0, skipped=0.0)
    order = Order(int(numbers["pairs"]), int(numbers["sessions"]), int(numbers["seed"]), form, therapist, world)
    leave_nothing_when_ended()
    try:
        with Bar() as bar:
            write_simulated(order, Places(table, truth), DEFAULT, bar.show)
    except (BatchError, AccordError) as error:
        click.echo(f"accord: {error}", err=True)
        sys.exit(2)
    click.echo(f"{order.pairs:,} pairs × {order.sessions} sessions in {table}")
