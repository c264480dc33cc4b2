"""Plots of dyads, outcomes, endings, reliability and meta-analysis: `python docs/plots/outcomes.py`.

Everything is simulated with fixed seeds, so the pictures are the same wherever they are made.
"""

import logging
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from statsmodels.duration.survfunc import SurvfuncRight

from accord.batch.plots import CLAY, INK, LINE, PILLAR_HUES, SOFT, plot
from accord.science.alliance import DEFAULT
from accord.science.dyads import converge, pair_tracking, truth_bias
from accord.science.evidence import pool
from accord.science.instruments.reliability import cronbach_alpha, mcdonald_omega
from accord.science.outcomes import (
    GOING,
    PLANNED,
    UNPLANNED,
    Course,
    endings,
    expected_course,
    fit_course,
    own_course,
    retention,
)
from accord.science.simulation import simulate

PICTURES = Path(__file__).parent.parent / "pictures" / "science"
GOAL, TASK, BOND = PILLAR_HUES.values()
BOND_OF_CLIENT, BOND_OF_THERAPIST = 2, 5


def dyad() -> None:
    """Each pair alone and drawn towards the average; distance and correlation over sessions."""
    rng = np.random.default_rng(31)
    client = 7.0 + rng.normal(0.0, 1.2, (60, 1)) + rng.normal(0.0, 1.0, (60, 16))
    true = rng.normal(0.45, 0.2, (60, 1))
    moves = client - client.mean(axis=1, keepdims=True)
    therapist = client.mean(axis=1, keepdims=True) - 0.7 + true * moves + rng.normal(0.0, 0.9, client.shape)
    alone, pooled = pair_tracking(therapist, client), truth_bias(therapist, client)
    with plot(PICTURES / "dyad.svg", width=7.6, height=3.4) as figure:
        left, right = figure.subplots(1, 2)
        _shrinkage(left, true[:, 0], alone.tracking, pooled.own_tracking)
        held = simulate(DEFAULT, pairs=400, sessions=12, rng=np.random.default_rng(32))
        found = converge(
            held.readings[..., BOND_OF_THERAPIST], held.readings[..., BOND_OF_CLIENT], rng=np.random.default_rng(33)
        )
        _over_sessions(right, found)


def _shrinkage(axes: Axes, true: Any, alone: Any, pooled: Any) -> None:
    axes.plot([-0.2, 1.2], [-0.2, 1.2], color=LINE, zorder=0)
    axes.plot(true, alone, "s", color=SOFT, alpha=0.55, markersize=4, label=_error("each pair alone", true, alone))
    axes.plot(true, pooled, "o", color=BOND, markersize=5, label=_error("drawn to the average", true, pooled))
    axes.set(xlabel="true tracking strength", ylabel="estimate", title="Tracking of 60 pairs, 16 sessions each")
    axes.set(xlim=(-0.2, 1.1), ylim=(-0.5, 1.7))
    axes.legend(loc="upper left", fontsize=8)


def _error(name: str, true: Any, found: Any) -> str:
    return f"{name}: usual error {np.sqrt(np.mean((found - true) ** 2)):.2f}"


def _over_sessions(axes: Axes, found: Any) -> None:
    axes.plot(found.session, found.distance, "s-", color=TASK, label="distance, points")
    axes.plot(found.session, found.correlation, "o-", color=GOAL, label="correlation")
    axes.fill_between(found.session, found.correlation_low, found.correlation_high, color=GOAL, alpha=0.15, linewidth=0)
    axes.set(xlabel="session", ylim=(0.0, 2.0), title="Two sides that do not come closer")
    axes.legend(loc="upper right", fontsize=8)


def outcome() -> None:
    """An expected course with its band, and one person's own course from four scores."""
    rng = np.random.default_rng(34)
    times = np.tile(np.arange(16.0), (250, 1))
    own = rng.multivariate_normal([24.0, -4.2], [[26.0, -2.0], [-2.0, 4.0]], 250)
    scores = own[:, :1] + own[:, 1:] * np.log1p(times) + rng.normal(0.0, 3.0, times.shape)
    scores[rng.random(scores.shape) < 0.15] = np.nan
    model = fit_course(scores, times, shape="slowing")
    at = np.linspace(0.0, 15.0, 61)
    seen, later = np.array([27.0, 29.0, 25.0, 28.0]), np.array([26.0, 27.5, 24.0, 26.5, 27.0])
    with plot(PICTURES / "outcome.svg", width=7.2, height=3.6) as figure:
        axes = figure.subplots()
        _band(axes, expected_course(model, at), SOFT, "people like these: mean, and 80 % of scores")
        _band(axes, own_course(model, np.arange(4.0), seen, at[at >= 3.0]), BOND, "this person, after four scores")
        axes.plot(np.arange(4), seen, "o", color=BOND, markersize=6)
        axes.plot(np.arange(4, 9), later, "o", color=BOND, markersize=6, fillstyle="none", label="what came then")
        axes.set(xlabel="session after the first", ylabel="symptoms, points", ylim=(0, 40))
        axes.set_title("Expected course (simulated; lower is better)")
        axes.legend(loc="lower left", fontsize=8)


def _band(axes: Axes, course: Course, colour: str, label: str) -> None:
    axes.fill_between(course.times, course.band_low, course.band_high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(course.times, course.mean, color=colour, linewidth=2, label=label)


def _lives(people: int, rng: np.random.Generator) -> tuple[Any, list[str], Any]:
    """Sessions held and endings of people with known chances, seen for 1 to 12 sessions; and the true retention."""
    planned = np.linspace(0.0, 0.16, 12)
    unplanned = np.linspace(0.12, 0.03, 12)
    u = rng.random((people, 12))
    over = u < planned + unplanned
    last = np.where(over.any(axis=1), over.argmax(axis=1) + 1, 13)
    way = np.where(
        u[np.arange(people), np.minimum(last, 12) - 1] < unplanned[np.minimum(last, 12) - 1], UNPLANNED, PLANNED
    )
    seen = rng.integers(1, 13, people)
    going = last >= seen
    true = np.concatenate(([1.0], np.cumprod(1.0 - planned - unplanned)))
    return np.where(going, seen, last), list(np.where(going, GOING, way)), true


def ending() -> None:
    """Competing endings, and retention counted in two ways."""
    sessions, ways, true = _lives(600, np.random.default_rng(35))
    with plot(PICTURES / "endings.svg", width=7.6, height=3.4) as figure:
        left, right = figure.subplots(1, 2)
        _competing(left, endings(sessions, ways, until=10))
        _retained(right, sessions, ways, true)


def _competing(axes: Axes, found: Any) -> None:
    for way, (name, colour, mark) in enumerate((("planned", GOAL, "^"), ("unplanned", CLAY, "s"))):
        axes.plot(found.session, found.incidence[way], mark + "-", color=colour, label=name)
        axes.fill_between(found.session, found.low[way], found.high[way], color=colour, alpha=0.15, linewidth=0)
    axes.plot(found.session, found.going, "o-", color=SOFT, label="still going")
    axes.set(xlabel="after session", ylabel="share of people", ylim=(0, 1), title="How therapies end, 600 people")
    axes.legend(loc="upper right", fontsize=8)


def _retained(axes: Axes, sessions: Any, ways: list[str], true: Any) -> None:
    at = np.arange(1, 11)
    found = retention(sessions, ways, at=at.tolist())
    going = np.array(ways) == GOING
    usual = SurvfuncRight(np.asarray(sessions, float), (~going).astype(int))
    place = np.searchsorted(usual.surv_times, at - 1.0, side="right") - 1
    naive = np.where(place < 0, 1.0, usual.surv_prob[np.maximum(place, 0)])
    axes.fill_between(at, found.low, found.high, color=GOAL, alpha=0.15, linewidth=0)
    axes.plot(at, found.share, "o-", color=GOAL, label="ours, with 95 %")
    axes.plot(at, true[:10], color=INK, linestyle="--", label="truth")
    axes.plot(at, naive, "s:", color=CLAY, markersize=4, label="those still going counted as stayed")
    axes.set(xlabel="session held", ylim=(0, 1), title="Retention")
    axes.legend(loc="lower left", fontsize=8)


def reliability() -> None:
    """Alpha and omega of five unlike items, by the number of people, with intervals and the truth."""
    loadings, unique = np.array([0.3, 0.5, 0.9, 1.2, 0.7]), np.array([0.8, 0.6, 0.5, 0.4, 0.9])
    truth = loadings.sum() ** 2 / (loadings.sum() ** 2 + unique.sum())
    rng, people = np.random.default_rng(36), (25, 50, 100, 200, 400, 800)
    with plot(PICTURES / "reliability.svg", width=7.2, height=3.2) as figure:
        axes = figure.subplots()
        axes.axhline(truth, color=INK, linestyle="--", linewidth=1, label="truth")
        for place, n in enumerate(people):
            items = rng.normal(0.0, 1.0, (n, 1)) * loadings + rng.normal(0.0, np.sqrt(unique), (n, 5))
            alpha, omega = cronbach_alpha(items), mcdonald_omega(items, rng=rng, draws=1000)
            named = {"label": "α, Feldt's interval"} if place == 0 else {}
            _bar(axes, place - 0.12, alpha.alpha, alpha, colour=TASK, mark="s", **named)
            named = {"label": "ω, bootstrap"} if place == 0 else {}
            _bar(axes, place + 0.12, omega.omega, omega, colour=BOND, mark="o", **named)
        axes.set_xticks(range(len(people)), [str(n) for n in people])
        axes.set(xlabel="people", ylabel="reliability", title="Five items that measure one thing to different degrees")
        axes.legend(loc="lower right", fontsize=8)


def _bar(axes: Axes, x: float, value: float, bounds: Any, *, colour: str, mark: str, **named: str) -> None:
    axes.plot([x, x], [bounds.low, bounds.high], color=colour, linewidth=1.5)
    axes.plot([x], [value], mark, color=colour, markersize=6, **named)


def meta_analysis() -> None:
    """A forest of simulated studies, fixed and random."""
    rng = np.random.default_rng(37)
    variances = np.sort(1.0 / rng.integers(20, 260, 14))[::-1]
    y = rng.normal(0.28, np.sqrt(0.11**2 + variances))
    random, fixed = pool(y, variances), pool(y, variances, model="fixed")
    with plot(PICTURES / "meta-analysis.svg", width=7.2, height=4.2) as figure:
        axes = figure.subplots()
        for place, (effect, variance) in enumerate(zip(y, variances, strict=True)):
            reach, row = 1.96 * np.sqrt(variance), len(y) + 3 - place
            axes.plot([effect - reach, effect + reach], [row, row], color=SOFT, linewidth=1)
            axes.plot([effect], [row], "s", color=SOFT, markersize=3 + 40 * random.weights[place])
        _summary(axes, 2.6, fixed.interval, fixed.estimate, colour=TASK, label="fixed: one truth")
        _summary(axes, 1.6, random.interval, random.estimate, colour=BOND, label="random: the mean truth")
        _summary(axes, 0.6, random.prediction, random.estimate, colour=GOAL, label="prediction: one more study")
        axes.axvline(0.0, color=LINE, linewidth=1, zorder=0)
        axes.set(yticks=[], ylim=(0, len(y) + 4), xlabel="effect")
        axes.set_title(f"Fourteen simulated studies: τ {np.sqrt(random.tau2):.2f} (true .11), I² {random.i2:.0f} %")
        axes.legend(loc="lower left", fontsize=8)


def _summary(axes: Axes, row: float, interval: Any, estimate: float, *, colour: str, label: str) -> None:
    axes.plot(interval, [row, row], color=colour, linewidth=3)
    axes.plot([estimate], [row], "D", color=colour, markersize=7, label=label)


def main() -> None:
    """Write all pictures."""
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # the page's fonts need not be here
    PICTURES.mkdir(parents=True, exist_ok=True)
    for draw in (dyad, outcome, ending, reliability, meta_analysis):
        draw()


if __name__ == "__main__":
    main()
