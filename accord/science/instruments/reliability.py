"""Reliability of a set of items, and of raters, each with its 95 % interval.

Reliability belongs to scores in a group of people, not to a questionnaire: where people are alike it is low.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator
from scipy import stats

from accord.science.errors import BadOptions, BadReadings, DidNotConverge
from accord.science.grids import Floats, grid
from accord.science.instruments.one_factor import SMALLEST, one_factor

_SIDES = (0.025, 0.975)
_NOTHING = 1e-12  # of the variance of all ratings
_ROUGH = 1e-5  # of a correlation: finer than the samples differ by far


class Alpha(NamedTuple):
    """Cronbach's α."""

    alpha: float
    low: float
    high: float
    people: int  # with every item answered; the others are left out
    left_out: int
    items: int


class Omega(NamedTuple):
    """McDonald's ω of one factor."""

    omega: float
    low: float
    high: float
    loadings: Floats  # λ (K,) points of an item for one SD of the factor
    unique: Floats  # ψ (K,) variance of each item that the factor leaves, points²
    people: int
    left_out: int
    at_boundary: bool  # an item has (next to) no variance of its own: the factor is that item; do not trust ω


class Agreement(NamedTuple):
    """One intraclass correlation: of single ratings, or of the mean of k."""

    kind: str
    icc: float
    low: float
    high: float
    f: float  # its F ratio, with freedoms
    freedom: tuple[int, int]


class Agreements(NamedTuple):
    """All six, in the usual names (Shrout & Fleiss 1979)."""

    icc1: Agreement  # (1,1) each target has raters of its own
    icc2: Agreement  # (2,1) the same raters for all, drawn from many; their level counts
    icc3: Agreement  # (3,1) these raters and no others; their level does not count
    icc1k: Agreement  # (1,k) … of the mean of k raters
    icc2k: Agreement
    icc3k: Agreement
    targets: int
    raters: int
    left_out: int


def cronbach_alpha(items: Any) -> Alpha:
    """α = K/(K − 1) · (1 − Σ s²_k / s²_total), items (N, K); rows with a missing item are left out, and counted.

    Interval: (1 − α)F(.025 or .975; N − 1, (N − 1)(K − 1)) below 1 (Feldt, Woodruff & Salih 1987, Appl Psychol Meas
    11, 93-103), exact for normal items of equal variance and covariance. α is the reliability of the sum only where
    all items measure the same to the same degree; else it is too low, or too high where their errors go together.
    Raises BadReadings: fewer than three complete rows or two items, or a sum that does not vary.
    """
    table, left_out = _complete("items", items, across="items", rows=3, columns=2)
    n, k = table.shape
    total = float(table.sum(axis=1).var(ddof=1))
    if not total > 0.0:
        raise BadReadings("items: everybody has the same sum; reliability needs people who differ")
    alpha = k / (k - 1) * (1.0 - float(table.var(axis=0, ddof=1).sum()) / total)
    low, high = (1.0 - (1.0 - alpha) * stats.f.ppf(side, n - 1, (n - 1) * (k - 1)) for side in _SIDES[::-1])
    return Alpha(float(alpha), float(low), float(high), n, left_out, k)


def mcdonald_omega(items: Any, *, rng: Generator, draws: int = 500) -> Omega:
    """ω = (Σλ)² / ((Σλ)² + Σψ) of a one-factor model x_k = μ_k + λ_k f + e_k fitted by maximum likelihood.

    items (N, K), K ≥ 3, all turned the same way; rows with a missing item are left out, and counted. The interval is
    the bootstrap's 2.5 and 97.5 percentiles of `draws` samples of people, drawn by `rng`.
    Source: McDonald (1999), Test Theory, chapter 6; Kelley & Pornprasertmanit (2016), Psychol Methods 21, 69-92.
    Raises BadReadings: fewer than ten complete rows or three items, an item that does not vary, a factor that cannot
    be fitted; BadOptions: fewer than 100 draws.
    """
    if draws < 100:
        raise BadOptions(f"draws {draws!r}: allowed are 100 or more")
    table, left_out = _complete("items", items, across="items", rows=10, columns=3)
    still = np.flatnonzero(np.ptp(table, axis=0) == 0.0)
    if still.size:
        raise BadReadings(f"items: everybody gives the same answer to item {still[0] + 1}; leave it out")
    loadings, unique = _fitted(table)
    low, high = np.quantile(_bootstrap(table, rng, draws), _SIDES)
    return Omega(
        omega=float(_omega(loadings, unique)),
        low=float(low),
        high=float(high),
        loadings=loadings,
        unique=unique,
        people=len(table),
        left_out=left_out,
        at_boundary=bool((unique <= 1.01 * SMALLEST * table.var(axis=0, ddof=1)).any()),
    )


def intraclass(ratings: Any) -> Agreements:
    """ICC(1,1), (2,1), (3,1), (1,k), (2,k), (3,k) of `ratings` (N, K), targets by raters.

    From the mean squares between targets MS_b, within MS_w, between raters MS_r and left over MS_e:
    (1,1) (MS_b − MS_w)/(MS_b + (k−1)MS_w);  (2,1) (MS_b − MS_e)/(MS_b + (k−1)MS_e + k(MS_r − MS_e)/n);
    (3,1) (MS_b − MS_e)/(MS_b + (k−1)MS_e);
    of means: 1 − MS_w/MS_b;  (MS_b − MS_e)/(MS_b + (MS_r − MS_e)/n);  1 − MS_e/MS_b.
    Intervals from F, for (2,·) with Satterthwaite's freedom (Shrout & Fleiss 1979, Psychol Bull 86, 420-428; McGraw &
    Wong 1996, Psychol Methods 1, 30-46). Targets with a missing rating are left out, and counted. NaN for a (2,·) that
    cannot be told because raters agree far less than strangers would.
    Raises BadReadings: fewer than three complete targets or two raters, or ratings that do not differ.
    """
    table, left_out = _complete("ratings", ratings, across="raters", rows=3, columns=2)
    squares = _mean_squares(table)
    if not min(squares.between, squares.left) > _NOTHING * table.var():
        raise BadReadings("ratings: no spread between targets, or none around them; there is no share of it to tell")
    ones, twos, threes = _icc_one(squares), _icc_two(squares), _icc_three(squares)
    single, mean = zip(ones, twos, threes, strict=True)
    return Agreements(*single, *mean, targets=len(table), raters=table.shape[1], left_out=left_out)


def _complete(name: str, values: Any, *, across: str, rows: int, columns: int) -> tuple[Floats, int]:
    table = grid(name, values, across=across)
    whole = ~np.isnan(table).any(axis=1)
    if whole.sum() < rows or table.shape[1] < columns:
        raise BadReadings(
            f"{name}: {int(whole.sum())} complete rows of {table.shape[1]} {across}; "
            f"give {rows} rows or more of {columns} {across} or more"
        )
    return table[whole], int((~whole).sum())


def _omega(loadings: Floats, unique: Floats) -> Floats:
    common = loadings.sum(axis=-1) ** 2
    omega: Floats = common / (common + unique.sum(axis=-1))
    return omega


def _fitted(table: Floats) -> tuple[Floats, Floats]:
    cov = np.cov(table, rowvar=False)
    if np.linalg.matrix_rank(cov) < len(cov):
        raise BadReadings("items: one item follows from the others; leave it out")
    factor = one_factor(cov[None])
    if not factor.converged:
        raise DidNotConverge("items: the one-factor model did not converge; the items hardly go together")
    return factor.loadings[0], factor.unique[0]


def _bootstrap(table: Floats, rng: Generator, draws: int) -> Floats:
    """ω of `draws` samples of people, (draws,); a sample in which an item does not vary is drawn again."""
    covs: list[Floats] = []
    while len(covs) < draws:
        sample = table[rng.integers(0, len(table), len(table))]
        if (np.ptp(sample, axis=0) > 0.0).all():
            covs.append(np.cov(sample, rowvar=False))
    factor = one_factor(np.array(covs), tolerance=_ROUGH)
    return _omega(factor.loadings, factor.unique)


class _Squares(NamedTuple):
    between: float
    within: float
    raters: float
    left: float
    n: int
    k: int


def _mean_squares(table: Floats) -> _Squares:
    n, k = table.shape
    mean = table.mean()
    targets, raters = table.mean(axis=1) - mean, table.mean(axis=0) - mean
    rest = table - mean - targets[:, None] - raters
    between = k * float(targets @ targets) / (n - 1)
    left = float((rest**2).sum()) / ((n - 1) * (k - 1))
    of_raters = n * float(raters @ raters) / (k - 1)
    within = (n * float(raters @ raters) + float((rest**2).sum())) / (n * (k - 1))
    return _Squares(between, within, of_raters, left, n, k)


def _icc_one(s: _Squares) -> tuple[Agreement, Agreement]:
    return _ratio("1", s.between / s.within, (s.n - 1, s.n * (s.k - 1)), s.k)


def _icc_three(s: _Squares) -> tuple[Agreement, Agreement]:
    return _ratio("3", s.between / s.left, (s.n - 1, (s.n - 1) * (s.k - 1)), s.k)


def _ratio(form: str, f: float, freedom: tuple[int, int], k: int) -> tuple[Agreement, Agreement]:
    """With F = MS_b / MS_error: (F − 1)/(F + k − 1) and 1 − 1/F; the bounds take F / F(.975) and F · F(.975)."""
    bounds = (f, f / stats.f.ppf(0.975, *freedom), f * stats.f.ppf(0.975, *freedom[::-1]))
    single, low, high = (float((x - 1.0) / (x + k - 1.0)) for x in bounds)
    mean, mean_low, mean_high = (float(1.0 - 1.0 / x) for x in bounds)
    return (
        Agreement(f"ICC({form},1)", single, low, high, f, freedom),
        Agreement(f"ICC({form},k)", mean, mean_low, mean_high, f, freedom),
    )


def _icc_two(s: _Squares) -> tuple[Agreement, Agreement]:
    icc = _share(s.between - s.left, s.between + (s.k - 1) * s.left + s.k * (s.raters - s.left) / s.n)
    low, high = _bounds_two(s, icc)
    f, freedom = s.between / s.left, (s.n - 1, (s.n - 1) * (s.k - 1))
    mean, mean_low, mean_high = (_share(x * s.k, 1.0 + x * (s.k - 1.0)) for x in (icc, low, high))
    return (
        Agreement("ICC(2,1)", icc, low, high, f, freedom),
        Agreement("ICC(2,k)", mean, mean_low, mean_high, f, freedom),
    )


def _bounds_two(s: _Squares, icc: float) -> tuple[float, float]:
    """The noise a MS_r + b MS_e with a = kρ/(n(1 − ρ)), b = 1 + kρ(n − 1)/(n(1 − ρ)) has Satterthwaite's freedom v."""
    a = _share(s.k * icc, s.n * (1.0 - icc))
    b = 1.0 + a * (s.n - 1)
    noise = a * s.raters + b * s.left
    v = _share(noise**2, (a * s.raters) ** 2 / (s.k - 1) + (b * s.left) ** 2 / ((s.n - 1) * (s.k - 1)))
    rest = s.k * s.raters + (s.k * s.n - s.k - s.n) * s.left
    below, above = stats.f.ppf(0.975, s.n - 1, v), stats.f.ppf(0.975, v, s.n - 1)
    low = _share(s.n * (s.between - below * s.left), below * rest + s.n * s.between)
    high = _share(s.n * (above * s.between - s.left), rest + s.n * above * s.between)
    return low, high


def _share(part: float, whole: float) -> float:
    """part / whole; NaN where the whole is not above 0: raters who agree far less than strangers leave no ICC."""
    return float(part / whole) if 0.0 < whole < np.inf else np.nan
