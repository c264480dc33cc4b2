"""Ours against peers on one task: agree first, then race, then a row for each peer."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from benchmarks.agreement import TOLERANCE, check
from benchmarks.inputs import Inputs
from benchmarks.peers.loading import peer
from benchmarks.rows import Bar, Row, missing
from benchmarks.timing import Answers, Runner, Timed, by_processor, race

Work = Callable[[Inputs], Any]


class Against(NamedTuple):
    """A peer's way to do the task, on the first `pairs` of the table."""

    name: str
    module: str
    function: str
    pairs: int
    bar: Bar | None = None


class Task(NamedTuple):
    """What is compared."""

    number: int
    name: str
    inputs: Inputs
    ours: Work
    tolerance: float = TOLERANCE


class Compared(NamedTuple):
    rows: list[Row]
    timed: dict[str, Timed]


def compare(task: Task, peers: Sequence[Against], *, rounds: int, beside: Sequence[Runner] = ()) -> Compared:
    """Rates in pairs a second. `beside` races too, without a row of its own. Raises Disagreement before it races."""
    there = {one.name: work for one in peers if (work := _work(one))}
    runners = [Runner("ours", lambda: task.ours(task.inputs), task.inputs.pairs), *beside]
    runners += [_runner(one, there[one.name], task.inputs) for one in peers if one.name in there]
    notes: dict[str, str] = {}

    def agree(answers: Answers) -> None:
        for name in there:
            notes[name] = check(task.name, name, answers["ours"], answers[name], task.tolerance)

    found = race(runners, rounds, first=agree)
    return Compared([_row(task, one, found, notes) for one in peers], found)


def _work(one: Against) -> Work | None:
    module = peer(one.module)
    return getattr(module, one.function) if module else None


def _runner(one: Against, work: Work, inputs: Inputs) -> Runner:
    first = inputs.first(one.pairs)
    return Runner(one.name, lambda: work(first), first.pairs)


def _row(task: Task, one: Against, found: dict[str, Timed], notes: dict[str, str]) -> Row:
    if one.name not in found:
        return missing(task.number, f"{task.name}: {one.name}", "not installed: make bench installs it")
    ours, theirs = found["ours"], found[one.name]
    note = notes[one.name]
    if theirs.compiling > 1.0:
        note += f"; compiled in {theirs.compiling:.0f} s, not counted"
    row = Row(task.number, task.name, "pairs/s", ours.rate, one.name, theirs.rate, one.bar, note)
    return row._replace(processor_ratio=by_processor(ours, theirs))
