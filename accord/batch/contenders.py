"""The rules that are compared, each as one question: at which sessions does it fire, at this threshold?

A higher threshold fires less often. The literature's rules read one score, the mean of the pillars that were rated;
how each works and where it comes from stands in `accord.science.ruptures.rules`.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.science.alliance import Filtered
from accord.science.outcomes.reliable_change import RELIABLE, reliable_change
from accord.science.ruptures import charts, flags1, rules
from accord.science.ruptures.flags2_layout import Traces
from accord.science.ruptures.flags2_limits import Table, cusum_alone, limits_at
from accord.science.ruptures.own_spread import below_own_mean, falls, own_sd_falls, previous

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

OURS, BEFORE, YARDSTICK = "flags@2", "flags@1", "below-own-mean"
RELIABILITY = 0.8


class Case(NamedTuple):
    """The ratings of N pairs and what was made of them before any rule looks."""

    readings: Floats  # (N, T, 6)
    score: Floats  # (N, T) mean of the client's pillars that were rated
    judged: Bools  # (N, T) rated, after four check-ins or more: the only sessions that count, for every rule
    filtered: Filtered
    traces: Traces
    table: Table  # limits of flags@2
    sd: float  # of first scores: reliable change wants one


Fires = Callable[[Case, float], Bools]


class Contender(NamedTuple):
    """One rule, and the threshold that its source prints."""

    name: str
    title: str
    source: str
    fires: Fires
    published: float
    lowest: float = 0.0  # the search for a threshold begins here,
    highest: float = 12.0  # and ends here
    literature: bool = True
    ahead: bool = False  # its limits know later sessions


def _flags2(case: Case, threshold: float) -> Bools:
    limits = limits_at(case.table, _budget(threshold))
    with np.errstate(invalid="ignore"):
        return cusum_alone(case.traces, limits.slide) | (case.traces.ratio > limits.dip)


def _flags1(case: Case, threshold: float) -> Bools:
    found = flags1.judge_filtered(case.filtered, readings=case.readings, limits=flags1.limits_for(_budget(threshold)))
    named = found.kind_names
    mine = (named == "dip") | (named == "slide")
    fired = np.zeros(case.score.shape, bool)
    fired[found.pair[mine], found.session[mine]] = True
    return fired


def _budget(threshold: float) -> float:
    """A budget from 3 down to .02 while the threshold goes from 0 to 1, evenly in its logarithm."""
    lowest, highest = np.log(flags1.BUDGETS[0]), np.log(flags1.BUDGETS[-1])
    return float(np.clip(np.exp(highest + threshold * (lowest - highest)), flags1.BUDGETS[0], flags1.BUDGETS[-1]))


def threshold_of(budget: float) -> float:
    """The other way round: the threshold of a budget."""
    lowest, highest = np.log(flags1.BUDGETS[0]), np.log(flags1.BUDGETS[-1])
    return float((np.log(budget) - highest) / (lowest - highest))


def _one_pillar(case: Case, threshold: float) -> Bools:
    """The largest fall of one pillar since it was rated before."""
    client = np.moveaxis(case.readings[..., :3], 2, 0)
    fell = np.stack([previous(scores)[0] - scores for scores in client])
    fired: Bools = np.where(np.isnan(fell), -np.inf, fell).max(axis=0) >= threshold
    return fired


def _own_mean(case: Case, threshold: float) -> Bools:
    return below_own_mean(case.score, points=threshold).kind >= 0


def _srs(case: Case, threshold: float) -> Bools:
    return falls(case.score, points=threshold).kind >= 0


def _own_sd(case: Case, threshold: float) -> Bools:
    return own_sd_falls(case.score, sds=threshold).kind >= 0


def _xmr(case: Case, threshold: float) -> Bools:
    return charts.xmr(case.score, factor=threshold).kind >= 0


def _shewhart(case: Case, threshold: float) -> Bools:
    return charts.shewhart(case.score, charts.Baseline(), width=threshold).kind >= 0


def _ewma(case: Case, threshold: float) -> Bools:
    return charts.ewma(case.score, charts.Baseline(), width=threshold).kind >= 0


def _cusum(case: Case, threshold: float) -> Bools:
    return charts.cusum(case.score, charts.Baseline(), h=threshold).kind >= 0


def _reliable(case: Case, threshold: float) -> Bools:
    first = case.score[np.arange(len(case.score)), np.argmax(~np.isnan(case.score), axis=1)][:, None]
    with np.errstate(invalid="ignore"):
        return -reliable_change(first, case.score, sd=case.sd, reliability=RELIABILITY) > threshold


def _of(name: str, fires: Fires, published: float, *, ahead: bool = False) -> Contender:
    rule = rules.BY_NAME[name]
    return Contender(name, rule.title, rule.source, fires, published, ahead=ahead)


CONTENDERS = (
    Contender(
        OURS,
        "Accord: three pillars weighed together",
        "docs/science/flags.md",
        _flags2,
        threshold_of(0.25),
        highest=1.0,
        literature=False,
    ),
    Contender(
        BEFORE,
        "Accord before: each pillar by itself",
        "docs/science/flags.md",
        _flags1,
        threshold_of(0.25),
        highest=1.0,
        literature=False,
    ),
    _of(YARDSTICK, _own_mean, 2.0)._replace(literature=False),
    Contender("one-pillar-fall", "Largest fall of one pillar", "the SRS rule, a pillar at a time", _one_pillar, 1.0),
    _of("srs-drop", _srs, 1.0),
    _of("own-sd-1", _own_sd, 1.0, ahead=True)._replace(name="own-sd"),
    _of("xmr", _xmr, charts.XMR_FACTOR, ahead=True),
    _of("shewhart", _shewhart, 3.0)._replace(highest=60.0),
    _of("ewma", _ewma, 2.962)._replace(highest=60.0),
    _of("cusum", _cusum, 5.0)._replace(highest=120.0),
    _of("reliable-change", _reliable, RELIABLE),
)
