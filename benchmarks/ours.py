"""The one place that knows how ours is called, so that a new name is a change in one file."""

from typing import Any, NamedTuple

import numpy as np

from accord.science import alliance, ruptures
from accord.science.alliance import Model, Params, Readings
from benchmarks.inputs import Floats, Inputs


def loglik(inputs: Inputs) -> Floats:
    """Filter and log-likelihood of every pair (N,)."""
    return alliance.likelihood(inputs.params, **_history(inputs))


def smooth(inputs: Inputs) -> tuple[Floats, Floats]:
    """Smoothed level and its sd (N, T, 3)."""
    found = alliance.smooth_pairs(inputs.params, **_history(inputs))
    return found.level_mean, found.level_sd


def value_and_gradient(inputs: Inputs) -> tuple[float, dict[str, Floats]]:
    """Log-likelihood of all pairs and its derivatives by parameter."""
    found = alliance.gradient(inputs.params, **_history(inputs))
    fields = {name: np.asarray(getattr(found, name)) for name in Params._fields if name != "id"}
    return float(found.loglik), fields


def fit(inputs: Inputs) -> str:
    """Fits all parameters, from some that are nothing like those that made the pairs; says how that ended.

    A fit that did not converge is an error.
    """
    model = Model(censored=inputs.censored, start=_elsewhere(inputs.params))
    found = model.fit(Readings(inputs.days, inputs.readings))
    above = found.loglik - float(loglik(inputs).sum())
    if above < 0.0:
        raise RuntimeError(f"the fit ended {-above:.3g} below the parameters that made these pairs: not the top")
    return f"converged in {found.peak.steps} looks, log-likelihood {above:.1f} above that of the truth"


def _elsewhere(params: Params) -> Params:
    """A wrong idea of a practice: levels a point off, variances and rates by factors of up to two."""
    return params._replace(
        mean=params.mean - 1.0,
        gain=0.5 * params.gain,
        gain_days=2.0 * params.gain_days,
        trait_cov=0.6 * params.trait_cov,
        state_rate=2.0 * params.state_rate,
        state_cov=1.5 * params.state_cov,
        noise=1.5 * params.noise,
        therapist_mean=params.therapist_mean + 1.0,
        tracking=1.5 * params.tracking,
        bias_cov=0.6 * params.bias_cov,
        therapist_noise=1.5 * params.therapist_noise,
    )


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
