"""Average run lengths: how many sessions pass, on average, until a control chart fires.

All for independent N(shift, 1) scores. Exact up to the stated discretisation: the Shewhart chart in closed form,
the CUSUM by the Markov chain of Brook & Evans (1972, Biometrika 59, 539-549), the EWMA by the integral equation
of Crowder (1987, Technometrics 29, 401-407). The two-sided CUSUM follows from the two one-sided ones (Lucas &
Crosier 1982, Technometrics 24, 199-205).
"""

import math
from functools import lru_cache

import numpy as np
from scipy import optimize, special

from accord.science.errors import BadOptions
from accord.science.ruptures.model import Floats

CELLS = 400  # of the Markov chain; finer ones move run lengths by 1e-4 relative, by 1e-3 with a cap
NODES = 80  # Gauss–Legendre nodes of the integral equation
PER = 10.0  # sessions that false alarms are counted over


def alarms_per_ten(run_length: float) -> float:
    """Expected alarms per 10 sessions in the long run, 10 / ARL: every alarm starts the chart again."""
    return PER / run_length


def shewhart(width: float = 3.0, *, shift: float = 0.0, two_sided: bool = True) -> float:
    """ARL = 1 / P(outside): Φ(−width + shift) above, and Φ(−width − shift) below if two-sided; in SD."""
    _positive("width", width)
    outside = float(special.ndtr(shift - width))
    if two_sided:
        outside += float(special.ndtr(-shift - width))
    return 1.0 / outside


@lru_cache(maxsize=256)
def cusum(k: float, h: float, *, shift: float = 0.0, cap: float = math.inf) -> float:
    """ARL of the one-sided CUSUM S ← max(0, S + min(x, cap) − k), which fires at S > h; from S = 0, in SD.

    States: 0 as a point of its own and CELLS equal cells of (0, h], each by its middle, so that the mass of S
    at 0 is exact. The run lengths L of all states solve (I − Q) L = 1.
    """
    _positive("h", h)
    width = h / CELLS
    middle = np.concatenate(([0.0], (np.arange(CELLS) + 0.5) * width))
    edges = np.concatenate(([0.0], np.arange(1, CELLS + 1) * width))
    # P(S_new <= edge | S = middle): the step min(x, cap) − k stays at or below edge − middle
    step = edges[None, :] - middle[:, None]
    below = np.where(step >= cap - k, 1.0, special.ndtr(step + k - shift))
    moves = np.diff(below, axis=1, prepend=0.0)
    return float(np.linalg.solve(np.eye(CELLS + 1) - moves, np.ones(CELLS + 1))[0])


def cusum_two_sided(k: float, h: float, *, shift: float = 0.0) -> float:
    """1 / ARL = 1 / ARL⁺ + 1 / ARL⁻, for the chart that watches both directions."""
    return 1.0 / (1.0 / cusum(k, h, shift=shift) + 1.0 / cusum(k, h, shift=-shift))


def cusum_limit(run_length: float, *, k: float = 0.5, cap: float = math.inf) -> float:
    """The h whose one-sided run length without any shift is `run_length`."""
    if run_length <= cusum(k, 0.05, cap=cap):
        raise BadOptions(f"run_length {run_length:g}: shorter than any limit gives")
    high = 1.0
    while cusum(k, high, cap=cap) < run_length:
        high *= 2.0
    found = optimize.brentq(lambda h: cusum(k, h, cap=cap) - run_length, 0.05, high, xtol=1e-5)
    return float(found)


@lru_cache(maxsize=256)
def ewma(weight: float, width: float, *, shift: float = 0.0) -> float:
    """ARL of the EWMA w ← (1 − λ) w + λ x from w = 0, which fires at |w| > L √(λ / (2 − λ)).

    L(u) = 1 + (1/λ) ∫ L(y) φ((y − (1 − λ) u)/λ − shift) dy over the band, by Gauss–Legendre (Nyström).
    """
    _positive("width", width)
    if not 0.0 < weight <= 1.0:
        raise BadOptions(f"weight {weight!r}: allowed is more than 0, at most 1")
    band = width * math.sqrt(weight / (2.0 - weight))
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    nodes, weights = nodes * band, weights * band
    kernel = _density((nodes[None, :] - (1.0 - weight) * nodes[:, None]) / weight - shift) * weights / weight
    lengths = np.linalg.solve(np.eye(NODES) - kernel, np.ones(NODES))
    from_zero = _density(nodes / weight - shift) * weights / weight
    return float(1.0 + from_zero @ lengths)


def _density(x: Floats) -> Floats:
    density: Floats = np.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)
    return density


def _positive(name: str, value: float) -> None:
    if not value > 0.0 or math.isinf(value):
        raise BadOptions(f"{name} {value!r}: allowed is any number above 0")
