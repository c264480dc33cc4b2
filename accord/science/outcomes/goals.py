"""Change on goals in the client's own words: goal-based outcomes, and goal attainment scaling."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.science.errors import BadOptions, BadReadings
from accord.science.grids import Floats, same_grids, vector

GOAL_POINTS = 3.0  # widely used for ratings of 0 to 10; its primary source was not read for this
_HIGHEST = 10.0
_USUAL_CORRELATION = 0.30  # Kiresuk & Sherman's assumption about any two goals of one person


class GoalChange(NamedTuple):
    """Change of each goal, (N, G) people by goals; NaN and 0 where a rating is missing."""

    points: Floats  # last − first
    direction: NDArray[np.int8]  # 1 up by `limit` or more, −1 down by it, 0 less, or unknown
    share_up: float  # of the goals with both ratings; NaN where there is none
    limit: float


def goal_change(first: Any, last: Any, *, limit: float = GOAL_POINTS) -> GoalChange:
    """Ratings of progress 0..10 on each goal, first and last (N, G): a change of `limit` points or more counts.

    Source: Law & Jacob (2013), Goals and Goal Based Outcomes. Three points is what is widely used; how often it is
    passed without any change was not seen by us. A goal that was added or dropped on the way has one rating only and
    is left out, not counted as unchanged. Raises BadReadings, BadOptions.
    """
    if not 0.0 < limit <= _HIGHEST:
        raise BadOptions(f"limit {limit!r}: allowed is above 0 and up to 10 points")
    before, after = same_grids(first=first, last=last)
    for name, table in (("first", before), ("last", after)):
        _within_scale(name, table)
    points = after - before
    with np.errstate(invalid="ignore"):
        direction = (points >= limit).astype(np.int8) - (points <= -limit).astype(np.int8)
    known = int((~np.isnan(points)).sum())
    share = float((direction == 1).sum() / known) if known else np.nan
    return GoalChange(points, direction, share, limit)


def _within_scale(name: str, table: Floats) -> None:
    with np.errstate(invalid="ignore"):
        outside = np.argwhere((table < 0.0) | (table > _HIGHEST))
    if len(outside):
        row, column = outside[0]
        raise BadReadings(f"{name}: row {row}, goal {column} is {table[row, column]:g}; ratings run from 0 to 10")


def goal_attainment(levels: Any, weights: Any = None, *, correlation: float = _USUAL_CORRELATION) -> float:
    """T = 50 + 10 Σwx / √((1 − ρ) Σw² + ρ (Σw)²) of one person's goals.

    levels: x (G,), −2 (much less than expected), −1, 0 (as expected), 1, 2; weights: w (G,) > 0, all 1 unless given;
    ρ: assumed correlation of two goals. T is 50 where all went as expected; its SD is 10 only if ρ is right and
    the expectations were set fairly. Source: Kiresuk & Sherman (1968), Community Ment Health J 4, 443-453.
    Raises BadReadings (levels, weights), BadOptions (ρ).
    """
    x = vector("levels", levels)
    w = np.ones_like(x) if weights is None else vector("weights", weights)
    if w.shape != x.shape or not (w > 0.0).all():
        raise BadReadings(f"weights: {w.tolist()} for {x.size} goals; give each goal one weight above 0")
    if not np.isin(x, (-2.0, -1.0, 0.0, 1.0, 2.0)).all():
        odd = x[~np.isin(x, (-2.0, -1.0, 0.0, 1.0, 2.0))][0]
        raise BadReadings(f"levels: {odd:g} is none of -2, -1, 0, 1, 2")
    if not 0.0 <= correlation <= 1.0:
        raise BadOptions(f"correlation {correlation!r}: allowed is 0 to 1")
    spread = np.sqrt((1.0 - correlation) * float(w @ w) + correlation * float(w.sum()) ** 2)
    return float(50.0 + 10.0 * float(w @ x) / spread)
