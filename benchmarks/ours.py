"""The one place that knows how ours is called, so that a new name is a change in one file."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from accord.science import alliance, ruptures
from accord.science.alliance import Params
from benchmarks.inputs import Floats, Inputs

LATER = "not there yet"
Fitter = Callable[[Inputs], str]


def loglik(inputs: Inputs) -> Floats:
    """Filter and log-likelihood of every pair (N,)."""
    alone: Callable[..., Floats] | None = getattr(alliance, "likelihood", None)
    if alone:
        return alone(inputs.params, **_history(inputs))
    return alliance.filter_pairs(inputs.params, **_history(inputs)).loglik


def what_loglik_is() -> str:
    return "likelihood" if hasattr(alliance, "likelihood") else "filter_pairs, everything stored"


def smooth(inputs: Inputs) -> tuple[Floats, Floats]:
    """Smoothed level and its sd (N, T, 3)."""
    found = alliance.smooth_pairs(inputs.params, **_history(inputs))
    return found.level_mean, found.level_sd


def value_and_gradient() -> Callable[[Inputs], tuple[float, dict[str, Floats]]] | None:
    """Log-likelihood of all pairs and its derivatives by parameter; None as long as there is none."""
    gradient: Callable[..., Any] | None = getattr(alliance, "gradient", None)
    return partial(_gradient, gradient) if gradient else None


def _gradient(gradient: Callable[..., Any], inputs: Inputs) -> tuple[float, dict[str, Floats]]:
    found = gradient(inputs.params, **_history(inputs))
    fields = {name: np.asarray(getattr(found, name)) for name in Params._fields if name != "id"}
    return float(found.loglik), fields


def fit() -> Fitter | None:
    """Fits all parameters and says in words how that ended; None as long as there is no fit."""
    model: Callable[..., Any] | None = getattr(alliance, "Model", None)
    return partial(_fit, model) if model else None


def _fit(model: Callable[..., Any], inputs: Inputs) -> str:
    model().fit(**_history(inputs))
    return "converged"  # anything else is an error


class Stored(NamedTuple):
    """What a pair's history leaves behind."""

    belief: Any
    watch: Any


def stored(inputs: Inputs) -> Stored:
    """After all sessions but the last."""
    known = Stored(alliance.start(inputs.params, inputs.pairs), ruptures.start_watch(inputs.pairs))
    for t in range(inputs.days.shape[1] - 1):
        known, _ = check_in(inputs, known, t)
    return known


def check_in(inputs: Inputs, known: Stored, t: int) -> tuple[Stored, Any]:
    """One session of every pair: the new belief and the flags, as the web application's job has them worked out."""
    readings = inputs.readings[:, t]
    update = alliance.update(
        known.belief, inputs.params, day=inputs.days[:, t], readings=readings, censored=inputs.censored
    )
    watch, flags = ruptures.judge(known.watch, update, readings=readings)
    return Stored(update.belief, watch), flags


def check_in_in_words(inputs: Inputs, known: Stored, t: int) -> tuple[Stored, list[Any]]:
    """The same, and the flags as objects with everything that a person needs to check them by hand."""
    after, flags = check_in(inputs, known, t)
    return after, ruptures.as_list(flags)


def _history(inputs: Inputs) -> dict[str, Any]:
    return {"days": inputs.days, "readings": inputs.readings, "censored": inputs.censored}
