"""Do the two sides come closer over time, and do their ratings move together?"""

from typing import Any

import numpy as np
from numpy.random import Generator
from scipy import stats

from accord.science.dyads.model import Convergence, Correlation, Together
from accord.science.errors import BadOptions, BadReadings
from accord.science.grids import Floats, same_grids
from accord.science.mixed import Rows, fit_mixed, split

FEWEST_PAIRS = 10  # for a correlation at one session
_REACH = float(stats.norm.ppf(0.975))
_SIDES = (0.025, 0.975)
_ALMOST_ONE = 1.0 - 1e-9
_BLOCK = 50


def converge(therapist: Any, client: Any, *, rng: Generator, draws: int = 500) -> Convergence:
    """Distance and correlation of ratings z, c (N, T) at each session, and how they change; NaN missing.

    Distance: |z_it − c_it| = α + β s + a_i + b_i s + e, s = session − 1, by REML; β is the change per session.
    Correlation: r_t over pairs, with Fisher's interval tanh(atanh r ± 1.96/√(n − 3)); its change is the slope of
    atanh r_t on t, weighted by n_t − 3, over sessions with ten pairs or more; its interval the 2.5 and 97.5 percentiles
    of `draws` samples of pairs, drawn by `rng`, because the same pairs are in every session.
    Two sides may come closer only because both reach the ceiling, or because far pairs end sooner.
    Raises BadReadings: tables that do not fit, and what `fit_mixed` raises; BadOptions: below 100 draws.
    """
    if draws < 100:
        raise BadOptions(f"draws {draws!r}: allowed are 100 or more")
    z, c = same_grids(therapist=therapist, client=client)
    distance = np.abs(z - c)
    given = ~np.isnan(distance)
    pair, session = np.nonzero(given)
    design = np.column_stack((np.ones(len(pair)), session.astype(float)))
    fit = fit_mixed(Rows(distance[given], design, design, pair), names=("distance", "per session"))
    sums = _session_sums(z, c)
    r, count = _correlations(np.ones((1, len(z))), sums)
    enough = count[0] >= FEWEST_PAIRS
    low, high = _fisher(r[0], count[0])
    change_low, change_high = _resampled(sums, rng, draws, enough)
    n = given.sum(axis=0)
    return Convergence(
        session=np.arange(1, z.shape[1] + 1),
        pairs=n,
        distance=np.divide(np.nansum(distance, axis=0), n, out=np.full(len(n), np.nan), where=n > 0),
        correlation=np.where(enough, r[0], np.nan),
        correlation_low=np.where(enough, low, np.nan),
        correlation_high=np.where(enough, high, np.nan),
        first_distance=fit.effect("distance"),
        distance_change=fit.effect("per session"),
        correlation_change=float(_slopes(r, count, enough)[0]),
        correlation_change_low=change_low,
        correlation_change_high=change_high,
    )


def together(therapist: Any, client: Any) -> Together:
    """State: r = Σ ż ċ / √(Σ ż² Σ ċ²) of deviations from each pair's own means, n − N − 1 degrees of freedom
    (Bland & Altman 1995, BMJ 310, 446; Bakdash & Marusich 2017, Front Psychol 8, 456).
    Trait: r of the pairs' means, N − 2. Intervals: tanh(atanh r ± 1.96/√(freedom − 1)).

    z, c (N, T), NaN missing; only sessions with both count, and only pairs with two for the state. NaN where fewer than
    two degrees of freedom are left or nothing moves. One may be high and the other low: they are two questions.
    Raises BadReadings: tables that do not fit, no session that both rated.
    """
    z, c = same_grids(therapist=therapist, client=client)
    both = ~np.isnan(z) & ~np.isnan(c)
    if not both.any():
        raise BadReadings("therapist: no session has a rating by both; give sessions that both rated")
    first, second = split(np.where(both, z, np.nan)), split(np.where(both, c, np.nan))
    twice = both & (first.count >= 2)[:, None]
    freedom = int(twice.sum() - twice.any(axis=1).sum() - 1)
    state = _correlation(first.state[twice], second.state[twice], freedom)
    met = first.count > 0
    of_first, of_second = (part.trait[met] - part.trait[met].mean() for part in (first, second))
    return Together(state, _correlation(of_first, of_second, int(met.sum()) - 2))


def _correlation(x: Floats, y: Floats, freedom: int) -> Correlation:
    spread = float(np.sqrt((x @ x) * (y @ y)))
    if freedom < 2 or not spread > 0.0:
        return Correlation(np.nan, np.nan, np.nan, max(freedom, 0))
    r = float(np.clip(x @ y / spread, -_ALMOST_ONE, _ALMOST_ONE))
    reach = _REACH / np.sqrt(freedom - 1)
    return Correlation(r, float(np.tanh(np.arctanh(r) - reach)), float(np.tanh(np.arctanh(r) + reach)), freedom)


def _session_sums(z: Floats, c: Floats) -> Floats:
    """1, z, c, z², c², zc of each pair and session, 0 where one is missing: (6, N, T)."""
    both = ~np.isnan(z) & ~np.isnan(c)
    # centred on the session first, so that squares do not swallow differences
    z, c = (np.where(both, values - _session_mean(values, both), 0.0) for values in (z, c))
    return np.stack((both.astype(float), z, c, z * z, c * c, z * c))


def _session_mean(values: Floats, both: Any) -> Floats:
    total = np.where(both, values, 0.0).sum(axis=0)
    mean: Floats = total / np.maximum(both.sum(axis=0), 1)
    return mean


def _correlations(weights: Floats, sums: Floats) -> tuple[Floats, Floats]:
    """r and n at each session with each pair counted `weights` (D, N) times: (D, T) each; r 0 where nothing moves."""
    n, z, c, zz, cc, zc = np.einsum("dn,snt->sdt", weights, sums, optimize=True)
    m = np.maximum(n, 1.0)
    shared, own = zc - z * c / m, (zz - z * z / m) * (cc - c * c / m)
    r = np.divide(shared, np.sqrt(np.maximum(own, 0.0)), out=np.zeros_like(n), where=own > 1e-12)
    return np.clip(r, -_ALMOST_ONE, _ALMOST_ONE), n


def _fisher(r: Floats, n: Floats) -> tuple[Floats, Floats]:
    reach = _REACH / np.sqrt(np.maximum(n - 3.0, 1.0))
    return np.tanh(np.arctanh(r) - reach), np.tanh(np.arctanh(r) + reach)


def _slopes(r: Floats, n: Floats, enough: Any) -> Floats:
    """Slope of atanh r on the session, weighted by n − 3, for each row; NaN with fewer than two sessions."""
    if enough.sum() < 2:
        return np.full(len(r), np.nan)
    z, w = np.arctanh(r[:, enough]), np.maximum(n[:, enough] - 3.0, 1.0)
    t = np.flatnonzero(enough).astype(float)
    total = w.sum(axis=1, keepdims=True)
    away = t - (w @ t)[:, None] / total
    slopes: Floats = (w * away * z).sum(axis=1) / (w * away**2).sum(axis=1)
    return slopes


def _resampled(sums: Floats, rng: Generator, draws: int, enough: Any) -> tuple[float, float]:
    pairs = sums.shape[1]
    drawn = []
    for first in range(0, draws, _BLOCK):
        size = min(_BLOCK, draws - first)
        weights = rng.multinomial(pairs, np.full(pairs, 1.0 / pairs), size=size).astype(float)
        drawn.append(_slopes(*_correlations(weights, sums), enough))
    low, high = np.quantile(np.concatenate(drawn), _SIDES)
    return float(low), float(high)
