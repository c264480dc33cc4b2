"""`accord fit`: from a table of ratings to a file of parameters."""

import shlex
import sys
from pathlib import Path
from typing import Any

import click

from accord.batch.errors import BadTable, BatchError
from accord.batch.fitting import Fitted, Order, fit_table, open_for
from accord.batch.folder import leave_nothing_when_ended
from accord.batch.guesses import each_guess
from accord.batch.mapping import Wish
from accord.batch.numbers import Scale
from accord.science.errors import AccordError
from accord.surfaces.cli.fit_words import lines
from accord.surfaces.cli.options import column_options
from accord.surfaces.cli.telling import Bar, say_complaints, say_guesses


@click.command(short_help="Fit the model's parameters to a table of ratings.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out", "target", required=True, type=click.Path(path_type=Path), metavar="FILE", help="File for the parameters."
)
@column_options
@click.option("--therapist", default="", metavar="COL", help="Column that names the therapist: a random level.")
@click.option("--practice", default="", metavar="COL", help="Column that names the practice: a level above therapists.")
@click.option("--id", default="", metavar="NAME", help="Name of these parameters. Without it: made from the numbers.")
@click.option("--compare/--no-compare", default=True, show_default=True, help="Fit simpler models beside it.")
def fit(file: Path, target: Path, **chosen: Any) -> None:
    """Find the parameters under which the ratings of a table are most likely, and write them to a file.

    FILE is read as `accord analyse` reads it. Goal, task and bond must each be rated by the client; ratings of the
    therapist are used where there are any. Give it all pairs that you have: hundreds, with four sessions or more.

    \b
    accord fit ratings.parquet --out params.json --therapist therapist_id
    accord analyse ratings.parquet --out results --params params.json
    """
    leave_nothing_when_ended()
    try:
        _fit(_order(file, target, chosen))
    except BadTable as error:
        say_complaints(error.complaints)
        sys.exit(2)
    except (BatchError, AccordError) as error:
        click.echo(f"accord: {error}. Nothing was written.", err=True)
        sys.exit(2)


def _fit(order: Order) -> Fitted:
    opened, quality = open_for(order)
    say_guesses(each_guess(opened, order.wish), order.request)
    with Bar() as bar:
        fitted = fit_table(order, opened, quality, bar.show)
    for line in lines(order, fitted):
        click.echo(line)
    return fitted


def _order(file: Path, target: Path, chosen: dict[str, Any]) -> Order:
    low, high = chosen["scale"] or (0.0, 10.0)
    return Order(
        path=file,
        target=target,
        wish=Wish(**{name: chosen[name] for name in Wish._fields}),
        scale=Scale(low, high, chosen["better"], named=chosen["scale"] is not None),
        therapist=chosen["therapist"],
        practice=chosen["practice"],
        id=chosen["id"],
        compare=chosen["compare"],
        command=shlex.join(["accord", *sys.argv[1:]]),
    )
