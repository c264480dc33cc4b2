"""Ours and theirs by turns: a warm-up each, whose answer is checked, then rounds: a busy minute hits everybody."""

import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any, NamedTuple

ROUNDS = 5


class Runner(NamedTuple):
    """One way to do the task."""

    name: str
    run: Callable[[], Any]
    amount: float  # what one run gets done: pairs, rows, check-ins


class Timed(NamedTuple):
    """What one runner gave."""

    answer: Any  # of the warm-up
    first: float  # seconds of the warm-up: compiling and loading on top of the work
    seconds: tuple[float, ...]
    amount: float

    @property
    def typical(self) -> float:
        """Seconds of one run, the median."""
        return median(self.seconds)

    @property
    def rate(self) -> float:
        return self.amount / self.typical

    @property
    def compiling(self) -> float:
        """Seconds that only the first run needed."""
        return max(0.0, self.first - self.typical)


def race(runners: Sequence[Runner], rounds: int = ROUNDS) -> dict[str, Timed]:
    warm = {runner.name: _clocked(runner.run) for runner in runners}
    laps: dict[str, list[float]] = {runner.name: [] for runner in runners}
    for _ in range(rounds):
        for runner in runners:
            laps[runner.name].append(_clocked(runner.run)[1])
    return {runner.name: Timed(*warm[runner.name], tuple(laps[runner.name]), runner.amount) for runner in runners}


def _clocked(run: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    answer = run()
    return answer, time.perf_counter() - started
