"""A practice whose truth is known, fitted once a test run: fits take seconds."""

from functools import cache
from typing import NamedTuple

import numpy as np

from accord.science.alliance import DEFAULT, Fit, Model, Readings
from accord.science.simulation import World, simulate

OPEN = World(whole=False)


class Practice(NamedTuple):
    """Readings of pairs whose therapists differ a little, and what the therapists share in truth."""

    seen: Readings
    shared: np.ndarray  # (J, 3)


@cache
def practice(seed: int = 1, pairs: int = 400, sessions: int = 8, therapists: int = 40) -> Practice:
    """Open ratings; therapists differ by 15 % of the trait's variance, on top of it; ten of them are a practice."""
    rng = np.random.default_rng(seed)
    drawn = simulate(DEFAULT, pairs=pairs, sessions=sessions, rng=rng, world=OPEN)
    therapist = rng.integers(0, therapists, pairs)
    shared = rng.multivariate_normal(np.zeros(3), 0.15 * DEFAULT.trait_cov, size=therapists)
    readings = drawn.readings.copy()
    readings[..., :3] += shared[therapist][:, None]
    readings[..., 3:] += (DEFAULT.tracking * shared[therapist])[:, None]
    return Practice(Readings(drawn.days, readings, therapist, therapist // 10), shared)


@cache
def plain_fit() -> Fit:
    """The practice, therapists unknown."""
    return Model(censored=False).fit(practice().seen)


@cache
def fit_with_therapists() -> Fit:
    """The practice with a level of therapists."""
    return Model(censored=False, levels=("therapist",)).fit(practice().seen)
