"""Every rule over a practice's own past: what is counted, and what can be estimated of the rest."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from accord.batch.backtesting import OURS, YARDSTICK, Progress
from accord.batch.histories import Own
from accord.science.grids import Floats
from accord.science.matching.backtest import CONTENDERS, NOBODY, best_assignment
from accord.science.matching.history import Estimate, History, Models, estimate, models_of
from accord.science.matching.track_record import Ints
from accord.science.simulation.networks import Bools

HAPPENED = "as it was"
# Clients of a past did not all wait at the same time.
IN_TURN = tuple(one for one in CONTENDERS if not one.at_once)
_BUSIEST = 10


class Counted(NamedTuple):
    """What needs no estimate. Shares."""

    placed: float
    musts: float  # of all must-haves asked
    all_musts: float  # of clients
    busiest: float  # of placed clients with the busiest tenth of therapists
    same: float  # of clients sent where they went


class Replayed(NamedTuple):
    """One rule over the past."""

    rule: str
    counted: Counted
    estimates: Mapping[str, Estimate]  # by outcome
    regret: Mapping[str, float]  # by outcome: below the best assignment, both by the fitted model


class Group(NamedTuple):
    """One subgroup: must-haves met, and ours minus as it was."""

    name: str
    clients: int
    musts: Mapping[str, float]  # by rule: as it was, first-available, ours
    estimates: Mapping[str, Estimate]  # by outcome, ours


class Result(NamedTuple):
    """All of it."""

    clients: int
    therapists: int
    observed: Mapping[str, tuple[float, int]]  # mean as it was, and of how many, by outcome
    rules: tuple[Replayed, ...]  # as it was first
    groups: tuple[Group, ...]


def replay(own: Own, seed: int, progress: Progress) -> Result:
    """Same seed, same result. Raises ScienceError where the tables cannot carry a model."""
    history = own.history
    models = models_of(history)
    best = {
        name: _mean(models, name, best_assignment(history.asked, models.expected[name])) for name in models.expected
    }
    sent = {HAPPENED: history.went}
    for place, one in enumerate(IN_TURN):
        sent[one.name] = one.rule(history.asked, np.random.default_rng((seed, 1)))
        progress("Replaying", place + 1, len(IN_TURN))
    rules = tuple(_replayed(history, models, best, (name, chosen)) for name, chosen in sent.items())
    groups = tuple(
        _group(history, models, sent, (f"{column}: {label}", np.array(labels) == label))
        for column, labels in own.groups.items()
        for label in sorted(set(labels) - {""})
    )
    known = {name: outcome[np.isfinite(outcome) & (history.went >= 0)] for name, outcome in history.outcomes.items()}
    observed = {name: (float(values.mean()), values.size) for name, values in known.items()}
    return Result(len(history.went), len(history.asked.therapists), observed, rules, groups)


def _replayed(history: History, models: Models, best: Mapping[str, float], rule: tuple[str, Ints]) -> Replayed:
    name, chosen = rule
    estimates = (
        {} if name == HAPPENED else {one: estimate(history, models, chosen, outcome=one) for one in models.expected}
    )
    regret = {one: best[one] - _mean(models, one, chosen) for one in models.expected}
    return Replayed(name, _counted(history, chosen), estimates, regret)


def _mean(models: Models, outcome: str, chosen: Ints) -> float:
    placed = chosen >= 0
    values: Floats = models.expected[outcome][np.flatnonzero(placed), chosen[placed]]
    # who has nobody stays nowhere; an alliance they have none
    return float(values.mean()) if outcome == "alliance" else float(values.sum()) / chosen.size


def _counted(history: History, chosen: Ints) -> Counted:
    placed = chosen != NOBODY
    taken = np.sort(np.bincount(chosen[placed], minlength=len(history.asked.therapists)))[::-1]
    met, asked = _met(history, chosen)
    return Counted(
        placed=float(placed.mean()),
        musts=float(met.sum() / max(asked.sum(), 1)),
        all_musts=float((met == asked).mean()),
        busiest=float(taken[: max(round(taken.size / _BUSIEST), 1)].sum() / max(taken.sum(), 1)),
        same=float((chosen == history.went)[history.went >= 0].mean()),
    )


def _met(history: History, chosen: Ints) -> tuple[Ints, Ints]:
    placed = chosen != NOBODY
    met = np.zeros(chosen.size, np.int64)
    met[placed] = history.asked.musts[np.flatnonzero(placed), chosen[placed]]
    return met, np.array([len(person.own_musts) for person in history.asked.people])


def _group(history: History, models: Models, sent: Mapping[str, Ints], group: tuple[str, Bools]) -> Group:
    name, some = group
    musts = {}
    for rule in (HAPPENED, YARDSTICK, OURS):
        met, asked = _met(history, sent[rule])
        musts[rule] = float(met[some].sum() / max(asked[some].sum(), 1))
    estimates = {one: estimate(history, models, sent[OURS], outcome=one, some=some) for one in models.expected}
    return Group(name, int(some.sum()), musts, estimates)
