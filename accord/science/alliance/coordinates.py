"""Parameters as a vector without borders, θ in R^D, so that any optimiser can walk freely.

Means, gains and tracking stand for themselves; τ, rates and noises by their logarithms; Σ_u and Σ_b by a Cholesky
factor with logarithms on its diagonal. Σ_d goes by the factor of the inflow Q, Q_pq = (λ_p + λ_q) Σ_d,pq: whatever
θ is, Σ_d and Σ_d − F Σ_d F are then covariances. Random levels of therapists and practices add a factor each.
A covariance of nothing but zeros stands at `BORDER`: a simpler model holds it there.
"""

from typing import Any, NamedTuple

import numpy as np

from accord.science.alliance.gradient import Gradient
from accord.science.alliance.model import PILLARS, Floats, Params

LEVELS = ("therapist", "practice")
BORDER = -20.0  # logarithm of a factor's diagonal that stands for no variance: e^−40 points² of it
_NO_PIVOT = 1e-12  # points²
_ROW, _COLUMN = np.tril_indices(3)
_ON_DIAGONAL = _ROW == _COLUMN
PAIR_NAMES = tuple(
    f"{PILLARS[p]}" if p == q else f"{PILLARS[q]}-{PILLARS[p]}" for p, q in zip(_ROW, _COLUMN, strict=True)
)

PLAIN, LOGARITHM, FACTOR, INFLOW = "plain", "logarithm", "factor", "inflow"
KINDS = {
    "mean": PLAIN,
    "gain": PLAIN,
    "gain_days": LOGARITHM,
    "trait_cov": FACTOR,
    "state_rate": LOGARITHM,
    "state_cov": INFLOW,
    "noise": LOGARITHM,
    "therapist_mean": PLAIN,
    "tracking": PLAIN,
    "bias_cov": FACTOR,
    "therapist_noise": LOGARITHM,
}
OF_THERAPISTS = ("therapist_mean", "tracking", "bias_cov", "therapist_noise")


class Levels(NamedTuple):
    """Covariances of what all pairs of a therapist, and all of a practice, share; None: no such level."""

    therapist: Floats | None = None  # Σ_v (3, 3)
    practice: Floats | None = None  # Σ_w (3, 3)


def names(levels: Levels) -> tuple[str, ...]:
    """What each entry of θ belongs to, such as "mean goal" or "trait_cov goal-task"."""
    told = []
    for field, kind in KINDS.items():
        if field == "gain_days":
            told.append(field)
        else:
            told += [f"{field} {name}" for name in (PAIR_NAMES if kind in (FACTOR, INFLOW) else PILLARS)]
    return (*told, *(f"{level}_cov {name}" for level in held(levels) for name in PAIR_NAMES))


def held(levels: Levels) -> tuple[str, ...]:
    """The levels that there are."""
    return tuple(level for level in LEVELS if getattr(levels, level) is not None)


def to_theta(params: Params, levels: Levels) -> Floats:
    """θ (D,) of these parameters; Σ_u is that of pairs alone.

    Raises LinAlgError for a covariance without an inverse, unless all of it is zero.
    """
    parts = []
    for field, kind in KINDS.items():
        value = np.atleast_1d(np.asarray(getattr(params, field)))
        if kind == INFLOW:
            value = value * _rates(params.state_rate)
        parts.append(np.log(value) if kind == LOGARITHM else value if kind == PLAIN else _factored(value))
    return np.concatenate((*parts, *(_factored(getattr(levels, level)) for level in held(levels))))


def from_theta(theta: Floats, like: Params, levels: Levels) -> tuple[Params, Levels]:
    """The way back. `like` gives the id, `levels` which levels there are."""
    values, rest = _split(theta, levels)
    found: dict[str, Any] = {"id": like.id}
    for field, kind in KINDS.items():
        value = values[field]
        if kind == LOGARITHM:
            value = np.exp(value)
        elif kind in (FACTOR, INFLOW):
            value = _multiplied(_lower(value))
        found[field] = value / _rates(found["state_rate"]) if kind == INFLOW else value
    found["gain_days"] = float(found["gain_days"][0])
    return Params(**found), Levels(**{level: _multiplied(_lower(rest[level])) for level in held(levels)})


def slope(theta: Floats, found: Gradient, params: Params, levels: tuple[Levels, Levels]) -> Floats:
    """∂ℓ/∂θ (D,) from the gradient in the parameters; levels: which there are, and the gradient in them."""
    values, rest = _split(theta, levels[0])
    rates, parts = _rates(params.state_rate), []
    for field, kind in KINDS.items():
        given = np.atleast_1d(np.asarray(getattr(found, field)))
        if field == "state_rate":
            # More rate at the same inflow is less Σ_d.
            given = given - 2.0 * (found.state_cov * params.state_cov / rates).sum(axis=1)
        if kind == LOGARITHM:
            given = given * np.exp(values[field])
        elif kind in (FACTOR, INFLOW):
            given = _through_factor(given / rates if kind == INFLOW else given, _lower(values[field]))
        parts.append(given)
    parts += [_through_factor(getattr(levels[1], level), _lower(rest[level])) for level in held(levels[0])]
    return np.concatenate(parts)


def _split(theta: Floats, levels: Levels) -> tuple[dict[str, Floats], dict[str, Floats]]:
    sizes = [1 if field == "gain_days" else 6 if kind in (FACTOR, INFLOW) else 3 for field, kind in KINDS.items()]
    parts = np.split(theta, np.cumsum(sizes + [6] * len(held(levels)))[:-1])
    values = dict(zip(KINDS, parts[: len(KINDS)], strict=True))
    return values, dict(zip(held(levels), parts[len(KINDS) :], strict=True))


def _rates(rate: Floats) -> Floats:
    return np.asarray(rate[:, None] + rate[None, :])


def _factored(cov: Floats) -> Floats:
    if not cov.any():
        return np.where(_ON_DIAGONAL, BORDER, 0.0)
    entries = np.linalg.cholesky(cov)[_ROW, _COLUMN]
    entries[_ON_DIAGONAL] = np.log(entries[_ON_DIAGONAL])
    return np.asarray(entries)


def _lower(entries: Floats) -> Floats:
    lower = np.zeros((3, 3))
    lower[_ROW, _COLUMN] = np.where(_ON_DIAGONAL, np.exp(np.where(_ON_DIAGONAL, entries, 0.0)), entries)
    return lower


def at_border(entries: Floats, pillar: int) -> Floats:
    """The factor (6,) of what is left of a covariance when L_pp, p = `pillar`, is zero; its column is zero too.

    With L_pp = 0 the entries below it move into the next columns: Cholesky again, a pivot of nothing at `BORDER`.
    """
    lower = _lower(entries)
    lower[pillar, pillar] = 0.0
    cov, root = _multiplied(lower), np.zeros((3, 3))
    for column in range(3):
        rest = cov[column:, column] - root[column:, :column] @ root[column, :column]
        if column != pillar and rest[0] > _NO_PIVOT:
            root[column:, column] = rest / np.sqrt(rest[0])
    found = root[_ROW, _COLUMN]
    diagonal = np.diag(root)
    found[_ON_DIAGONAL] = np.where(diagonal > 0.0, np.log(np.where(diagonal > 0.0, diagonal, 1.0)), BORDER)
    return np.asarray(found)


def _multiplied(lower: Floats) -> Floats:
    return np.asarray(lower @ lower.T)


def _through_factor(given: Floats, lower: Floats) -> Floats:
    """Σ = L L': ∂ℓ/∂L = 2 G L, and L_ii more for its logarithm."""
    entries = (2.0 * given @ lower)[_ROW, _COLUMN]
    return np.asarray(np.where(_ON_DIAGONAL, entries * lower[_ROW, _COLUMN], entries))
