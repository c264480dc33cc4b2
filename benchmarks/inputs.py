"""The pairs that everybody gets: simulated from `alliance@1-default`, twelve sessions, uneven gaps, a fifth missing."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.science.alliance import DEFAULT, Params
from accord.science.simulation import World, simulate

Floats = NDArray[np.float64]

SESSIONS = 12
MISSING = 0.2  # of the six readings, each alone
TOP_ABOVE = 9.5  # what rounds to a perfect 10
SEED = 20
BLOCK = 50_000  # pairs simulated at a time


class Inputs(NamedTuple):
    """N pairs and the parameters that made them."""

    params: Params
    days: Floats  # (N, 12)
    readings: Floats  # (N, 12, 6), NaN is missing
    censored: bool  # whole ratings cut off at 0 and 10, and to be taken as such

    @property
    def pairs(self) -> int:
        return int(self.days.shape[0])

    def first(self, pairs: int) -> "Inputs":
        """The first few, for those who need long."""
        return self._replace(days=self.days[:pairs], readings=self.readings[:pairs])


def open_ratings(pairs: int) -> Inputs:
    """Ratings as the linear Gaussian model has them: any number, nothing cut off. Every peer can take these."""
    days, readings = _drawn(pairs)
    return Inputs(DEFAULT, days, _with_holes(readings), censored=False)


def whole_ratings(pairs: int) -> Inputs:
    """What clients and therapists really send: whole numbers from 0 to 10."""
    days, readings = _drawn(pairs)
    return Inputs(DEFAULT, days, _with_holes(np.clip(np.rint(readings), 0.0, 10.0)), censored=True)


def perfect_ratings(pairs: int) -> Inputs:
    """The same pairs, so much happier that half of all their ratings are a perfect 10; whole numbers."""
    days, readings = _drawn(pairs)
    lift = TOP_ABOVE - np.median(readings, axis=(0, 1))
    params = DEFAULT._replace(mean=DEFAULT.mean + lift[:3], therapist_mean=DEFAULT.therapist_mean + lift[3:])
    whole = np.clip(np.rint(readings + lift), 0.0, 10.0)
    return Inputs(params, days, _with_holes(whole), censored=True)


def _drawn(pairs: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(SEED)
    world = World(gap_sd=2.0, missing=0.0, missing_checkin=0.0, missing_therapist=0.0, whole=False)
    parts = [
        simulate(DEFAULT, pairs=min(BLOCK, pairs - start), sessions=SESSIONS, rng=rng, world=world)
        for start in range(0, pairs, BLOCK)
    ]
    return np.concatenate([part.days for part in parts]), np.concatenate([part.readings for part in parts])


def _with_holes(readings: Floats) -> Floats:
    holes = np.random.default_rng(SEED + 1).random(readings.shape) < MISSING
    return np.where(holes, np.nan, readings)
