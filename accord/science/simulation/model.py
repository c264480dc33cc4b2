"""Worlds to draw pairs from, and pairs whose truth is known."""

from typing import NamedTuple

import numpy as np

from accord.science.alliance.model import Floats, Ints
from accord.science.errors import BadOptions

# Tension codes are places in the choices of checkin@1 (no, a-bit, yes, not-sure); no answer is −1.
NO, A_BIT, UNANSWERED = 0, 1, -1


class World(NamedTuple):
    """What happens around the model of `alliance@1`: the calendar, who answers, and what breaks."""

    gap_days: float = 7.0  # usual days between two sessions
    gap_sd: float = 1.0  # jitter of one gap, days
    skipped: float = 0.1  # probability that a session falls out, so that the gap doubles
    gap_range: tuple[float, float] | None = None  # days; given, gaps are uniform between the two and nothing else
    ending: float = 0.0  # probability that a pair ends after a session, from the third session on
    missing: float = 0.1  # probability that one client answer is missing
    missing_checkin: float = 0.1  # probability that a client's whole check-in is missing
    missing_therapist: float = 0.3  # probability that a therapist's whole check-in is missing
    whole: bool = True  # ratings are rounded to whole numbers and cut off at 0 and 10
    step: float = 1.0  # points between two neighbouring answers, where `whole`; 2.5 makes a scale of five answers
    skew: float = 0.0  # of all noise, 0 or below: a gamma turned round, so that bad answers lie further out
    carry: float = 0.0  # correlation of a client's noise with the session before, whatever the gap
    drift_sd: float = 0.0  # lasting trend of a pair, the same for all pillars, points in 100 days
    rupture_share: float = 0.0  # probability that a pair has its one rupture
    rupture_first: int = 4  # earliest session of a rupture, counted from 0
    rupture_depth: tuple[float, float] = (1.5, 4.0)  # points lost on the pillar hit, uniform
    spill: float = 0.5  # share of the loss that reaches the two other pillars
    slide_sessions: int = 1  # sessions over which the loss comes in equal steps; 1: at once
    recovery_days: float = np.inf  # days after which half the loss is back
    said: float = 0.4  # probability of "a bit" at the rupture's session
    said_anyway: float = 0.02  # probability of "a bit" at any other session


class Simulated(NamedTuple):
    """N pairs, up to T sessions each, padded with NaN where a pair has ended."""

    days: Floats  # (N, T) since the pair's first session
    readings: Floats  # (N, T, 6) as `filter_pairs` takes them
    tension: Ints  # (N, T) codes of checkin@1, −1 for no answer
    level: Floats  # (N, T, 3) the truth a_p(t), ruptures and drift included
    trait: Floats  # (N, 3) the truth μ_p + u_p
    rupture_session: Ints  # (N,) the session at which the loss is first there, −1 for none
    rupture_depth: Floats  # (N, 3) points lost once all of it is there, 0 for none


_PROBABILITIES = (
    *("skipped", "ending", "missing", "missing_checkin", "missing_therapist"),
    *("rupture_share", "spill", "said", "said_anyway"),
)


def check_world(world: World) -> None:
    """Raises BadOptions, which names the option."""
    for name in _PROBABILITIES:
        if not 0.0 <= getattr(world, name) <= 1.0:
            raise BadOptions(f"{name}: must lie between 0 and 1")
    for name in ("gap_days", "recovery_days"):
        if not getattr(world, name) > 0.0:
            raise BadOptions(f"{name}: must be positive")
    for name in ("gap_sd", "drift_sd", "rupture_first"):
        if not getattr(world, name) >= 0.0:
            raise BadOptions(f"{name}: must not be negative")
    _check_noise(world)
    low, high = world.rupture_depth
    if not 0.0 <= low <= high < np.inf:
        raise BadOptions("rupture_depth: must be a range of points")


def _check_noise(world: World) -> None:
    if not 0.0 <= world.carry < 1.0:
        raise BadOptions("carry: must lie between 0 and less than 1")
    if not -2.0 <= world.skew <= 0.0:
        raise BadOptions("skew: must lie between -2 and 0")
    if not 0.0 < world.step <= 5.0:
        raise BadOptions("step: must be positive, at most 5 points")
    if world.slide_sessions < 1:
        raise BadOptions("slide_sessions: must be 1 or more")
    if world.gap_range is not None and not 0.0 < world.gap_range[0] <= world.gap_range[1] < np.inf:
        raise BadOptions("gap_range: must be a range of days")
