"""Ours and theirs by turns: a warm-up each, whose answer is checked, then rounds: a busy minute hits everybody."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

ROUNDS = 5


class Runner(NamedTuple):
    """One way to do the task."""

    name: str
    run: Callable[[], Any]
    amount: float  # what one run gets done: pairs, rows, check-ins


class Lap(NamedTuple):
    """One run."""

    seconds: float  # on the wall
    processor: float  # seconds, all threads together


class Timed(NamedTuple):
    """What one runner gave."""

    answer: Any  # of the warm-up
    first: float  # seconds of the warm-up: compiling and loading on top of the work
    laps: tuple[Lap, ...]
    amount: float

    @property
    def typical(self) -> float:
        """Seconds of one run, the median."""
        return median(lap.seconds for lap in self.laps)

    @property
    def processor(self) -> float:
        """Seconds of processor time of one run, all threads together, the median: other people's work is not in it."""
        return median(lap.processor for lap in self.laps)

    @property
    def rate(self) -> float:
        return self.amount / self.typical

    @property
    def compiling(self) -> float:
        """Seconds that only the first run needed."""
        return max(0.0, self.first - self.typical)


Answers = dict[str, Any]


def race(
    runners: Sequence[Runner], rounds: int = ROUNDS, *, first: Callable[[Answers], None] | None = None
) -> dict[str, Timed]:
    """`first` looks at the warm-ups' answers before any round is run, and may stop the race."""
    warm = {runner.name: clocked(runner.run) for runner in runners}
    if first:
        first({name: answer for name, (answer, _) in warm.items()})
    laps: dict[str, list[Lap]] = {runner.name: [] for runner in runners}
    for _ in range(rounds):
        for runner in runners:
            laps[runner.name].append(clocked(runner.run)[1])
    return {
        runner.name: Timed(warm[runner.name][0], warm[runner.name][1].seconds, tuple(laps[runner.name]), runner.amount)
        for runner in runners
    }


def by_processor(ours: Timed, theirs: Timed) -> float:
    """How many times as much we get done in a second of processor time."""
    return ours.amount / ours.processor / (theirs.amount / theirs.processor)


def clocked(run: Callable[[], Any]) -> tuple[Any, Lap]:
    """What one run gave, and how long it took."""
    started, busy = time.perf_counter(), time.process_time()
    answer = run()
    return answer, Lap(time.perf_counter() - started, time.process_time() - busy)


def peak_memory() -> float:
    """GiB of this process; not `getrusage`, whose peak a process inherits from the one that started it."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return int(told.split("VmHWM:")[1].split()[0]) / 2**20
