"""From a file of ratings to a folder of results: read, check, estimate, judge, write."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import polars as pl

from accord.batch.blocks import Block, blocks, grid_of
from accord.batch.checking import check_pairs
from accord.batch.errors import BadTable
from accord.batch.estimating import ESTIMATES, estimates, runs_of, see
from accord.batch.findings import PAGES, Findings
from accord.batch.folder import all_or_nothing
from accord.batch.judging import FLAGS, OURS, Judges, flags_of_model, flags_of_rules
from accord.batch.mapping import Mapping, Wish, settle
from accord.batch.numbers import Scale
from accord.batch.quality import Complaint, Quality
from accord.batch.ratings import Meaning, Opened, ratings
from accord.batch.reading import open_table
from accord.batch.report import Told, write_report
from accord.batch.settings import Settings, settings
from accord.batch.source import Source
from accord.batch.staging import Stage
from accord.batch.times import are_dates
from accord.batch.writing import Parts
from accord.science import alliance

Progress = Callable[[str, int, int], None]  # step, done, of how many (0: not known)


class Request(NamedTuple):
    """What is to be analysed, and how."""

    path: Path
    target: Path
    wish: Wish
    scale: Scale
    judges: Judges
    params: alliance.Params
    pages: int = PAGES
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
    with all_or_nothing(request.target) as fresh:
        stage = staged(opened, fresh, quality, progress)
        findings = _results(request, opened, (stage, fresh), progress)
        stage.clear()
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


def staged(opened: Opened, folder: Path, quality: Quality, progress: Progress) -> Stage:
    """The table's ratings, read and checked. Raises BadTable with every complaint."""
    stage = Stage(folder)
    for rows in stage.fill(ratings(opened.source, opened.meaning, quality)):
        progress("Reading", rows, 0)
    for rows in check_pairs(stage, opened.meaning.mapping, quality):
        progress("Checking", rows, stage.rows)
    if not stage.rows and not quality.failed:
        what = "there is not a single score in these columns"
        quality.add(Complaint("error", "empty", what, "Name the right ones with --columns or --score."))
    if quality.failed:
        raise BadTable(quality.complaints())
    return stage


def _results(request: Request, opened: Opened, places: tuple[Stage, Path], progress: Progress) -> Findings:
    stage, folder = places
    findings = Findings(request.scale.high - request.scale.low, request.pages)
    kept = Parts(folder, "estimates", ESTIMATES), Parts(folder, "flags", FLAGS)
    grid = grid_of(stage, opened.meaning)
    ready = settings(request.judges, stage, grid, opened.meaning.mapping.readings)
    findings.alarms = {key: setting.alarms for key, setting in ready.items()}
    for block in blocks(stage, grid):
        found, flagged = _of_block(block, request, opened.meaning.mapping, ready)
        kept[0].put(found)
        kept[1].put(flagged)
        findings.add(found, flagged)
        progress("Estimating", findings.pairs, stage.pairs)
    for parts in kept:
        progress(f"Writing {parts.name}", 0, 0)
        parts.finish(folder)
    return findings


def _of_block(block: Block, request: Request, mapping: Mapping, ready: Settings) -> tuple[pl.DataFrame, pl.DataFrame]:
    found, flagged = [], [flags_of_rules(block, mapping.readings, request.scale, ready)]
    for run in runs_of(mapping.readings):
        seen = see(block, run, request.scale, request.params)
        found.append(estimates(block, seen, request.scale, request.params.id))
        if OURS in request.judges.names:
            flagged.append(flags_of_model(block, seen, request.scale, request.judges.budget))
    return _in_order(block, found), _in_order(block, flagged)


def _in_order(block: Block, frames: list[pl.DataFrame]) -> pl.DataFrame:
    """One table in the order of pairs as they came, then sessions, then pillars as they were named."""
    whole = pl.concat(frames)
    if len(frames) == 1 and whole["pillar"].n_unique() <= 1:
        return whole
    places = pl.DataFrame({"pair": block.pairs, "#place": range(len(block.pairs))})
    placed = whole.join(places, on="pair", maintain_order="left")
    return placed.sort("#place", "session", maintain_order=True).drop("#place")
