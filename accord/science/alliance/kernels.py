"""The compiled loops over pairs: filter, likelihood, smoother, gradient. Their steps: `forward.py`, `backward.py`.

The cache on disk notices changes of this file only, not of the files that are merged into it; BUILT_ON changes with
those, and a test holds it.
"""

import math

import numba
import numpy as np

from accord.science.alliance.backward import (
    remember_after,
    remember_before,
    smooth_session,
    turn_session,
    turn_start,
)
from accord.science.alliance.elementary import upper_tail
from accord.science.alliance.forward import (
    LOG_TWO,
    TOP,
    begin,
    expect,
    lay_out,
    load,
    move,
    refuse,
    save,
    take_in_session,
)
from accord.science.alliance.lanes import LANES, Row, get, put, root, spread, where_known, where_less
from accord.science.alliance.layout import (
    ACROSS,
    EXPONENT,
    GREW,
    GROWTH,
    INPUT,
    LIFT,
    MEAN,
    NUMBERS,
    PLACE,
    PRODUCT,
    RECORD,
    SESSION_INPUT,
    SHOWN,
    SQUARES,
    STOOD_AT,
    SUMS,
    SYMMETRIC,
    WEIGHT,
    History,
    Plan,
    State,
    compiled,
    compiled_parallel,
    inlined,
    rows_for,
)
from accord.science.alliance.model import Filtered, Floats, Smoothed

BUILT_ON = "9b91ec875bce7bef"
PART = 512  # pairs that one thread takes at a time with one scratch


@inlined
def log_likelihood(rows: Floats, i: int) -> float:
    """Of lane i: −½ (log of the product + sum of squares)."""
    logarithm = math.log(rows[LANES * PRODUCT + i]) + LOG_TWO * rows[LANES * EXPONENT + i]
    loglik: float = -0.5 * (logarithm + rows[LANES * SQUARES + i])
    return loglik


@inlined
def open_session(rows: Floats, plan: Plan, t: int, record: int) -> None:
    slot = INPUT + SESSION_INPUT * t
    refuse(rows, slot)
    move(rows, plan, slot, record)


@inlined
def look_how_far(rows: Floats, plan: Plan, slot: int, forecast: tuple[Row, Row], j: int) -> None:
    """How far a reading lies from its forecast (mean, sd): rows SHOWN + 12 to 24."""
    (centre, sd), blank = forecast, spread(math.nan)
    day, y = get(rows, slot), get(rows, slot + 1 + j)
    border = 0.5 if plan.whole else 0.0  # rounding puts the border half a point above the rating
    tail = upper_tail((centre - y - border) / sd)
    if plan.whole:
        tail = where_less(y, spread(TOP), tail, spread(1.0))
    put(rows, SHOWN + 12 + j, where_known(day, (y - centre) / sd, blank))
    put(rows, SHOWN + 18 + j, where_known(day + y, tail, blank))


@inlined
def look_ahead(rows: Floats, plan: Plan, out: Filtered, t: int) -> None:
    """Forecasts from earlier sessions, of all six readings or the client's: rows SHOWN to 12, covariances 24 to 26."""
    blank, slot = spread(math.nan), INPUT + SESSION_INPUT * t
    day = get(rows, slot)
    for j in range(out.forecast_mean.shape[2]):
        centre, var = expect(rows, plan, j)
        sd = root(var)
        put(rows, SHOWN + j, where_known(day, centre, blank))
        put(rows, SHOWN + 6 + j, where_known(day, sd, blank))
        if out.z.shape[0] > 0:
            look_how_far(rows, plan, slot, (centre, sd), j)
    for p in range(3):
        a, b = (1 if p == 2 else 0), (1 if p == 0 else 2)
        trait = get(rows, PLACE[a, b]) + get(rows, PLACE[3 + a, b])
        moving = get(rows, PLACE[3 + b, a]) + get(rows, PLACE[3 + a, 3 + b])
        put(rows, SHOWN + 24 + p, where_known(day, trait + moving, blank))


@inlined
def look_at_level(rows: Floats, plan: Plan, t: int) -> None:
    """Mean and sd of a_p(t) from the belief as it stands: rows SHOWN to 6."""
    blank, day = spread(math.nan), get(rows, INPUT + SESSION_INPUT * t)
    for p in range(3):
        usual = plan.readers[p, 0] + plan.readers[p, 1] * get(rows, GROWTH)
        level = usual + get(rows, MEAN + p) + get(rows, MEAN + 3 + p)
        var = get(rows, PLACE[p, p]) + 2.0 * get(rows, PLACE[3 + p, p]) + get(rows, PLACE[3 + p, 3 + p])
        put(rows, SHOWN + p, where_known(day, level, blank))
        put(rows, SHOWN + 3 + p, where_known(day, root(where_less(var, spread(0.0), spread(0.0), var)), blank))


@inlined
def show_ahead(rows: Floats, out: Filtered, first: int, pairs: int, t: int) -> None:
    for i in range(pairs):
        for j in range(out.forecast_mean.shape[2]):
            out.forecast_mean[first + i, t, j] = rows[LANES * (SHOWN + j) + i]
            out.forecast_sd[first + i, t, j] = rows[LANES * (SHOWN + 6 + j) + i]
        for j in range(6 if out.z.shape[0] > 0 else 0):
            out.z[first + i, t, j] = rows[LANES * (SHOWN + 12 + j) + i]
            out.tail[first + i, t, j] = rows[LANES * (SHOWN + 18 + j) + i]
        for p in range(3):
            out.forecast_shared[first + i, t, p] = rows[LANES * (SHOWN + 24 + p) + i]


@inlined
def show_level(rows: Floats, mean: Floats, sd: Floats, first: int, pairs: int, t: int) -> None:
    for i in range(pairs):
        for p in range(3):
            mean[first + i, t, p] = rows[LANES * (SHOWN + p) + i]
            sd[first + i, t, p] = rows[LANES * (SHOWN + 3 + p) + i]


@inlined
def follow(rows: Floats, plan: Plan, history: History, out: Filtered, first: int, pairs: int) -> None:
    """All sessions of up to sixteen pairs, from the belief in the scratch."""
    sessions = history.days.shape[1]
    record = rows_for(sessions, 0)
    lay_out(rows, history, first, pairs)
    for t in range(sessions):
        open_session(rows, plan, t, record)
        look_ahead(rows, plan, out, t)
        show_ahead(rows, out, first, pairs, t)
        take_in_session(rows, plan, INPUT + SESSION_INPUT * t, record, False)
        look_at_level(rows, plan, t)
        show_level(rows, out.level_mean, out.level_sd, first, pairs, t)
    for i in range(pairs):
        out.loglik[first + i] = log_likelihood(rows, i)


@compiled
def update_rows(plan: Plan, beliefs: State, history: History, out: Filtered) -> None:
    """From a belief a pair, on one thread, in place: beliefs (N, 9), (N, 9, 9), (N, 2) become the new ones."""
    rows = np.zeros(LANES * rows_for(history.days.shape[1], 1))
    for first in range(0, history.days.shape[0], LANES):
        pairs = min(LANES, history.days.shape[0] - first)
        load(rows, beliefs, first, pairs)
        follow(rows, plan, history, out, first, pairs)
        save(rows, beliefs, first, pairs)


@compiled
def filter_part(plan: Plan, prior: Floats, history: History, out: Filtered, part: int) -> None:
    """PART pairs, each from the prior covariance (9, 9)."""
    rows = np.empty(LANES * rows_for(history.days.shape[1], 1))
    last = min((part + 1) * PART, history.days.shape[0])
    for first in range(part * PART, last, LANES):
        begin(rows, prior)
        follow(rows, plan, history, out, first, min(LANES, last - first))


@compiled_parallel
def filter_rows(plan: Plan, prior: Floats, history: History, out: Filtered) -> None:
    """All pairs on all threads."""
    for part in numba.prange((history.days.shape[0] + PART - 1) // PART):
        filter_part(plan, prior, history, out, part)


@inlined
def show_trait(rows: Floats, found: Floats, i: int, row: int) -> None:
    """The log-likelihood, and the trait after everything: mean (3) and packed covariance (6)."""
    found[row, 0] = log_likelihood(rows, i)
    for p in range(3):
        found[row, 1 + p] = rows[LANES * (MEAN + p) + i]
        for q in range(p + 1):
            found[row, 4 + PLACE[p, q]] = rows[LANES * PLACE[p, q] + i]


@compiled
def likelihood_part(plan: Plan, prior: Floats, history: History, found: Floats, part: int) -> None:
    """PART pairs: nothing is stored on the way. found (N, 10), see `show_trait`."""
    sessions = history.days.shape[1]
    record = rows_for(sessions, 0)
    rows = np.empty(LANES * rows_for(sessions, 1))
    last = min((part + 1) * PART, history.days.shape[0])
    for first in range(part * PART, last, LANES):
        pairs = min(LANES, last - first)
        begin(rows, prior)
        lay_out(rows, history, first, pairs)
        for t in range(sessions):
            open_session(rows, plan, t, record)
            take_in_session(rows, plan, INPUT + SESSION_INPUT * t, record, False)
        for i in range(pairs):
            show_trait(rows, found, i, first + i)


@compiled_parallel
def likelihood_rows(plan: Plan, prior: Floats, history: History, found: Floats) -> None:
    for part in numba.prange((history.days.shape[0] + PART - 1) // PART):
        likelihood_part(plan, prior, history, found, part)


@inlined
def forget_after(rows: Floats) -> None:
    """Nothing comes after the last session."""
    for k in range(LIFT, LIFT + 9):
        put(rows, k, spread(0.0))
    for k in range(WEIGHT, WEIGHT + SYMMETRIC):
        put(rows, k, spread(0.0))


@inlined
def look_at_smoothed(rows: Floats, plan: Plan, t: int, record: int) -> None:
    """Level with hindsight: mean + (P h)'r, variance h'P h − (P h)'N(P h); rows SHOWN to 6."""
    day, blank = get(rows, INPUT + SESSION_INPUT * t), spread(math.nan)
    for p in range(3):
        across = record + ACROSS + 9 * p
        usual = plan.readers[p, 0] + plan.readers[p, 1] * get(rows, record + GREW)
        mean, var = usual + get(rows, record + STOOD_AT + p), get(rows, across + p) + get(rows, across + 3 + p)
        for r in range(9):
            known = get(rows, WEIGHT + PLACE[r, 0]) * get(rows, across)
            for c in range(1, 9):
                known = known + get(rows, WEIGHT + PLACE[r, c]) * get(rows, across + c)
            mean = mean + get(rows, across + r) * get(rows, LIFT + r)
            var = var - get(rows, across + r) * known
        put(rows, SHOWN + p, where_known(day, mean, blank))
        put(rows, SHOWN + 3 + p, where_known(day, root(where_less(var, spread(0.0), spread(0.0), var)), blank))


@inlined
def follow_and_keep(
    rows: Floats, plan: Plan, history: History, out: Smoothed, ahead: Filtered, first: int, pairs: int
) -> None:
    """All sessions of up to sixteen pairs, a record each for the way back; where asked, what `follow` tells too."""
    sessions = history.days.shape[1]
    lay_out(rows, history, first, pairs)
    for t in range(sessions):
        record = rows_for(sessions, t)
        open_session(rows, plan, t, record)
        put(rows, record + GREW, get(rows, GROWTH))
        if ahead.loglik.shape[0] > 0:
            look_ahead(rows, plan, ahead, t)
            show_ahead(rows, ahead, first, pairs, t)
        take_in_session(rows, plan, INPUT + SESSION_INPUT * t, record, False)
        if ahead.loglik.shape[0] > 0:
            look_at_level(rows, plan, t)
            show_level(rows, ahead.level_mean, ahead.level_sd, first, pairs, t)
        remember_after(rows, record)
    for i in range(pairs):
        out.loglik[first + i] = log_likelihood(rows, i)
        if ahead.loglik.shape[0] > 0:
            ahead.loglik[first + i] = out.loglik[first + i]
        for p in range(3):
            out.trait_mean[first + i, p] = plan.readers[p, 0] + rows[LANES * (MEAN + p) + i]
            out.trait_sd[first + i, p] = math.sqrt(max(rows[LANES * PLACE[p, p] + i], 0.0))


@compiled
def smooth_part(plan: Plan, prior: Floats, history: History, out: Smoothed, ahead: Filtered, part: int) -> None:
    """PART pairs, forward and back; u does not move, so its filtered end is its smoothed value."""
    sessions = history.days.shape[1]
    rows = np.empty(LANES * rows_for(sessions, sessions))
    last = min((part + 1) * PART, history.days.shape[0])
    for first in range(part * PART, last, LANES):
        pairs = min(LANES, last - first)
        begin(rows, prior)
        follow_and_keep(rows, plan, history, out, ahead, first, pairs)
        forget_after(rows)
        for t in range(sessions - 1, -1, -1):
            record = rows_for(sessions, t)
            look_at_smoothed(rows, plan, t, record)
            show_level(rows, out.level_mean, out.level_sd, first, pairs, t)
            smooth_session(rows, plan, record)


@compiled
def smooth_few(plan: Plan, prior: Floats, history: History, out: Smoothed, ahead: Filtered) -> None:
    """All pairs on one thread."""
    for part in range((history.days.shape[0] + PART - 1) // PART):
        smooth_part(plan, prior, history, out, ahead, part)


@compiled_parallel
def smooth_rows(plan: Plan, prior: Floats, history: History, out: Smoothed, ahead: Filtered) -> None:
    """All pairs on all threads."""
    for part in numba.prange((history.days.shape[0] + PART - 1) // PART):
        smooth_part(plan, prior, history, out, ahead, part)


@inlined
def begin_back(rows: Floats, seeds: Floats, first: int, pairs: int) -> None:
    """The adjoints after the last session: what somebody makes of the final trait, seeds (N, 9), or nothing."""
    forget_after(rows)
    if seeds.shape[0] == 0:
        return
    for i in range(pairs):
        for p in range(3):
            rows[LANES * (LIFT + p) + i] = seeds[first + i, p]
            for q in range(p + 1):
                rows[LANES * (WEIGHT + PLACE[p, q]) + i] = seeds[first + i, 3 + PLACE[p, q]]


@compiled
def gradient_part(
    plan: Plan, prior: Floats, history: History, seeds: Floats, found: Floats, sums: Floats, part: int
) -> None:
    """PART pairs, forward and back. found (N, 10) as in `likelihood_part`; sums (parts, 40) of this part."""
    sessions = history.days.shape[1]
    records = rows_for(sessions, 0)
    rows = np.empty(LANES * rows_for(sessions, sessions))
    for k in range(SUMS, SUMS + NUMBERS):
        put(rows, k, spread(0.0))
    last = min((part + 1) * PART, history.days.shape[0])
    for first in range(part * PART, last, LANES):
        pairs = min(LANES, last - first)
        begin(rows, prior)
        lay_out(rows, history, first, pairs)
        for t in range(sessions):
            record = records + RECORD * t
            open_session(rows, plan, t, record)
            remember_before(rows, record)
            take_in_session(rows, plan, INPUT + SESSION_INPUT * t, record, True)
        for i in range(pairs):
            show_trait(rows, found, i, first + i)
        begin_back(rows, seeds, first, pairs)
        for t in range(sessions - 1, -1, -1):
            turn_session(rows, plan, records + RECORD * t)
        turn_start(rows)
    for k in range(NUMBERS):
        sums[part, k] = 0.0
        for i in range(LANES):
            sums[part, k] += rows[LANES * (SUMS + k) + i]


@compiled_parallel
def gradient_rows(plan: Plan, prior: Floats, history: History, seeds: Floats, found: Floats, sums: Floats) -> None:
    """All pairs on all threads."""
    for part in numba.prange((history.days.shape[0] + PART - 1) // PART):
        gradient_part(plan, prior, history, seeds, found, sums, part)
