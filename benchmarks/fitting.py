"""Bar 5: all parameters by maximum likelihood, against the growth model that people fit today."""

from benchmarks import ours
from benchmarks.inputs import Inputs, whole_ratings
from benchmarks.peers import lme4
from benchmarks.rows import Row, at_most
from benchmarks.setup import Setup
from benchmarks.timing import clocked

CTSEM_SECONDS = 339.0  # three states, 10,000 pairs; measured once, apart from these runs
WARM_UP = 300  # pairs
CTSEM = "ctsem, 3 states, not run here: measured once"
LME4 = "lme4, linear growth of one pillar"


def bar_5(setup: Setup) -> list[Row]:
    ours.fit(whole_ratings(WARM_UP))  # compiled before the clock counts
    return [*_against_lme4(setup), _against_ctsem(setup)]


def _against_lme4(setup: Setup) -> list[Row]:
    """Once each: a fit is long enough to be its own average."""
    inputs = whole_ratings(setup.size.fitted)
    note, lap = clocked(lambda: ours.fit(inputs))
    row = Row(5, _name(inputs), "s", lap.seconds, LME4, None, at_most(1), note)
    if not lme4.is_there():
        return [row._replace(note=f"{note}; lme4 is not installed: as root, make bench installs it")]
    theirs = lme4.grow(inputs)
    note += f"; lme4 {theirs.version} on the bond's {theirs.rows:,} rows, converged: {theirs.converged}"
    unchecked = row._replace(peer=f"{LME4}, without its check of convergence", theirs=theirs.unchecked, note="")
    ratio = lap.processor / theirs.processor if theirs.processor else None
    return [row._replace(theirs=theirs.seconds, processor_ratio=ratio, note=note), unchecked]


def _against_ctsem(setup: Setup) -> Row:
    inputs = whole_ratings(setup.size.fitted_small)
    note, lap = clocked(lambda: ours.fit(inputs))
    note += f"; {lap.processor:.1f} s of processor time on all cores together"
    return Row(5, _name(inputs), "s", lap.seconds, CTSEM, CTSEM_SECONDS, at_most(0.02), note)


def _name(inputs: Inputs) -> str:
    return f"fit of all parameters, {inputs.pairs:,} pairs"
