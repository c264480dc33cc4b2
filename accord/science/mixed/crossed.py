"""Two groupings at once that cross: clients who see several therapists, raters who rate many people.

y_r = X_r β + a_{i(r)} + b_{j(r)} + e_r,   a ~ N(0, σ_a²),  b ~ N(0, σ_b²),  e ~ N(0, σ²),   by REML

Source: Bates, Mächler, Bolker & Walker (2015), J Stat Softw 67(1). With θ_a = σ_a/σ, θ_b = σ_b/σ, counts n of each
member and N of each meeting, the system of the random effects is

    H = [ θ_a² n_a + 1      θ_a θ_b N    ]
        [ θ_a θ_b N'        θ_b² n_b + 1 ]

Its first block is diagonal, so it is taken out by hand and what remains is as large as the smaller grouping: a few
thousand members there are a matter of seconds, whatever the larger one and the readings are. With u the solution for
y − Xβ and U the one for the columns of X, M = X'V⁻¹X and r² as in `fitting.py`, the gradient of the criterion is

    ∂/∂ log θ_a = 2 (Σ_a (1 − (H⁻¹)_aa) − (n − K) Σ_a u_a² / r² − tr(U_a M⁻¹ U_a'))

A member's own part is a prediction; its error counts that β is estimated too (Henderson 1975, Biometrics 31, 423–447):

    Var(â_j − a_j) = σ² (θ_a² (H⁻¹)_jj + θ_a² U_j M⁻¹ U_j')
"""

from typing import Any, NamedTuple

import numpy as np
from scipy import linalg, optimize, sparse

from accord.science.errors import BadReadings, DidNotConverge
from accord.science.grids import Floats, grid, vector
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
    own_sd: Floats  # (G,) its uncertainty with β and the variances taken as known
    own_error: Floats  # (G,) its standard error of prediction: β estimated, the variances taken as known
    variance: float  # points²


class CrossedFit(NamedTuple):
    """Both groupings and what is left."""

    mean: float  # β of the ones: the score at the covariates' means, points
    mean_se: float
    slopes: Floats  # β of the covariates (K − 1,), points a unit
    first: Members
    second: Members
    residual_variance: float  # points²
    criterion: float  # −2 × restricted log-likelihood
    readings: int


class _Meetings(NamedTuple):
    """Counts and sums of 1, the covariates and y, centred and scaled; `large` is the grouping with more members."""

    meetings: Any  # (L, S) sparse counts
    large: Floats  # (L, K + 1) sums of [X y]; the first column of X is ones
    small: Floats  # (S, K + 1)
    total: Floats  # (K + 1, K + 1) sums of products of [X y]


class _Solved(NamedTuple):
    criterion: float
    gradient: Floats  # (2,) by log θ of the larger and the smaller grouping
    effects: Floats  # β (K,)
    unscaled_cov: Floats  # M⁻¹ (K, K)
    variance: float
    own: tuple[Floats, Floats]  # θu of each grouping
    reach: tuple[Floats, Floats]  # θU of each grouping (G, K)
    inverse: tuple[Floats, Floats]  # the diagonal of H⁻¹


def fit_crossed(y: Any, first: Any, second: Any, *, covariates: Any = None) -> CrossedFit:
    """Fit y (n,) = mean + covariates (n, K − 1) β + a of `first` (n,) + b of `second` (n,) + e; labels are whole.

    Raises BadReadings: lengths that differ, fewer than two members on a side, scores without spread, as many members as
    readings, more than 20,000 members on the smaller side, a covariate that says nothing new, no convergence.
    """
    scores = vector("y", y)
    sides = [np.unique(np.asarray(side), return_inverse=True) for side in (first, second)]
    _check(scores, sides)
    given, widths = _standard(covariates, scores.size)
    swapped = len(sides[1][0]) > len(sides[0][0])
    large, small = sides[::-1] if swapped else sides
    centre, scale = float(scores.mean()), float(scores.std())
    columns = np.column_stack((np.ones_like(scores), given, (scores - centre) / scale))
    sums = _sums(columns, large, small)
    theta = _optimum(sums)
    solved = _solved(theta, sums)
    big, little = (_members(side, solved, place, theta, scale=scale) for place, side in enumerate((large, small)))
    shift = (scores.size - len(solved.effects)) * float(np.log(scale)) + float(np.log(widths).sum())
    return CrossedFit(
        mean=centre + scale * float(solved.effects[0]),
        mean_se=scale * float(np.sqrt(solved.variance * solved.unscaled_cov[0, 0])),
        slopes=scale * solved.effects[1:] / widths,
        first=little if swapped else big,
        second=big if swapped else little,
        residual_variance=solved.variance * scale**2,
        criterion=solved.criterion + 2.0 * shift,
        readings=scores.size,
    )


def _members(side: Any, solved: _Solved, place: int, theta: Floats, *, scale: float) -> Members:
    known = theta[place] ** 2 * solved.inverse[place]
    reach = solved.reach[place]
    unknown = np.einsum("gk,kl,gl->g", reach, solved.unscaled_cov, reach)
    return Members(
        label=side[0].astype(np.int64),
        own=scale * solved.own[place],
        own_sd=scale * np.sqrt(solved.variance * known),
        own_error=scale * np.sqrt(solved.variance * (known + unknown)),
        variance=float(theta[place] ** 2 * solved.variance * scale**2),
    )


def _standard(covariates: Any, readings: int) -> tuple[Floats, Floats]:
    """Covariates centred and scaled, and their widths. Raises BadReadings."""
    if covariates is None:
        return np.empty((readings, 0)), np.empty(0)
    table = grid("covariates", covariates, across="covariates")
    if len(table) != readings or np.isnan(table).any():
        raise BadReadings(f"covariates: {len(table)} rows for {readings} scores; give each score all of them")
    centred = table - table.mean(axis=0)
    widths = centred.std(axis=0)
    if not (widths > 0.0).all() or np.linalg.matrix_rank(centred / widths) < table.shape[1]:
        raise BadReadings("covariates: one of them says nothing that the others do not; leave it out")
    return centred / widths, widths


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


def _sums(columns: Floats, large: Any, small: Any) -> _Meetings:
    shape = (len(large[0]), len(small[0]))
    counts = sparse.csr_array((np.ones(len(columns)), (large[1], small[1])), shape=shape)
    of_large, of_small = (
        np.column_stack([np.bincount(side[1], column, len(side[0])).astype(np.float64) for column in columns.T])
        for side in (large, small)
    )
    return _Meetings(counts, of_large, of_small, columns.T @ columns)


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
    fixed, against = left[:-1, :-1], left[:-1, -1]
    cov = np.linalg.inv(fixed)
    effects = cov @ against
    freedom = float(sums.total[0, 0]) - len(effects)
    squares = float(left[-1, -1] - effects @ against)
    sign, logdet_fixed = np.linalg.slogdet(fixed)
    if sign <= 0.0 or squares <= _EXACT * freedom:
        raise BadReadings(
            "the members tell every score exactly; scores of the same two must differ by more than a rule"
        )
    logdet = np.log(diagonal).sum() + 2.0 * np.log(np.diag(lower)).sum() + logdet_fixed
    inverse = _inverse_diagonal(both, diagonal, lower, sums)
    u, reach = [], []
    for solution in (u_large, u_small):
        u.append(solution[:, -1] - solution[:, :-1] @ effects)
        reach.append(solution[:, :-1])
    gradient = [
        2.0 * float((1.0 - diag).sum() - freedom * (own @ own) / squares - np.sum(cov * (wide.T @ wide)))
        for diag, own, wide in zip(inverse, u, reach, strict=True)
    ]
    return _Solved(
        criterion=float(logdet) + freedom * (1.0 + float(np.log(2.0 * np.pi * squares / freedom))),
        gradient=np.array(gradient),
        effects=effects,
        unscaled_cov=cov,
        variance=squares / freedom,
        own=(theta[0] * u[0], theta[1] * u[1]),
        reach=(theta[0] * reach[0], theta[1] * reach[1]),
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
