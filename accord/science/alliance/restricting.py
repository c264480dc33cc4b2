"""Simpler models, as `alliance@1` with some of its parameters held at the border: what a full fit is compared with.

    "state"     Σ_d = 0: a level for each pair that never moves, and noise around it
    "trait"     Σ_u = 0: no lasting differences between pairs, only what moves (with noise, an AR(1) in even gaps)
    "tracking"  κ = 0: what therapists rate says nothing about what their clients live

What is held does not move in the search, and has no error and no interval afterwards.
"""

from collections.abc import Callable

import numpy as np

from accord.science.alliance.model import Params
from accord.science.errors import BadOptions

_HELD = {"state": ("state_cov", "state_rate"), "trait": ("trait_cov",), "tracking": ("tracking",)}
PARTS = tuple(_HELD)


def held_fields(without: tuple[str, ...]) -> tuple[str, ...]:
    """The fields of `Params` that do not move. Raises BadOptions for a part that is none, or for all variance."""
    unknown = [part for part in without if part not in PARTS]
    if unknown:
        raise BadOptions(f"without {unknown[0]!r}: parts that can be left out are {', '.join(PARTS)}")
    if {"state", "trait"} <= set(without):
        raise BadOptions("without 'state' and 'trait': nothing of a pair is left")
    return tuple(field for part in without for field in _HELD[part])


def at_border(start: Params, without: tuple[str, ...]) -> Params:
    """Where the search starts: the parts left out at zero, their variance given to what stays."""
    for part in without:
        start = _AT_ZERO[part](start)
    return start


def _without_state(start: Params) -> Params:
    return start._replace(state_cov=np.zeros((3, 3)), trait_cov=start.trait_cov + start.state_cov)


def _without_trait(start: Params) -> Params:
    # One rate for all: with unequal ones the sum might be no covariance of a process.
    rate = np.full(3, start.state_rate.mean())
    return start._replace(trait_cov=np.zeros((3, 3)), state_cov=start.trait_cov + start.state_cov, state_rate=rate)


def _without_tracking(start: Params) -> Params:
    return start._replace(tracking=np.zeros(3))


_AT_ZERO: dict[str, Callable[[Params], Params]] = {
    "state": _without_state,
    "trait": _without_trait,
    "tracking": _without_tracking,
}
