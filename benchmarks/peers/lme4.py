"""R's lme4: a linear growth model of one pillar, random intercept and slope a pair, by maximum likelihood.

It answers a smaller question than `alliance@1` does: one pillar of six readings, a straight line, no moving state. It
is what people run today on such a table.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.inputs import Inputs

SCRIPT = Path(__file__).with_name("lme4.R")
DAYS_IN_MONTH = 30.0
BOND = 2


class Grown(NamedTuple):
    """What lme4 said of itself."""

    version: str
    seconds: float  # of lmer alone, reading the table not counted
    processor: float  # seconds of processor time for the same
    unchecked: float  # the same without its check of convergence
    rows: int
    intercept: float  # the average rating at the first session, points
    loglik: float
    converged: str  # yes, or its own words


def is_there() -> bool:
    if shutil.which("Rscript") is None:
        return False
    return subprocess.run(["Rscript", "-e", "library(lme4)"], capture_output=True).returncode == 0


def grow(inputs: Inputs) -> Grown:
    """The bond ratings of all pairs."""
    ratings = inputs.readings[..., BOND]
    pair, session = np.nonzero(~np.isnan(ratings))
    months = inputs.days[pair, session] / DAYS_IN_MONTH
    table = np.column_stack((pair, months, ratings[pair, session])).astype("<f8")
    with tempfile.TemporaryDirectory(prefix="accord-bench-") as folder:
        path = Path(folder) / "table"
        table.tofile(path)
        command = ["Rscript", str(SCRIPT), str(path), str(len(table))]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    words = dict(line.strip().split(" ", 1) for line in said.splitlines())
    return Grown(
        words["version"],
        float(words["seconds"]),
        float(words["processor"]),
        float(words["unchecked"]),
        len(table),
        float(words["intercept"]),
        float(words["loglik"]),
        words["converged"],
    )
