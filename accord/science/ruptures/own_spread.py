"""Falls held against the client's own ups and downs, and plain falls: rules of the literature.

Scores (N, T), higher is better, NaN missing. All of them look at the valid scores only: "the score before" is the
last one that was given.
"""

import numpy as np
from numpy.typing import NDArray

from accord.science.ruptures.model import KIND_CODE, Bools, Floats, Ints, Judged

FEWEST_SESSIONS = 5
_BLOCK = 16_384


def falls(scores: Floats, *, points: float = 1.0) -> Judged:
    """`srs-drop`: the score before − this score ≥ points. The SRS manual: 1 point on 0-40 is worth a talk.

    Source: Miller & Duncan (2004), ORS and SRS administration and scoring manual. Size and statistic: the fall.
    """
    before, place = previous(scores)
    fall = before - scores
    with np.errstate(invalid="ignore"):
        fired = fall >= points
    return Judged(
        kind=marked(fired, "drop"),
        size=fall,
        statistic=fall,
        limit=np.array(points),
        band_low=before - points,
        band_high=np.array(np.nan),
        first=np.maximum(place, 0),
        last=columns(scores),
    )


def own_sd_falls(scores: Floats, *, sds: float = 1.0, between: float | None = None) -> Judged:
    """`own-sd-1`, `own-sd-2`: a fall of `sds` standard deviations of the differences between sessions.

    With Δ_it the difference from the score before, fires at −Δ_it ≥ sds · max(s_i, s), where s_i is the SD of this
    client's differences and s the SD of all clients' differences about their own means, √(Σ_i Σ_t (Δ_it − Δ̄_i)² /
    Σ_i (n_i − 1)): the stricter of the two. Five scores or more. `between` gives s where the table is only a
    part of all clients; alone in a table, a client is held against s_i.
    The SD is of the whole course, later sessions included: it describes a finished course, it cannot warn.

    Source: Stiles et al. (2004), J Consult Clin Psychol 72, 81-92; Strauss et al. (2006), J Consult Clin Psychol
    74, 337-345; Gumz et al. (2012) for the stricter of the two and for one or two SD.
    """
    before, _ = previous(scores)
    difference = scores - before
    count, _, squares = moments(difference)
    own = np.sqrt(squares / np.maximum(count - 1, 1))
    enough = count + 1 >= FEWEST_SESSIONS
    limit = sds * np.maximum(own, sd_between(scores) if between is None else between)[:, None]
    with np.errstate(invalid="ignore"):
        fired = (-difference >= limit) & (-difference > 0.0) & enough[:, None]
    return Judged(
        kind=marked(fired, "drop"),
        size=-difference,
        statistic=-difference,
        limit=limit,
        band_low=before - limit,
        band_high=before + limit,
        first=np.array(0),
        last=np.array(scores.shape[1] - 1),
    )


def sd_between(scores: Floats) -> float:
    """SD of the differences of all clients with enough scores, each about the own mean; 0 where there is none."""
    squares, freedom = 0.0, 0
    for first in range(0, len(scores), _BLOCK):
        part = scores[first : first + _BLOCK]
        count, _, spread = moments(part - previous(part)[0])
        enough = count + 1 >= FEWEST_SESSIONS
        squares += float(spread[enough].sum())
        freedom += int((count[enough] - 1).sum())
    return float(np.sqrt(squares / max(freedom, 1)))


def below_own_mean(scores: Floats, *, points: float = 2.0, settle: int = 4) -> Judged:
    """`below-own-mean`: the mean of all earlier scores − this score ≥ points, once `settle` scores are in.

    The simplest rule that knows the client; our yardstick, with no source of its own.
    """
    mean, count = earlier_mean(scores)
    below = mean - scores
    with np.errstate(invalid="ignore"):
        fired = (below >= points) & (count >= settle)
    return Judged(
        kind=marked(fired, "below-mean"),
        size=below,
        statistic=below,
        limit=np.array(points),
        band_low=mean - points,
        band_high=np.array(np.nan),
        first=np.array(0),
        last=columns(scores),
    )


def marked(fired: Bools, kind: str) -> NDArray[np.int8]:
    """The code of `kind` where a rule fired, −1 elsewhere."""
    return np.where(fired, np.int8(KIND_CODE[kind]), np.int8(-1))


def columns(scores: Floats) -> Ints:
    """0 … T−1."""
    return np.arange(scores.shape[1])


def previous(scores: Floats) -> tuple[Floats, Ints]:
    """The last valid score before each session, and its column; NaN and −1 where there is none."""
    before, place = np.full(scores.shape, np.nan), np.full(scores.shape, -1)
    for t in range(1, scores.shape[1]):
        given = ~np.isnan(scores[:, t - 1])
        before[:, t] = np.where(given, scores[:, t - 1], before[:, t - 1])
        place[:, t] = np.where(given, t - 1, place[:, t - 1])
    return before, place


def earlier_mean(scores: Floats) -> tuple[Floats, Ints]:
    """Mean and number of the valid scores before each session; the mean is NaN where there is none."""
    given = ~np.isnan(scores)
    count = np.cumsum(given, axis=1) - given
    filled = np.where(given, scores, 0.0)
    total = np.cumsum(filled, axis=1) - filled
    return np.where(count > 0, total / np.maximum(count, 1), np.nan), count


def moments(values: Floats) -> tuple[Ints, Floats, Floats]:
    """Number, mean, and sum of squares about the mean of the valid values of each row, (N,) each."""
    given = ~np.isnan(values)
    count = given.sum(axis=1)
    mean = np.where(given, values, 0.0).sum(axis=1) / np.maximum(count, 1)
    squares = (np.where(given, values - mean[:, None], 0.0) ** 2).sum(axis=1)
    return count, mean, squares
