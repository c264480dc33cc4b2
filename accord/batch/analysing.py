"""From a file of ratings to a folder of results: read, check, estimate, judge, write."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from accord.batch.ahead import ahead, on_all_threads
from accord.batch.blocks import Block, Grid, blocks, grid_of
from accord.batch.checking import check_pairs
from accord.batch.errors import BadTable
from accord.batch.estimating import estimates, runs_of, see
from accord.batch.findings import PAGES, Findings
from accord.batch.folder import all_or_nothing, scratch_beside
from accord.batch.judging import OURS, Judges, flags_of_model, flags_of_rules
from accord.batch.mapping import Wish, settle
from accord.batch.numbers import Scale
from accord.batch.quality import Complaint, Quality
from accord.batch.ratings import Meaning, Opened, ratings
from accord.batch.reading import open_table
from accord.batch.report import Told, write_report
from accord.batch.settings import Settings, asks_first, settings
from accord.batch.source import Source
from accord.batch.staging import Stage, dealt, in_place, is_in_numbers, on_disk
from accord.batch.times import are_dates
from accord.batch.writing import SHEET_ROWS, Stream, sink
from accord.science import alliance
from accord.science.ruptures import Limits, Table, limits_at, table_for

Progress = Callable[[str, int, int], None]  # step, done, of how many (0: not known)


class Request(NamedTuple):
    """What is to be analysed, and how."""

    path: Path
    target: Path
    wish: Wish
    scale: Scale
    judges: Judges
    params: alliance.Params
    limits: Table | None = None  # of our flags; None: simulated for these parameters
    pages: int = PAGES
    csv: bool = False  # write CSV too, however long it gets
    command: str = ""  # as typed; printed in the report, so that it can be repeated


class Outcome(NamedTuple):
    """What was done: for the terminal."""

    opened: Opened
    quality: Quality
    findings: Findings


def understand(request: Request) -> tuple[Opened, Quality]:
    """Open the table and settle what its columns mean. Raises BadTable with every reason."""
    quality = Quality()
    source = open_table(request.path, quality)
    if source is None:
        raise BadTable(quality.complaints())
    sample = _sample(source, quality)
    mapping = settle(source.columns, sample, request.wish, quality)
    if mapping is None:
        raise BadTable(quality.complaints())
    dates = bool(mapping.time) and are_dates(sample[mapping.time])
    return Opened(source, Meaning(mapping, request.scale, dates)), quality


def analyse(request: Request, opened: Opened, quality: Quality, progress: Progress) -> Outcome:
    """Write estimates, flags, quality and report into `request.target`, all at once or not at all.

    Raises BadTable with every complaint when the table has an error: then nothing was written.
    """
    with all_or_nothing(request.target) as fresh, scratch_beside(request.target) as scratch:
        stage = staged(opened, scratch, quality, progress)
        findings = _results(request, opened, (stage, fresh), quality, progress)
        if request.csv or findings.rows <= SHEET_ROWS:
            progress("Writing CSV", 0, 0)
            for name in ("estimates", "flags"):
                sink(pl.scan_parquet(fresh / f"{name}.parquet"), fresh / f"{name}.csv", separator=",")
        quality.table().write_csv(fresh / "quality.csv")
        told = Told(request.path.name, request.command, opened, request.wish, request.judges, request.params)
        write_report(fresh / "report.html", told, findings, quality)
    return Outcome(opened, quality, findings)


def _sample(source: Source, quality: Quality) -> pl.DataFrame:
    # Read for the guess only: what is found on the way is found again, and told, when the table is read.
    for frame in source.blocks(source.columns, Quality()):
        if frame.height:
            return frame
    what = "there are no ratings below the header"
    quality.add(Complaint("error", "empty", what, "Check that the right file was saved."))
    raise BadTable(quality.complaints())


def staged(opened: Opened, scratch: Path, quality: Quality, progress: Progress) -> Stage:
    """The table's ratings, ready to be handed on in whole pairs."""

    def read(rows: int) -> None:
        progress("Reading", rows, 0)

    if is_in_numbers(opened):
        stage = in_place(opened, read)
    else:
        stage = on_disk(ratings(opened.source, opened.meaning, quality), scratch, read)
    return stage if stage.survey.together else dealt(stage, scratch, quality)


def checked_blocks(stage: Stage, meaning: Meaning, quality: Quality) -> Iterator[Block]:
    """The whole table as blocks of arrays. Raises BadTable at its end, with every complaint, when it has an error."""
    grid: Grid | None = None
    for frame in stage.whole_pairs(quality):
        check_pairs(frame, meaning.mapping, quality)
        if not quality.failed:  # a table with an error is looked through to its end, and not judged
            grid = grid or grid_of(stage.survey, meaning)
            yield from blocks(frame, grid)
    if grid is None and not quality.failed:
        what = "there is not a single score in these columns"
        quality.add(Complaint("error", "empty", what, "Name the right ones with --columns or --score."))
    if quality.failed:
        raise BadTable(quality.complaints())


def _results(
    request: Request, opened: Opened, places: tuple[Stage, Path], quality: Quality, progress: Progress
) -> Findings:
    (stage, folder), readings = places, opened.meaning.mapping.readings
    findings = Findings(request.scale.high - request.scale.low, request.pages)
    ready: Settings = {}
    if asks_first(request.judges):
        ready = settings(request.judges, checked_blocks(stage, opened.meaning, quality), readings)
        findings.alarms = {key: setting.alarms for key, setting in ready.items()}
        quality = Quality()  # the second time through the table finds the same again
    runs, limits = runs_of(readings), _limits(request)

    def worked_out(block: Block) -> tuple[int, pl.DataFrame, pl.DataFrame]:
        seen = [see(block, run, request.scale, request.params, limits) for run in runs]
        flagged = [flags_of_rules(block, readings, request.scale, ready)]
        flagged += [flags_of_model(block, one.run, one.flags, request.scale) for one in seen if one.flags is not None]
        return len(block.pairs), estimates(block, seen, request.params.id), _in_order(block, flagged)

    with Stream(folder / "estimates.parquet") as kept, Stream(folder / "flags.parquet") as raised:
        for pairs, found, flagged in on_all_threads(worked_out, ahead(checked_blocks(stage, opened.meaning, quality))):
            kept.put(found)
            raised.put(flagged)
            findings.add(pairs, runs, found, flagged)
            progress("Estimating", findings.pairs, stage.survey.pairs)
    return findings


def _limits(request: Request) -> Limits | None:
    """Of our own flags, where they are asked for."""
    if OURS not in request.judges.names:
        return None
    return limits_at(request.limits or table_for(request.params), request.judges.budget)


def _in_order(block: Block, frames: list[pl.DataFrame]) -> pl.DataFrame:
    """One table in the order of pairs as they came, then sessions, then pillars as they were named."""
    places = pl.DataFrame({"pair": block.pairs, "#place": range(len(block.pairs))})
    placed = pl.concat(frames).join(places, on="pair", maintain_order="left")
    return placed.sort("#place", "session", maintain_order=True).drop("#place")
