"""How large a run is, and what every bar needs to know."""

from typing import NamedTuple

from benchmarks.machine import Machine


class Size(NamedTuple):
    """How many pairs each gets. Slow peers get the first few of the same table; rates are compared."""

    name: str
    rounds: int
    pairs: int  # ours, JAX, numpy
    some: int  # simdkalman
    few: int  # statsmodels
    handful: int  # filterpy, pykalman
    fitted: int  # bar 5, against lme4
    fitted_small: int  # bar 5, against ctsem
    check_ins: int  # bar 6, over the web
    warm_up: int  # check-ins before the clock counts
    analysed: int  # bar 7
    sheets: int  # bar 8
    growing: tuple[int, ...]  # bar 9
    clients: int  # bar 10
    therapists: int


GROWING = (100_000, 300_000, 1_000_000, 3_000_000)
FULL = Size(
    "full", 5, 100_000, 20_000, 1_000, 100, 100_000, 10_000, 300, 20, 1_000_000, 10_000_000, GROWING, 100_000, 10_000
)
SMALL = Size("small", 1, 300, 100, 10, 5, 300, 100, 4, 1, 300, 2_000, (200, 400), 300, 60)
SIZES = {size.name: size for size in (FULL, SMALL)}


class Setup(NamedTuple):
    """Handed to every bar."""

    size: Size
    machine: Machine
