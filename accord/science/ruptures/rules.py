"""The rules by name: ours, and the literature's beside it for comparison.

A rule is added by writing it in a file of its own and adding one Rule to RULES.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from accord.science.alliance import DEFAULT, Params
from accord.science.errors import BadOptions, BadReadings
from accord.science.outcomes.reliable_change import RELIABLE
from accord.science.ruptures import charts, flags2, no_change, run_lengths
from accord.science.ruptures.flags2_kernel import LEARNING
from accord.science.ruptures.flags2_limits import limits_for
from accord.science.ruptures.flags2_walk import Beside
from accord.science.ruptures.model import MOST_URGENT, Flags, Floats, Ints, Judged, joined, tabulate
from accord.science.ruptures.own_spread import below_own_mean, falls, own_sd_falls, sd_between
from accord.science.ruptures.reliable_change import reliable_falls
from accord.science.ruptures.sudden_change import sudden_changes

WEEK = 7.0
BLOCK = 16_384  # pairs judged at a time: what lies between scores and table stays in the cache


class Options(NamedTuple):
    """Choices of the rules; each rule reads its own and leaves the rest. None: the rule's own default."""

    sign: float = 1.0  # −1 where lower is better; sudden-change reads raw scores and ignores it
    points: float | None = None  # srs-drop: 1, below-own-mean: 2
    centre: float | None = None  # charts: None is the client's own earlier mean
    sd: float | None = None  # charts, reliable-change; for the others only to say how often they fire
    settle: int = 4  # charts, below-own-mean: earlier scores needed
    between_sd: float | None = None  # own-sd: None is taken from the table
    reliability: float = 0.8  # reliable-change
    width: float | None = None  # shewhart: 3 SD, ewma: 2.962
    weight: float = 0.2  # ewma
    k: float = 0.5  # cusum
    h: float = 5.0  # cusum
    cutoff: float = 7.0  # sudden-change: least change in points
    share: float = 0.25  # sudden-change: least change as a share of the score before
    budget: float = 0.25  # alliance: expected sessions with a dip or slide per 10 judged ones
    params: Params = DEFAULT  # alliance
    days: Floats | None = None  # alliance (N, T); None: a week apart
    tension: Ints | None = None  # alliance (N, T)


class Rule(NamedTuple):
    """One rule: how to call it, where it comes from, what it can say."""

    name: str
    title: str
    source: str
    kinds: tuple[str, ...]
    # scores (N, T), NaN missing; "alliance" takes readings (N, T, 6) or the client's three (N, T, 3)
    judge: Callable[[Floats, Options], Flags]
    # flags per 10 sessions of a course of T sessions in which nothing changes; NaN: not known
    expected_false_alarms: Callable[[Options, int], float]


Bare = Callable[[Floats, Options], Judged]
Alarms = Callable[[Options, int], float]


def _srs_drop(scores: Floats, options: Options) -> Judged:
    return falls(scores, points=1.0 if options.points is None else options.points)


def _own_sd(scores: Floats, options: Options, *, sds: float) -> Judged:
    return own_sd_falls(scores, sds=sds, between=options.between_sd)


def _below_own_mean(scores: Floats, options: Options) -> Judged:
    points = 2.0 if options.points is None else options.points
    return below_own_mean(scores, points=points, settle=options.settle)


def _xmr(scores: Floats, options: Options) -> Judged:
    del options  # the XmR chart has no choices
    return charts.xmr(scores)


def _baseline(options: Options) -> charts.Baseline:
    # the caller's centre is on the caller's scale; the rules see scores turned so that higher is better
    centre = None if options.centre is None else options.sign * options.centre
    return charts.Baseline(centre, options.sd, options.settle)


def _shewhart(scores: Floats, options: Options) -> Judged:
    return charts.shewhart(scores, _baseline(options), width=options.width or 3.0)


def _ewma(scores: Floats, options: Options) -> Judged:
    return charts.ewma(scores, _baseline(options), weight=options.weight, width=options.width or 2.962)


def _cusum(scores: Floats, options: Options) -> Judged:
    return charts.cusum(scores, _baseline(options), k=options.k, h=options.h)


def _reliable_change(scores: Floats, options: Options) -> Judged:
    if options.sd is None:
        raise BadOptions("reliable-change: needs the SD of the measure (sd) and its reliability")
    return reliable_falls(scores, sd=options.sd, reliability=options.reliability)


def _sudden_change(scores: Floats, options: Options) -> Judged:
    return sudden_changes(scores, cutoff=options.cutoff, share=options.share)


def _not_known(options: Options, sessions: int) -> float:
    del options, sessions  # the rate hangs on the measure, and no one has told it
    return np.nan


def _simulated(bare: Bare, options: Options, sessions: int, *, needs_sd: bool) -> float:
    """By no_change.py. A rule in points needs to know how much the scores of an unchanged client vary."""
    if needs_sd and options.sd is None:
        return np.nan
    sd = options.sd if needs_sd and options.sd is not None else 1.0
    plain = options._replace(sign=1.0, between_sd=None)
    return no_change.alarms_per_ten(lambda scores: bare(scores, plain), sessions=sessions, sd=sd)


def _of_chart(bare: Bare, options: Options, sessions: int) -> float:
    """Known centre and SD: exact, from the run length. Neither known: simulated. One of them: not known."""
    if options.centre is None and options.sd is None:
        return _simulated(bare, options, sessions, needs_sd=False)
    if options.centre is None or options.sd is None:
        return np.nan
    return run_lengths.alarms_per_ten(_falls_run_length(bare, options))


def _falls_run_length(bare: Bare, options: Options) -> float:
    """Sessions between falls that a chart with a known centre and SD shows under no change."""
    if bare is _shewhart:
        return run_lengths.shewhart(options.width or 3.0, two_sided=False)
    if bare is _cusum:
        return run_lengths.cusum(options.k, options.h)
    # half of the EWMA's alarms are rises, which start it again and raise no flag
    return 2.0 * run_lengths.ewma(options.weight, options.width or 2.962)


def _of_reliable_change(options: Options, sessions: int) -> float:
    """Φ(−1.96) at every session but the first, which is what the others are held against."""
    del options
    return 10.0 * float(ndtr(-RELIABLE)) * (sessions - 1) / sessions


def _alliance_judge(readings: Floats, options: Options) -> Flags:
    rows = np.asarray(readings, np.float64)
    if rows.ndim != 3 or rows.shape[2] not in (3, 6):
        raise BadReadings(f"alliance: readings {rows.shape}, expected (N, T, 6) or the client's (N, T, 3)")
    if rows.shape[2] == 3:
        rows = np.concatenate((rows, np.full(rows.shape, np.nan)), axis=2)
    days = options.days
    if days is None:
        days = np.broadcast_to(WEEK * np.arange(rows.shape[1]), rows.shape[:2])
    limits = limits_for(options.params, options.budget)
    return flags2.judge_pairs(options.params, days=days, readings=rows, beside=Beside(options.tension), limits=limits)


def _alliance_alarms(options: Options, sessions: int) -> float:
    """The budget holds for the sessions that are judged: the fifth check-in and later."""
    return options.budget * max(sessions - LEARNING, 0) / sessions


def _judged(scores: Floats, options: Options, *, bare: Bare, name: str, alarms: Alarms) -> Flags:
    """Any rule of one score: turn the scores so that higher is better, judge, turn the band back."""
    rows = np.asarray(scores, np.float64)
    if rows.ndim != 2:
        raise BadReadings(f"{name}: scores {rows.shape}, expected (N, T)")
    expected = alarms(options, rows.shape[1])
    options = _knowing_the_table(rows, options, bare)
    parts = []
    for first in range(0, max(len(rows), 1), BLOCK):
        block = rows[first : first + BLOCK]
        judged = _turned(block, options, bare)
        part = tabulate(judged, block, version=f"{name}@1", expected_false_alarms=expected)
        parts.append(part._replace(pair=part.pair + first))
    return joined(parts)


def _knowing_the_table(rows: Floats, options: Options, bare: Bare) -> Options:
    """What a rule takes from all pairs together, before they are judged block by block."""
    if bare not in (_OWN_SD_1, _OWN_SD_2) or options.between_sd is not None:
        return options
    return options._replace(between_sd=sd_between(rows))


def _turned(block: Floats, options: Options, bare: Bare) -> Judged:
    if options.sign > 0.0 or bare is _sudden_change:
        return bare(block, options)
    judged = bare(-block, options)
    return judged._replace(band_low=-judged.band_high, band_high=-judged.band_low)


def _rule(name: str, title: str, source: str, kinds: tuple[str, ...], *, by: tuple[Bare, Alarms]) -> Rule:
    bare, alarms = by
    return Rule(name, title, source, kinds, partial(_judged, bare=bare, name=name, alarms=alarms), alarms)


_OWN_SD_1, _OWN_SD_2 = partial(_own_sd, sds=1.0), partial(_own_sd, sds=2.0)
_OWN_SD_SOURCE = "Stiles et al. (2004); Strauss et al. (2006); Gumz et al. (2012): the stricter of two SDs"

RULES = (
    Rule(
        "alliance",
        "Accord's flags: lower than usual for these two",
        "alliance@1 and flags@2, docs/science/flags.md",
        MOST_URGENT,
        _alliance_judge,
        _alliance_alarms,
    ),
    _rule(
        "srs-drop",
        "Fall of 1 point or more since the score before",
        "Miller & Duncan (2004), ORS and SRS administration and scoring manual",
        ("drop",),
        by=(_srs_drop, partial(_simulated, _srs_drop, needs_sd=True)),
    ),
    _rule(
        "own-sd-1",
        "Fall of 1 SD of the differences between sessions",
        _OWN_SD_SOURCE,
        ("drop",),
        by=(_OWN_SD_1, partial(_simulated, _OWN_SD_1, needs_sd=False)),
    ),
    _rule(
        "own-sd-2",
        "Fall of 2 SD of the differences between sessions",
        _OWN_SD_SOURCE,
        ("drop",),
        by=(_OWN_SD_2, partial(_simulated, _OWN_SD_2, needs_sd=False)),
    ),
    _rule(
        "xmr",
        "Individual chart with moving ranges",
        "Eubanks-Carter, Gorman & Muran (2012), Psychotherapy Research 22, 627-637",
        ("shift",),
        by=(_xmr, partial(_simulated, _xmr, needs_sd=False)),
    ),
    _rule(
        "ewma",
        "Exponentially weighted moving average",
        "Roberts (1959); Lucas & Saccucci (1990), Technometrics 32, 1-12",
        ("shift",),
        by=(_ewma, partial(_of_chart, _ewma)),
    ),
    _rule(
        "cusum",
        "Cumulative sum of falls",
        "Page (1954), Biometrika 41, 100-115",
        ("shift",),
        by=(_cusum, partial(_of_chart, _cusum)),
    ),
    _rule(
        "shewhart",
        "More than 3 SD below the centre",
        "Shewhart (1931), Economic Control of Quality of Manufactured Product",
        ("shift",),
        by=(_shewhart, partial(_of_chart, _shewhart)),
    ),
    _rule(
        "reliable-change",
        "Reliable fall since the first score",
        "Jacobson & Truax (1991), J Consult Clin Psychol 59, 12-19",
        ("reliable-fall",),
        by=(_reliable_change, _of_reliable_change),
    ),
    _rule(
        "below-own-mean",
        "Points below the client's own earlier mean",
        "a yardstick for the others, of no one source",
        ("below-mean",),
        by=(_below_own_mean, partial(_simulated, _below_own_mean, needs_sd=True)),
    ),
    _rule(
        "sudden-change",
        "Sudden gains and losses between two sessions",
        "Tang & DeRubeis (1999), J Consult Clin Psychol 67, 894-904",
        ("sudden-gain", "sudden-loss"),
        by=(_sudden_change, _not_known),
    ),
)
BY_NAME: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in RULES})
