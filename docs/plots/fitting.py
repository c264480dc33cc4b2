"""The pictures of docs/science/fitting.md. Run from the project's root: `python docs/plots/fitting.py`."""

import csv
import logging
from pathlib import Path
from typing import Any

import click
import numpy as np
from scipy import stats

from accord.batch.plots import CLAY, INK, LINE, PILLAR_HUES, PILLAR_SHAPES, SOFT, plot
from accord.science.alliance import DEFAULT, PILLARS, Fit, Goodness, Model, Readings, goodness
from accord.science.alliance.climbing import Problem
from accord.science.alliance.fitting import sample_of
from accord.science.alliance.intervals import best_at
from accord.science.simulation import World, simulate

ROOT = Path(__file__).parent.parent.parent
PICTURES = ROOT / "docs" / "pictures" / "science"
RECOVERY = ROOT / "docs" / "science" / "recovery.csv"
PAIRS, SESSIONS, SEED = 2_000, 12, 1000
WORLD_NAMES = {"whole": "whole, capped ratings", "open": "open ratings"}


def recovery() -> None:
    """How often 95 % intervals hold the truth, each parameter in both worlds."""
    with RECOVERY.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    names = list(dict.fromkeys(row["name"] for row in rows))
    with plot(PICTURES / "fit-recovery.svg", height=7.6) as figure:
        axes: Any = figure.subplots()
        axes.axvspan(0.90, 0.98, color=LINE, alpha=0.45, lw=0)
        axes.axvline(0.95, color=SOFT, lw=0.8)
        for shift, (world, hue, shape) in enumerate((("whole", CLAY, "o"), ("open", PILLAR_HUES["goal"], "^"))):
            mine = {row["name"]: row for row in rows if row["world"] == world}
            practices = max(int(float(row["practices"])) for row in mine.values())
            covered = [float(mine[name]["covered"]) for name in names]
            places = np.arange(len(names)) + (shift - 0.5) * 0.36
            label = f"{WORLD_NAMES[world]}, {practices} practices"
            axes.plot(covered, places, shape, color=hue, ms=4.5, label=label, clip_on=False)
        axes.set(yticks=range(len(names)), yticklabels=names, xlim=(0.86, 1.0), ylim=(len(names) - 0.4, -0.6))
        axes.set_xlabel("share of 95 % intervals that hold the truth (shaded: 90 to 98 %)")
        axes.tick_params(axis="y", labelsize=8, length=0)
        axes.legend(loc="upper left", bbox_to_anchor=(-0.3, 1.06), ncols=2)


def _practice(world: World, seed: int = SEED) -> Readings:
    drawn = simulate(DEFAULT, pairs=PAIRS, sessions=SESSIONS, rng=np.random.default_rng(seed), world=world)
    return Readings(drawn.days, drawn.readings)


def quantiles(told: dict[str, Goodness]) -> None:
    """Innovations seen against those expected, client's three pillars."""
    with plot(PICTURES / "fit-qq.svg", height=3.4) as figure:
        for axes, (title, found) in zip(
            np.ravel(figure.subplots(1, len(told), sharey=True)), told.items(), strict=True
        ):
            part = found.quantiles
            half = 1.96 * np.nanmean(part.se[:3], axis=0)
            axes.fill_between(part.expected, -half, half, color=LINE, alpha=0.6, lw=0)
            axes.axhline(0.0, color=SOFT, lw=0.8)
            for place, pillar in enumerate(PILLARS):
                off = part.seen[place] - part.expected
                axes.plot(part.expected, off, PILLAR_SHAPES[pillar], color=PILLAR_HUES[pillar], ms=3, label=pillar)
            axes.set(title=title, xlabel="innovation expected")
        first = figure.axes[0]
        first.set_ylabel("seen − expected")
        first.legend(loc="lower left")


def coverage(told: dict[str, Goodness]) -> None:
    """Shares of the client's ratings inside their forecast intervals."""
    with plot(PICTURES / "fit-coverage.svg", height=3.0) as figure:
        for axes, place in zip(np.ravel(figure.subplots(1, 3)), range(3), strict=True):
            asked = next(iter(told.values())).coverage.asked[place]
            axes.axvline(100 * asked, color=SOFT, lw=0.8)
            for row, found in enumerate(told.values()):
                for pillar, name in enumerate(PILLARS):
                    part = found.coverage
                    seen, low, high = (100 * numbers[pillar, place] for numbers in (part.seen, part.low, part.high))
                    at = row + 0.22 * (pillar - 1)
                    axes.plot([low, high], [at, at], color=PILLAR_HUES[name], lw=1.2)
                    label = name if (row, place) == (0, 0) else None
                    axes.plot(seen, at, PILLAR_SHAPES[name], color=PILLAR_HUES[name], ms=4, label=label)
            axes.set(title=f"{100 * asked:.0f} % intervals", xlabel="% of ratings inside", ylim=(len(told) - 0.4, -0.6))
            axes.set_yticks(range(len(told)), list(told) if place == 0 else [""] * len(told))
        figure.axes[0].legend(loc="lower left", fontsize=8)


def profile(fit: Fit, seen: Readings) -> None:
    """The log-likelihood along τ, the rest at its best, beside what the Wald interval takes it for."""
    problem = Problem(sample_of(seen, (), whole=True), fit.params, fit.levels, fit.free)
    place = fit.estimates.name.index("gain_days")
    value, se = fit.estimates.value[place], fit.estimates.se[place] / fit.estimates.value[place]
    steps = np.linspace(-2.6, 2.6, 15)
    days = value * np.exp(steps * se)
    fallen = np.array([best_at(problem, fit.peak, "gain_days", float(one)) for one in days]) - fit.loglik
    low, high = fit.profile(seen, "gain_days")
    with plot(PICTURES / "fit-profile.svg", height=3.2) as figure:
        axes: Any = figure.subplots()
        axes.axhline(-0.5 * stats.chi2.ppf(0.95, 1), color=SOFT, lw=0.8)
        axes.plot(days, -0.5 * steps**2, "--", color=SOFT, label="as the Wald interval takes it")
        axes.plot(days, fallen, "-o", color=CLAY, ms=3.5, label="profile")
        for end in (low, high):
            axes.axvline(end, color=CLAY, lw=0.8, ls=":")
        axes.set(
            xscale="log", xlabel="τ: days after which 63 % of the gain is there", ylabel="log-likelihood below the top"
        )
        axes.set_xticks([10, 15, 20, 30, 40, 60], ["10", "15", "20", "30", "40", "60"])
        axes.minorticks_off()
        axes.axvline(DEFAULT.gain_days, color=INK, lw=0.8)
        axes.annotate("truth", (DEFAULT.gain_days, -3.4), xytext=(5, 60), textcoords="offset points", color=INK)
        axes.set_xlim(13.5, 46.0)
        axes.legend(loc="lower center", bbox_to_anchor=(0.42, 0.0))
    click.echo(f"profile of gain_days: {low:.2f} to {high:.2f}")
    click.echo(f"its Wald interval: {fit.estimates.low[place]:.2f} to {fit.estimates.high[place]:.2f}")


def pictures() -> None:
    """All of them."""
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # the first font of ours that is there will do
    PICTURES.mkdir(parents=True, exist_ok=True)
    recovery()
    usual, broken = _practice(World()), _practice(World(rupture_share=0.5, recovery_days=21.0))
    fits = {"usual": Model().fit(usual), "broken": Model().fit(broken)}
    wrong = DEFAULT._replace(noise=DEFAULT.noise / 2.0)

    def held(params: Any, seen: Readings) -> Goodness:
        return goodness(params, days=seen.days, readings=seen.readings, rng=np.random.default_rng(1))

    ours = held(fits["usual"].params, usual)
    quantiles(
        {"drawn from the model, fitted": ours, "half of the pairs rupture once": held(fits["broken"].params, broken)}
    )
    fresh = _practice(World(), seed=SEED + 1)
    told = {"fitted, same pairs": ours, "fitted, new pairs": held(fits["usual"].params, fresh)}
    coverage(told | {"noise taken for half": held(wrong, usual), "with ruptures": held(fits["broken"].params, broken)})
    for name, found in told.items():
        click.echo(f"{name} {found.coverage.seen[:3].round(3).tolist()} {found.memory.value[:3, 0].round(3).tolist()}")
    profile(fits["usual"], usual)


if __name__ == "__main__":
    pictures()
