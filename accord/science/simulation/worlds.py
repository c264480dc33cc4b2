"""The worlds that rules are compared in: what is true there, and what the filter is told.

One table, CATALOGUE. A fit on enough check-ins finds the truth where the model can hold it; so the filter is told the
true parameters there. Where the model cannot hold it, the filter is told parameters of the same means and variances.
Only the last two worlds are told what is wrong.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from accord.science.alliance.defaults import DEFAULT, ROUNDING
from accord.science.alliance.model import Params, dump_params, load_params
from accord.science.simulation.model import World

# Between two ratings a week apart, about the client's own level: .4 in the default parameters.
HIGH_CORRELATION, SLOW_SHARE, SLOW_WEEK = 0.6, 0.75, 0.8  # .75 of what varies within a pair moves, .8 of it is left
CARRY = 0.42  # of the noise: adds .2 to a week's correlation of .4
HIGHER = 1.6  # points above the default means: half of all client ratings are tens
FIVE = 2.5  # points between five answers on 0..10
WRONG = 0.3
BACK_AFTER = 28.0  # days in which half of a loss is regained


class Scene(NamedTuple):
    """One world, ready to be drawn and judged."""

    name: str
    words: str
    world: World
    truth: Params = DEFAULT  # what pairs are drawn from
    told: Params = DEFAULT  # what the filter is given
    sessions: int = 12


def altered(params: Params, name: str, **fields: Any) -> Params:
    """Other numbers, under an id of their own."""
    return load_params({**dump_params(params), "id": f"{params.id}/{name}", **fields})


def spread_by(params: Params, factor: float, name: str, *, rate: float = 1.0) -> Params:
    """All variances times `factor`, all rates times `rate`."""
    variances = ("trait_cov", "state_cov", "noise", "bias_cov", "therapist_noise")
    scaled = {field: factor * np.asarray(getattr(params, field)) for field in variances}
    return altered(params, name, state_rate=rate * params.state_rate, **scaled)


def _slower() -> Params:
    """Ratings correlate .6 a week about the own level, with the default's variance."""
    within = float(DEFAULT.state_cov[0, 0] + DEFAULT.noise[0]) + ROUNDING
    return altered(
        DEFAULT,
        "autocorrelated",
        state_cov=DEFAULT.state_cov * (SLOW_SHARE * within / DEFAULT.state_cov[0, 0]),
        noise=np.full(3, (1.0 - SLOW_SHARE) * within - ROUNDING),
        state_rate=np.full(3, -np.log(SLOW_WEEK) / 7.0),
    )


def _coarser() -> Params:
    """A wider step rounds by (2.5² − 1)/12 points² more: noise, as far as the model can tell."""
    more = (FIVE**2 - 1.0) / 12.0
    return altered(DEFAULT, "five-answers", noise=DEFAULT.noise + more, therapist_noise=DEFAULT.therapist_noise + more)


_USUAL = World(recovery_days=BACK_AFTER)
_SLOWER, _HIGH = _slower(), altered(DEFAULT, "ceilings", mean=DEFAULT.mean + HIGHER)

SCENES = (
    Scene("as-modelled", "the model itself: weekly, 12 sessions, a fifth of the answers missing", _USUAL),
    Scene("autocorrelated", "ratings a week apart correlate .6", _USUAL, truth=_SLOWER, told=_SLOWER),
    Scene("carried-noise", "the same .6, but by noise that carries over", _USUAL._replace(carry=CARRY)),
    Scene("ceilings", "half of all ratings are tens", _USUAL, truth=_HIGH, told=_HIGH),
    Scene("five-answers", "five answers only: 0, 2.5, 5, 7.5, 10", _USUAL._replace(step=FIVE), told=_coarser()),
    Scene("skewed-noise", "noise of skewness −1: bad answers lie far out", _USUAL._replace(skew=-1.0)),
    Scene("missing", "30 % of the client's answers missing", _USUAL._replace(missing=0.2, missing_checkin=0.125)),
    Scene("gaps", "3 to 60 days between two sessions", _USUAL._replace(gap_range=(3.0, 60.0))),
    Scene("six-sessions", "six sessions only", _USUAL, sessions=6),
    Scene("no-therapist", "no ratings by therapists", _USUAL._replace(missing_therapist=1.0)),
    Scene("slow-slides", "losses that come over five sessions, of 16", _USUAL._replace(slide_sessions=5), sessions=16),
    Scene("one-pillar", "losses on one pillar only", _USUAL._replace(spill=0.0)),
    Scene("all-pillars", "losses alike on all three", _USUAL._replace(spill=1.0)),
    Scene(
        "told-too-calm",
        "the filter's variances and rates are 30 % too small",
        _USUAL,
        told=spread_by(DEFAULT, 1.0 - WRONG, "too-calm", rate=1.0 - WRONG),
    ),
    Scene(
        "told-too-wild",
        "the filter's variances and rates are 30 % too large",
        _USUAL,
        told=spread_by(DEFAULT, 1.0 + WRONG, "too-wild", rate=1.0 + WRONG),
    ),
)
CATALOGUE: Mapping[str, Scene] = MappingProxyType({scene.name: scene for scene in SCENES})
