"""The alliance of one care pair as a latent state: the types of `alliance@1` and its default parameters.

For pair i, pillar p in (goal, task, bond), t days after the pair's first session, in points on 0..10:

    a_ip(t) = μ_p + γ_p (1 − exp(−t/τ)) + u_ip + d_ip(t)      the alliance that the client lives
    u_i ~ N(0, Σ_u)                                           this pair's usual level (trait)
    d_i(t) Ornstein–Uhlenbeck: rates λ_p, stationary Σ_d      what moves around it (state)
    y_ip(t) = a_ip(t) + ε,  ε ~ N(0, R_p)                     the client's rating before rounding
    z_ip(t) = m_p + b_ip + κ_p (a_ip(t) − μ_p) + ε′           the therapist's rating before rounding
    b_i ~ N(0, Σ_b), ε′ ~ N(0, R′_p)                          the therapist's own lean, and noise
    seen = y (or z) rounded to the nearest whole number, and cut off at 0 and 10

Source of the recursions: Durbin & Koopman, Time Series Analysis by State Space Methods (2nd ed., 2012),
chapters 4 and 6. The sources of the default numbers stand beside them in `defaults.py`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.science.errors import BadParameters

VERSION = "alliance@1"
PILLARS = ("goal", "task", "bond")
READERS = ("client", "therapist")
STATES = 9  # u, d, b, each goal, task, bond
READINGS = 6  # client goal, task, bond, therapist goal, task, bond

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Params(NamedTuple):
    """The numbers of one version of the model; build your own with `load_params`, which checks them.

    Points are points of the 0..10 scale. Vectors (3,) and matrices (3, 3) run over goal, task, bond.
    """

    id: str
    mean: Floats  # μ: the average pair's level at its first session, points
    gain: Floats  # γ: what the average pair gains in the long run, points
    gain_days: float  # τ: days after which 63 % of the gain is there
    trait_cov: Floats  # Σ_u: usual levels between pairs, points²
    state_rate: Floats  # λ: how fast a deviation fades, per day
    state_cov: Floats  # Σ_d: deviations from the usual level, points²
    noise: Floats  # R: one client rating around the level, before rounding, points²
    therapist_mean: Floats  # m: the average therapist's rating of the average pair, points
    tracking: Floats  # κ: points that a therapist's rating moves when the client's level moves by one
    bias_cov: Floats  # Σ_b: a therapist's lasting lean in this pair, points²
    therapist_noise: Floats  # R′: one therapist rating, before rounding, points²


class Belief(NamedTuple):
    """What is known about N pairs after their sessions so far; all that a pair's history leaves behind."""

    mean: Floats  # (N, 9) of u, d, b
    cov: Floats  # (N, 9, 9)
    day: Floats  # (N,) the day of the last session taken in
    count: Ints  # type: ignore[assignment]  # (N,) sessions with a client reading; the word shadows tuple.count


class Forecast(NamedTuple):
    """One session's six ratings before anyone gave them, before rounding and cutting off: N(mean, sd²)."""

    mean: Floats  # (N, 6) points
    sd: Floats  # (N, 6) points
    shared: Floats  # (N, 3) covariance of the client's goal and task, goal and bond, task and bond, points²


class Update(NamedTuple):
    """One session taken in, for N pairs."""

    belief: Belief
    forecast: Forecast  # from earlier sessions only
    z: Floats  # (N, 6) (rating − forecast mean) / forecast sd, each reading alone
    tail: Floats  # (N, 6) P(rating <= the one seen) under the forecast
    loglik: Floats  # (N,) of this session's readings given the earlier sessions
    level_mean: Floats  # (N, 3) of a_p(t), this session included
    level_sd: Floats  # (N, 3)


class Filtered(NamedTuple):
    """Whole histories taken in session by session; NaN where a session does not exist."""

    loglik: Floats  # (N,)
    level_mean: Floats  # (N, T, 3) of a_p(t), sessions up to and including t
    level_sd: Floats  # (N, T, 3)
    forecast_mean: Floats  # (N, T, 6) sessions before t
    forecast_sd: Floats  # (N, T, 6)
    forecast_shared: Floats  # (N, T, 3) covariance of the client's goal and task, goal and bond, task and bond
    z: Floats  # (N, T, 6)
    tail: Floats  # (N, T, 6)


class Smoothed(NamedTuple):
    """Levels with hindsight: every session tells about every other; NaN where a session does not exist."""

    level_mean: Floats  # (N, T, 3) of a_p(t), all sessions
    level_sd: Floats  # (N, T, 3)
    trait_mean: Floats  # (N, 3) of the usual level μ_p + u_p
    trait_sd: Floats  # (N, 3)
    loglik: Floats  # (N,)


_VECTORS = ("mean", "gain", "state_rate", "noise", "therapist_mean", "tracking", "therapist_noise")
_MATRICES = ("trait_cov", "state_cov", "bias_cov")
_POSITIVE = ("state_rate", "noise", "therapist_noise")


def _frozen(name: str, value: Any, shape: tuple[int, ...]) -> Floats:
    try:
        array = np.array(value, dtype=np.float64)
    except (TypeError, ValueError) as cause:
        raise BadParameters(f"{name}: not numbers") from cause
    if array.shape != shape:
        raise BadParameters(f"{name}: shape {array.shape}, expected {shape}")
    if not np.isfinite(array).all():
        raise BadParameters(f"{name}: must be finite")
    array.setflags(write=False)
    return array


def _covariance(name: str, value: Any) -> Floats:
    array = _frozen(name, value, (3, 3))
    if not np.allclose(array, array.T, rtol=1e-9, atol=1e-12):
        raise BadParameters(f"{name}: must be symmetric")
    array = _frozen(name, (array + array.T) / 2.0, (3, 3))
    eigenvalues = np.linalg.eigvalsh(array)
    if eigenvalues[0] < -1e-12 * max(1.0, eigenvalues[-1]):
        raise BadParameters(f"{name}: must have no negative eigenvalue")
    return array


def load_params(values: Mapping[str, Any]) -> Params:
    """Check a mapping of plain numbers (as `dump_params` writes it) and freeze it.

    Raises BadParameters, which names the field: missing or unknown fields, wrong shapes, numbers that are not
    finite, rates, noises or τ that are not positive, covariances that are not symmetric or have a negative
    eigenvalue, and rates so unequal that Σ_d − FΣ_dF would be no covariance for short gaps.
    """
    if set(values) != set(Params._fields):
        odd = ", ".join(sorted(set(values) ^ set(Params._fields)))
        raise BadParameters(f"{odd}: missing or unknown")
    checked: dict[str, Any] = {"id": str(values["id"])}
    checked |= {name: _frozen(name, values[name], (3,)) for name in _VECTORS}
    checked |= {name: _covariance(name, values[name]) for name in _MATRICES}
    checked["gain_days"] = float(_frozen("gain_days", values["gain_days"], ()))
    for name in (*_POSITIVE, "gain_days"):
        if np.any(np.asarray(checked[name]) <= 0.0):
            raise BadParameters(f"{name}: must be positive")
    params = Params(**checked)
    _check_rates(params)
    return params


def _check_rates(params: Params) -> None:
    # For a short gap Δ, Σ_d − FΣ_dF = Δ (λ_p + λ_q) Σ_d,pq: the process exists when that is a covariance too.
    inflow = (params.state_rate[:, None] + params.state_rate[None, :]) * params.state_cov
    eigenvalues = np.linalg.eigvalsh(inflow)
    if eigenvalues[0] < -1e-12 * max(1.0, eigenvalues[-1]):
        raise BadParameters("state_rate: too unequal for the correlations in state_cov")


def dump_params(params: Params) -> dict[str, Any]:
    """Plain numbers and lists, ready for JSON; `load_params` reads them back without loss."""
    return {
        name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in params._asdict().items()
    }
