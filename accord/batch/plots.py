"""How a plot of ours looks: quiet axes, the three pillars' own hues and shapes, text that stays text.

Needs the extra `plots` (matplotlib); nothing else in the package imports this file's library.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

INK, SOFT, LINE, PAPER, CLAY = "#2b2521", "#6f655d", "#d9d2c7", "#fdfcf9", "#8f4326"
PILLAR_HUES = {"goal": "#12666a", "task": "#8b6312", "bond": "#7a2a63"}
PILLAR_SHAPES = {"goal": "^", "task": "s", "bond": "o"}
HUES = (CLAY, *PILLAR_HUES.values(), SOFT)

STYLE: Any = {
    "svg.hashsalt": "accord",  # the same picture gives the same file
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["Atkinson Hyperlegible Next", "Helvetica", "Arial", "DejaVu Sans"],
    "font.size": 10,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "axes.edgecolor": LINE,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=HUES),
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "grid.color": LINE,
    "legend.frameon": False,
}


@contextmanager
def plot(path: Path, *, width: float = 7.2, height: float = 3.6) -> Iterator[Figure]:
    """A figure in our style, written to `path` as SVG when the block ends; inches of 72 points.

    with plot(Path("qq.svg")) as figure:
        axes = figure.subplots()
        ...
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasSVG(figure)
        yield figure
        figure.savefig(path, format="svg", metadata={"Date": None})
