"""`accord analyse`: from a table of ratings to trajectories, flags and a report."""

import shlex
import sys
from pathlib import Path
from typing import Any

import click

from accord.batch.analysing import Outcome, Request, understand
from accord.batch.analysing import analyse as run
from accord.batch.errors import BadRequest, BadTable, BatchError
from accord.batch.folder import leave_nothing_when_ended
from accord.batch.guesses import each_guess
from accord.batch.judging import judges
from accord.batch.mapping import Wish
from accord.batch.numbers import Scale
from accord.science import alliance
from accord.science.errors import AccordError
from accord.science.ruptures import Table, limits_in
from accord.surfaces.cli.options import column_options
from accord.surfaces.cli.telling import Bar, say_complaints, say_guesses, say_outcome


@click.command(short_help="From a table of ratings to trajectories, flags and a report.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out", "target", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results."
)
@column_options
@click.option(
    "--rule", "rules", multiple=True, metavar="NAME", help="A rule for flags; repeatable. Without it: alliance."
)
@click.option(
    "--cutoff", type=float, metavar="X", help="Least change in points: sudden-change 7, srs-drop 1, below-own-mean 2."
)
@click.option(
    "--budget",
    type=float,
    metavar="X",
    help="False flags allowed per 10 sessions in which nothing changed. Without it: 0.25.",
)
@click.option(
    "--params",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Parameters of the model: a file that `accord fit` wrote, or JSON or TOML of your own.",
)
@click.option(
    "--pages", type=click.IntRange(0, 500), default=20, show_default=True, help="Pairs that get a page in the report."
)
@click.option(
    "--csv", is_flag=True, help="Write CSV too, however long. Without it: up to a spreadsheet's million rows."
)
def analyse(file: Path, target: Path, **chosen: Any) -> None:
    """Turn a table of session ratings into trajectories, flags and a report.

    FILE is CSV, TSV, Parquet or Excel, with one row a pair (a column a session) or one row a session. Columns are
    guessed from their names; the guess is shown, and every part of it can be said instead.

    \b
    accord analyse ratings.csv --out results
    accord analyse bdi.csv --out results --columns 'bdi_1..bdi_12' --scale 0-63 --better low --rule sudden-change
    """
    leave_nothing_when_ended()
    try:
        _analyse(_request(file, target, chosen))
    except BadTable as error:
        say_complaints(error.complaints)
        sys.exit(2)
    except BatchError as error:
        click.echo(f"accord: {error}", err=True)
        sys.exit(2)


def _analyse(request: Request) -> Outcome:
    opened, quality = understand(request)
    say_guesses(each_guess(opened, request.wish), request)
    with Bar() as bar:
        outcome = run(request, opened, quality, bar.show)
    say_outcome(request, outcome)
    return outcome


def _request(file: Path, target: Path, chosen: dict[str, Any]) -> Request:
    low, high = chosen["scale"] or (0.0, 10.0)
    scale = Scale(low, high, chosen["better"], named=chosen["scale"] is not None)
    wish = Wish(**{name: chosen[name] for name in Wish._fields})
    params, limits = _params(chosen["params"])
    return Request(
        path=file,
        target=target,
        wish=wish,
        scale=scale,
        judges=judges(chosen["rules"], scale, cutoff=chosen["cutoff"], budget=chosen["budget"]),
        params=params,
        limits=limits,
        pages=chosen["pages"],
        csv=chosen["csv"],
        command=shlex.join(["accord", *sys.argv[1:]]),
    )


def _params(path: Path | None) -> tuple[alliance.Params, Table | None]:
    if path is None:
        return alliance.DEFAULT, None
    try:
        text = path.read_text(encoding="utf-8")
        held = alliance.read_parameters(text, toml=path.suffix.lower() == ".toml")
        return held.params, limits_in(held)
    except (AccordError, OSError, UnicodeDecodeError) as error:
        raise BadRequest(f"{path}: {error}") from error
