"""From a table of clients and one of therapists to a folder of suggestions: read, check, find, assign, write."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from accord.batch.errors import BadRequest, BadTable
from accord.batch.folder import all_or_nothing
from accord.batch.match_rows import Drawn, drawn, unheard
from accord.batch.match_tables import Asking, Therapists, read_clients, read_therapists
from accord.batch.match_words import Summary, write_match_report
from accord.batch.match_writing import assignments, candidate_lists, groups, loads
from accord.batch.quality import Complaint, Quality, of_file
from accord.batch.writing import SHEET_ROWS, Stream, sink
from accord.science.errors import AccordError
from accord.science.matching.assignment import UNTIL_PROVEN, candidates
from accord.science.matching.flowing import best_flow
from accord.science.matching.placing import placed

LARGE, LARGE_ROUNDS = 100_000_000, 3  # pairs of client and therapist
BLOCK = 50_000  # clients whose lists are written at a time
Progress = Callable[[str, int, int], None]  # step, done, of how many (0: not known)


class MatchRequest(NamedTuple):
    """Who is to be matched, and how."""

    clients: Path
    therapists: Path
    target: Path
    seed: int = 1
    few: int = 20  # candidates listed for each client, and looked at first
    rounds: int = 0  # how often the assignment is solved at most; 0: by the size of the tables
    stale: bool = False  # also places that were not confirmed for 30 days
    csv: bool = False
    command: str = ""


def match(request: MatchRequest, progress: Progress) -> tuple[Summary, Quality]:
    """Write suggestions, lists, fairness, loads and a report into `request.target`, all at once or not at all.

    Raises BadTable with every complaint when a table has an error: then nothing was written.
    """
    quality, theirs = Quality(), Quality()
    progress("Reading", 0, 0)
    asking, therapists = _read(request, quality, theirs)
    try:
        rows = drawn(asking, therapists, seed=request.seed, stale=request.stale)
    except AccordError as error:
        raise BadRequest(str(error)) from error
    with all_or_nothing(request.target) as fresh:
        summary = _results(request, rows, fresh, progress)
        pl.concat([quality.table(), theirs.table()]).write_csv(fresh / "quality.csv")
        write_match_report(fresh / "report.html", summary, quality, request.command)
    return summary, quality


def _read(request: MatchRequest, quality: Quality, theirs: Quality) -> tuple[Asking, Therapists]:
    """Both tables; what is wrong with either is told in one go."""
    found: list[Complaint] = []
    asking = therapists = None
    try:
        asking = read_clients(request.clients, quality)
    except BadTable as error:
        found += _named(error.complaints, request.clients)
    try:
        therapists = read_therapists(request.therapists, theirs)
    except BadTable as error:
        found += _named(error.complaints, request.therapists)
    if asking is None or therapists is None:
        raise BadTable(tuple(found))
    for column, token in unheard(therapists, asking):
        what = f"nobody in {request.therapists.name} has {token}"
        quality.add(Complaint("note", "unheard", what, "Check how it is written in both tables.", column=column))
    return asking, therapists


def _named(complaints: tuple[Complaint, ...], path: Path) -> list[Complaint]:
    return [of_file(one, path.name) for one in complaints]


def _rounds(wanted: int, rows: Drawn) -> int:
    """Until it is proven; in very large networks the last rounds win next to nothing; the report says how little."""
    return wanted or (UNTIL_PROVEN if len(rows.names) * len(rows.therapists) <= LARGE else LARGE_ROUNDS)


def _results(request: MatchRequest, rows: Drawn, folder: Path, progress: Progress) -> Summary:
    count = len(rows.names)
    progress("Looking for who fits", 0, 0)
    found, worth, allowed = candidates(rows.network, rows.clients, request.few)
    progress("Placing everyone", 0, 0)
    first = placed(rows.network, rows.clients, rows.order, found)
    flow = best_flow(rows.network, rows.clients, first, found, rounds=_rounds(request.rounds, rows))
    progress("Writing", 0, 0)
    suggested = assignments(rows, flow, (found, worth), allowed)
    tables = {"assignments": suggested, "fairness": groups(rows, suggested), "loads": loads(rows, flow)}
    for name, table in tables.items():
        table.write_parquet(folder / f"{name}.parquet")
    with Stream(folder / "candidates.parquet") as stream:
        for start in range(0, count, BLOCK):
            stream.put(candidate_lists(rows, found, worth, np.arange(start, min(start + BLOCK, count))))
    for name in (*tables, "candidates"):
        written = pl.scan_parquet(folder / f"{name}.parquet")
        if request.csv or written.select(pl.len()).collect().item() <= SHEET_ROWS:
            sink(written, folder / f"{name}.csv", separator=",")
    return Summary(request.clients.name, request.seed, flow, suggested, tables["fairness"], tables["loads"])
