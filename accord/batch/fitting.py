"""From a file of ratings to a file of parameters: read, check, fit, judge the fit, write."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from accord.batch.analysing import Progress, Request, checked_blocks, staged, understand
from accord.batch.blocks import Block, Floats
from accord.batch.errors import BadRequest, CannotWrite
from accord.batch.estimating import Run, runs_of, to_ten
from accord.batch.folder import scratch_beside
from accord.batch.judging import judges
from accord.batch.labels import labels_of
from accord.batch.mapping import PILLARS, Wish
from accord.batch.numbers import Scale
from accord.batch.quality import Quality
from accord.batch.ratings import Opened
from accord.science import alliance
from accord.science.errors import BadReadings
from accord.science.ruptures import Table, calibrated, dump_limits, table_for

SEED = 1  # of the randomised transform in the goodness of fit: the same table gives the same file


class Order(NamedTuple):
    """What is to be fitted, and how."""

    path: Path
    target: Path
    wish: Wish
    scale: Scale
    therapist: str = ""  # columns; empty: no such level
    practice: str = ""
    id: str = ""  # empty: a name from the numbers
    compare: bool = True  # with simpler models
    command: str = ""

    @property
    def levels(self) -> tuple[str, ...]:
        return tuple(name for name, column in self.labels.items() if column)

    @property
    def labels(self) -> dict[str, str]:
        return {"therapist": self.therapist, "practice": self.practice}

    @property
    def request(self) -> Request:
        """The same as an order to analyse: what reading the table needs."""
        rules = judges((), self.scale, cutoff=None, budget=None)
        return Request(self.path, self.target, self.wish, self.scale, rules, alliance.DEFAULT)


class Fitted(NamedTuple):
    """What was found: for the terminal."""

    quality: Quality
    fit: alliance.Fit
    limits: Table  # of flags under these parameters
    goodness: alliance.Goodness
    rivals: tuple[alliance.Rival, ...]  # empty where nothing was compared


def open_for(order: Order) -> tuple[Opened, Quality]:
    """Open the table and settle what its columns mean.

    Raises BadTable; BadRequest for levels that are none; BadParameters for a name that is too long.
    """
    alliance.named(alliance.DEFAULT, order.id)
    if order.practice and not order.therapist:
        raise BadRequest("--practice needs --therapist: a practice is a level above its therapists")
    if order.target.is_dir():
        raise BadRequest(f"{order.target} is a folder; name a file with --out")
    return understand(order.request)


def fit_table(order: Order, opened: Opened, quality: Quality, progress: Progress) -> Fitted:
    """Fit all pairs of a table and write the parameter file, whole or not at all.

    Everything is held in memory: 12 sessions of a million pairs take about 600 MB. Raises BadTable with every
    complaint, BadRequest where not all three pillars are there, and what `Model.fit` raises: then nothing was written.
    """
    run = _run_of(opened)
    labels = labels_of(opened, [column for column in order.labels.values() if column], quality)
    with scratch_beside(order.target) as folder:
        stage = staged(opened, folder, quality, progress)
        seen = _readings(list(checked_blocks(stage, opened.meaning, quality)), run, order, labels)
        progress("Fitting", 0, 0)
        model = alliance.Model(levels=order.levels)
        found = model.fit(seen)
        fit = found._replace(params=alliance.named(found.params, order.id))
        progress("Calibrating", 0, 0)
        limits = _limits(fit.params, seen)
        progress("Comparing", 0, 0)
        fitted = Fitted(
            quality,
            fit,
            limits,
            fit.goodness(seen, rng=np.random.default_rng(SEED)),
            alliance.compared(model._replace(levels=_left(fit)), fit, seen) if order.compare else (),
        )
        _write(folder / order.target.name, fitted, order)
        try:
            (folder / order.target.name).replace(order.target)
        except OSError as error:
            raise CannotWrite(f"cannot write {order.target}: {error.strerror}") from error
    return fitted


def _limits(params: alliance.Params, seen: alliance.Readings) -> Table:
    """Of the practice's own quiet sessions; of simulated pairs alone where these are too few to go by."""
    try:
        return calibrated(params, days=np.asarray(seen.days), readings=np.asarray(seen.readings))
    except BadReadings:
        return table_for(params)


def _left(fit: alliance.Fit) -> tuple[str, ...]:
    return tuple(name for name, cov in fit.levels._asdict().items() if cov is not None)


def _run_of(opened: Opened) -> Run:
    readings = opened.meaning.mapping.readings
    rated = {reading.pillar for reading in readings if reading.rater == "client"}
    if set(PILLARS) - rated:
        there = ", ".join(f"{r.name} ({r.rater})" for r in readings)
        raise BadRequest(f"a fit needs goal, task and bond, each rated by the client; this table has {there}")
    return next(run for run in runs_of(readings) if len(run.names) == len(PILLARS))


def _readings(parts: list[Block], run: Run, order: Order, labels: pl.DataFrame) -> alliance.Readings:
    widest = max(part.days.shape[1] for part in parts)
    days = np.concatenate([_padded(part.days, widest) for part in parts])
    scores = np.concatenate([_padded(rated, widest) for rated in _on_ten(parts, run, order.scale)])
    pairs = pl.DataFrame({"pair": pl.concat([part.pairs for part in parts])})
    whose = pairs.join(labels, on="pair", how="left", maintain_order="left")
    known = {level: whose[column].to_numpy() for level, column in order.labels.items() if column}
    return alliance.Readings(days, scores, **known)


def _on_ten(parts: list[Block], run: Run, scale: Scale) -> Iterator[Floats]:
    for part in parts:
        readings = np.full((*part.days.shape, 6), np.nan)
        for slot, place in run.slots.items():
            readings[:, :, slot] = to_ten(part.scores[:, :, place], scale)
        yield readings


def _padded(values: Floats, sessions: int) -> Floats:
    width = [(0, 0), (0, sessions - values.shape[1]), *[(0, 0)] * (values.ndim - 2)]
    return np.pad(values, width, constant_values=np.nan)


def _write(path: Path, fitted: Fitted, order: Order) -> None:
    told: dict[str, Any] = {
        "table": order.path.name,
        "scale": [order.scale.low, order.scale.high, order.scale.better],
        "command": order.command,
    }
    text = alliance.write_parameters(
        fitted.fit,
        goodness=fitted.goodness,
        rivals=fitted.rivals,
        flag_limits=dump_limits(fitted.limits),
        told=told,
    )
    path.write_text(text, encoding="utf-8")
