"""`accord match`: from those who wait and those who have room to a suggestion for everyone."""

import shlex
import sys
from pathlib import Path
from typing import Any

import click

from accord.batch.errors import BadTable, BatchError
from accord.batch.folder import leave_nothing_when_ended
from accord.batch.match_words import counts, outcome, proof
from accord.batch.matching import MatchRequest
from accord.batch.matching import match as run
from accord.batch.report_words import plural
from accord.science.errors import AccordError
from accord.surfaces.cli.telling import Bar, say_complaints


@click.command(short_help="Suggest a therapist for everyone who waits, under capacity.")
@click.argument("clients", type=click.Path(path_type=Path))
@click.argument("therapists", type=click.Path(path_type=Path))
@click.option(
    "--out", "target", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Draws ties; kept in the report.")
@click.option(
    "--few", type=click.IntRange(1, 100), default=20, show_default=True, help="Therapists listed for each client."
)
@click.option(
    "--rounds",
    type=click.IntRange(1),
    help="How often to solve at most. Without it: until nothing better is left; 3 from 100 million pairs on.",
)
@click.option("--stale", is_flag=True, help="Use places too that were not confirmed for 30 days.")
@click.option(
    "--csv", is_flag=True, help="Write CSV too, however long. Without it: up to a spreadsheet's million rows."
)
def match(clients: Path, therapists: Path, **chosen: Any) -> None:
    """Suggest a therapist for everyone who waits, all at once, under capacity.

    Both files are CSV, TSV, Parquet or Excel, one row a person. CLIENTS: client, urgency, days_waiting, group, and
    wishes by kind: must_language (es; pt), nice_time (evenings), nice_time_strength (0 to 1), style_structure (-1 to
    1), style_structure_strength. THERAPISTS: therapist, places, days_since_confirmed, caseload_share, and a column a
    kind: language (es; en).

    \b
    accord match clients.csv therapists.csv --out suggestion
    """
    leave_nothing_when_ended()
    try:
        with Bar() as bar:
            summary, quality = run(_request(clients, therapists, chosen), bar.show)
    except BadTable as error:
        say_complaints(error.complaints)
        sys.exit(2)
    except (BatchError, AccordError) as error:
        click.echo(f"accord: {error}", err=True)
        sys.exit(2)
    for words in (f"{counts(summary)}.", *outcome(summary), proof(summary)):
        click.echo(words)
    if quality.notes:
        click.echo(f"{plural(quality.notes, 'note')} on the tables: see quality.csv.")
    click.echo(f"Written to {chosen['target']}: start with {chosen['target'] / 'report.html'}")


def _request(clients: Path, therapists: Path, chosen: dict[str, Any]) -> MatchRequest:
    command = shlex.join(["accord", *sys.argv[1:]])
    return MatchRequest(clients, therapists, command=command, **(chosen | {"rounds": chosen["rounds"] or 0}))
