"""Bars 1 to 3: filter and log-likelihood, the same with ceilings, and the smoother."""

from benchmarks import ours
from benchmarks.comparing import Against, Task, compare
from benchmarks.counting import operations
from benchmarks.inputs import Inputs, open_ratings, perfect_ratings
from benchmarks.machine import CORES
from benchmarks.rows import Row, at_least, at_most
from benchmarks.setup import Setup
from benchmarks.timing import Runner, Timed

FILTER = "filter and log-likelihood"


def bar_1(setup: Setup) -> list[Row]:
    size, inputs = setup.size, open_ratings(setup.size.pairs)
    peers = [
        Against("statsmodels, a model a pair", "statsmodels_space", "loglik", size.few, at_least(200)),
        Against("statsmodels, all pairs as one series", "statsmodels_space", "loglik_in_one", size.few),
        Against(f"simdkalman primitives, {CORES} threads", "simdkalman_vectors", "loglik", size.some, at_least(40)),
        Against(f"JAX by hand, {CORES} threads", "jax_scan", "loglik", size.pairs, at_least(3)),
        Against(f"numpy columns, {CORES} threads", "numpy_columns", "loglik", size.pairs),
        Against("filterpy, a loop", "filterpy_loop", "loglik", size.handful),
        Against("pykalman, a model a pair", "pykalman_loop", "loglik", size.handful),
    ]
    found = compare(Task(1, FILTER, inputs, ours.loglik), peers, rounds=size.rounds)
    return [*found.rows, *_absolute(setup, inputs, found.timed["ours"])]


def _absolute(setup: Setup, inputs: Inputs, timed: Timed) -> list[Row]:
    each = operations(inputs) / inputs.pairs
    note = f"compiled or loaded in {timed.compiling:.1f} s"
    rows = [Row(1, FILTER, "pairs/s", timed.rate, bar=at_least(1_000_000, "pairs/s"), note=note)]
    if setup.machine.gflops:
        gflops, note = timed.rate * each / 1e9, f"{each:,.0f} operations a pair that the algorithm needs"
        peak, peer = setup.machine.gflops, "this machine's multiply-adds"
        share = gflops / peak * timed.typical * setup.machine.cores / timed.processor
        row = Row(1, FILTER, "GFlop/s", gflops, peer, peak, at_least(0.2), note)
        rows.append(row._replace(processor_ratio=share))
    return rows


def bar_2(setup: Setup) -> list[Row]:
    size, inputs = setup.size, perfect_ratings(setup.size.pairs)
    task = Task(2, "the same, half of all ratings perfect", inputs, ours.loglik)
    peers = [Against(f"JAX by hand, {CORES} threads", "jax_scan", "loglik", size.pairs)]
    found = compare(task, peers, rounds=size.rounds, beside=[first_bar(setup)])
    return [against_first(task, found.timed, at=2.5), *found.rows]


def bar_3(setup: Setup) -> list[Row]:
    size, inputs = setup.size, open_ratings(setup.size.pairs)
    task = Task(3, "smoother with variances", inputs, ours.smooth)
    peers = [
        Against("statsmodels, a model a pair", "statsmodels_space", "smooth", size.few),
        Against("statsmodels, all pairs as one series", "statsmodels_space", "smooth_in_one", size.few),
        Against(f"simdkalman primitives, {CORES} threads", "simdkalman_vectors", "smooth_levels", size.some),
    ]
    found = compare(task, peers, rounds=size.rounds, beside=[first_bar(setup)])
    return [against_first(task, found.timed, at=4.0), *found.rows]


def first_bar(setup: Setup) -> Runner:
    """Bar 1 once more, racing in the same rounds."""
    inputs = open_ratings(setup.size.pairs)
    return Runner(FILTER, lambda: ours.loglik(inputs), inputs.pairs)


def against_first(task: Task, timed: dict[str, Timed], *, at: float) -> Row:
    mine, first = timed["ours"], timed[FILTER]
    row = Row(task.number, task.name, "s", mine.typical, f"ours, {FILTER}", first.typical, at_most(at))
    return row._replace(processor_ratio=mine.processor / first.processor, note=f"{mine.rate:,.0f} pairs/s")
