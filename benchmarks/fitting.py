"""Bar 5: all parameters by maximum likelihood, against the growth model that people fit today."""

import time

from benchmarks import ours
from benchmarks.inputs import Inputs, whole_ratings
from benchmarks.peers import lme4
from benchmarks.rows import Row, at_most, missing
from benchmarks.setup import Setup

CTSEM_SECONDS = (
    339.0  # three states, 10,000 pairs; measured once, on a machine like this one, where it could be installed
)
WARM_UP = 300  # pairs


def bar_5(setup: Setup) -> list[Row]:
    fit = ours.fit()
    if fit is None:
        return [missing(5, "fit of all parameters", ours.LATER)]
    fit(whole_ratings(WARM_UP))  # compiled before the clock counts
    return [_against_lme4(fit, setup), _against_ctsem(fit, setup)]


def _against_lme4(fit: ours.Fitter, setup: Setup) -> Row:
    """Once each: a fit is long enough to be its own average."""
    inputs = whole_ratings(setup.size.fitted)
    seconds, found = _timed(fit, inputs)
    name = f"fit of all parameters, {inputs.pairs:,} pairs"
    if not lme4.is_there():
        note = f"{found}; lme4 is not installed: as root, make bench installs it"
        return Row(5, name, "s", seconds, "lme4, linear growth of one pillar", None, at_most(1), note)
    theirs = lme4.grow(inputs)
    note = f"{found}; lme4 {theirs.version} on the bond's {theirs.rows:,} rows, converged: {theirs.converged}"
    return Row(5, name, "s", seconds, "lme4, linear growth of one pillar", theirs.seconds, at_most(1), note)


def _against_ctsem(fit: ours.Fitter, setup: Setup) -> Row:
    inputs = whole_ratings(setup.size.fitted_small)
    seconds, found = _timed(fit, inputs)
    peer = "ctsem, 3 states, not run here: measured once"
    return Row(
        5, f"fit of all parameters, {inputs.pairs:,} pairs", "s", seconds, peer, CTSEM_SECONDS, at_most(0.02), found
    )


def _timed(fit: ours.Fitter, inputs: Inputs) -> tuple[float, str]:
    started = time.perf_counter()
    found = fit(inputs)
    return time.perf_counter() - started, found
