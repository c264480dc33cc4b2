"""Does the model forecast as it says? Innovations, their memory, and the coverage of forecasts.

Reading k of pair i at session t is forecast from earlier sessions as F = N(mean, sd²) before rounding. Of a whole
rating r, with v uniform on (0, 1),

    u = F(r − ½) + v (F(r + ½) − F(r − ½)),    F(−½) = 0 at r = 0,  F(10 + ½) = 1 at r = 10

is uniform on (0, 1) when the model holds (randomised probability integral transform), also at the ends of the scale,
and z = Φ⁻¹(u) is a standard normal innovation. An open rating y has u = F(y). Readings of one session depend on each
other; those of one reading k from session to session do not, when the model holds.
Source: Dunn & Smyth (1996), J. Computational and Graphical Statistics 5, 236-244; Diebold, Gunther & Tay (1998),
International Economic Review 39, 863-883. Errors treat pairs, not ratings, as independent.
"""

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike
from scipy import special

from accord.science.alliance.filtering import filter_pairs
from accord.science.alliance.model import READINGS, Filtered, Floats, Ints, Params

LAGS = (1, 2, 3, 4, 5)  # sessions
ASKED = (0.5, 0.8, 0.95)
SHARES = tuple(float(share) for share in np.round(np.linspace(0.01, 0.99, 50), 2))
TWO_SIDED = 1.959963984540054  # Φ⁻¹(.975)
_TINY = 1e-12  # so that Φ⁻¹ stays finite


class Quantiles(NamedTuple):
    """QQ numbers: at a share p of the innovations, what was expected and what was seen. Rows are the six readings."""

    share: Floats  # (Q,)
    expected: Floats  # (Q,) Φ⁻¹(p)
    seen: Floats  # (6, Q) NaN without ratings
    se: Floats  # (6, Q) of a quantile of that many independent innovations


class Memory(NamedTuple):
    """Autocorrelation of innovations within pairs, with 95 % intervals."""

    lag: Ints  # (L,) sessions
    value: Floats  # (6, L)
    low: Floats  # (6, L)
    high: Floats  # (6, L)


class Coverage(NamedTuple):
    """How many ratings fell into their central forecast intervals, with 95 % intervals of that share."""

    asked: Floats  # (C,)
    seen: Floats  # (6, C)
    low: Floats  # (6, C)
    high: Floats  # (6, C)


class Goodness(NamedTuple):
    """How well forecasts held, for client goal, task, bond, therapist goal, task, bond; NaN where nobody rated."""

    ratings: Ints  # (6,)
    mean: Floats  # (6,) of the innovations; 0 when the model holds
    sd: Floats  # (6,) 1 when the model holds
    quantiles: Quantiles
    memory: Memory
    coverage: Coverage


def goodness(
    params: Params, *, days: ArrayLike, readings: ArrayLike, rng: Generator, censored: bool = True
) -> Goodness:
    """Hold every rating against its forecast; arguments and errors as in `filter_pairs`.

    On the readings that were fitted it flatters a little: some forty numbers were chosen to suit them.
    Same generator state, same numbers.
    """
    rated = np.asarray(readings, dtype=np.float64)
    found = filter_pairs(params, days=days, readings=rated, censored=censored)
    return judged(innovations(found, rated, rng=rng, censored=censored))


def innovations(found: Filtered, readings: Floats, *, rng: Generator, censored: bool = True) -> Floats:
    """Normal scores z (N, T, 6) of the randomised transform; NaN where there is no rating."""
    half = 0.5 if censored else 0.0
    low, high = (
        special.ndtr((readings + side * half - found.forecast_mean) / found.forecast_sd) for side in (-1.0, 1.0)
    )
    if censored:
        low, high = np.where(readings <= 0.0, 0.0, low), np.where(readings >= 10.0, 1.0, high)
    share = low + rng.random(readings.shape) * (high - low)
    return np.asarray(special.ndtri(np.clip(share, _TINY, 1.0 - _TINY)))


def judged(z: Floats) -> Goodness:
    """The same from innovations (N, T, 6)."""
    ratings = np.asarray((~np.isnan(z)).sum(axis=(0, 1)), dtype=np.int64)
    squares = np.array([_share(z[..., reading] ** 2)[0] for reading in range(READINGS)])
    mean = np.array([_share(z[..., reading])[0] for reading in range(READINGS)])
    return Goodness(ratings, mean, np.sqrt(squares - mean**2), _quantiles(z, ratings), _memory(z), _coverage(z))


def _quantiles(z: Floats, ratings: Ints) -> Quantiles:
    shares = np.array(SHARES)
    expected = np.asarray(special.ndtri(shares))
    density = np.exp(-0.5 * expected**2) / np.sqrt(2.0 * np.pi)
    seen = np.full((READINGS, len(shares)), np.nan)
    for reading in np.flatnonzero(ratings):
        flat = z[..., reading]
        seen[reading] = np.quantile(flat[~np.isnan(flat)], shares)
    with np.errstate(divide="ignore"):
        se = np.sqrt(shares * (1.0 - shares) / ratings[:, None]) / density
    return Quantiles(shares, expected, seen, np.where(np.isnan(seen), np.nan, se))


def _memory(z: Floats) -> Memory:
    """r = Σ z_t z_{t+k} / Σ ½ (z_t² + z²_{t+k}), over pairs and sessions with both."""
    value, error = (np.full((READINGS, len(LAGS)), np.nan) for _ in range(2))
    for place, lag in enumerate(LAGS):
        if lag >= z.shape[1]:
            continue
        first, later = z[:, :-lag], z[:, lag:]
        both, size = first * later, 0.5 * (first**2 + later**2)
        for reading in range(READINGS):
            value[reading, place], error[reading, place] = _ratio(both[..., reading], size[..., reading])
    return Memory(np.array(LAGS), value, value - TWO_SIDED * error, value + TWO_SIDED * error)


def _coverage(z: Floats) -> Coverage:
    seen, error = (np.full((READINGS, len(ASKED)), np.nan) for _ in range(2))
    for place, asked in enumerate(ASKED):
        half = float(special.ndtri(0.5 + asked / 2.0))
        inside = np.where(np.isnan(z), np.nan, np.abs(z) <= half)
        for reading in range(READINGS):
            seen[reading, place], error[reading, place] = _share(inside[..., reading])
    return Coverage(np.array(ASKED), seen, seen - TWO_SIDED * error, seen + TWO_SIDED * error)


def _share(values: Floats) -> tuple[float, float]:
    return _ratio(values, np.where(np.isnan(values), np.nan, 1.0))


def _ratio(above: Floats, below: Floats) -> tuple[float, float]:
    """Σ above / Σ below (N, T) and its standard error, by the sums of each pair (linearised); NaN for nothing."""
    tops, bottoms = np.nansum(above, axis=1), np.nansum(below, axis=1)
    whole = float(bottoms.sum())
    if whole == 0.0:
        return np.nan, np.nan
    ratio = float(tops.sum()) / whole
    return ratio, float(np.sqrt(((tops - ratio * bottoms) ** 2).sum())) / whole
