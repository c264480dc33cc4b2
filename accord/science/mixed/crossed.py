"""Two groupings at once that cross: clients who see several therapists, raters who rate many people.

y_r = X_r β + a_{i(r)} + b_{j(r)} + e_r,   a ~ N(0, σ_a²),  b ~ N(0, σ_b²),  e ~ N(0, σ²),   by REML

Source: Bates, Mächler, Bolker & Walker (2015), J Stat Softw 67(1). With θ_a = σ_a/σ, θ_b = σ_b/σ, counts n of each
member and N of each meeting, the system of the random effects is

    H = [ θ_a² n_a + 1      θ_a θ_b N    ]
        [ θ_a θ_b N'        θ_b² n_b + 1 ]

Its first block is diagonal, so it is taken out by hand and what remains is as large as the smaller grouping: a few
thousand members there are a matter of seconds, whatever the larger one and the readings are. With u the solution for
y − β and u¹ the one for a column of ones, M = 1'V⁻¹1 and r² as in `fitting.py`, the gradient of the criterion is

    ∂/∂ log θ_a = 2 (Σ_a (1 − (H⁻¹)_aa) − (n − 1) Σ_a u_a² / r² − Σ_a (u¹_a)² / M)
"""

from typing import Any, NamedTuple

import numpy as np
from scipy import linalg, optimize, sparse

from accord.science.errors import BadReadings, DidNotConverge
from accord.science.grids import Floats, vector
from accord.science.mixed.model import Ints

_MOST = 20_000  # members of the smaller grouping: a dense matrix of that size is 3 GiB
_STARTS = (0.5, 0.1, 2.0)
_FARTHEST = 30.0  # of log θ either way: a line search that gets there has lost its way
_EXACT = 1e-9  # of the variance of all scores
_STEEPEST = 1e-3  # of the criterion per unit of log θ and 1000 readings


class Members(NamedTuple):
    """One grouping."""

    label: Ints  # (G,) in increasing order
    own: Floats  # (G,) each member's own part, given all readings (shrunken towards 0), points
    own_sd: Floats  # (G,) its uncertainty with the variances taken as known
    variance: float  # points²


class CrossedFit(NamedTuple):
    """Both groupings and what is left."""

    mean: float  # β, points
    mean_se: float
    first: Members
    second: Members
    residual_variance: float  # points²
    criterion: float  # −2 × restricted log-likelihood
    readings: int


class _Meetings(NamedTuple):
    """Counts and sums of y (centred) and 1; `large` is the grouping with more members."""

    meetings: Any  # (L, S) sparse counts
    large: Floats  # (L, 2) sums of 1 and y
    small: Floats  # (S, 2)
    total: Floats  # (2, 2) sums of products of 1 and y


class _Solved(NamedTuple):
    criterion: float
    gradient: Floats  # (2,) by log θ of the larger and the smaller grouping
    mean: float
    mean_unscaled: float
    variance: float
    own: tuple[Floats, Floats]  # θu of each grouping
    inverse: tuple[Floats, Floats]  # the diagonal of H⁻¹


def fit_crossed(y: Any, first: Any, second: Any) -> CrossedFit:
    """Fit y (n,) = mean + a of `first` (n,) + b of `second` (n,) + e; labels are whole numbers.

    Raises BadReadings: lengths that differ, fewer than two members on a side, scores without spread, as many members as
    readings, more than 20,000 members on the smaller side, no convergence.
    """
    scores = vector("y", y)
    sides = [np.unique(np.asarray(side), return_inverse=True) for side in (first, second)]
    _check(scores, sides)
    swapped = len(sides[1][0]) > len(sides[0][0])
    large, small = sides[::-1] if swapped else sides
    centre, scale = float(scores.mean()), float(scores.std())
    sums = _sums((scores - centre) / scale, large, small)
    theta = _optimum(sums)
    solved = _solved(theta, sums)
    sds = [t * np.sqrt(solved.variance * diag) for t, diag in zip(theta, solved.inverse, strict=True)]
    big, little = (
        Members(side[0].astype(np.int64), own * scale, sd * scale, float(t**2 * solved.variance * scale**2))
        for side, own, sd, t in zip((large, small), solved.own, sds, theta, strict=True)
    )
    return CrossedFit(
        mean=centre + scale * solved.mean,
        mean_se=scale * float(np.sqrt(solved.variance * solved.mean_unscaled)),
        first=little if swapped else big,
        second=big if swapped else little,
        residual_variance=solved.variance * scale**2,
        criterion=solved.criterion + 2.0 * (scores.size - 1) * float(np.log(scale)),
        readings=scores.size,
    )


def _check(scores: Floats, sides: list[Any]) -> None:
    for name, (labels, place) in zip(("first", "second"), sides, strict=True):
        if place.shape != scores.shape:
            raise BadReadings(f"{name}: {place.size} labels for {scores.size} scores; give each score one")
        if not 2 <= len(labels) < scores.size:
            raise BadReadings(f"{name}: {len(labels)} members for {scores.size} scores; give two or more who come back")
    if min(len(labels) for labels, _ in sides) > _MOST:
        raise BadReadings(f"second: both sides have more than {_MOST} members; fit parts of the network")
    if not np.ptp(scores) > 0.0:
        raise BadReadings(f"y: every score is {scores[0]:g}; a mixed model needs scores that differ")


def _sums(y: Floats, large: Any, small: Any) -> _Meetings:
    shape = (len(large[0]), len(small[0]))
    counts = sparse.csr_array((np.ones(y.size), (large[1], small[1])), shape=shape)
    both = np.column_stack((np.ones_like(y), y))
    of_large, of_small = (
        np.column_stack([np.bincount(side[1], column, len(side[0])).astype(np.float64) for column in both.T])
        for side in (large, small)
    )
    return _Meetings(counts, of_large, of_small, both.T @ both)


def _optimum(sums: _Meetings) -> Floats:
    """θ of the larger and of the smaller grouping (2,), searched as log θ. Raises BadReadings."""
    unit = max(1.0, float(sums.total[0, 0]) / 1000.0)

    def value(logs: Floats) -> tuple[float, Floats]:
        solved = _solved(np.exp(np.clip(logs, -_FARTHEST, _FARTHEST)), sums)
        return solved.criterion / unit, solved.gradient / unit

    for start in _STARTS:
        try:
            found = optimize.minimize(value, np.log([start, start]), jac=True, method="BFGS", options={"gtol": 1e-6})
        except np.linalg.LinAlgError:
            continue
        if np.isfinite(found.fun) and np.abs(found.jac).max() <= _STEEPEST:
            theta: Floats = np.exp(found.x)
            return theta
    raise DidNotConverge("the crossed model did not converge; give more readings of members who meet several others")


def _solved(theta: Floats, sums: _Meetings) -> _Solved:
    both = float(theta[0] * theta[1])
    diagonal = theta[0] ** 2 * sums.large[:, 0] + 1.0
    lower = _rest(theta, diagonal, sums)
    large, small = theta[0] * sums.large, theta[1] * sums.small
    small = small - both * (sums.meetings.T @ (large / diagonal[:, None]))
    u_small = linalg.cho_solve((lower, True), small, check_finite=False)
    u_large = (large - both * (sums.meetings @ u_small)) / diagonal[:, None]
    left = sums.total - large.T @ (large / diagonal[:, None]) - small.T @ u_small
    mean, freedom = float(left[0, 1] / max(left[0, 0], 1e-300)), float(sums.total[0, 0]) - 1.0
    squares = float(left[1, 1] - mean * left[0, 1])
    if left[0, 0] <= 0.0 or squares <= _EXACT * freedom:
        raise BadReadings(
            "the members tell every score exactly; scores of the same two must differ by more than a rule"
        )
    logdet = np.log(diagonal).sum() + 2.0 * np.log(np.diag(lower)).sum() + np.log(left[0, 0])
    inverse = _inverse_diagonal(both, diagonal, lower, sums)
    own = tuple(u @ np.array([-mean, 1.0]) for u in (u_large, u_small))
    gradient = [
        2.0 * (float((1.0 - diag).sum()) - freedom * float(u @ u) / squares - float(ones @ ones) / float(left[0, 0]))
        for diag, u, ones in zip(inverse, own, (u_large[:, 0], u_small[:, 0]), strict=True)
    ]
    return _Solved(
        criterion=float(logdet) + freedom * (1.0 + float(np.log(2.0 * np.pi * squares / freedom))),
        gradient=np.array(gradient),
        mean=mean,
        mean_unscaled=1.0 / float(left[0, 0]),
        variance=squares / freedom,
        own=(theta[0] * own[0], theta[1] * own[1]),
        inverse=inverse,
    )


def _rest(theta: Floats, diagonal: Floats, sums: _Meetings) -> Floats:
    """The lower Cholesky factor of what remains of H for the smaller grouping, (S, S)."""
    rest = (sums.meetings.T @ sparse.diags_array(1.0 / diagonal) @ sums.meetings).toarray()
    rest *= -((theta[0] * theta[1]) ** 2)
    rest[np.diag_indices_from(rest)] += theta[1] ** 2 * sums.small[:, 0] + 1.0
    lower: Floats = linalg.cholesky(rest, lower=True, overwrite_a=True, check_finite=False)
    return lower


def _inverse_diagonal(both: float, diagonal: Floats, lower: Floats, sums: _Meetings) -> tuple[Floats, Floats]:
    """(H⁻¹)_aa = 1/d_a + θ_a²θ_b² (N R⁻¹ N')_aa / d_a² and (R⁻¹)_bb, R what remains of H."""
    inverse = linalg.cho_solve((lower, True), np.eye(len(lower)), check_finite=False)
    reach = np.asarray((sums.meetings * (sums.meetings @ inverse)).sum(axis=1))
    return 1.0 / diagonal + both**2 * reach / diagonal**2, np.diag(inverse).copy()
