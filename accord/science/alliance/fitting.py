"""Maximum likelihood of all parameters of `alliance@1`, over all pairs of a practice or a network.

fit = Model().fit(Readings(days, readings))
fit.params, fit.estimates, fit.smooth(seen), fit.simulate(days=days, rng=rng)
"""

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from accord.science.alliance import climbing, intervals
from accord.science.alliance.climbing import STRAIGHT, Peak, Problem, Sample
from accord.science.alliance.coordinates import BORDER, LEVELS, OF_THERAPISTS, Levels, from_theta, names, to_theta
from accord.science.alliance.defaults import DEFAULT
from accord.science.alliance.drawing import Drawn, draw
from accord.science.alliance.filtering import check, filter_pairs, forecast, history_of, traits
from accord.science.alliance.goodness import Goodness, goodness
from accord.science.alliance.intervals import Estimates
from accord.science.alliance.levels import Places, shared
from accord.science.alliance.model import PILLARS, VERSION, Belief, Filtered, Floats, Forecast, Params, Smoothed
from accord.science.alliance.restricting import at_border, held_fields
from accord.science.alliance.smoothing import smooth_pairs
from accord.science.errors import BadOptions, BadReadings, DidNotConverge

FEWEST_PAIRS = 30
LEVEL_SHARE = 0.2  # of the trait, where the climb starts
NO_LEVEL = 1e-3  # share of a pair's own trait below which a level is not there
LINE_EARNS = 1.0  # log-likelihood by which a straight line has to be better than growth as in `start`
_LOST = (
    "the search left what these ratings allow: give more pairs, or sessions with more than one answer to each question"
)
_ON_BORDER = "start: a covariance lies on its border; start from one with an inverse"


class Readings(NamedTuple):
    """What N pairs said, and who belongs where."""

    days: ArrayLike  # (N, T) as in `filter_pairs`
    readings: ArrayLike  # (N, T, 6)
    therapist: ArrayLike | None = None  # (N,) any labels
    practice: ArrayLike | None = None  # (N,)


class Effects(NamedTuple):
    """How far the pairs of each therapist lie from the average together: posterior mean and sd, points."""

    therapist: NDArray[np.generic]  # (J,) labels
    mean: Floats  # (J, 3)
    sd: Floats  # (J, 3)


class Fit(NamedTuple):
    """Fitted parameters and how sure they are."""

    params: Params  # Σ_u here is that of a pair nobody knows anything about: all levels together
    levels: Levels  # Σ_v, Σ_w, part of it; None: no such level
    pair_trait_cov: Floats  # (3, 3) the rest of it
    loglik: float
    pairs: int
    sessions: int  # with at least one rating
    ratings: int
    estimates: Estimates
    free: NDArray[np.bool_]  # (D,) entries of θ that were estimated
    peak: Peak
    censored: bool

    def filter(self, seen: Readings) -> Filtered:
        """`filter_pairs` with these parameters."""
        return filter_pairs(self.params, days=seen.days, readings=seen.readings, censored=self.censored)

    def smooth(self, seen: Readings) -> Smoothed:
        """`smooth_pairs` with these parameters."""
        return smooth_pairs(self.params, days=seen.days, readings=seen.readings, censored=self.censored)

    def forecast(self, belief: Belief, *, day: ArrayLike) -> Forecast:
        """`alliance.forecast` with these parameters."""
        return forecast(belief, self.params, day=day)

    def simulate(self, *, days: ArrayLike, rng: Generator) -> Drawn:
        """Pairs that nobody has seen, on these days (N, T): `draw` with these parameters."""
        return draw(self.params, days=days, rng=rng, whole=self.censored)

    def goodness(self, seen: Readings, *, rng: Generator) -> Goodness:
        """`alliance.goodness` with these parameters."""
        return goodness(self.params, days=seen.days, readings=seen.readings, rng=rng, censored=self.censored)

    def profile(self, seen: Readings, name: str, *, level: float = 0.95) -> tuple[float, float]:
        """The profile interval of one parameter (`intervals.profile`), from the readings that were fitted."""
        return intervals.profile(self._problem(seen), self.peak, name, level=level)

    def effects(self, seen: Readings) -> Effects:
        """Each therapist's share, shrunken toward the average. For the therapist's own eyes, and never a rank."""
        problem = self._problem(seen)
        if problem.sample.places is None:
            raise BadOptions("therapist: these parameters were fitted without a level of therapists")
        own = self.params._replace(trait_cov=self.pair_trait_cov)
        found = traits(own, problem.sample.history, whole=self.censored)
        parts = shared(found, self.pair_trait_cov, self.levels, problem.sample.places)
        sd = np.sqrt(np.diagonal(parts.therapist_cov, axis1=1, axis2=2))
        return Effects(np.unique(np.asarray(seen.therapist)), parts.therapist_mean, sd)

    def _problem(self, seen: Readings) -> Problem:
        levels = tuple(level for level in LEVELS if getattr(self.levels, level) is not None)
        like = self.params._replace(trait_cov=self.pair_trait_cov)
        return Problem(sample_of(seen, levels, whole=self.censored), like, self.levels, self.free)


class Model(NamedTuple):
    """`alliance@1` before it has seen any readings."""

    censored: bool = True  # ratings are whole numbers cut off at 0 and 10
    levels: tuple[str, ...] = ()  # "therapist", or "therapist" and "practice"
    start: Params = DEFAULT  # where the search starts; what the readings say nothing about stays there
    without: tuple[str, ...] = ()  # parts to leave out: "state", "trait", "tracking" (see `restricting`)

    def fit(self, seen: Readings, *, id: str = f"{VERSION}-fitted") -> Fit:
        """The parameters under which these readings are most likely; errors from the observed information.

        Raises BadReadings as `filter_pairs` does, for fewer than 30 pairs, for a pillar that no client rated, and for
        levels without labels; BadOptions for levels or parts that are none; DidNotConverge, with advice, where no best
        parameters were found. Without a single therapist's rating their parameters stay as in `start`. A level that
        the readings show nothing of is left out, and `Fit.levels` says None; a part of it that they show nothing of
        is zero, without an error. Where nothing tells how fast pairs gain, τ stays as in `start`, without an error;
        where they gain along a straight line, or all at once, it is far beyond, or below, the days that there are.
        """
        held = held_fields(self.without)
        if self.levels and "trait_cov" in held:
            raise BadOptions("levels are part of the trait: they cannot stay without it")
        sample = sample_of(seen, self.levels, whole=self.censored)
        _check_enough(sample)
        problem, theta = _problem(sample, at_border(self.start, self.without), self.levels, held)
        peak = _climbed(problem, theta)
        params, levels = from_theta(peak.theta, problem.like, problem.levels)
        # From the top: therapists of two practices may be alike although the practices are not.
        if self.levels and _is_nothing(getattr(levels, self.levels[-1]), params.trait_cov):
            return self._replace(levels=self.levels[:-1]).fit(seen, id=id)
        return _told(problem._replace(free=peak.free), peak, id)


def sample_of(seen: Readings, levels: tuple[str, ...], *, whole: bool) -> Sample:
    """Readings as the climb takes them. Raises BadReadings and BadOptions."""
    if levels not in ((), LEVELS[:1], LEVELS):
        raise BadOptions(f"levels {levels!r}: allowed is (), ('therapist',) or ('therapist', 'practice')")
    history = history_of(seen.days, seen.readings)
    return Sample(history, whole, _places(seen, levels, len(history.days)) if levels else None)


def _places(seen: Readings, levels: tuple[str, ...], pairs: int) -> Places:
    labels = [np.asarray(getattr(seen, level)) for level in levels]
    for level, label in zip(levels, labels, strict=True):
        if label.shape != (pairs,):
            raise BadReadings(f"{level}: expected a label for each of {pairs} pairs, got {label.shape}")
    _, first, therapist = np.unique(labels[0], return_index=True, return_inverse=True)
    if len(labels) == 1:
        return Places(therapist, np.zeros(len(first), dtype=np.int64))
    practice = np.unique(labels[1], return_inverse=True)[1]
    if (practice != practice[first][therapist]).any():
        raise BadReadings("practice: a therapist belongs to two practices; give them a label for each")
    return Places(therapist, practice[first])


def _check_enough(sample: Sample) -> None:
    given = ~np.isnan(sample.history.readings)
    pairs = int(given.any(axis=(1, 2)).sum())
    if pairs < FEWEST_PAIRS:
        raise BadReadings(f"{pairs} pairs with ratings: a fit needs {FEWEST_PAIRS}, and hundreds to be worth much")
    for pillar, name in enumerate(PILLARS):
        if not given[:, :, pillar].any():
            raise BadReadings(f"no client rated {name}: the model needs all three pillars")
    check(
        traits(DEFAULT, sample.history, whole=sample.whole)[:, 0],
        sample.history,
        since=np.zeros(len(given)),
        whole=sample.whole,
    )


def _problem(sample: Sample, start: Params, wanted: tuple[str, ...], held: tuple[str, ...]) -> tuple[Problem, Floats]:
    share = LEVEL_SHARE * start.trait_cov
    levels = Levels(**dict.fromkeys(wanted, share))
    like = start._replace(trait_cov=start.trait_cov - len(wanted) * share)
    heard = not np.isnan(sample.history.readings[:, :, 3:]).all()
    fields = [name.split()[0] for name in names(levels)]
    free = np.array([field not in held and (heard or field not in OF_THERAPISTS) for field in fields])
    try:
        theta = to_theta(like, levels)
    except np.linalg.LinAlgError as cause:
        raise BadOptions(_ON_BORDER) from cause
    if (theta[free] == BORDER).any():
        raise BadOptions(_ON_BORDER)
    return Problem(sample, like, levels, free), theta


def _climbed(problem: Problem, theta: Floats) -> Peak:
    """The top. Where there is none, once more with τ held: as it is, and so large that growth is a straight line."""
    try:
        return climbing.climb(problem, theta)
    except (BadReadings, DidNotConverge) as first:
        longest = float(np.nanmax(problem.sample.history.days))
        stretches = (1.0, STRAIGHT[1] * longest / problem.like.gain_days) if longest > 0.0 else (1.0,)
        peaks = [peak for stretch in stretches if (peak := _with_days(problem, theta, stretch)) is not None]
        if peaks:
            # A straight line has to earn its place: pairs that gain nothing look alike under both.
            return max(peaks, key=lambda peak: peak.loglik - (0.0 if peak is peaks[0] else LINE_EARNS))
        raise first if isinstance(first, DidNotConverge) else DidNotConverge(_LOST) from first


def _with_days(problem: Problem, theta: Floats, stretch: float) -> Peak | None:
    """The top with τ held at so many times its start; the slope γ/τ starts where it did."""
    known = np.array(names(problem.levels))
    days, gain = known == "gain_days", np.char.startswith(known, "gain ")
    moved = theta.copy()
    moved[days] += np.log(stretch)
    moved[gain] *= stretch
    try:
        return climbing.climb(problem._replace(free=problem.free & ~days), moved)
    except (BadReadings, DidNotConverge):
        return None


def _is_nothing(cov: Floats, of: Floats) -> bool:
    return float(np.trace(cov)) < NO_LEVEL * float(np.trace(of))


def _told(problem: Problem, peak: Peak, id: str) -> Fit:
    own, levels = from_theta(peak.theta, problem.like, problem.levels)
    given = ~np.isnan(problem.sample.history.readings)
    whole_trait = own.trait_cov + sum(cov for cov in levels if cov is not None)
    return Fit(
        params=own._replace(id=id, trait_cov=whole_trait),
        levels=levels,
        pair_trait_cov=own.trait_cov,
        loglik=peak.loglik,
        pairs=int(given.any(axis=(1, 2)).sum()),
        sessions=int(given.any(axis=2).sum()),
        ratings=int(given.sum()),
        estimates=intervals.estimates(problem, peak),
        free=problem.free,
        peak=peak,
        censored=problem.sample.whole,
    )


__all__ = ["DidNotConverge", "Effects", "Fit", "Model", "Readings"]
