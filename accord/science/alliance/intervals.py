"""What a fit says about each parameter: estimate, standard error, interval; for some also a profile interval.

Covariances are told as standard deviations and correlations. Each quantity has its own scale on which its error is
nearly normal: itself, its logarithm, or Fisher's z = artanh r for a correlation. The error follows from the inverse of
the observed information by the delta method, and the interval is turned back from that scale.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import optimize, special

from accord.science.alliance.climbing import Peak, Problem, look, minimised
from accord.science.alliance.coordinates import PAIR_NAMES, Levels, from_theta, held, names
from accord.science.alliance.model import PILLARS, Floats, Ints, Params
from accord.science.errors import BadOptions

STEP = 1e-5  # in θ, of the delta method's slopes
FARTHEST = 8.0  # standard errors a profile is followed
PROFILED = ("gain_days", "state_rate goal", "state_rate task", "state_rate bond")
_NEARLY_ONE = 1.0 - 1e-12  # of a level whose best covariance has no inverse
_ITSELF, _LOGARITHM, _FISHER = 0, 1, 2


class Estimates(NamedTuple):
    """One row a quantity."""

    name: tuple[str, ...]  # such as "mean goal", "trait_sd bond", "trait_corr goal-task"
    value: Floats  # (K,)
    se: Floats  # (K,) of the value itself; NaN where it was not estimated
    low: Floats  # (K,)
    high: Floats  # (K,)


def estimates(problem: Problem, peak: Peak, *, level: float = 0.95) -> Estimates:
    """Wald intervals of all quantities. Raises BadOptions where `level` is no share."""
    if not 0.0 < level < 1.0:
        raise BadOptions(f"level {level!r}: allowed is a share between 0 and 1")
    labels, kinds = _told(problem.levels)
    width = float(special.ndtri(0.5 + level / 2.0))
    value = quantities(*from_theta(peak.theta, problem.like, problem.levels))
    slopes = _slopes(problem, peak.theta, kinds)
    inverse = np.linalg.inv(peak.curvature)
    moves = slopes[:, problem.free]
    error = np.sqrt(np.einsum("kf,fg,kg->k", moves, inverse, moves))
    error = np.where(np.abs(moves).sum(axis=1) > 0.0, error, np.nan)
    middle = _to_scale(value, kinds)
    low, high = (_from_scale(middle + side * width * error, kinds) for side in (-1.0, 1.0))
    stretch = np.choose(kinds, (np.ones_like(value), value, 1.0 - value**2))
    return Estimates(labels, value, error * np.abs(stretch), low, high)


def profile(problem: Problem, peak: Peak, name: str, *, level: float = 0.95) -> tuple[float, float]:
    """The values of one entry of θ at which the best log-likelihood lies ½ χ²₁(level) below the top.

    `name` as in `coordinates.names`, for quantities that stand alone in θ: means, gains, gain_days, state_rate, noise,
    tracking. NaN at a side that is not reached within eight standard errors. Raises BadOptions for other names.
    """
    place = _alone(problem, name)
    drop = 0.5 * float(special.chdtri(1.0, 1.0 - level))
    sd = float(np.sqrt(np.linalg.inv(peak.curvature)[place[1], place[1]]))

    def below(step: float) -> float:
        return peak.loglik - _best_with(problem, peak, place, step * sd) - drop

    ends = [_crossing(below, side) for side in (-1.0, 1.0)]
    found = peak.theta[place[0]] + sd * np.array(ends)
    low, high = np.exp(found) if _stands_for_logarithm(name) else found
    return float(low), float(high)


def best_at(problem: Problem, peak: Peak, name: str, value: float) -> float:
    """The best log-likelihood with one entry held at `value`: a point of its profile.

    Names and errors as in `profile`.
    """
    place = _alone(problem, name)
    held_at = np.log(value) if _stands_for_logarithm(name) else value
    return _best_with(problem, peak, place, float(held_at - peak.theta[place[0]]))


def quantities(params: Params, levels: Levels) -> Floats:
    """All parameters as the numbers that are told, (K,)."""
    covs = {"trait": params.trait_cov, "state": params.state_cov, "bias": params.bias_cov}
    covs |= {name: getattr(levels, name) for name in held(levels)}
    plain = (params.mean, params.gain, [params.gain_days], params.state_rate, params.noise)
    more = (params.therapist_mean, params.tracking, params.therapist_noise)
    return np.concatenate((*plain, *more, *(_sds_and_correlations(cov) for cov in covs.values())))


def _told(levels: Levels) -> tuple[tuple[str, ...], Ints]:
    rows: list[tuple[str, int]] = []
    kinds = {"mean": 0, "gain": 0, "gain_days": 1, "state_rate": 1, "noise": 1}
    for field, kind in (kinds | {"therapist_mean": 0, "tracking": 0, "therapist_noise": 1}).items():
        rows += [(field, kind)] if field == "gain_days" else [(f"{field} {name}", kind) for name in PILLARS]
    for field in ("trait", "state", "bias", *held(levels)):
        rows += [(f"{field}_sd {name}", _LOGARITHM) for name in PILLARS]
        rows += [(f"{field}_corr {name}", _FISHER) for name in PAIR_NAMES if "-" in name]
    return tuple(name for name, _ in rows), np.array([kind for _, kind in rows])


def _sds_and_correlations(cov: Floats) -> Floats:
    sd = np.sqrt(np.diag(cov))
    correlation = cov / np.outer(sd, sd)
    return np.concatenate((sd, [correlation[1, 0], correlation[2, 0], correlation[2, 1]]))


def _to_scale(value: Floats, kinds: Ints) -> Floats:
    scaled = value.copy()
    scaled[kinds == _LOGARITHM] = np.log(value[kinds == _LOGARITHM])
    scaled[kinds == _FISHER] = np.arctanh(np.clip(value[kinds == _FISHER], -_NEARLY_ONE, _NEARLY_ONE))
    return scaled


def _from_scale(scaled: Floats, kinds: Ints) -> Floats:
    value = scaled.copy()
    value[kinds == _LOGARITHM] = np.exp(scaled[kinds == _LOGARITHM])
    value[kinds == _FISHER] = np.tanh(scaled[kinds == _FISHER])
    return value


def _slopes(problem: Problem, theta: Floats, kinds: Ints) -> Floats:
    """∂(quantity on its scale)/∂θ, (K, D)."""

    def scaled(moved: Floats) -> Floats:
        return _to_scale(quantities(*from_theta(moved, problem.like, problem.levels)), kinds)

    steps = STEP * np.eye(len(theta))
    return np.stack([(scaled(theta + step) - scaled(theta - step)) / (2.0 * STEP) for step in steps], axis=1)


def _stands_for_logarithm(name: str) -> bool:
    return name.split()[0] in ("gain_days", "state_rate", "noise", "therapist_noise")


def _alone(problem: Problem, name: str) -> tuple[int, int]:
    """Where the entry stands in θ, and among the free ones."""
    known = names(problem.levels)
    if name not in known or "_cov" in name:
        raise BadOptions(f"{name!r} has no profile; there are {', '.join(n for n in known if '_cov' not in n)}")
    place = known.index(name)
    if not problem.free[place]:
        raise BadOptions(f"{name!r} was not estimated")
    return place, int(problem.free[:place].sum())


def _best_with(problem: Problem, peak: Peak, place: tuple[int, int], step: float) -> float:
    """The best log-likelihood with one entry held `step` away from the top."""
    others = problem.free.copy()
    others[place[0]] = False
    keep = np.arange(len(peak.curvature)) != place[1]
    inner, cross = peak.curvature[np.ix_(keep, keep)], peak.curvature[keep, place[1]]
    root = np.linalg.cholesky(np.linalg.inv(inner))
    start = peak.theta.copy()
    start[place[0]] += step
    start[others] -= np.linalg.solve(inner, cross) * step  # where a round surface has its ridge

    def height(x: Floats) -> tuple[float, Floats]:
        theta = start.copy()
        theta[others] += root @ x
        loglik, gradient = look(problem, theta)
        return -loglik, -(gradient[others] @ root)

    return -minimised(height, np.zeros(len(root)), tolerance=1e-2).height


def _crossing(below: Callable[[float], float], side: float) -> float:
    near, far = side, side * 3.0
    while below(far) < 0.0:
        near, far = far, far * 1.6
        if abs(far) > FARTHEST:
            return np.nan
    if below(near) > 0.0:
        near = 0.0
    return float(optimize.brentq(below, near, far, xtol=1e-2))
