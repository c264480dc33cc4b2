"""A therapist's track record with one kind of problem: what their completed cases say, and how surely.

Of all completed cases with one problem, of all therapists, with outcome y (higher is better) and, where it is given,
how bad things were at the start (x, centred):

    y_r = β₀ + β₁ x_r + a_{j(r)} + e_r,   a ~ N(0, τ²),  e ~ N(0, σ²),  θ = τ/σ,   all by REML

Empirical Bayes draws each therapist towards the average by the noise of n_j cases (Efron & Morris 1975, J Am Stat
Assoc 70, 311–319). With w_j = θ² / (1 + n_j θ²), S_j the sums of [1 x] of therapist j, M as in `mixed/fitting.py`:

    â_j = w_j Σ_r (y_r − β₀ − β₁ x_r),   Var(â_j − a_j) = σ² (w_j + w_j² S_j M⁻¹ S_j')

θ itself is uncertain, and REML often puts it at 0 where there are few therapists: the second formula alone would then
be nought. So the interval is â_j ± 1.96 s_j, s_j² the mean of Var(θ) + (â_j(θ) − â_j)² over the restricted likelihood
of θ, every θ as likely before. All in standard deviations √(τ² + σ²) of an outcome among clients who started alike.

Where clients come back to another therapist, their own level is a second grouping: `mixed.fit_crossed`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from accord.science.errors import BadReadings, ScienceError
from accord.science.grids import Floats, vector
from accord.science.matching.model import Interval
from accord.science.matching.worth import LEAST_CASES
from accord.science.mixed import fit_crossed

LEAST_THERAPISTS = 5  # with fewer there is no average to differ from, and the error of θ has no end
_REACH = 1.959963984540054
_EXACT = 1e-9
_FINE = 300  # steps of the grid over θ
Ints = NDArray[np.int64]


class Cases(NamedTuple):
    """Completed cases: n care pairs that ended, each with one outcome."""

    therapist: Any  # (n,) names
    outcome: Any  # (n,) higher is better: turn symptoms round
    baseline: Any = None  # (n,) how bad it was at the start
    client: Any = None  # (n,) given only where clients come back to other therapists

    def of(self, rows: Any) -> "Cases":
        """Some of them."""
        parts = (None if column is None else np.asarray(column)[rows] for column in self)
        return Cases(*parts)


class Records(NamedTuple):
    """What the cases say; intervals in standard deviations of an outcome of those who started alike."""

    of: Mapping[str, Interval]  # by therapist, everybody with one case or more
    between: float  # τ, in units of the outcome
    within: float  # σ
    slope: float  # β₁, of the outcome per unit of the baseline; 0 where none is given
    cases: int


class _Sums(NamedTuple):
    cases: Floats  # n_j (G,)
    own: Floats  # sums of [X y] (G, K + 1)
    total: Floats  # sums of products of [X y] (K + 1, K + 1)


class _Profile(NamedTuple):
    """All that follows from T values of θ."""

    criterion: Floats  # (T,)
    effects: Floats  # β (T, K)
    variance: Floats  # σ² (T,)
    own: Floats  # â (T, G)
    error: Floats  # Var(â − a) (T, G)


def track_records(cases: Cases, problem: Any) -> tuple[dict[str, Records], dict[str, str]]:
    """Records by problem, `problem` (n,), and for each problem that has none, why."""
    named = np.asarray(problem)
    if named.shape != np.shape(cases.therapist):
        raise BadReadings(f"problem: {named.size} for {len(cases.therapist)} cases; give one each")
    found: dict[str, Records] = {}
    without: dict[str, str] = {}
    for name in np.unique(named).tolist():
        try:
            found[name] = track_record(cases.of(named == name))
        except ScienceError as reason:
            without[name] = str(reason)
    return found, without


def track_record(cases: Cases) -> Records:
    """Records of all therapists with one kind of problem.

    Raises BadReadings: fewer than five therapists, outcomes without spread, lengths that differ, nobody with two cases;
    DidNotConverge where clients are given and do not cross enough.
    """
    outcome = vector("outcome", cases.outcome)
    label, place = np.unique(np.asarray(cases.therapist), return_inverse=True)
    baseline = None if cases.baseline is None else vector("baseline", cases.baseline)
    _check(outcome, place, baseline, therapists=len(label))
    if baseline is not None and not np.ptp(baseline) > 0.0:
        baseline = None  # all started alike: nothing to adjust for
    if cases.client is not None:
        return _crossed(outcome, label, place, baseline, client=np.asarray(cases.client))
    centre, scale = float(outcome.mean()), float(outcome.std())
    width = 1.0 if baseline is None else float(baseline.std())
    given = [] if baseline is None else [(baseline - baseline.mean()) / width]
    columns = np.column_stack((np.ones_like(outcome), *given, (outcome - centre) / scale))
    theta, best, error = _fitted(_summed(columns, place))
    within = float(np.sqrt(best.variance[0])) * scale
    slope = float(best.effects[0, 1]) * scale / width if given else 0.0
    parts = (theta * within, within, slope)
    return _records(label, np.bincount(place), own=scale * best.own[0], error=scale * error, parts=parts)


def usable_records(records: Mapping[str, Records], opted_in: Sequence[str]) -> dict[str, dict[str, Interval]]:
    """What an ordering may see: by therapist and problem, of those who allow it, with 15 completed cases or more."""
    return {
        therapist: {
            problem: one.of[therapist]
            for problem, one in records.items()
            if therapist in one.of and one.of[therapist].n >= LEAST_CASES
        }
        for therapist in opted_in
    }


def _check(outcome: Floats, place: Ints, baseline: Floats | None, *, therapists: int) -> None:
    for name, column in (("therapist", place), ("baseline", baseline)):
        if column is not None and column.shape != outcome.shape:
            raise BadReadings(f"{name}: {column.size} for {outcome.size} outcomes; give one each")
    if therapists < LEAST_THERAPISTS:
        raise BadReadings(f"{therapists} therapists have a completed case; give {LEAST_THERAPISTS} or more")
    if outcome.size < therapists + 3:
        raise BadReadings(f"{outcome.size} cases of {therapists} therapists are too few; give several cases of each")
    if not np.ptp(outcome) > 0.0:
        raise BadReadings(f"every outcome is {outcome[0]:g}; a record needs outcomes that differ")
    around = outcome - (np.bincount(place, outcome) / np.bincount(place))[place]
    if np.abs(around).max() <= _EXACT * np.abs(outcome).max():
        raise BadReadings("the therapist tells every outcome exactly; outcomes of one therapist must differ")


def _summed(columns: Floats, place: Ints) -> _Sums:
    own = np.column_stack([np.bincount(place, column).astype(np.float64) for column in columns.T])
    return _Sums(own[:, 0], own, columns.T @ columns)


def _fitted(sums: _Sums) -> tuple[float, _Profile, Floats]:
    """θ and what follows from it at the lowest criterion, and s (G,)."""
    part = (np.arange(_FINE) + 0.5) / _FINE  # θ = part / (1 − part): from 0 to without end
    thetas = part / (1.0 - part)
    all_of_them = _profile(thetas, sums)
    lowest = int(all_of_them.criterion.argmin())
    search = optimize.minimize_scalar(
        lambda theta: _profile(np.array([theta]), sums).criterion[0],
        bounds=(thetas[lowest - 1] if lowest else 0.0, thetas[min(lowest + 1, _FINE - 1)]),
        method="bounded",
        options={"xatol": 1e-8},
    )
    nearest = _profile(np.array([0.0, search.x]), sums)
    place = int(nearest.criterion.argmin())
    theta, best = (0.0, float(search.x))[place], _Profile(*(values[place : place + 1] for values in nearest))
    likely = np.exp(-0.5 * (all_of_them.criterion - all_of_them.criterion.min())) / (1.0 - part) ** 2
    squares = all_of_them.error + (all_of_them.own - best.own) ** 2
    error: Floats = np.sqrt(likely @ squares / likely.sum())
    return theta, best, error


def _profile(theta: Floats, sums: _Sums) -> _Profile:
    w = theta[:, None] ** 2 / (1.0 + sums.cases * theta[:, None] ** 2)
    left = sums.total - np.einsum("tg,gk,gl->tkl", w, sums.own, sums.own, optimize=True)
    cov = np.linalg.inv(left[:, :-1, :-1])
    effects = np.einsum("tkl,tl->tk", cov, left[:, :-1, -1])
    freedom = float(sums.cases.sum()) - effects.shape[1]
    squares = left[:, -1, -1] - np.einsum("tk,tk->t", effects, left[:, :-1, -1])
    if (squares <= _EXACT * freedom).any():
        raise BadReadings("therapist and baseline tell every outcome exactly; outcomes of one therapist must differ")
    logdet = np.log1p(sums.cases * theta[:, None] ** 2).sum(axis=1) + np.linalg.slogdet(left[:, :-1, :-1])[1]
    variance = squares / freedom
    spread = np.einsum("gk,tkl,gl->tg", sums.own[:, :-1], cov, sums.own[:, :-1], optimize=True)
    return _Profile(
        criterion=logdet + freedom * (1.0 + np.log(2.0 * np.pi * variance)),
        effects=effects,
        variance=variance,
        own=w * (sums.own[:, -1] - effects @ sums.own[:, :-1].T),
        error=variance[:, None] * (w + w**2 * spread),
    )


def _crossed(outcome: Floats, label: Any, place: Ints, baseline: Floats | None, *, client: Any) -> Records:
    covariates = None if baseline is None else baseline[:, None]
    if client.shape != outcome.shape:
        raise BadReadings(f"client: {client.size} for {outcome.size} outcomes; give one each")
    fit = fit_crossed(outcome, np.unique(client, return_inverse=True)[1], place, covariates=covariates)
    return _records(
        label,
        np.bincount(place),
        own=fit.second.own,
        error=fit.second.own_error,
        parts=(
            float(np.sqrt(fit.second.variance)),
            float(np.sqrt(fit.residual_variance + fit.first.variance)),
            float(fit.slopes[0]) if fit.slopes.size else 0.0,
        ),
    )


def _records(label: Any, count: Ints, *, own: Floats, error: Floats, parts: tuple[float, float, float]) -> Records:
    between, within, slope = parts
    unit = float(np.hypot(between, within))
    middle, reach = own / unit, _REACH * error / unit
    of = {
        str(name): Interval(float(mean - far), float(mean), float(mean + far), int(n))
        for name, mean, far, n in zip(label, middle, reach, count, strict=True)
    }
    return Records(of, between, within, slope, int(count.sum()))
