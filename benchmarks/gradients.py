"""Bar 4: the likelihood of all pairs and its derivative by every parameter."""

from benchmarks import ours
from benchmarks.comparing import Against, Task, compare
from benchmarks.filtering import against_first, first_bar
from benchmarks.inputs import open_ratings
from benchmarks.machine import CORES
from benchmarks.rows import Row, at_least
from benchmarks.setup import Setup

NAME = "log-likelihood and full gradient"
TOLERANCE = 1e-7  # sums over all pairs, of parts that nearly cancel


def bar_4(setup: Setup) -> list[Row]:
    size = setup.size
    task = Task(4, NAME, open_ratings(size.pairs), ours.value_and_gradient, TOLERANCE)
    # A sum over pairs: both sides need all of them.
    peers = [
        Against(f"JAX value_and_grad, {CORES} threads", "jax_scan", "value_and_gradient", size.pairs, at_least(10))
    ]
    found = compare(task, peers, rounds=size.rounds, beside=[first_bar(setup)])
    return [*found.rows, against_first(task, found.timed, at=5.0)]
