"""Bar 10: filter, the best twenty, assignment. Run by itself it is the process measured alone.

Peers filter and take the twenty with most wishes met, for the first few clients, from bit masks made for them. Ours
orders by standing, wishes, records, room and style, draws ties, and does it for all.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from accord.batch.match_rows import Drawn, drawn
from accord.batch.match_tables import read_clients, read_therapists
from accord.batch.matching import MatchRequest, match
from accord.batch.quality import Quality
from accord.science.matching.assignment import candidates
from benchmarks.agreement import Disagreement
from benchmarks.masks import FEW, Ints, masks_of
from benchmarks.networks import Written, write_network
from benchmarks.peers import numpy_filter, polars_filter
from benchmarks.rows import Row, at_least, at_most
from benchmarks.setup import Setup, Size
from benchmarks.timing import Runner, Timed, peak_memory, race

PEERS = {"numpy, bit masks in blocks": numpy_filter.best, "Polars, cross join in blocks": polars_filter.best}
SOME = 50  # peers get one client of so many


def bar_10(setup: Setup) -> list[Row]:
    """The filter against peers; then the whole command, and its peak memory, in a process of its own."""
    size = setup.size
    with tempfile.TemporaryDirectory() as folder:
        written = write_network(Path(folder), size.clients, size.therapists)
        rows = _filtered(written, size)
        alone = _alone(written, Path(folder) / "out")
    task = f"accord match, {size.clients:,} clients × {size.therapists:,} therapists"
    note = f"solved {alone['rounds']:.0f} times, at most {alone['short']:.1e} of itself below the optimum"
    return [
        *rows,
        Row(10, task, "s", alone["seconds"], bar=at_most(45, "s"), note=note),
        Row(10, f"{task}: peak memory", "GiB", alone["memory"], bar=at_most(4, "GiB")),
    ]


def _filtered(written: Written, size: Size) -> list[Row]:
    rows, masks = _rows(written), masks_of(written)
    few = masks.first(max(size.clients // SOME, 20))
    pairs, fewer = size.clients * size.therapists, len(few.must) * size.therapists
    runners = [Runner("ours", lambda: _ours(rows), pairs)]
    runners += [Runner(name, lambda work=work: work(few), fewer) for name, work in PEERS.items()]  # type: ignore[misc]
    found = race(runners, size.rounds, first=_agree)
    task = f"filter and best {FEW}, {size.clients:,} × {size.therapists:,}"
    seconds = Row(10, task, "s", found["ours"].typical, bar=at_most(3, "s"))
    return [seconds, *(_against(task, name, found) for name in PEERS)]


def _against(task: str, name: str, found: dict[str, Timed]) -> Row:
    return Row(10, task, "pairs/s", found["ours"].rate, name, found[name].rate, at_least(5))


def _rows(written: Written) -> Drawn:
    return drawn(
        read_clients(written.clients, Quality()), read_therapists(written.therapists, Quality()), seed=1, stale=False
    )


def _ours(rows: Drawn) -> Ints:
    """How many fit each client, in the order of the table; the best twenty are found and dropped."""
    _, _, allowed = candidates(rows.network, rows.clients, FEW)
    in_order: Ints = allowed[rows.names.arg_sort().to_numpy()]
    return in_order


def _agree(answers: dict[str, Ints]) -> None:
    for name in PEERS:
        if not np.array_equal(answers["ours"][: len(answers[name])], answers[name]):
            raise Disagreement(f"{name} and ours differ in who fits")


def _alone(written: Written, out: Path) -> dict[str, float]:
    """Seconds (compiling and importing apart) and peak memory in GiB, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.matching", str(written.clients), str(written.therapists), str(out)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(told.splitlines()[-1])
    return found


def _measure_alone(clients: Path, therapists: Path, out: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        warm = write_network(Path(folder), 200, 60)
        match(MatchRequest(warm.clients, warm.therapists, Path(folder) / "out"), _quiet)
    start = time.perf_counter()
    summary, _ = match(MatchRequest(clients, therapists, out), _quiet)
    seconds = time.perf_counter() - start
    flow = summary.flow
    told = {
        "seconds": seconds,
        "memory": peak_memory(),
        "rounds": flow.rounds,
        "short": flow.short / max(flow.total, 1),
    }
    sys.stdout.write(json.dumps(told) + "\n")


def _quiet(step: str, done: int, total: int) -> None:
    """Nobody watches."""


if __name__ == "__main__":
    _measure_alone(*map(Path, sys.argv[1:]))
