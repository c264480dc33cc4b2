"""The way to the top of the log-likelihood, and how sharp the top is.

The log-likelihood and its exact gradient come from the filter (`gradient.py`), random levels from `levels.py`. The
walk is quasi-Newton (BFGS; Nocedal & Wright 2006, chapter 6) in coordinates in which the surface is round: first on
a part of the pairs, whose curvature then rounds the surface for all of them. A fit has converged when the Newton
decrement ½ g'H⁻¹g, what a further step could still gain in log-likelihood, is below 1e-6; else it is an error.
"""

from collections.abc import Callable
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from accord.science.alliance.coordinates import Levels, at_border, from_theta, held, names, slope
from accord.science.alliance.filtering import traits
from accord.science.alliance.gradient import with_seeds
from accord.science.alliance.layout import History
from accord.science.alliance.levels import Places, shared
from accord.science.alliance.model import PILLARS, Floats, Params
from accord.science.errors import BadReadings, DidNotConverge

FIRST_PAIRS = 2_000  # the walk begins on this many
CURVED_PAIRS = 20_000  # the curvature at the end is taken from at most this many, and scaled
ENOUGH = 1e-6  # Newton decrement, in log-likelihood
MAYBE_NONE = 0.05  # share of a pair's own variance below which a part of a level may be zero
STRAIGHT = 30.0, 300.0  # τ in longest histories: from where growth may be a straight line; where it is then held
STEEP = 0.1, 0.03  # τ in shortest times since a first session: the same for a step at once
STUCK = 1e-4  # share of it at which a walk has come down too far to find its way up again
COSTS_NOTHING = 1e-2  # log-likelihood that may be lost by holding something there
MOST_BORDERS = 3  # times that something may be held anew at the end
FLATTEST = 1e-3  # of a direction on the way, against the others
NEWTON_STEPS = 3  # at the end, where the walk stopped early
STEP = 1e-4  # of the finite differences of the gradient
_NO_SEEDS = np.empty((0, 9))

Bools = NDArray[np.bool_]


class Sample(NamedTuple):
    """What is fitted: whole histories, and who belongs where."""

    history: History
    whole: bool  # ratings are whole numbers, cut off at 0 and 10
    places: Places | None


class Problem(NamedTuple):
    """A surface to climb: the sample, where its parameters start, and which entries of θ move."""

    sample: Sample
    like: Params
    levels: Levels
    free: Bools  # (D,)


class Peak(NamedTuple):
    """Where the climb ended."""

    theta: Floats  # (D,)
    loglik: float
    curvature: Floats  # (F, F) −∂²ℓ/∂θ² of the entries that moved
    decrement: float
    steps: int
    free: Bools  # (D,) entries that moved: those of the problem, less what of a level lies on its border


def climb(problem: Problem, theta: Floats) -> Peak:
    """From θ to the top. Raises DidNotConverge with advice."""
    pairs = len(problem.sample.history.days)
    part = problem
    if pairs > FIRST_PAIRS:
        part = problem._replace(sample=every(problem.sample, pairs // FIRST_PAIRS))
    theta, steps = _walk(part, theta, _first_turn(part, theta), few=True)
    problem, theta, anew = _without_borders(problem, theta, lift=True)
    if anew:
        part = part._replace(free=problem.free)
        theta, more = _walk(part, theta, _first_turn(part, theta), few=True)
        steps += more
    curvature = curvature_at(part, theta) * (pairs / len(part.sample.history.days))
    theta, more = _walk(problem, theta, _roughly_rounding(curvature), few=False)
    for _ in range(MOST_BORDERS):
        problem, theta, anew = _without_borders(problem, theta, lift=False)
        if not anew:
            break
        theta, again = _walk(problem, theta, _roughly_rounding(scaled_curvature(problem, theta)), few=False)
        more += again
    theta, loglik, curvature, decrement = _polished(problem, theta)
    if not 0.0 <= decrement < ENOUGH:
        raise DidNotConverge(f"the fit stopped {decrement:.2g} below the top, more than {ENOUGH:g}: {_advice(problem)}")
    return Peak(theta, loglik, curvature, decrement, steps + more, problem.free)


def _first_turn(problem: Problem, theta: Floats) -> Floats:
    """Before any curvature is known all entries count alike, but for gains: along a line they grow with τ."""
    known, longest = names(problem.levels), float(np.nanmax(problem.sample.history.days))
    stretch = max(1.0, float(np.exp(theta[known.index("gain_days")])) / max(longest, 1.0))
    sizes = np.array([stretch if name.startswith("gain ") else 1.0 for name in known])
    return np.diag(sizes[problem.free])


def _polished(problem: Problem, theta: Floats) -> tuple[Floats, float, Floats, float]:
    """At most a few Newton steps with the curvature that is found at the end: θ, ℓ, H and the decrement.

    A walk that was rounded by the curvature of a part of the pairs, or of a place farther down, may stop early.
    """
    loglik, gradient = look(problem, theta)
    for steps_left in reversed(range(NEWTON_STEPS + 1)):
        curvature = scaled_curvature(problem, theta)
        rounding(problem, curvature)  # no top, no answer
        step = np.linalg.solve(curvature, gradient[problem.free])
        decrement = 0.5 * float(gradient[problem.free] @ step)
        moved = theta.copy()
        moved[problem.free] += step
        if decrement < ENOUGH or not steps_left:
            break
        higher, slope_there = look(problem, moved)
        if not higher > loglik:
            break
        theta, loglik, gradient = moved, higher, slope_there
    return theta, loglik, curvature, decrement


def _without_borders(problem: Problem, theta: Floats, *, lift: bool) -> tuple[Problem, Floats, bool]:
    """Hold what wants to leave for a border, so that the rest has a top. The last: whether anything is held anew."""
    problem, theta, growth = _growth_without_bend(problem, theta)
    problem, theta, level = _levels_on_border(problem, theta, lift=lift)
    return problem, theta, growth or level


def _growth_without_bend(problem: Problem, theta: Floats) -> tuple[Problem, Floats, bool]:
    """Hold τ where growth shows no bend: a straight line as long as anybody was followed, or a step at once.

    Then only γ/τ, or only γ, shows in the readings, and the best τ is infinite, or zero.
    """
    place, days = names(problem.levels).index("gain_days"), problem.sample.history.days
    later = days[days > 0.0]
    if not problem.free[place] or not later.size:
        return problem, theta, False
    tau = float(np.exp(theta[place]))
    if STRAIGHT[0] * later.max() < tau:
        border, stretch = STRAIGHT[1] * later.max(), STRAIGHT[1] * later.max() / tau
    elif tau < STEEP[0] * later.min():
        border, stretch = STEEP[1] * later.min(), 1.0
    else:
        return problem, theta, False
    moved = theta.copy()
    moved[place] = np.log(border)
    moved[[name.startswith("gain ") for name in names(problem.levels)]] *= stretch
    if look(problem, moved)[0] < look(problem, theta)[0] - COSTS_NOTHING:
        return problem, theta, False
    free = problem.free.copy()
    free[place] = False
    return problem._replace(free=free), moved, True


def _levels_on_border(problem: Problem, theta: Floats, *, lift: bool) -> tuple[Problem, Floats, bool]:
    """Hold each part of a level that wants to be zero at zero.

    Few therapists seldom show a spread in all three directions of Σ_v: its best value then has no inverse. A part is
    held where that costs no log-likelihood.
    """
    known, own = names(problem.levels), from_theta(theta, problem.like, problem.levels)[0].trait_cov
    height, anew = look(problem, theta)[0], False
    for level, pillar in product(held(problem.levels), range(len(PILLARS))):
        place = known.index(f"{level}_cov {PILLARS[pillar]}")
        if not problem.free[place] or np.exp(2.0 * theta[place]) > MAYBE_NONE * own[pillar, pillar]:
            continue
        rows = slice(known.index(f"{level}_cov {PILLARS[0]}"), known.index(f"{level}_cov {PILLARS[-1]}") + 1)
        moved = theta.copy()
        moved[rows] = at_border(theta[rows], pillar)
        there = look(problem, moved)[0]
        if there <= height - COSTS_NOTHING:
            if lift and np.exp(2.0 * theta[place]) < STUCK * own[pillar, pillar]:
                # A walk that came down too far stands where everything is flat: it begins anew from higher up.
                theta = theta.copy()
                theta[place] = 0.5 * np.log(MAYBE_NONE * own[pillar, pillar])
                height, anew = look(problem, theta)[0], True
        else:
            column = [place, *(known.index(f"{level}_cov {PILLARS[pillar]}-{low}") for low in PILLARS[pillar + 1 :])]
            free = problem.free.copy()
            free[column] = False
            problem, theta, height, anew = problem._replace(free=free), moved, there, True
    return problem, theta, anew


def look(problem: Problem, theta: Floats) -> tuple[float, Floats]:
    """ℓ and ∂ℓ/∂θ (D,)."""
    params, levels = from_theta(theta, problem.like, problem.levels)
    history, whole = problem.sample.history, problem.sample.whole
    if problem.sample.places is None:
        found, _ = with_seeds(params, history, _NO_SEEDS, whole=whole)
        return found.loglik, slope(theta, found, params, (problem.levels, Levels()))
    more = shared(traits(params, history, whole=whole), params.trait_cov, levels, problem.sample.places)
    found, _ = with_seeds(params, history, more.seeds, whole=whole)
    found = found._replace(trait_cov=found.trait_cov + more.trait_cov)
    return found.loglik + more.loglik, slope(theta, found, params, (problem.levels, more.levels))


def curvature_at(problem: Problem, theta: Floats) -> Floats:
    """−∂²ℓ/∂θ² of the free entries, (F, F), by central differences of the exact gradient."""
    places = np.flatnonzero(problem.free)
    rows = np.empty((len(places), len(places)))
    for row, place in enumerate(places):
        step = np.zeros(len(theta))
        step[place] = STEP
        up, down = look(problem, theta + step)[1], look(problem, theta - step)[1]
        rows[row] = (down - up)[places] / (2.0 * STEP)
    return np.asarray((rows + rows.T) / 2.0)


def scaled_curvature(problem: Problem, theta: Floats) -> Floats:
    """The same, from at most CURVED_PAIRS, times the share that they are of all."""
    pairs = len(problem.sample.history.days)
    if pairs <= CURVED_PAIRS:
        return curvature_at(problem, theta)
    part = problem._replace(sample=every(problem.sample, -(-pairs // CURVED_PAIRS)))
    return curvature_at(part, theta) * (pairs / len(part.sample.history.days))


def rounding(problem: Problem, curvature: Floats) -> Floats:
    """R with R R' = H⁻¹: steps R x meet a round surface. Raises DidNotConverge where H has no inverse."""
    values, vectors, sizes = _directions(curvature)
    if values[0] <= 1e-9:
        raise DidNotConverge(f"{_confused(problem, np.abs(vectors[:, 0]))}: {_advice(problem)}")
    return np.asarray(vectors / np.sqrt(values) / sizes[:, None])


def _roughly_rounding(curvature: Floats) -> Floats:
    """The same on the way, where a part of the pairs may be flat or bent upward: steepness without its sign will do."""
    values, vectors, sizes = _directions(curvature)
    return np.asarray(vectors / np.sqrt(np.maximum(np.abs(values), FLATTEST)) / sizes[:, None])


def _directions(curvature: Floats) -> tuple[Floats, Floats, Floats]:
    """Eigenvalues and eigenvectors of H scaled to a diagonal of ones, and the scale."""
    sizes = np.sqrt(np.abs(np.diag(curvature)).clip(1e-300))
    values, vectors = np.linalg.eigh(curvature / np.outer(sizes, sizes))
    return values, vectors, sizes


def _confused(problem: Problem, weakest: Floats) -> str:
    """In words: the direction in which the surface is flat."""
    first, second = np.argsort(-weakest)[:2]
    told = np.array(names(problem.levels))[np.flatnonzero(problem.free)]
    if weakest[second] < 0.3 * weakest[first]:
        return f"these ratings say too little about {told[first]}"
    return f"these ratings cannot tell {told[first]} from {told[second]}"


def _advice(problem: Problem) -> str:
    levels = ", leave out a level" if held(problem.levels) else ""
    return f"give more pairs or more sessions for each{levels}, or fit a simpler model (`without`)"


def _walk(problem: Problem, theta: Floats, turn: Floats, *, few: bool) -> tuple[Floats, int]:
    """BFGS along θ + turn x. A first walk (`few`) only has to come near."""
    pairs = len(problem.sample.history.days)
    scale = 1.0 / pairs if few else 1.0

    def place(x: Floats) -> Floats:
        moved = theta.copy()
        moved[problem.free] += turn @ x
        return moved

    def height(x: Floats) -> tuple[float, Floats]:
        try:
            loglik, gradient = look(problem, place(x))
        except BadReadings:  # the readings were looked at before: these parameters make one impossible
            return np.inf, np.zeros(len(x))
        return -scale * loglik, -scale * (gradient[problem.free] @ turn)

    start = np.zeros(turn.shape[1])
    tolerance = 3e-4 if few else 0.5 * np.sqrt(2.0 * ENOUGH)
    found = minimised(height, start, tolerance=tolerance)
    return place(found.x), found.steps


class Lowest(NamedTuple):
    """Where a function of many variables is lowest, as far as the walk came."""

    x: Floats
    height: float
    steps: int


def minimised(height: Callable[[Floats], tuple[float, Floats]], start: Floats, *, tolerance: float) -> Lowest:
    """BFGS until the slope is shorter than `tolerance`."""
    options: Any = {"gtol": tolerance, "norm": 2, "maxiter": 400}
    minimize: Any = optimize.minimize  # its types do not know a function that returns its slope as well
    with np.errstate(all="ignore"):  # a step too far is refused by the line search
        found = minimize(height, start, jac=True, method="BFGS", options=options)
    return Lowest(found.x, float(found.fun), int(found.nfev))


def every(sample: Sample, stride: int) -> Sample:
    """Each stride-th pair; with levels, all pairs of each stride-th practice or therapist."""
    places = sample.places
    if places is None:
        rows = np.arange(0, len(sample.history.days), stride)
        return sample._replace(history=History(*(part[rows] for part in sample.history)))
    group = places.practice[places.therapist]
    if group.max() < 20 * stride:
        group = places.therapist
    rows = np.flatnonzero(group % stride == 0)
    therapists, therapist = np.unique(places.therapist[rows], return_inverse=True)
    practice = np.unique(places.practice[therapists], return_inverse=True)[1]
    return Sample(History(*(part[rows] for part in sample.history)), sample.whole, Places(therapist, practice))
