"""The expected course of an outcome measure: what people like these do, and what this person does.

y_it = β₀ + β₁ s(t) + b₀_i + b₁_i s(t) + ε_it,   b_i ~ N(0, Ψ),   ε ~ N(0, σ²),   by REML (`accord.science.mixed`)

t is the time of the score (session number or days since the first) and s(t) is t, or log(1 + t) where change slows
down. A band tells where scores of people like these lie; it is neither a target nor a prognosis.
"""

from typing import Any, Literal, NamedTuple

import numpy as np
from scipy.special import ndtri

from accord.science.errors import BadOptions, BadReadings
from accord.science.grids import Floats, same_grids, vector
from accord.science.mixed import MixedFit, Rows, fit_mixed
from accord.science.mixed.model import t_quantile

Shape = Literal["line", "slowing"]
SHAPES: tuple[Shape, ...] = ("line", "slowing")
NAMES = ("start", "change")


class CourseModel(NamedTuple):
    """A fitted expected course."""

    shape: Shape
    fit: MixedFit  # effects "start" (the score at t = 0) and "change" (per unit of s)


class Course(NamedTuple):
    """A course at K times."""

    times: Floats  # (K,)
    mean: Floats  # (K,) the expected score
    low: Floats  # (K,) 95 % interval of the expected score
    high: Floats
    band_low: Floats  # (K,) `share` of single scores lie between these
    band_high: Floats
    share: float


def fit_course(scores: Any, times: Any, *, shape: Shape = "line") -> CourseModel:
    """Fit the course to `scores` (N, T), NaN missing, taken at `times` (N, T) ≥ 0.

    Scores that are missing because of how the person is doing (in ways that their earlier scores do not tell) bend the
    course. Raises BadOptions (shape), BadReadings (tables that do not fit, a score without a time, too few readings,
    no convergence).
    """
    if shape not in SHAPES:
        raise BadOptions(f"shape {shape!r}: allowed are {', '.join(SHAPES)}")
    table, when = same_grids(scores=scores, times=times)
    person, column = np.nonzero(~np.isnan(table))
    seen = when[person, column]
    wrong = np.flatnonzero(~(seen >= 0.0))
    if wrong.size:
        raise BadReadings(
            f"times: row {person[wrong[0]]}, column {column[wrong[0]]} is {seen[wrong[0]]}; "
            "give every score its time since the first, 0 or later"
        )
    design = _design(seen, shape)
    return CourseModel(shape, fit_mixed(Rows(table[person, column], design, design, person), names=NAMES))


def expected_course(model: CourseModel, times: Any, *, share: float = 0.8) -> Course:
    """A person of whom nothing is known yet: mean s'β, its interval, and the band of single scores.

    Var(mean) = s' Cov(β) s;  Var(score) = s'(Cov(β) + Ψ)s + σ²,  s = (1, s(t)). Raises BadReadings, BadOptions.
    """
    design, when = _asked(model, times, share)
    mean = design @ model.fit.effects
    uncertain = _quadratic(design, model.fit.effects_cov)
    scatter = _quadratic(design, model.fit.random_cov) + model.fit.residual_variance
    reach = t_quantile(model.fit.freedom) * np.sqrt(uncertain)
    return _course(when, mean, reach, np.sqrt(uncertain + scatter), share)


def own_course(model: CourseModel, seen_times: Any, seen_scores: Any, times: Any, *, share: float = 0.8) -> Course:
    """A person with k scores: their own expected course, and the band of single scores to come.

    With V = SΨS' + σ²I for the scores y seen at S (k, 2) and J = ΨS'V⁻¹:
    mean s'(β + J(y − Sβ)); Var(mean) = s'(Ψ − JSΨ)s + g' Cov(β) g, g = s − (JS)'s; Var(score) adds σ².
    The person should not be one of those the model was fitted to, or one of many. Raises BadReadings, BadOptions.
    """
    y, at = vector("seen_scores", seen_scores), vector("seen_times", seen_times)
    if y.shape != at.shape or (at < 0.0).any():
        raise BadReadings(f"seen_times: {at.size} for {y.size} scores; give each score its time, 0 or later")
    design, when = _asked(model, times, share)
    fit, known = model.fit, _design(at, model.shape)
    cov = known @ fit.random_cov @ known.T + fit.residual_variance * np.eye(len(y))
    pull = np.linalg.solve(cov, known @ fit.random_cov).T
    mean = design @ (fit.effects + pull @ (y - known @ fit.effects))
    left = fit.random_cov - pull @ known @ fit.random_cov
    uncertain = _quadratic(design, left) + _quadratic(design - design @ (pull @ known), fit.effects_cov)
    spread = np.sqrt(uncertain + fit.residual_variance)
    return _course(when, mean, ndtri(0.975) * np.sqrt(uncertain), spread, share)


def _design(times: Floats, shape: Shape) -> Floats:
    return np.column_stack((np.ones_like(times), times if shape == "line" else np.log1p(times)))


def _asked(model: CourseModel, times: Any, share: float) -> tuple[Floats, Floats]:
    if not 0.0 < share < 1.0:
        raise BadOptions(f"share {share!r}: allowed is above 0 and below 1")
    when = vector("times", times)
    if (when < 0.0).any():
        raise BadReadings(f"times: {when.min():g} lies before the first score; give 0 or later")
    return _design(when, model.shape), when


def _quadratic(rows: Floats, matrix: Floats) -> Floats:
    squares: Floats = np.einsum("ki,ij,kj->k", rows, matrix, rows)
    return np.maximum(squares, 0.0)


def _course(times: Floats, mean: Floats, reach: Floats, spread: Floats, share: float) -> Course:
    wide = float(ndtri(0.5 + share / 2.0)) * spread
    return Course(times, mean, mean - reach, mean + reach, mean - wide, mean + wide, share)
