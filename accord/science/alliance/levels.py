"""What the pairs of one therapist, and of one practice, have in common: random levels of the trait.

u_i = e_i + f_j + w_k: pair i of therapist j in practice k; e ~ N(0, Σ_u), f ~ N(0, Σ_v), w ~ N(0, Σ_w), each (3,).
Given what lies above, pairs are independent, and what pair i says about u_i enters only through its posterior
N(û_i, V_i) under Σ_u alone. So with b_i = Σ_u⁻¹ û_i and A_i = Σ_u⁻¹ − Σ_u⁻¹ V_i Σ_u⁻¹,

    ℓ = Σ_i ℓ_i + log ∫ exp(Σ_i b_i'v − ½ v'A_i v) p(v) dv,   v = f + w,

which are normal integrals. Their derivatives are posterior moments of v. Exact for open ratings; with ratings at an
end of the scale as exact as the normal that stands in for the truncated one.
Source: the two-level form of Durbin & Koopman (2012, section 4.8) and of Rabe-Hesketh, Skrondal & Pickles (2002).
"""

from typing import NamedTuple

import numpy as np

from accord.science.alliance.coordinates import Levels
from accord.science.alliance.layout import PLACE
from accord.science.alliance.model import Floats, Ints
from accord.science.errors import BadOptions

_SQUARE = PLACE[:3, :3]


class Places(NamedTuple):
    """Who belongs where, by row numbers from 0 without gaps."""

    therapist: Ints  # (N,) of each pair
    practice: Ints  # (J,) of each therapist


class Shared(NamedTuple):
    """What the levels add to the log-likelihood, and the derivatives of that."""

    loglik: float
    seeds: Floats  # (N, 9) in û_i and packed V_i, as `gradient.with_seeds` takes them
    trait_cov: Floats  # (3, 3) in Σ_u, û and V held
    levels: Levels  # in Σ_v and Σ_w
    therapist_mean: Floats  # (J, 3) posterior mean of f + w
    therapist_cov: Floats  # (J, 3, 3)


class _Above(NamedTuple):
    """Posterior of one level's effects under its own prior: N(V b, V), and what it passes on upward."""

    loglik: float
    cov: Floats  # V (J, 3, 3)
    mean: Floats  # V b (J, 3)
    passed: Floats  # I − V A (J, 3, 3): how much of what lies above shows
    pull: Floats  # b − A V b (J, 3)
    weight: Floats  # A − A V A (J, 3, 3)


def shared(traits: Floats, trait_cov: Floats, levels: Levels, places: Places) -> Shared:
    """Integrate the levels out. traits (N, 10) as `filtering.traits` gives them; Σ_v is there, Σ_w may be."""
    if levels.therapist is None:
        raise BadOptions("practice: a level of practices needs one of therapists below it")
    precision = np.asarray(np.linalg.inv(trait_cov), dtype=np.float64)
    cov = traits[:, 4:][:, _SQUARE]
    pull = traits[:, 1:4] @ precision
    spread = precision @ cov @ precision
    therapists = _above(
        _summed(pull, places.therapist), _summed(precision - spread, places.therapist), levels.therapist
    )
    above, above_cov = np.zeros((len(therapists.mean), 3)), np.zeros((len(therapists.mean), 3, 3))
    loglik, of_practice = therapists.loglik, None
    if levels.practice is not None:
        practices = _above(
            _summed(therapists.pull, places.practice), _summed(therapists.weight, places.practice), levels.practice
        )
        loglik += practices.loglik
        of_practice = _in_prior(practices.pull, practices.weight)
        above, above_cov = practices.mean[places.practice], practices.cov[places.practice]
    pulled = therapists.pull - _times(therapists.weight, above)
    weighed = therapists.weight - _around(therapists.weight, above_cov)
    whole = therapists.mean + _times(therapists.passed, above)
    whole_cov = therapists.cov + _around(therapists.passed, above_cov)
    seeds, of_pairs = _down(places.therapist, (whole, whole_cov), (pull, spread), precision)
    return Shared(
        loglik=loglik,
        seeds=seeds,
        trait_cov=of_pairs,
        levels=Levels(_in_prior(pulled, weighed), of_practice),
        therapist_mean=whole,
        therapist_cov=whole_cov,
    )


def _summed(values: Floats, place: Ints) -> Floats:
    total = np.zeros((int(place.max()) + 1, *values.shape[1:]))
    np.add.at(total, place, values)
    return total


def _above(pull: Floats, weight: Floats, cov: Floats) -> _Above:
    """log ∫ exp(b'v − ½ v'A v) N(v; 0, Σ) dv = ½ b'V b − ½ log |I + Σ A|, V = (Σ⁻¹ + A)⁻¹ = (I + Σ A)⁻¹ Σ."""
    ratio = np.eye(3) + cov @ weight
    posterior = np.asarray(np.linalg.solve(ratio, np.broadcast_to(cov, ratio.shape)), dtype=np.float64)
    mean = _times(posterior, pull)
    passed = np.eye(3) - posterior @ weight
    loglik = 0.5 * float((pull * mean).sum() - np.linalg.slogdet(ratio)[1].sum())
    return _Above(loglik, posterior, mean, passed, pull - _times(weight, mean), weight @ passed)


def _times(matrix: Floats, vector: Floats) -> Floats:
    return np.asarray(np.einsum("...pq,...q->...p", matrix, vector))


def _around(matrix: Floats, cov: Floats) -> Floats:
    return np.asarray(matrix @ cov @ np.swapaxes(matrix, -1, -2))


def _in_prior(pull: Floats, weight: Floats) -> Floats:
    """½ Σ_j (Σ⁻¹ E[f f'] Σ⁻¹ − Σ⁻¹) = ½ Σ_j (g g' − M), where f has mean Σ g and covariance Σ − Σ M Σ.

    Written so, it needs no inverse of Σ and holds where Σ has none.
    """
    return np.asarray(0.5 * (pull.T @ pull - weight.sum(axis=0)))


def _down(
    place: Ints, effects: tuple[Floats, Floats], pairs: tuple[Floats, Floats], precision: Floats
) -> tuple[Floats, Floats]:
    """From E[v] and E[v v'] of each therapist to derivatives in û_i, V_i and Σ_u."""
    (mean, cov), (pull, spread) = effects, pairs
    moments = (cov + mean[:, :, None] * mean[:, None, :])[place]
    lifted = mean[place] @ precision
    around = 0.5 * precision @ moments @ precision
    seeds = np.empty((len(place), 9))
    seeds[:, :3] = lifted
    for p in range(3):
        for q in range(p + 1):
            seeds[:, 3 + _SQUARE[p, q]] = around[:, p, q]
    crossed = lifted.T @ pull + (precision @ (moments @ spread).sum(axis=0))
    return seeds, around.sum(axis=0) - 0.5 * (crossed + crossed.T)
