"""`accord`: the terminal. Commands are loaded when they are called, so that `accord --help` answers at once.

Where a command lives stands in pyproject.toml, under the entry points `accord.commands`: so the terminal runs the
demo and the server without knowing the layer above it.
"""

import importlib.util
import sys
from importlib.metadata import entry_points
from typing import NamedTuple

import click

GROUP = "accord.commands"


class Row(NamedTuple):
    """One command: one line of help, and whether it needs the web extra."""

    help: str
    web: bool = False


COMMANDS = {
    "analyse": Row("From a table of ratings to trajectories, flags and a report."),
    "match": Row("Suggest a therapist for everyone who waits, under capacity."),
    "fit": Row("Fit the model's parameters to a table of ratings."),
    "simulate": Row("Write a table of simulated ratings with known truth."),
    "evaluate": Row("Compare all rules for flags in simulated worlds."),
    "backtest": Row("Hold the ordering of therapists against other rules."),
    "demo": Row("Serve Harbour Practice, the demo, on this machine.", web=True),
    "manage": Row("Run one of the web application's own commands.", web=True),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        row = COMMANDS.get(cmd_name)
        if row is None:
            return None
        if row.web and importlib.util.find_spec("django") is None:
            raise click.ClickException(f"`accord {cmd_name}` needs the web application: install accord[web]")
        command: click.Command = entry_points(group=GROUP)[cmd_name].load()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table's own lines: reading them from the commands would import them all."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, row.help) for name, row in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="accord", message="accord %(version)s")
def accord() -> None:
    """The therapeutic alliance: goals, tasks and bond between two people, over time.

    For a table of ratings of your own, start with `accord analyse RATINGS --out DIR`.
    """


def main() -> None:
    """The entry point."""
    # A terminal that cannot show a dash must not end a long analysis.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    accord(prog_name="accord")
