"""How long people stay, and how it ends: Kaplan–Meier retention, and competing endings as cumulative incidence.

Time is counted in sessions held. For session k = 1, 2, …:

    n_k   people known to be past the moment after session k: ended there, or held a session k + 1
    d_jk  those who ended after session k in way j (planned, unplanned)
    S_k = Π_{l ≤ k} (1 − Σ_j d_jl / n_l)              still in therapy after session k (Kaplan & Meier 1958)
    F_jk = Σ_{l ≤ k} S_{l−1} d_jl / n_l               ended in way j by session k (Aalen & Johansen 1978)

A person who is still going with k sessions has not been through the moment after session k, so they leave the count
before it. (Usual software counts them in, as if they had stayed; this makes retention look better.)
Variances: Greenwood for S; for F the delta method with multinomial counts (Marubini & Valsecchi 1995).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from accord.science.errors import BadOptions, BadReadings
from accord.science.grids import Floats, vector
from accord.science.mixed.model import Ints

PLANNED, UNPLANNED, GOING = "planned", "unplanned", "still going"
WAYS = (PLANNED, UNPLANNED)
_USUAL_SESSIONS = (3, 8)
_REACH = 1.959963984540054
_HALF = 0.025
_NEXT_TO = 1e-12  # of 0 or 1: rounding, not people

_COUNTED = "Counted in sessions held, from the first; people who never came to a first session are not in it."
RETENTION_DEFINITION = (
    "Retention to session k: the share of people who held a session k. Any ending before it counts as lost, planned "
    "ones too; people still going with fewer sessions count for as long as they were seen. " + _COUNTED
)
ENDINGS_DEFINITION = (
    "Planned: both knew the last session was the last. Unplanned: every other ending. By session k: ended after one of "
    "the sessions 1 to k. People still going count for as long as they were seen. " + _COUNTED
)


class Retention(NamedTuple):
    """Chance of holding a session k, with 95 % intervals; the definition belongs beside the number."""

    definition: str
    session: Ints  # (K,)
    share: Floats  # (K,) NaN where nobody was followed that far
    low: Floats
    high: Floats
    at_risk: Ints  # (K,) people who decide about the last step before it
    people: int


class Endings(NamedTuple):
    """Ended in each way by session 1 … T, with 95 % intervals. planned + unplanned + going = 1 at each session."""

    definition: str
    session: Ints  # (T,) 1 … T
    incidence: Floats  # (2, T) of WAYS; NaN where nobody was followed that far
    low: Floats  # (2, T)
    high: Floats  # (2, T)
    going: Floats  # (T,) S
    at_risk: Ints  # (T,) n_k
    people: int


class _Steps(NamedTuple):
    """The count at each session: n (T,), d (2, T), S (T,), F (2, T)."""

    at_risk: Floats
    ended: Floats
    staying: Floats
    incidence: Floats


def retention(sessions: Any, ending: Sequence[str], *, at: Sequence[int] = _USUAL_SESSIONS) -> Retention:
    """S_{k−1} for each k of `at`: the share who held session k.

    sessions: (N,) whole numbers ≥ 1, sessions held so far; ending: (N,) "planned", "unplanned" or "still going".
    Intervals on the log(−log) scale; exact binomial where nobody, or everybody, ended. Assumes that those still going
    are like those who were seen longer. Raises BadReadings, BadOptions.
    """
    held, ways = _checked(sessions, ending)
    wanted = _sessions("at", at)
    steps = _steps(held, ways, until=int(wanted.max()))
    variance = _greenwood(steps)
    before = wanted - 2  # the moment after session k − 1, counted from 0
    share, spread = _at(steps.staying, before, start=1.0), _at(variance, before, start=0.0)
    deciding = _at(steps.at_risk, before, start=float(held.size))
    low, high = _interval(share, spread, _at(_counted(steps), before, start=float(held.size)))
    share, low, high = (np.where(wanted == 1, 1.0, values) for values in (share, low, high))
    return Retention(RETENTION_DEFINITION, wanted, share, low, high, deciding.astype(np.int64), held.size)


def endings(sessions: Any, ending: Sequence[str], *, until: int) -> Endings:
    """F_jk for planned and unplanned endings, k = 1 … `until`; arguments, intervals and errors as in `retention`.

    One minus Kaplan–Meier of unplanned endings alone would be too high: it asks what would happen if nobody ended as
    planned. These shares add up to what did happen.
    """
    held, ways = _checked(sessions, ending)
    (last,) = _sessions("until", (until,))
    steps = _steps(held, ways, until=int(last))
    bounds = [
        _interval(steps.incidence[way], _incidence_variance(steps, way), _counted(steps)) for way in range(len(WAYS))
    ]
    return Endings(
        definition=ENDINGS_DEFINITION,
        session=np.arange(1, last + 1),
        incidence=steps.incidence,
        low=np.array([low for low, _ in bounds]),
        high=np.array([high for _, high in bounds]),
        going=steps.staying,
        at_risk=steps.at_risk.astype(np.int64),
        people=held.size,
    )


def _checked(sessions: Any, ending: Sequence[str]) -> tuple[Ints, NDArray[np.str_]]:
    held, ways = vector("sessions", sessions), np.asarray(ending)
    if ways.shape != held.shape:
        raise BadReadings(f"ending: {ways.shape} for {held.size} people; give one word for each")
    odd = np.flatnonzero((held < 1) | (held != np.rint(held)))
    if odd.size:
        value = held[odd[0]]
        raise BadReadings(f"sessions: person {odd[0] + 1} has {value:g}; give whole numbers from 1, leave others out")
    unknown = np.flatnonzero(~np.isin(ways, (*WAYS, GOING)))
    if unknown.size:
        words = ", ".join((*WAYS, GOING))
        raise BadReadings(f"ending: person {unknown[0] + 1} has {str(ways[unknown[0]])!r}; give one of {words}")
    return held.astype(np.int64), ways


def _sessions(name: str, values: Sequence[int]) -> Ints:
    wanted = np.asarray(values)
    if wanted.ndim != 1 or not wanted.size or wanted.dtype.kind not in "iu" or (wanted < 1).any():
        raise BadOptions(f"{name} {values!r}: allowed are whole session numbers from 1")
    return wanted.astype(np.int64)


def _steps(held: Ints, ways: NDArray[np.str_], *, until: int) -> _Steps:
    after = np.arange(1, until + 1)
    ended = np.array([[np.sum((held == k) & (ways == way)) for k in after] for way in WAYS], float)
    passed = np.array([np.sum(held > k) for k in after], float)
    at_risk = passed + ended.sum(axis=0)
    hazard = np.divide(ended, at_risk, out=np.full(ended.shape, np.nan), where=at_risk > 0)
    # once everybody has ended, nothing can happen any more, although nobody is left to count
    over = np.concatenate(([False], np.cumprod(1.0 - np.nan_to_num(hazard.sum(axis=0)))[:-1] == 0.0))
    hazard[:, over] = 0.0
    staying = np.cumprod(1.0 - hazard.sum(axis=0))
    before = np.concatenate(([1.0], staying[:-1]))
    return _Steps(at_risk, ended, staying, np.cumsum(before * hazard, axis=1))


def _greenwood(steps: _Steps) -> Floats:
    """Var S_k = S_k² Σ_{l ≤ k} d_l / (n_l (n_l − d_l)), (T,); 0 where S is 0."""
    variance: Floats = steps.staying**2 * np.cumsum(_loss(steps))
    return variance


def _loss(steps: _Steps) -> Floats:
    left = steps.at_risk - steps.ended.sum(axis=0)
    loss: Floats = np.divide(steps.ended.sum(axis=0), steps.at_risk * left, out=np.zeros_like(left), where=left > 0)
    return loss


def _incidence_variance(steps: _Steps, way: int) -> Floats:
    """Var F_k = Σ_{l ≤ k} (F_k − F_l)² d_l / (n_l (n_l − d_l)) + S²_{l−1} (n_l − d_jl) d_jl / n_l³
    − 2 (F_k − F_l) S_{l−1} d_jl / n_l², (T,)."""
    n, d, reached = np.maximum(steps.at_risk, 1.0), steps.ended[way], steps.incidence[way]
    before = np.nan_to_num(np.concatenate(([1.0], steps.staying[:-1])))  # not known later: not counted before
    ahead = np.tril(reached[:, None] - reached[None, :])
    own = before**2 * (n - d) * d / n**3
    shared = before * d / n**2
    return np.asarray((ahead**2) @ _loss(steps) + np.cumsum(own) - 2.0 * ahead @ shared)


def _counted(steps: _Steps) -> Floats:
    """n_k, and the last n that was above 0 where everybody has ended."""
    seen = np.where(steps.at_risk > 0, steps.at_risk, np.inf)
    least = np.minimum.accumulate(seen)
    return np.where(np.isfinite(least), least, 1.0)


def _at(values: Floats, place: Ints, *, start: float) -> Floats:
    return np.where(place < 0, start, values[np.maximum(place, 0)])


def _interval(share: Floats, variance: Floats, people: Floats) -> tuple[Floats, Floats]:
    """95 %: log(−log p) ± 1.96 SE / (p |log p|) inside, the exact binomial bound of none (or all) of n at the ends."""
    inside = (share > _NEXT_TO) & (share < 1.0 - _NEXT_TO)
    p = np.where(inside, share, 0.5)
    reach = _REACH * np.sqrt(np.maximum(variance, 0.0)) / (p * np.abs(np.log(p)))
    low, high = p ** np.exp(reach), p ** np.exp(-reach)
    open_end = np.asarray(stats.beta.ppf(_HALF, np.maximum(people, 1.0), 1.0))
    low = np.where(inside, low, np.where(share > 0.5, open_end, 0.0))
    high = np.where(inside, high, np.where(share < 0.5, 1.0 - open_end, 1.0))
    unknown = np.isnan(share)
    return np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)
