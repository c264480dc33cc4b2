"""Bar 6: one new check-in, from stored belief to new belief with its flags; and the web request that accepts one."""

import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import numba

from benchmarks import ours
from benchmarks.agreement import check
from benchmarks.inputs import Inputs, open_ratings, whole_ratings
from benchmarks.peers.loading import peer
from benchmarks.printing import number
from benchmarks.rows import Row, at_most, missing
from benchmarks.setup import Setup
from benchmarks.timing import Runner, Timed, by_processor, race
from benchmarks.web.answering import Answered, answer_many

TABLE = 10_000  # pairs that get their next session in one call: what is left of a call is the kernel
CALLS = 200  # of one pair at a time, in one lap
LAST = 11  # the session that is new
KERNEL, RESULT = "one new check-in, in the kernel", "one new check-in, with result object and flags"
REQUEST = "web request that accepts a check-in, 95 of 100"


def bar_6(setup: Setup) -> list[Row]:
    return [*_in_memory(setup), *_over_the_web(setup)]


def _in_memory(setup: Setup) -> list[Row]:
    many, one = whole_ratings(min(TABLE, 10 * setup.size.pairs)), whole_ratings(1)
    known_many, known_one = ours.stored(many), ours.stored(one)
    runners = [
        Runner("kernel", lambda: _on_one_thread(many, known_many), many.pairs),
        Runner("result", lambda: [ours.check_in_in_words(one, known_one, LAST) for _ in range(CALLS)], CALLS),
        *_peers(),
    ]
    found = race(runners, setup.size.rounds)
    rows = [
        _alone(KERNEL, found["kernel"], 5.0, f"a table of {many.pairs:,} pairs on one thread, flags included"),
        _alone(RESULT, found["result"], 200.0, "a call a check-in"),
    ]
    return rows + [_beside(name, found) for name in ("filterpy, a step", "JAX compiled, a step")]


def _alone(task: str, timed: Timed, most: float, note: str) -> Row:
    processor = f"{number(1e6 * timed.processor / timed.amount)} µs of processor time"
    return Row(6, task, "µs", 1e6 / timed.rate, bar=at_most(most, "µs"), note=f"{note}; {processor}")


def _beside(name: str, found: dict[str, Timed]) -> Row:
    if name not in found:
        return missing(6, f"{RESULT}: {name}", "not installed: make bench installs it")
    mine, theirs = found["result"], found[name]
    row = Row(6, RESULT, "µs", 1e6 / mine.rate, name, 1e6 / theirs.rate)
    note = "theirs without flags, tails and result object"
    return row._replace(processor_ratio=1.0 / by_processor(mine, theirs), note=note)


def _on_one_thread(inputs: Inputs, known: Any) -> Any:
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        return ours.check_in(inputs, known, LAST)
    finally:
        numba.set_num_threads(before)


def _peers() -> list[Runner]:
    """A step is time passing and one session's readings; open ratings, since filterpy knows no others."""
    one, runners = open_ratings(1), []
    for name, module in (("filterpy, a step", "filterpy_loop"), ("JAX compiled, a step", "jax_scan")):
        library = peer(module)
        if library:
            _agrees(name, library, one)
            runners.append(Runner(name, library.steps(one, CALLS), CALLS))
    return runners


def _agrees(name: str, library: ModuleType, one: Inputs) -> None:
    check("one check-in", name, ours.loglik(one), library.loglik(one))


def _over_the_web(setup: Setup) -> list[Row]:
    answered = answer_many(setup.size.check_ins, warm_up=setup.size.warm_up)
    commit = _commits(setup.size.check_ins)
    note = (
        f"{len(answered.seconds)} check-ins, each over its own connection; half within "
        f"{1e3 * answered.percentile(0.5):.1f} ms, longest {1e3 * max(answered.seconds):.0f} ms; SQLite, WAL, FULL"
    )
    if answered.processor:
        note += f"; {1e3 * answered.processor:.0f} ms of the server's processor time each, page and background included"
    ms = 1e3 * answered.percentile(0.95)
    return [
        Row(6, REQUEST, "ms", ms, bar=at_most(50, "ms"), note=note),
        Row(6, REQUEST, "ms", ms, "a bare commit of one row, 95 of 100", 1e3 * commit.percentile(0.95)),
    ]


def _commits(count: int) -> Answered:
    """What the disk alone takes: one row, one commit, as durable as ours."""
    with (
        tempfile.TemporaryDirectory(prefix="accord-bench-") as folder,
        closing(sqlite3.connect(Path(folder) / "bare.sqlite3", isolation_level=None)) as database,
    ):
        database.executescript("PRAGMA journal_mode=wal; PRAGMA synchronous=FULL; CREATE TABLE t (x);")
        return Answered(tuple(_commit(database, n) for n in range(count)))


def _commit(database: sqlite3.Connection, n: int) -> float:
    started = time.perf_counter()
    database.execute("INSERT INTO t VALUES (?)", (n,))
    return time.perf_counter() - started
