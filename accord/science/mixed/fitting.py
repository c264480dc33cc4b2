"""Restricted maximum likelihood for one grouping, from each person's sums of products only.

Source: Bates, Mächler, Bolker & Walker (2015), J Stat Softw 67(1), section 3, for the profiled criterion. With
Ψ = σ² ΛΛ' and Λ lower triangular, person i enters through A_i = Z'Z and C_i = Z'[X y] alone:

    L_i L_i' = I + Λ'A_iΛ                               logdet = Σ 2 log |L_i|
    B'V⁻¹D   = B'D − (L_i⁻¹Λ'Z'B)'(L_i⁻¹Λ'Z'D)           summed over people, V = I + ZΛΛ'Z'
    M = X'V⁻¹X,  β = M⁻¹X'V⁻¹y,  r² = y'V⁻¹y − β'Mβ,     σ² = r² / (n − K)
    −2 log-likelihood = logdet + log |M| + (n − K)(1 + log(2π r² / (n − K)))

so that an evaluation costs the same for 5 and for 500 readings a person. The gradient is exact (`_gradient`). The
criterion does not change when a column of Λ changes its sign, so no bounds are needed and a variance of zero is an
ordinary stationary point.
"""

from typing import Any, NamedTuple

import numpy as np
from scipy import linalg, optimize

from accord.science.errors import BadReadings, DidNotConverge
from accord.science.grids import Floats
from accord.science.mixed.model import MixedFit, Rows

_STEEPEST = 1e-3  # of the criterion per unit of Λ and 1000 readings: it then lies within about 1e-6 of its lowest
_EXACT = 1e-9  # of the variance of all readings
_AT_ZERO = 1e-3  # of the residual SD, for a person's whole set of readings


class _Sums(NamedTuple):
    """Sums of products; X, y and Z are scaled to unit root mean square."""

    zz: Floats  # (N, R, R)
    zb: Floats  # (N, R, K + 1) against X and y
    bb: Floats  # (K + 1, K + 1)
    readings: int


class _Profile(NamedTuple):
    """All that follows from one Λ."""

    criterion: float
    gradient: Floats  # (R, R), lower triangle
    effects: Floats  # (K,)
    unscaled_cov: Floats  # M⁻¹ (K, K)
    variance: float  # σ²
    pull: Floats  # u_i = Z'V⁻¹e (N, R)
    inner: Floats  # (I + Λ'A_iΛ)⁻¹ (N, R, R)


def fit_mixed(rows: Rows, *, names: tuple[str, ...]) -> MixedFit:
    """Fit y = Xβ + Zb + e by REML.

    Raises BadReadings: fewer than three people, no person with two readings, a column of X that the others
    already tell, scores without any spread; DidNotConverge: an optimum that was not reached.
    """
    person, place = np.unique(rows.person, return_inverse=True)
    _check(rows, names, people=len(person))
    scale = _Scale.of(rows)
    sums = _sums(rows, place, len(person), scale)
    root = _optimum(sums)
    best = _profile(root, sums)
    return _unscaled(best, root, scale, person=person, names=names, readings=sums.readings)


class _Scale(NamedTuple):
    y: float
    fixed: Floats
    random: Floats

    @classmethod
    def of(cls, rows: Rows) -> "_Scale":
        return cls(
            float(np.sqrt(np.mean((rows.y - rows.y.mean()) ** 2))),
            np.sqrt(np.mean(rows.fixed**2, axis=0)),
            np.sqrt(np.mean(rows.random**2, axis=0)),
        )


def _check(rows: Rows, names: tuple[str, ...], *, people: int) -> None:
    count, columns = rows.fixed.shape
    if len(names) != columns:
        raise BadReadings(f"names: {len(names)} for {columns} fixed effects; give one each")
    if people < 3:
        raise BadReadings(f"a mixed model needs three people or more; {people} have a usable reading")
    if count <= people or count <= columns + rows.random.shape[1]:
        raise BadReadings(f"{count} readings of {people} people are too few; give people with two readings or more")
    if not np.ptp(rows.y) > 0.0:
        raise BadReadings(f"every reading is {rows.y[0]:g}; a mixed model needs scores that differ")
    lengths = np.sqrt(np.mean(rows.fixed**2, axis=0))
    if (lengths == 0.0).any() or np.linalg.matrix_rank(rows.fixed / np.where(lengths, lengths, 1.0)) < columns:
        raise BadReadings(f"{', '.join(names)}: one of these says nothing that the others do not; leave it out")


def _sums(rows: Rows, place: Any, people: int, scale: _Scale) -> _Sums:
    z = rows.random / scale.random
    b = np.column_stack((rows.fixed / scale.fixed, rows.y / scale.y))
    order = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[order], np.arange(people))
    z, b = z[order], b[order]
    zz = np.add.reduceat(z[:, :, None] * z[:, None, :], starts, axis=0)
    zb = np.add.reduceat(z[:, :, None] * b[:, None, :], starts, axis=0)
    return _Sums(zz, zb, b.T @ b, len(rows.y))


def _optimum(sums: _Sums) -> Floats:
    """The Λ (R, R) of the lowest criterion; a second start where the first does not arrive. Raises BadReadings."""
    size = sums.zz.shape[1]
    lower = np.tril_indices(size)

    def value(free: Floats) -> tuple[float, Floats]:
        profile = _profile(_root(free, size), sums)
        return profile.criterion / unit, profile.gradient[lower] / unit

    unit = max(1.0, sums.readings / 1000.0)
    for spread in (1.0, 0.2):
        start = spread * np.eye(size)[lower]
        try:
            found = optimize.minimize(value, start, jac=True, method="BFGS", options={"gtol": 1e-5})
        except np.linalg.LinAlgError:
            continue
        if np.isfinite(found.fun) and np.abs(found.jac).max() <= _STEEPEST:
            return _root(found.x, size)
    raise DidNotConverge(
        "the mixed model did not converge: these readings do not tell its variances apart. "
        "Leave out a random effect, or give more people or more readings a person"
    )


def _root(free: Floats, size: int) -> Floats:
    root = np.zeros((size, size))
    root[np.tril_indices(size)] = free
    return root


def _profile(root: Floats, sums: _Sums) -> _Profile:
    size = root.shape[0]
    lower = np.linalg.cholesky(np.eye(size) + root.T @ sums.zz @ root)
    half = np.linalg.solve(lower, root.T @ sums.zb)
    whitened = sums.bb - np.einsum("irk,irl->kl", half, half)
    cov = np.linalg.inv(whitened[:-1, :-1])
    effects = cov @ whitened[:-1, -1]
    freedom = sums.readings - len(effects)
    squares = float(whitened[-1, -1] - effects @ whitened[:-1, -1])
    if squares <= _EXACT * freedom:
        raise BadReadings(
            "the model tells every reading exactly: readings of one person must differ by more than a rule"
        )
    logdet = 2.0 * float(np.log(np.diagonal(lower, axis1=1, axis2=2)).sum())
    logdet += float(np.linalg.slogdet(whitened[:-1, :-1])[1])
    criterion = logdet + freedom * (1.0 + np.log(2.0 * np.pi * squares / freedom))
    inner = np.linalg.inv(lower)
    inner = np.swapaxes(inner, 1, 2) @ inner
    gradient, pull = _gradient(root, sums, inner, effects=effects, cov=cov, variance=squares / freedom)
    return _Profile(criterion, gradient, effects, cov, squares / freedom, pull, inner)


def _gradient(
    root: Floats, sums: _Sums, inner: Floats, *, effects: Floats, cov: Floats, variance: float
) -> tuple[Floats, Floats]:
    """2GΛ with G = Σ_i (Z'V⁻¹Z − Z'V⁻¹X M⁻¹ X'V⁻¹Z − u_i u_i'/σ²), and u_i = Z'V⁻¹(y − Xβ)."""
    taken = sums.zz @ root @ inner @ root.T
    against = sums.zb - taken @ sums.zb
    pull = against[:, :, -1] - against[:, :, :-1] @ effects
    slope = (sums.zz - taken @ sums.zz).sum(axis=0)
    slope -= np.einsum("irk,kl,isl->rs", against[:, :, :-1], cov, against[:, :, :-1])
    slope -= pull.T @ pull / variance
    return 2.0 * np.tril(slope @ root), pull


def _unscaled(
    best: _Profile, root: Floats, scale: _Scale, *, person: Any, names: tuple[str, ...], readings: int
) -> MixedFit:
    # y = scale.y · y*, and a column scaled down by s has a coefficient scaled up by s
    to_fixed, to_random = scale.y / scale.fixed, scale.y / scale.random
    variance = best.variance * scale.y**2
    own = best.pull @ root @ root.T * to_random
    own_cov = best.variance * (root @ best.inner @ root.T) * np.outer(to_random, to_random)
    freedom = readings - len(names)
    shift = 2.0 * freedom * np.log(scale.y) + 2.0 * np.log(scale.fixed).sum()
    return MixedFit(
        names=names,
        effects=best.effects * to_fixed,
        effects_cov=best.variance * best.unscaled_cov * np.outer(to_fixed, to_fixed),
        random_cov=best.variance * (root @ root.T) * np.outer(to_random, to_random),
        residual_variance=variance,
        criterion=best.criterion + shift,
        person=person,
        own=own,
        own_cov=own_cov,
        readings=readings,
        singular=bool(linalg.svdvals(root).min() < _AT_ZERO),
    )
