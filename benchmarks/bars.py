"""The list of bars. A bar is a function of the setup that gives rows; one whose peers are not installed says so."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple, cast

from benchmarks.rows import Row, missing
from benchmarks.setup import Setup


class Place(NamedTuple):
    """Where a bar is written."""

    what: str
    module: str
    function: str
    needs: str = ""  # a library that `make bench` installs and nothing else does


BARS = {
    1: Place("filter and log-likelihood", "benchmarks.filtering", "bar_1"),
    2: Place("the same, half of all ratings perfect", "benchmarks.filtering", "bar_2"),
    3: Place("smoother with variances", "benchmarks.filtering", "bar_3"),
    4: Place("log-likelihood and full gradient", "benchmarks.gradients", "bar_4"),
    5: Place("fit of all parameters", "benchmarks.fitting", "bar_5"),
    6: Place("one new check-in", "benchmarks.check_ins", "bar_6"),
    7: Place("accord analyse, Parquet to Parquet", "benchmarks.tables", "bar_7", "duckdb"),
    8: Place("scoring sheets", "benchmarks.tables", "bar_8", "duckdb"),
    9: Place("growth of time and memory", "benchmarks.tables", "bar_9", "duckdb"),
    10: Place("matching", "benchmarks.matching", "bar_10"),
}


def rows_of(number: int, setup: Setup) -> list[Row]:
    place = BARS[number]
    if place.needs and find_spec(place.needs) is None:
        return [missing(number, place.what, f"{place.needs} is not installed: make bench installs it")]
    bar = cast(Callable[[Setup], list[Row]], getattr(import_module(place.module), place.function))
    return bar(setup)
