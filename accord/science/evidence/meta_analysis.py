"""Meta-analysis: one number from many studies, and how much the studies differ.

Study i found y_i with known sampling variance v_i:   y_i = μ + u_i + e_i,   u_i ~ N(0, τ²),   e_i ~ N(0, v_i)

Fixed: τ² = 0. Random: τ² by restricted maximum likelihood (Viechtbauer 2005, J Educ Behav Stat 30, 261-293):
    w_i = 1/(v_i + τ²),  μ̂ = Σ w_i y_i / Σ w_i,  SE = 1/√Σ w_i
    τ² maximises  −½ Σ log(v_i + τ²) − ½ log Σ w_i − ½ Σ w_i (y_i − μ̂)²  over τ² ≥ 0
    Q = Σ (y_i − μ̂_F)²/v_i (fixed weights);  I² = τ²/(τ² + s²),  s² = (k − 1) Σ v⁻¹ / ((Σ v⁻¹)² − Σ v⁻²)
"""

from typing import Any, Literal, NamedTuple

import numpy as np
from scipy import optimize, stats

from accord.science.errors import BadOptions, BadReadings
from accord.science.grids import Floats, vector

Model = Literal["random", "fixed"]
_REACH = float(stats.norm.ppf(0.975))
_LARGEST = 100.0  # of the spread of the studies: beyond any τ² that they could suggest


class Interval(NamedTuple):
    """A 95 % interval."""

    low: float
    high: float


class Pooled(NamedTuple):
    """What k studies say together, on the scale of their y."""

    model: Model
    estimate: float  # μ̂
    se: float
    interval: Interval  # of μ: where the mean of all such studies lies
    prediction: Interval  # of μ + u: where the truth of one more such study lies; NaN below three studies
    tau2: float  # τ²
    tau2_interval: Interval  # Q-profile; NaN where the model is fixed
    q: float  # Q
    q_tail: float  # P(Q or more) with k − 1 degrees of freedom, if all studies had one truth
    i2: float  # I², per cent of the spread that is more than sampling
    weights: Floats  # (k,) shares of the estimate, summing to 1
    studies: int


class PooledCorrelation(NamedTuple):
    """The same for correlations: as r, and on Fisher's z where it was computed."""

    r: float  # tanh μ̂
    interval: Interval
    prediction: Interval
    z: Pooled


def pool(y: Any, variances: Any, *, model: Model = "random", small_sample: bool = False) -> Pooled:
    """Pool effects y (k,) with sampling variances v (k,) > 0.

    Intervals: μ̂ ± 1.96 SE; with `small_sample` Hartung & Knapp's (2001): t(k − 1) and
    SE² = Σ w_i (y_i − μ̂)² / ((k − 1) Σ w_i), which keeps its 95 % better below about ten studies. Prediction:
    μ̂ ± t(k − 2) √(τ² + SE²) (Higgins, Thompson & Spiegelhalter 2009). The studies are taken as a sample of all such
    studies: what was never published is not in it. Raises BadReadings, BadOptions.
    """
    if model not in ("random", "fixed"):
        raise BadOptions(f"model {model!r}: allowed are random, fixed")
    y, v = _studies(y, variances)
    tau2 = _tau2(y, v) if model == "random" else 0.0
    weights = 1.0 / (v + tau2)
    estimate, se = _mean(y, weights)
    q = _q(y, v, 0.0)
    reach = _REACH * se
    if small_sample:
        se = float(np.sqrt(weights @ (y - estimate) ** 2 / ((y.size - 1) * weights.sum())))
        reach = float(stats.t.ppf(0.975, y.size - 1)) * se
    return Pooled(
        model=model,
        estimate=estimate,
        se=se,
        interval=Interval(estimate - reach, estimate + reach),
        prediction=_prediction(estimate, tau2 + se**2, y.size),
        tau2=tau2,
        tau2_interval=_tau2_interval(y, v) if model == "random" else Interval(np.nan, np.nan),
        q=q,
        q_tail=float(stats.chi2.sf(q, y.size - 1)),
        i2=_i2(v, tau2) if model == "random" else 100.0 * max(0.0, 1.0 - (y.size - 1) / q) if q > 0.0 else 0.0,
        weights=weights / weights.sum(),
        studies=y.size,
    )


def pool_correlations(r: Any, n: Any, *, model: Model = "random", small_sample: bool = False) -> PooledCorrelation:
    """Pool correlations r (k,) of n (k,) people each, on z = atanh r with variance 1/(n − 3) (Fisher 1921).

    Intervals are turned back by tanh. Raises BadReadings: |r| ≥ 1, fewer than four people in a study.
    """
    r, n = vector("r", r), vector("n", n)
    if r.shape != n.shape:
        raise BadReadings(f"n: {n.size} for {r.size} correlations; give each study its number of people")
    for place in np.flatnonzero((np.abs(r) >= 1.0) | (n < 4.0)):
        raise BadReadings(
            f"study {place + 1}: r {r[place]:g} of {n[place]:g} people; needed are |r| < 1 and n of 4 or more"
        )
    z = pool(np.arctanh(r), 1.0 / (n - 3.0), model=model, small_sample=small_sample)
    return PooledCorrelation(float(np.tanh(z.estimate)), _turned(z.interval), _turned(z.prediction), z)


def _turned(interval: Interval) -> Interval:
    return Interval(float(np.tanh(interval.low)), float(np.tanh(interval.high)))


def _studies(y: Any, variances: Any) -> tuple[Floats, Floats]:
    effects, v = vector("y", y), vector("variances", variances)
    if effects.shape != v.shape:
        raise BadReadings(f"variances: {v.size} for {effects.size} studies; give each study one")
    if effects.size < 2:
        raise BadReadings("y: one study; pooling needs two or more")
    if not (v > 0.0).all():
        raise BadReadings(
            f"variances: study {int(np.argmin(v)) + 1} has {v.min():g}; give squared standard errors above 0"
        )
    return effects, v


def _mean(y: Floats, weights: Floats) -> tuple[float, float]:
    total = float(weights.sum())
    return float(weights @ y) / total, float(1.0 / np.sqrt(total))


def _q(y: Floats, v: Floats, tau2: float) -> float:
    weights = 1.0 / (v + tau2)
    return float(weights @ (y - _mean(y, weights)[0]) ** 2)


def _tau2(y: Floats, v: Floats) -> float:
    """The root of the restricted score; 0 where it falls from the start.

    Score: ½ Σ w² (y − μ̂)² − ½ (Σ w − Σ w² / Σ w).
    """

    def score(tau2: float) -> float:
        w = 1.0 / (v + tau2)
        away = y - _mean(y, w)[0]
        return float((w**2) @ away**2 - w.sum() + (w**2).sum() / w.sum())

    # the score may rise and fall again when studies are few, so all its falls through zero are looked at
    edges = np.concatenate(([0.0], np.geomspace(1e-6, _LARGEST, 200) * (np.var(y) + v.max())))
    values = np.array([score(edge) for edge in edges])
    falls = np.flatnonzero((values[:-1] > 0.0) & (values[1:] <= 0.0))
    roots = [0.0] + [float(optimize.brentq(score, edges[i], edges[i + 1], xtol=1e-15)) for i in falls]
    return max(roots, key=lambda tau2: _restricted(y, v, tau2))


def _restricted(y: Floats, v: Floats, tau2: float) -> float:
    total = float((1.0 / (v + tau2)).sum())
    return -0.5 * (float(np.log(v + tau2).sum()) + float(np.log(total)) + _q(y, v, tau2))


def _tau2_interval(y: Floats, v: Floats) -> Interval:
    """The τ² at which Q(τ²) is the .975 and .025 quantile of χ²(k − 1) (Viechtbauer 2007, Stat Med 26, 37-52)."""
    low, high = (_q_root(y, v, float(stats.chi2.ppf(side, y.size - 1))) for side in (0.975, 0.025))
    return Interval(low, high)


def _q_root(y: Floats, v: Floats, wanted: float) -> float:
    if _q(y, v, 0.0) <= wanted:
        return 0.0
    top = float(np.var(y) + v.max())
    while _q(y, v, top) > wanted:
        top *= 4.0
    return float(optimize.brentq(lambda tau2: _q(y, v, tau2) - wanted, 0.0, top, xtol=1e-14))


def _i2(v: Floats, tau2: float) -> float:
    w = 1.0 / v
    typical = (v.size - 1) * float(w.sum()) / (float(w.sum()) ** 2 - float(w @ w))
    return 100.0 * tau2 / (tau2 + typical)


def _prediction(estimate: float, variance: float, studies: int) -> Interval:
    if studies < 3:
        return Interval(np.nan, np.nan)
    reach = float(stats.t.ppf(0.975, studies - 2)) * float(np.sqrt(variance))
    return Interval(estimate - reach, estimate + reach)
