"""What the statistics of `flags@2` are held against: limits that keep a budget of false alarms.

The budget is the expected number of sessions with a dip or a slide in 10 judged sessions in which nothing happened,
both kinds and all three pillars together. A share of it goes to slides.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.science.alliance import DEFAULT, ParameterFile, Params, dump_params, filter_pairs, load_params
from accord.science.errors import BadOptions, BadParameters
from accord.science.ruptures.flags2_kernel import cusum_rows
from accord.science.ruptures.flags2_layout import Traces
from accord.science.ruptures.flags2_walk import trace_all
from accord.science.ruptures.model import Bools
from accord.science.simulation import World, simulate

SHARE_OF_SLIDES = (
    0.3  # of the budget, before overlaps: chosen once, so that slow falls are not seen less than fast ones
)
BUDGETS = (0.02, 0.05, 0.1, 0.15, 0.25, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)


class Limits(NamedTuple):
    """What the statistics of one budget are held against."""

    budget: float  # expected dips and slides per 10 judged sessions
    dip: float  # log likelihood ratio
    slide: float  # height of the CUSUM, log likelihood ratios too


class Table(NamedTuple):
    """Limits of several budgets, for one set of parameters."""

    params: str  # their id
    made: str  # how: "simulated", or "calibrated" on a practice's own check-ins
    budgets: tuple[float, ...]
    dip: tuple[float, ...]
    slide: tuple[float, ...]


# alliance@1-default. Made by `simulate_table(DEFAULT, size=FROZEN_SIZE, seed=1)`; a test makes it again, smaller.
FROZEN_SIZE = 200_000
FROZEN = Table(
    params=DEFAULT.id,
    made="simulated",
    budgets=BUDGETS,
    dip=(3.8517, 3.1152, 2.5526, 2.2051, 1.7483, 1.4452, 1.1153, 0.7256, 0.4395, 0.03, -0.3022, -0.766),
    slide=(3.0926, 2.7058, 2.3994, 2.203, 1.9831, 1.8134, 1.6291, 1.4121, 1.2488, 1.0074, 1.0, 0.8071),
)

SIZE, SESSIONS, SEED = 30_000, 12, 1999  # of a simulation: error of the rate at .25 about 1.5 %
USUAL = World()


@lru_cache(maxsize=64)
def limits_at(table: Table, budget: float = 0.25) -> Limits:
    """The limits of a budget; between the table's budgets by a straight line over the logarithm of the budget.

    Raises BadOptions outside 0.02 to 3 false alarms per 10 sessions.
    """
    if not table.budgets[0] <= budget <= table.budgets[-1]:
        raise BadOptions(f"budget {budget!r}: allowed is {table.budgets[0]} to {table.budgets[-1]} per 10 sessions")
    at, known = np.log(budget), np.log(table.budgets)
    return Limits(budget, float(np.interp(at, known, table.dip)), float(np.interp(at, known, table.slide)))


def limits_for(params: Params = DEFAULT, budget: float = 0.25) -> Limits:
    """The limits for these parameters: frozen for the default ones, else simulated (about a second) and remembered."""
    return limits_at(table_for(params), budget)


def table_for(params: Params) -> Table:
    """The limits of all budgets for these parameters. Same parameters, same limits: the seed is fixed."""
    if params is DEFAULT:
        return FROZEN
    values = _plain(params)
    return FROZEN if values == _plain(DEFAULT) else _simulated(values)


def _plain(params: Params) -> str:
    return json.dumps(dump_params(params), sort_keys=True)


@lru_cache(maxsize=32)
def _simulated(values: str) -> Table:
    return simulate_table(load_params(json.loads(values)))


def simulate_table(
    params: Params, *, truth: Params | None = None, world: World = USUAL, size: int = SIZE, seed: int = SEED
) -> Table:
    """Limits from `size` pairs in whom nothing happens, 12 sessions each, drawn from `truth` and judged by `params`.

    truth: None is `params`; another one where ratings are known to vary differently (flags2_calibration.py).
    """
    rng = np.random.default_rng(seed)
    drawn = simulate(truth or params, pairs=size, sessions=SESSIONS, rng=rng, world=world._replace(rupture_share=0.0))
    traces = trace_all(filter_pairs(params, days=drawn.days, readings=drawn.readings), drawn.readings)
    limits = [limits_of(traces, budget) for budget in BUDGETS]
    return Table(
        params=params.id,
        made="simulated",
        budgets=BUDGETS,
        dip=tuple(round(limit.dip, 4) for limit in limits),
        slide=tuple(round(limit.slide, 4) for limit in limits),
    )


def limits_of(traces: Traces, budget: float) -> Limits:
    """The limits that would have kept the budget on these sessions.

    First the CUSUM limit at which slides alone take their share, by halving; then the dip limit that fills the rest:
    a session with both counts once.
    """
    judged = ~np.isnan(traces.ratio)
    rate = budget / 10.0
    slide = _slide_limit(traces, SHARE_OF_SLIDES * rate * judged.sum())
    left = judged & ~cusum_alone(traces, slide)
    dips = np.sort(traces.ratio[left])
    wanted = rate * judged.sum() - (judged.sum() - len(dips))
    place = min(max(len(dips) - 1 - int(wanted), 0), len(dips) - 1)
    return Limits(budget, float(dips[place]), slide)


def _slide_limit(traces: Traces, wanted: float) -> float:
    low, high = 0.0, 20.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if cusum_alone(traces, middle).sum() > wanted else (low, middle)
    return high


def cusum_alone(traces: Traces, limit: float) -> Bools:
    """Sessions (N, T) at which the slide's CUSUM passes a limit and starts again."""
    fired: NDArray[np.bool_] = np.empty(traces.step.shape, bool)
    cusum_rows(traces.ratio, traces.step, limit, fired)
    return fired


def limits_in(held: ParameterFile) -> Table | None:
    """The limits that a parameter file holds; None where it holds none.

    Raises BadOptions as `load_limits` does; BadParameters where they belong to other parameters than the file's.
    """
    if held.flag_limits is None:
        return None
    table = load_limits(held.flag_limits)
    if table.params != held.params.id:
        raise BadParameters(f"flag_limits: they belong to {table.params!r}, the parameters are {held.params.id!r}")
    return table


def dump_limits(table: Table) -> dict[str, Any]:
    """Plain numbers and lists, to be written into a parameter file; `load_limits` reads them back without loss."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in table._asdict().items()}


def load_limits(values: Mapping[str, Any]) -> Table:
    """From `dump_limits`. Raises BadOptions: fields missing or unknown, lengths that differ, budgets out of order."""
    if set(values) != set(Table._fields):
        odd = ", ".join(sorted(set(values) ^ set(Table._fields)))
        raise BadOptions(f"limits: {odd} missing or unknown")
    numbers = {name: tuple(float(value) for value in values[name]) for name in ("budgets", "dip", "slide")}
    table = Table(params=str(values["params"]), made=str(values["made"]), **numbers)
    sizes = {len(column) for column in numbers.values()}
    if len(sizes) != 1 or sizes == {0} or not np.isfinite(np.concatenate(list(numbers.values()))).all():
        raise BadOptions("limits: budgets, dip and slide must be as many finite numbers each")
    if not (table.budgets[0] > 0.0 and (np.diff(table.budgets) > 0.0).all()):
        raise BadOptions("limits: budgets must rise")
    return table
