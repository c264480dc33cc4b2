"""JAX by hand: vmap over pairs of a scan over sessions, readings one at a time, compiled, in double precision.

Blocks of pairs that stay in the cache, shared out over a thread a core: on a processor that is several times as fast as
one vmap over everything, and as fast as writing out the covariance's 45 numbers one by one.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import log_ndtr

from accord.science.alliance import Params
from benchmarks.inputs import Floats, Inputs
from benchmarks.machine import CORES
from benchmarks.peers.matrices import LOG_TWO_PI, READINGS, STATES

jax.config.update("jax_enable_x64", True)

BLOCK = 64  # the fastest of those tried from 16 to 4096
ROUNDING = 1.0 / 12.0
Numbers = dict[str, jax.Array]
Belief = tuple[jax.Array, jax.Array]  # mean (9,) and covariance (9, 9)


def loglik(inputs: Inputs) -> Floats:
    parts = _on_threads(_loglik, inputs)
    return np.concatenate([np.asarray(part).ravel() for part in parts])[: inputs.pairs]


def value_and_gradient(inputs: Inputs) -> tuple[float, dict[str, Floats]]:
    """Log-likelihood of all pairs and its derivative by every parameter, by reverse mode."""
    parts = _on_threads(_value_and_gradient, inputs)
    values, gradients = zip(*parts, strict=True)
    return float(sum(values)), {name: _symmetric(sum(part[name] for part in gradients)) for name in gradients[0]}


def _symmetric(derivative: Any) -> Floats:
    """A covariance is symmetric, so only the symmetric part of its derivative means anything."""
    found = np.asarray(derivative)
    return (found + found.T) / 2.0 if found.ndim == 2 else found


def numbers_of(params: Params) -> Numbers:
    return {name: jnp.asarray(value) for name, value in params._asdict().items() if name != "id"}


def blank(params: Numbers) -> Belief:
    """Before a pair's first session."""
    cov = jnp.zeros((STATES, STATES))
    for block, name in enumerate(("trait_cov", "state_cov", "bias_cov")):
        cov = cov.at[3 * block : 3 * block + 3, 3 * block : 3 * block + 3].set(params[name])
    return jnp.zeros(STATES), cov


def session(params: Numbers, belief: Belief, gap: Any, day: Any, readings: Any, *, censored: bool) -> Any:
    """One session of one pair: the new belief and the log-likelihood."""
    belief = _move(params, belief, gap)
    growth = 1.0 - jnp.exp(-day / params["gain_days"])
    added = jnp.zeros(())
    for closed in (False, True) if censored else (False,):  # open readings first, as ours does
        for j in range(READINGS):
            belief, loglik = _take_in(params, belief, readings[j], j, growth, _mode(censored, closed))
            added = added + loglik
    return belief, added


def _mode(censored: bool, closed: bool) -> str:
    return ("closed" if closed else "open") if censored else "plain"


def _move(params: Numbers, belief: Belief, gap: Any) -> Belief:
    mean, cov = belief
    moving = jnp.exp(-params["state_rate"] * gap)
    fade = jnp.concatenate((jnp.ones(3), moving, jnp.ones(3)))
    fresh = params["state_cov"] * (1.0 - moving[:, None] * moving[None, :])
    return mean * fade, (cov * fade[:, None] * fade[None, :]).at[3:6, 3:6].add(fresh)


def _take_in(params: Numbers, belief: Belief, y: Any, j: int, growth: Any, mode: str) -> tuple[Belief, Any]:
    """One reading, if it is there and of the kind whose turn it is."""
    mean, cov = belief
    p = j % 3
    level = params["gain"][p] * growth + mean[p] + mean[3 + p]
    gain = cov[p] + cov[3 + p]
    if j < 3:
        centre, noise = params["mean"][p] + level, params["noise"][p]
        var = gain[p] + gain[3 + p]
    else:
        weight = params["tracking"][p]
        centre, noise = params["therapist_mean"][p] + weight * level + mean[6 + p], params["therapist_noise"][p]
        gain = weight * gain + cov[6 + p]
        var = weight * (gain[p] + gain[3 + p]) + gain[6 + p]
    ended = (y >= 10.0) | (y <= 0.0)
    due = ~jnp.isnan(y) & {"plain": True, "open": ~ended, "closed": ended}[mode]
    weigh = _closed if mode == "closed" else _open
    pull, less, loglik = weigh(jnp.where(due, y, 10.0), centre, var + noise + (ROUNDING if mode == "open" else 0.0))
    pull, less, loglik = (jnp.where(due, value, 0.0) for value in (pull, less, loglik))
    return (mean + gain * pull, cov - gain[:, None] * gain[None, :] * less), loglik


def _open(y: Any, centre: Any, var: Any) -> tuple[Any, Any, Any]:
    pull = (y - centre) / var
    return pull, 1.0 / var, -0.5 * (LOG_TWO_PI + jnp.log(var) + pull * (y - centre))


def _closed(y: Any, centre: Any, var: Any) -> tuple[Any, Any, Any]:
    """Only the side of the border is known: the hazard of the normal tail."""
    sd = jnp.sqrt(var)
    sign = jnp.where(y >= 10.0, 1.0, -1.0)
    a = sign * (jnp.where(y >= 10.0, 9.5, 0.5) - centre) / sd
    loglik = log_ndtr(-a)
    hazard = jnp.exp(-0.5 * (a * a + LOG_TWO_PI) - loglik)
    return sign * hazard / sd, hazard * (hazard - a) / var, loglik


def _pair(params: Numbers, days: Any, readings: Any, *, censored: bool) -> Any:
    # The way back works a session out anew instead of storing it: a third faster than without.
    taken = jax.checkpoint(partial(session, censored=censored))

    def step(carry: Any, seen: Any) -> Any:
        belief, last, loglik = carry
        day, given = seen
        belief, added = taken(params, belief, day - last, day, given)
        return (belief, day, loglik + added), None

    start = (blank(params), days[0], jnp.zeros(()))
    return jax.lax.scan(step, start, (days, readings))[0][2]


def _block(params: Numbers, days: Any, readings: Any, *, censored: bool) -> Any:
    return jax.vmap(partial(_pair, censored=censored), (None, 0, 0))(params, days, readings)


@partial(jax.jit, static_argnames="censored")
def _loglik(params: Numbers, days: Any, readings: Any, *, censored: bool) -> Any:
    return jax.lax.map(lambda block: _block(params, *block, censored=censored), (days, readings))


@partial(jax.jit, static_argnames="censored")
def _value_and_gradient(params: Numbers, days: Any, readings: Any, *, censored: bool) -> Any:
    value_and_grad = jax.value_and_grad(lambda given, *block: _block(given, *block, censored=censored).sum())

    def add(total: Any, block: Any) -> Any:
        return jax.tree.map(jnp.add, total, value_and_grad(params, *block)), None

    nothing = (jnp.zeros(()), jax.tree.map(jnp.zeros_like, params))
    return jax.lax.scan(add, nothing, (days, readings))[0]


def _on_threads(work: Callable[..., Any], inputs: Inputs) -> list[Any]:
    """Pairs padded to whole blocks by pairs that said nothing, the blocks split over the cores."""
    blocks = -(-inputs.pairs // (BLOCK * CORES)) * CORES
    empty = blocks * BLOCK - inputs.pairs
    days = np.pad(inputs.days, ((0, empty), (0, 0))).reshape(blocks, BLOCK, -1)
    readings = np.pad(inputs.readings, ((0, empty), (0, 0), (0, 0)), constant_values=np.nan)
    readings = readings.reshape(blocks, BLOCK, -1, READINGS)
    params, share = numbers_of(inputs.params), blocks // CORES
    with ThreadPoolExecutor(CORES) as pool:
        waiting = [
            pool.submit(
                lambda part: jax.block_until_ready(work(params, days[part], readings[part], censored=inputs.censored)),
                slice(core * share, (core + 1) * share),
            )
            for core in range(CORES)
        ]
        return [result.result() for result in waiting]


def steps(inputs: Inputs, count: int) -> Callable[[], Any]:
    """The last session of the first pair, `count` times from the same belief, a compiled call each."""
    params, days, readings = numbers_of(inputs.params), inputs.days[0], inputs.readings[0]
    step = jax.jit(partial(session, censored=inputs.censored))
    belief = blank(params)
    for t in range(len(days) - 1):
        belief, _ = step(params, belief, days[t] - days[max(t - 1, 0)], days[t], readings[t])

    def run() -> None:
        for _ in range(count):
            jax.block_until_ready(step(params, belief, days[-1] - days[-2], days[-1], readings[-1]))

    return run
