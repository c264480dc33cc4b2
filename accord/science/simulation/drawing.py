"""Drawing pairs from `alliance@1`: the exact process at uneven days, then everything that happens to ratings."""

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from accord.science.alliance.drawing import draw_lean, draw_moving, rate
from accord.science.alliance.model import READINGS, Floats, Ints, Params
from accord.science.errors import BadOptions
from accord.science.simulation.model import A_BIT, NO, UNANSWERED, Simulated, World, check_world

Bools = NDArray[np.bool_]

SHORTEST_GAP = 1.0  # days; jitter never turns the calendar round
MAY_END_AFTER = 3  # sessions
USUAL = World()


class _Ruptures(NamedTuple):
    session: Ints  # (N,)
    depth: Floats  # (N, 3)
    loss: Floats  # (N, T, 3)


def simulate(params: Params, *, pairs: int, sessions: int, rng: Generator, world: World = USUAL) -> Simulated:
    """Draw N pairs with T sessions and keep their truth.

    Levels follow the model of `alliance@1` exactly (d drawn from its stationary law, then by its exact transition
    over each gap), plus drift and at most one rupture a pair: a loss that is there at one session at once, or in
    equal steps over `slide_sessions`, and is then regained by half every `recovery_days`. Ratings are levels plus
    noise (normal, or a turned gamma of the skewness asked for; the client's may carry over), whole and cut off where
    the world says so, then go missing independently of everything else.

    Same generator state, same pairs. For many pairs call it block by block with the same generator.
    Raises BadOptions: no pairs, no sessions, options outside their range.
    """
    check_world(world)
    if pairs < 1 or sessions < 1:
        raise BadOptions("pairs, sessions: must be 1 or more")
    days = _draw_days(pairs, sessions, rng, world)
    usual = rng.multivariate_normal(np.zeros(3), params.trait_cov, size=pairs, method="eigh")
    moving = draw_moving(params, days, rng)
    growth = -np.expm1(-days / params.gain_days)[..., None] * params.gain
    drift = rng.normal(0.0, world.drift_sd, (pairs, 1)) * days / 100.0
    ruptures = _draw_ruptures(days, rng, world)
    level = params.mean + growth + usual[:, None, :] + moving + drift[..., None] - ruptures.loss
    held = _draw_held(pairs, sessions, rng, world)
    readings = _draw_readings(params, level, rng, world)
    tension = _draw_tension(ruptures.session, sessions, rng, world)
    _lose(readings, tension, rng, world)
    readings[~held] = np.nan
    level[~held] = np.nan
    tension[~held] = UNANSWERED
    return Simulated(
        days=np.where(held, days, np.nan),
        readings=readings,
        tension=tension,
        level=level,
        trait=params.mean + usual,
        rupture_session=np.where(_happened(ruptures.session, held), ruptures.session, -1),
        rupture_depth=np.where(_happened(ruptures.session, held)[:, None], ruptures.depth, 0.0),
    )


def _draw_days(pairs: int, sessions: int, rng: Generator, world: World) -> Floats:
    if world.gap_range is not None:
        gaps = rng.uniform(*world.gap_range, (pairs, sessions))
        gaps[:, 0] = 0.0
        return np.cumsum(gaps, axis=1)
    gaps = rng.normal(world.gap_days, world.gap_sd, (pairs, sessions))
    gaps += world.gap_days * (rng.random((pairs, sessions)) < world.skipped)
    gaps = np.maximum(gaps, min(SHORTEST_GAP, world.gap_days))
    gaps[:, 0] = 0.0
    return np.cumsum(gaps, axis=1)


def _draw_ruptures(days: Floats, rng: Generator, world: World) -> _Ruptures:
    pairs, sessions = days.shape
    latest = max(sessions - world.slide_sessions + 1, world.rupture_first + 1)
    session = rng.integers(world.rupture_first, latest, size=pairs)
    hit = (rng.random(pairs) < world.rupture_share) & (session < sessions)
    session = np.where(hit, session, -1)
    depth = np.full((pairs, 3), world.spill)
    depth[np.arange(pairs), rng.integers(0, 3, size=pairs)] = 1.0
    depth *= rng.uniform(*world.rupture_depth, size=(pairs, 1))
    depth[~hit] = 0.0
    left = _share_lost(days, session, world)
    return _Ruptures(session, depth, left[..., None] * depth[:, None, :])


def _share_lost(days: Floats, session: Ints, world: World) -> Floats:
    """Share of the loss that is there at each session, (N, T): steps up to all of it, then by half regained."""
    whole = np.minimum(session + world.slide_sessions - 1, days.shape[1] - 1)
    since = days - np.take_along_axis(days, np.maximum(whole, 0)[:, None], axis=1)
    steps = (np.arange(days.shape[1]) - session[:, None] + 1) / world.slide_sessions
    left: Floats = np.clip(steps, 0.0, 1.0) * np.exp2(-np.maximum(since, 0.0) / world.recovery_days)
    return left


def _draw_held(pairs: int, sessions: int, rng: Generator, world: World) -> Bools:
    ended = rng.random((pairs, sessions)) < world.ending
    ended[:, : MAY_END_AFTER - 1] = False
    before = np.zeros((pairs, sessions), dtype=bool)
    before[:, 1:] = np.logical_or.accumulate(ended, axis=1)[:, :-1]
    return ~before


def _draw_readings(params: Params, level: Floats, rng: Generator, world: World) -> Floats:
    lean = draw_lean(params, len(level), rng)
    readings = rate(params, level, lean=lean, noise=_draw_noise(level.shape[0], level.shape[1], rng, world))
    if world.whole:
        np.clip(np.rint(readings / world.step) * world.step, 0.0, 10.0, out=readings)
    return readings


def _draw_noise(pairs: int, sessions: int, rng: Generator, world: World) -> Floats:
    """Errors of mean 0 and SD 1, (N, T, 6). A gamma of shape k has skewness 2/√k."""
    shape = (pairs, sessions, READINGS)
    if world.skew:
        k = 4.0 / world.skew**2
        noise: Floats = (k - rng.gamma(k, size=shape)) / np.sqrt(k)
    else:
        noise = rng.standard_normal(shape)
    if world.carry:
        fresh = np.sqrt(1.0 - world.carry**2)
        for t in range(1, sessions):
            noise[:, t, :3] = world.carry * noise[:, t - 1, :3] + fresh * noise[:, t, :3]
    return noise


def _draw_tension(rupture_session: Ints, sessions: int, rng: Generator, world: World) -> Ints:
    pairs = rupture_session.size
    now = rupture_session[:, None] == np.arange(sessions)
    off = rng.random((pairs, sessions)) < np.where(now, world.said, world.said_anyway)
    return np.where(off, A_BIT, NO)


def _lose(readings: Floats, tension: Ints, rng: Generator, world: World) -> None:
    """Answers go missing, in place."""
    pairs, sessions, _ = readings.shape
    silent = rng.random((pairs, sessions)) < world.missing_checkin
    gone = (rng.random((pairs, sessions, 3)) < world.missing) | silent[..., None]
    readings[..., :3][gone] = np.nan
    readings[..., 3:][rng.random((pairs, sessions)) < world.missing_therapist] = np.nan
    tension[silent] = UNANSWERED


def _happened(session: Ints, held: Bools) -> Bools:
    there: Bools = np.take_along_axis(held, np.maximum(session, 0)[:, None], axis=1)[:, 0]
    return (session >= 0) & there
