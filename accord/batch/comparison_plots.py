"""The comparison of rules as plots. Needs the extra `plots`."""

import logging
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from accord.batch.comparison import ELSEWHERE, LITERATURE, PICTURES
from accord.batch.contenders import BEFORE, CONTENDERS, OURS, YARDSTICK
from accord.batch.evaluating import DEPTHS, Asked, Row
from accord.batch.plots import CLAY, HUES, INK, LINE, SOFT, plot

_SHOWN = {OURS: CLAY, YARDSTICK: HUES[1], "srs-drop": HUES[2], "one-pillar-fall": HUES[3]}


def draw(rows: Sequence[Row], asked: Asked, folder: Path) -> None:
    """All pictures into one folder."""
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # a font that is not there is no news
    _false_alarms(rows, asked, folder / PICTURES[0])
    _at_onset(rows, folder / PICTURES[1])
    _by_depth(rows, folder / PICTURES[2])


def _false_alarms(rows: Sequence[Row], asked: Asked, path: Path) -> None:
    ours = [row for row in rows if row.rule == OURS][::-1]
    places = np.arange(len(ours))
    with plot(path, height=max(3.2, 0.8 + 0.28 * len(ours))) as figure:
        axes = figure.subplots()
        axes.axvspan(asked.budget * (1 - ELSEWHERE), asked.budget * (1 + ELSEWHERE), color=LINE, alpha=0.5, lw=0)
        axes.axvline(asked.budget, color=SOFT, lw=1)
        axes.plot([row.published for row in ours], places, "o", color=SOFT, label="limits from the parameters")
        calibrated = [row.calibrated for row in ours]
        axes.plot(calibrated, places, "D", color=CLAY, ms=5, label="limits calibrated on own check-ins")
        axes.set_yticks(places, [row.world for row in ours])
        axes.set_xlim(left=0.0)
        axes.set_xlabel("dips and slides per 10 judged sessions in which nothing happened")
        axes.set_title(f"Actual false alarms at a budget of {asked.budget:g} (grey: within 40 %)")
        axes.legend(loc="lower right")


def _at_onset(rows: Sequence[Row], path: Path) -> None:
    worlds = list(dict.fromkeys(row.world for row in rows))[::-1]
    with plot(path, height=max(3.6, 0.8 + 0.28 * len(worlds))) as figure:
        axes = figure.subplots()
        for rule in reversed(CONTENDERS):
            mine = {row.world: row.at_onset for row in rows if row.rule == rule.name}
            style = _style(rule.name)
            axes.plot([mine[world] for world in worlds], range(len(worlds)), ls="", **style)
        axes.set_yticks(range(len(worlds)), worlds)
        axes.set_xlim(left=0.0)
        axes.grid(axis="y", lw=0.5)
        axes.set_xlabel("share of ruptures flagged at onset")
        axes.set_title("At the same number of actual false alarms")
        handles, labels = axes.get_legend_handles_labels()
        axes.legend(handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1.0, 1.0))


def _style(name: str) -> dict[str, Any]:
    if name in _SHOWN:
        marker = {OURS: "o", YARDSTICK: "^", "srs-drop": "s", "one-pillar-fall": "v"}[name]
        return {"marker": marker, "color": _SHOWN[name], "label": name, "ms": 8 if name == OURS else 6}
    if name == BEFORE:
        return {"marker": "o", "mfc": "none", "color": INK, "label": name, "ms": 6}
    # the rest of the literature in one quiet colour, named once
    return {"marker": "|", "color": SOFT, "ms": 8, "label": "other rules" if name == LITERATURE[-1] else None}


def _by_depth(rows: Sequence[Row], path: Path) -> None:
    middles = [0.5 * (low + high) for low, high in pairwise(DEPTHS)]
    with plot(path, width=5.4) as figure:
        axes = figure.subplots()
        for rule in reversed(CONTENDERS):
            mine = np.mean([row.depth for row in rows if row.rule == rule.name], axis=0)
            axes.plot(middles, mine, lw=2 if rule.name == OURS else 1, **_style(rule.name))
        axes.set_xticks(middles, [f"{low:g}–{high:g}" for low, high in pairwise(DEPTHS)])
        axes.set_ylim(0.0, 1.0)
        axes.set_xlabel("points lost on the pillar hit")
        axes.set_ylabel("flagged at onset")
        axes.set_title("By depth, averaged over the worlds")
        handles, labels = axes.get_legend_handles_labels()
        axes.legend(handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1.0, 1.0))
