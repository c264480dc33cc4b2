"""The back-test as plots. Needs the extra `plots`."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from accord.batch.backtest_page import PICTURES, found
from accord.batch.backtesting import EVERYONE, YARDSTICK, Mean, Row
from accord.batch.plots import CLAY, HUES, LINE, SOFT, plot

_RULES = {
    YARDSTICK: ("o", CLAY),
    "random": ("s", HUES[1]),
    "first-that-fits": ("^", HUES[2]),
    "preference-only": ("v", HUES[3]),
}
_PANELS = (("alliance", 1.0, "points of alliance at session 3"), ("stay_8", 100.0, "of 100, more reach session 8"))


def draw(rows: Sequence[Row], folder: Path) -> None:
    """All pictures into one folder."""
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # a font that is not there is no news
    _gains(rows, folder / PICTURES[0])
    _subgroups(rows, folder / PICTURES[1])


def _gains(rows: Sequence[Row], path: Path) -> None:
    worlds = list(dict.fromkeys(row.world for row in rows))[::-1]
    with plot(path, height=1.4 + 0.42 * len(worlds)) as figure:
        panels = figure.subplots(1, 2, sharey=True)
        for axes, (measure, unit, words) in zip(panels, _PANELS, strict=True):
            axes.axvline(0.0, color=SOFT, lw=1)
            for place, (rule, (marker, hue)) in enumerate(_RULES.items()):
                gains = [found(rows, world, rule, measure).gain for world in worlds]
                _dots(
                    axes, gains, np.arange(len(worlds)) + 0.13 * (1.5 - place), unit, fmt=marker, color=hue, label=rule
                )
            axes.set_yticks(range(len(worlds)), worlds)
            axes.grid(axis="y", lw=0.5, color=LINE)
            axes.set_xlabel(words)
        panels[0].set_title("What the ordering gains over")
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)


def _subgroups(rows: Sequence[Row], path: Path) -> None:
    groups = list(dict.fromkeys(row.group for row in rows if row.group != EVERYONE))[::-1]
    worlds = list(dict.fromkeys(row.world for row in rows))
    with plot(path, height=1.4 + 0.6 * len(groups)) as figure:
        panels = figure.subplots(1, 2, sharey=True)
        for axes, (measure, unit, words) in zip(panels, _PANELS, strict=True):
            axes.axvline(0.0, color=SOFT, lw=1)
            for place, world in enumerate(worlds):
                gains = [found(rows, world, YARDSTICK, measure, group).gain for group in groups]
                height = np.arange(len(groups)) + 0.09 * (0.5 * (len(worlds) - 1) - place)
                looks = {"fmt": "osv^D*p<"[place % 8], "color": HUES[place % len(HUES)], "label": world, "ms": 4}
                _dots(axes, gains, height, unit, **looks)
            axes.set_yticks(range(len(groups)), groups)
            axes.set_xlabel(words)
        panels[0].set_title(f"Gain over {YARDSTICK}, by subgroup")
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)


def _dots(axes: Any, gains: Sequence[Mean], height: Any, unit: float, **looks: Any) -> None:
    means = unit * np.array([gain.mean for gain in gains])
    reach = unit * np.array([0.5 * (gain.high - gain.low) for gain in gains])
    axes.errorbar(means, height, xerr=np.nan_to_num(reach), ls="", lw=1, **({"ms": 5} | looks))
