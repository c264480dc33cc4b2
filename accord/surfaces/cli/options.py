"""Options that say what the columns of a table mean: the same for every command that reads one."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


class ScaleEnds(click.ParamType[tuple[float, float]]):
    """LO-HI, either end negative or with decimals: 0-63, 1-5, -3-3, -3..+3."""

    name = "LO-HI"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, float]:
        text = str(value).strip()
        # The dash between the ends is the first one that does not begin a number.
        low, dots, high = text.partition("..")
        if not dots:
            place = text.find("-", 1)
            low, high = text[:place], text[place + 1 :]
        try:
            ends = float(low), float(high)
        except ValueError:
            self.fail(f"'{value}' is not a scale; write both ends, as in 0-63", param, ctx)
        if not ends[0] < ends[1] or not all(abs(end) < 1e12 for end in ends):
            self.fail(f"'{value}': the first end must be below the second", param, ctx)
        return ends


_COLUMNS = (
    click.option("--pair", default="", metavar="COL", help="Column that names the pair (or the client)."),
    click.option(
        "--columns", default="", metavar="LIST", help="One row a pair: the sessions, as 's1..s12' or 'a,b,c'."
    ),
    click.option("--session", default="", metavar="COL", help="One row a session: column with its number."),
    click.option("--time", default="", metavar="COL", help="One row a session: column with its date or day."),
    click.option(
        "--score", "scores", multiple=True, metavar="COL", help="One row a session: a column of scores; repeatable."
    ),
    click.option("--pillar", default="", metavar="COL", help="Column that says goal, task or bond."),
    click.option("--rater", default="", metavar="COL", help="Column that says client or therapist."),
    click.option("--scale", type=ScaleEnds(), help="Ends of the scale. Without it: 0-10."),
    click.option(
        "--better",
        type=click.Choice(["high", "low"]),
        default="high",
        show_default=True,
        help="Which end is the good one; low for symptoms.",
    ),
)


def column_options(command: Command) -> Command:
    """Add them all, in this order."""
    for option in reversed(_COLUMNS):
        command = option(command)
    return command
