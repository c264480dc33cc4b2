"""Every rule in many simulated networks: what each reaches, and how much less or more than ours in the same ones."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from accord.science.grids import Floats
from accord.science.matching.backtest import CONTENDERS, Best, Contender, Measured, best_of, measure
from accord.science.simulation.networks import Drawn, Scenery, draw_network

OURS, TOGETHER, YARDSTICK = "order", "all-at-once", "first-available"
EVERYONE = "everyone"
MEASURES = tuple(name for name in Measured._fields if name != "by_group")
OF_GROUPS = ("alliance", "stay_8")
LESS_IS_BETTER = frozenset({"busiest", "regret", "regret_8"})

Progress = Callable[[str, int, int], None]


class Plan(NamedTuple):
    """How many networks of each world, and from which seed on."""

    networks: int = 60
    seed: int = 1


class Mean(NamedTuple):
    """Over networks, with its 95 % interval (t)."""

    mean: float
    low: float
    high: float

    def said(self, digits: int = 3) -> str:
        return f"{self.mean:.{digits}f} [{self.low:.{digits}f}, {self.high:.{digits}f}]"


class Row(NamedTuple):
    """One measure of one rule in one world, for everyone or for one subgroup."""

    world: str
    rule: str
    group: str
    measure: str
    value: Mean
    gain: Mean  # ours minus this rule, in the same networks; above 0 ours is higher
    networks: int

    @property
    def better(self) -> int:
        """1: ours is better beyond the interval of the difference, −1: worse, 0: neither."""
        sign = -1 if self.measure in LESS_IS_BETTER else 1
        return sign if self.gain.low > 0.0 else -sign if self.gain.high < 0.0 else 0


def backtest(scenes: Sequence[Scenery], plan: Plan, progress: Progress) -> list[Row]:
    """All contenders in all these worlds. Same seed, same rows."""
    rows: list[Row] = []
    done, total = 0, len(scenes) * plan.networks
    for scene in scenes:
        found: list[dict[str, Measured]] = []
        for place in range(plan.networks):
            found.append(_in_one(scene, plan.seed + place))
            progress("Comparing", done := done + 1, total)
        rows += _rows(scene.name, found)
    return rows


def _in_one(scene: Scenery, seed: int) -> dict[str, Measured]:
    # every world has the same generator: worlds differ by what they are, not by luck
    drawn = draw_network(scene.world, np.random.default_rng(seed))
    best = best_of(drawn)
    return {one.name: _measured(drawn, best, one, seed) for one in CONTENDERS}


def _measured(drawn: Drawn, best: Best, contender: Contender, seed: int) -> Measured:
    return measure(drawn, contender.rule(drawn, np.random.default_rng((seed, 1))), best)


def _rows(world: str, found: list[dict[str, Measured]]) -> list[Row]:
    groups = sorted({group for one in found for group in one[OURS].by_group})
    rows = []
    for rule in found[0]:
        for name in MEASURES:
            ours, theirs = (np.array([getattr(one[which], name) for one in found]) for which in (OURS, rule))
            rows.append(_row(world, rule, (EVERYONE, name), ours, theirs))
        for group in groups:
            for place, name in enumerate(OF_GROUPS):
                ours, theirs = (_of_group(found, which, group, place) for which in (OURS, rule))
                rows.append(_row(world, rule, (group, name), ours, theirs))
    return rows


def _of_group(found: list[dict[str, Measured]], rule: str, group: str, place: int) -> Floats:
    missing = (np.nan, np.nan)  # a small network may have nobody of a group
    return np.array([one[rule].by_group.get(group, missing)[place] for one in found])


def _row(world: str, rule: str, what: tuple[str, str], ours: Floats, theirs: Floats) -> Row:
    known = np.isfinite(ours) & np.isfinite(theirs)
    group, name = what
    return Row(world, rule, group, name, mean_of(theirs[known]), mean_of((ours - theirs)[known]), int(known.sum()))


def mean_of(values: Floats) -> Mean:
    """Mean ± t(.975; R − 1) SD / √R; no interval of one value."""
    if not values.size:
        return Mean(np.nan, np.nan, np.nan)
    mean = float(values.mean())
    if values.size < 2:
        return Mean(mean, np.nan, np.nan)
    reach = float(stats.t.ppf(0.975, values.size - 1) * values.std(ddof=1) / np.sqrt(values.size))
    return Mean(mean, mean - reach, mean + reach)
