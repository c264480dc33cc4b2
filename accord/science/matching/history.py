"""What a rule would have reached in a practice's own past, where only what was done is known.

Each rule is run over the same clients, in the order in which they came, within the same places. For a client whom it
sends where they went anyway, the outcome is known; for all others it has to be estimated. Doubly robust (Robins,
Rotnitzky & Zhao 1994, J Am Stat Assoc 89, 846–866; Dudík et al. 2014, Stat Sci 29, 485–511): with a_i where client i
went, π_i where the rule sends them, q a model of the outcome and p of who went where,

    ψ_i = q(i, π_i) + 1{a_i = π_i} (y_i − q(i, a_i)) / p(i, a_i)      the rule's value is the mean of ψ
    q(i, j) = β₀ + β₁ share_ij + β₂ x_i + b_j                          by REML, b_j ~ N(0, τ²) of therapist j
    p(i, j) ∝ exp(γ₁ share_ij + γ₂ log places_j left)                  over those who may and have a place

It is right where either model is, and where no reason for who went where is missing from the tables that also changes
the outcome. That cannot be checked from the tables. Errors are by therapist (clustered), t with therapists − 1.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from scipy import optimize, stats

from accord.science.errors import BadReadings
from accord.science.grids import Floats
from accord.science.matching.backtest import NOBODY
from accord.science.matching.track_record import Ints
from accord.science.mixed import Rows, fit_mixed
from accord.science.simulation.networks import Bools, Drawn

LEAST_MATCHED = 30  # clients whom the rule sends where they went: with fewer nothing is estimated
_LEAST_THERAPISTS = 3
_RAREST = 0.01  # chances below are taken as this, so that no one client decides
_PULL = 1e-3  # of γ towards 0, so that a perfect rule of the past has an end


class History(NamedTuple):
    """N clients in the order in which they came. `asked.alliance` and the other truths are not known and not read."""

    asked: Drawn
    went: Ints  # (N,) places of therapists, NOBODY where a client found no one
    outcomes: Mapping[str, Floats]  # (N,) each, NaN where not known
    of_nobody: Mapping[str, float]  # an outcome of those without anyone: 0 for staying, NaN where there is none


class Estimate(NamedTuple):
    """One outcome under one rule, and its difference from what happened; NaN where too few match."""

    value: float
    gain: float
    low: float
    high: float
    clients: int  # with a known outcome
    matched: int  # of these, sent where they went
    effective: float  # (Σw)² / Σw² of the matched, w = 1/p: how many clients they are worth


class Models(NamedTuple):
    """What is estimated once for all rules."""

    chance: Floats  # p (N, J)
    expected: Mapping[str, Floats]  # q by outcome (N, J)


def models_of(history: History) -> Models:
    """Raises BadReadings, DidNotConverge: too few outcomes, therapists or differences."""
    return Models(
        _chances(history), {name: _expected(history, name, outcome) for name, outcome in history.outcomes.items()}
    )


def estimate(history: History, models: Models, sent: Ints, *, outcome: str, some: Bools | None = None) -> Estimate:
    """One outcome if `sent` (N,) had decided; of `some` (N,) clients only."""
    y, q = history.outcomes[outcome], models.expected[outcome]
    rows = np.arange(y.size)
    known = np.isfinite(y) & (history.went >= 0) & (some if some is not None else np.full(y.size, True))
    value = np.where(sent >= 0, q[rows, sent], history.of_nobody[outcome])
    match = known & (sent == history.went)
    weight = 1.0 / np.maximum(models.chance[rows, history.went], _RAREST)
    value = value + np.where(match, weight * (np.nan_to_num(y) - q[rows, history.went]), 0.0)
    known &= np.isfinite(value)
    w = weight[match & known]
    if w.size < LEAST_MATCHED:
        return Estimate(np.nan, np.nan, np.nan, np.nan, int(known.sum()), int(w.size), 0.0)
    gain, reach = _clustered((value - y)[known], history.went[known])
    effective = float(w.sum() ** 2 / (w**2).sum())
    return Estimate(
        float(value[known].mean()), gain, gain - reach, gain + reach, int(known.sum()), int(w.size), effective
    )


def _clustered(difference: Floats, cluster: Ints) -> tuple[float, float]:
    """Mean and the half-width of its 95 % interval, clients of one therapist taken together."""
    mean = float(difference.mean())
    sums = np.array([(difference[cluster == one] - mean).sum() for one in np.unique(cluster)])
    groups = sums.size
    if groups < 2:
        return mean, np.nan
    error = np.sqrt((sums**2).sum() * groups / (groups - 1)) / difference.size
    return mean, float(stats.t.ppf(0.975, groups - 1) * error)


def _expected(history: History, name: str, outcome: Floats) -> Floats:
    known = np.isfinite(outcome) & (history.went >= 0)
    therapists = history.asked.share.shape[1]
    if not known.any():
        raise BadReadings(f"{name}: nobody has this outcome; leave the column out")
    several = np.unique(history.went[known]).size
    if several < _LEAST_THERAPISTS or known.sum() < 2 * several + 3:
        what = f"{int(known.sum())} clients of {several} therapists have this outcome"
        raise BadReadings(f"{name}: {what}; give {_LEAST_THERAPISTS} therapists or more, with several clients each")
    if np.ptp(outcome[known]) == 0.0:
        return np.full(history.asked.share.shape, outcome[known][0])
    rows, went = np.flatnonzero(known), history.went[known]
    columns = {
        "mean": np.ones(rows.size),
        "share": history.asked.share[rows, went],
        "start": history.asked.severity[rows],
    }
    used = {key: column for key, column in columns.items() if key == "mean" or np.ptp(column) > 0.0}
    fixed = np.column_stack(list(used.values()))
    fit = fit_mixed(Rows(outcome[known], fixed, np.ones((rows.size, 1)), went), names=tuple(used))
    own = np.zeros(therapists)
    own[fit.person] = fit.own[:, 0]
    effect = dict(zip(used, fit.effects, strict=True))
    start = effect.get("start", 0.0) * np.nan_to_num(history.asked.severity)[:, None]
    expected: Floats = effect["mean"] + effect.get("share", 0.0) * history.asked.share + start + own
    return expected


def _chances(history: History) -> Floats:
    """p (N, J): 0 where someone may not go or had no place left when the client came."""
    left = _left(history)
    open_to = history.asked.may & (left > 0)
    open_to[np.flatnonzero(history.went >= 0), history.went[history.went >= 0]] = True  # it did happen
    features = np.stack((history.asked.share, np.log(np.maximum(left, 1))))
    rows = np.flatnonzero((history.went >= 0) & (open_to.sum(axis=1) > 1))

    def loss(gamma: Floats) -> tuple[float, Floats]:
        chance = _softmax(np.tensordot(gamma, features, 1), open_to)[rows]
        taken = features[:, rows, history.went[rows]]
        slope = (taken - (chance * features[:, rows]).sum(axis=2)).sum(axis=1)
        value = -np.log(np.maximum(chance[np.arange(rows.size), history.went[rows]], 1e-300)).sum()
        return float(value + 0.5 * _PULL * gamma @ gamma), _PULL * gamma - slope

    gamma = optimize.minimize(loss, np.zeros(2), jac=True, method="BFGS").x
    return _softmax(np.tensordot(gamma, features, 1), open_to)


def _softmax(score: Floats, open_to: Bools) -> Floats:
    score = np.where(open_to, score, -np.inf)
    top = np.where(open_to.any(axis=1), score.max(axis=1, initial=-np.inf), 0.0)
    raised = np.exp(score - top[:, None])
    chance: Floats = raised / np.maximum(raised.sum(axis=1), 1e-300)[:, None]
    return chance


def _left(history: History) -> Ints:
    """Places left with each therapist when each client came (N, J)."""
    came = np.zeros(history.asked.share.shape, np.int64)
    placed = np.flatnonzero(history.went != NOBODY)
    came[placed, history.went[placed]] = 1
    before = np.cumsum(came, axis=0) - came
    left: Ints = np.array([one.places for one in history.asked.therapists]) - before
    return left
