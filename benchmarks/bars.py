"""The list of bars. A bar is a function of the setup that gives rows; a module that is not there yet says so."""

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
    needs: str = ""  # a module that is written elsewhere and may not be there yet


BARS = {
    1: Place("filter and log-likelihood", "benchmarks.filtering", "bar_1"),
    2: Place("the same, half of all ratings perfect", "benchmarks.filtering", "bar_2"),
    3: Place("smoother with variances", "benchmarks.filtering", "bar_3"),
    4: Place("log-likelihood and full gradient", "benchmarks.gradients", "bar_4"),
    5: Place("fit of all parameters", "benchmarks.fitting", "bar_5"),
    6: Place("one new check-in", "benchmarks.check_ins", "bar_6"),
    7: Place("accord analyse, Parquet to Parquet", "benchmarks.whole_tables", "bar_7", "benchmarks.tables"),
    8: Place("scoring sheets", "benchmarks.whole_tables", "bar_8", "benchmarks.tables"),
    9: Place("growth of time and memory", "benchmarks.whole_tables", "bar_9", "benchmarks.tables"),
}


def rows_of(number: int, setup: Setup) -> list[Row]:
    place = BARS[number]
    if place.needs and find_spec(place.needs) is None:
        return [missing(number, place.what, "not there yet")]
    bar = cast(Callable[[Setup], list[Row]], getattr(import_module(place.module), place.function))
    return bar(setup)
