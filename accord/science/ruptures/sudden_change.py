"""Sudden gains and losses between two sessions (`sudden-change@1`).

Source: Tang & DeRubeis (1999), J Consult Clin Psychol 67, 894-904; the critical value follows the number of
valid scores (Lutz et al., 2013). For scores where lower is better; the scores are taken as they are.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from accord.science.ruptures.model import KIND_CODE, Bools, Floats, Ints, Judged

REACH = 3  # sessions compared on each side of the change
FEWEST = 2  # valid scores needed on each side
_BEYOND = 0.975  # two-sided 5 %


class _Sides(NamedTuple):
    """Means, sums of squares about them and valid counts before and after a change, each (C,)."""

    mean_before: Floats
    mean_after: Floats
    squares: Floats
    count_before: Ints
    count_after: Ints


def sudden_changes(scores: Floats, *, cutoff: float = 7.0, share: float = 0.25) -> Judged:
    """Changes between session n and n+1 that are large, large for this person, and lasting.

    With d = x_n − x_{n+1} in points, a change at n (the session before it) needs all of:
    (1) |d| ≥ cutoff; (2) |d| ≥ share · x_n;
    (3) mean(x_{n−2..n}) − mean(x_{n+1..n+3}), in the direction of d, beyond
        t(.975; n_pre + n_post − 2) · √(((n_pre − 1) s²_pre + (n_post − 1) s²_post) / (n_pre + n_post − 2)),
        with at least two valid scores on each side.
    d > 0 is a "sudden-gain" (symptoms fell), d < 0 a "sudden-loss".

    scores: (N, T), NaN missing. Size is d, the statistic the difference of means, the limit that
    of (3); there is no band. Looks three sessions ahead: it describes a finished course, it cannot warn.
    """
    change = np.full(scores.shape, np.nan)
    change[:, :-1] = scores[:, :-1] - scores[:, 1:]
    with np.errstate(invalid="ignore"):
        candidate = (np.abs(change) >= cutoff) & (np.abs(change) >= share * scores)
    pair, session = np.nonzero(candidate)
    sides = _sides(scores, pair, session)
    difference, limit, lasting = _third_criterion(sides, np.sign(change[pair, session]))
    kind = np.full(scores.shape, -1, np.int8)
    kind[pair[lasting], session[lasting]] = _kinds(change[pair[lasting], session[lasting]])
    columns = np.arange(scores.shape[1])
    return Judged(
        kind=kind,
        size=change,
        statistic=_placed(difference, pair, session, shape=scores.shape),
        limit=_placed(limit, pair, session, shape=scores.shape),
        band_low=np.array(np.nan),
        band_high=np.array(np.nan),
        first=np.maximum(columns - REACH + 1, 0),
        last=np.minimum(columns + REACH, scores.shape[1] - 1),
    )


def _sides(scores: Floats, pair: Ints, session: Ints) -> _Sides:
    """Scores around each candidate. NaN beyond either end, as for a session that was missed."""
    padded = np.pad(scores, ((0, 0), (REACH, REACH)), constant_values=np.nan)
    around = padded[pair[:, None], session[:, None] + np.arange(1, 2 * REACH + 1)]
    before, after = around[:, :REACH], around[:, REACH:]
    mean_before, squares_before, count_before = _spread(before)
    mean_after, squares_after, count_after = _spread(after)
    return _Sides(mean_before, mean_after, squares_before + squares_after, count_before, count_after)


def _spread(window: Floats) -> tuple[Floats, Floats, Ints]:
    """Mean, sum of squares about it, and count of the valid scores in each row."""
    valid = ~np.isnan(window)
    count = valid.sum(axis=1)
    mean = np.where(valid, window, 0.0).sum(axis=1) / np.maximum(count, 1)
    squares = np.where(valid, window - mean[:, None], 0.0) ** 2
    return mean, squares.sum(axis=1), count


def _third_criterion(sides: _Sides, direction: Floats) -> tuple[Floats, Floats, Bools]:
    """Difference of means, its limit, and whether it is lasting, each (C,)."""
    freedom = sides.count_before + sides.count_after - 2
    enough = (sides.count_before >= FEWEST) & (sides.count_after >= FEWEST)
    critical = np.asarray(stats.t.ppf(_BEYOND, np.arange(1, 2 * REACH - 1)))[np.maximum(freedom, 1) - 1]
    limit = critical * np.sqrt(sides.squares / np.maximum(freedom, 1))
    difference = sides.mean_before - sides.mean_after
    return difference, limit, enough & (direction * difference > limit)


def _kinds(change: Floats) -> NDArray[np.int8]:
    return np.where(change > 0, KIND_CODE["sudden-gain"], KIND_CODE["sudden-loss"]).astype(np.int8)


def _placed(values: Floats, pair: Ints, session: Ints, *, shape: tuple[int, ...]) -> Floats:
    grid = np.full(shape, np.nan)
    grid[pair, session] = values
    return grid
