"""Compiled arithmetic of `alliance@1`: one pair at a time, one reading at a time, no matrix inverse.

All compiled code stays in this one file: the on-disk cache notices changes of the file that it compiles, not
of the files that are imported from there.

A reading is h'x + offset + noise with few non-zero entries in h: weight on u_p and d_p, lean on b_p. With
g = P h and s² = h'g + R, taking in one reading is

    m ← m + g e,   P ← P − g g' w,

with e = (y − ŷ)/s², w = 1/s² for an open reading. At a limit c of the scale only "y > c" is known: with
α = (c − ŷ)/s and the normal hazard h(α) = φ(α)/Φ(−α), the moments of the truncated normal give e = h/s and
w = h (h − α)/s² (mirrored at the floor), and the log-likelihood is the log tail probability log Φ(−α).
"""

import math

import numba
import numpy as np

from accord.science.alliance.layout import (
    Backward,
    History,
    Plan,
    State,
    Trace,
    Way,
    compiled,
    compiled_parallel,
    inlined,
)
from accord.science.alliance.model import Filtered, Floats, Smoothed

BLOCK = 64  # pairs that one thread takes at a time with one scratch
TOP, FLOOR = 10.0, 0.0
ROUNDING = 1.0 / 12.0  # variance of rounding to whole numbers
ROOT_HALF = math.sqrt(0.5)
LOG_ROOT_TWO_PI = 0.5 * math.log(2.0 * math.pi)
ROOT_TWO_OVER_PI = math.sqrt(2.0 / math.pi)
FAR = 12.0  # standard deviations beyond which the hazard comes from its continued fraction


@inlined
def hazard(a: float) -> tuple[float, float]:
    """h(a) = φ(a)/Φ(−a) and h(a) − a, both without cancellation: h − a = 1/(a + 2/(a + 3/(a + …)))."""
    if a < FAR:
        h = ROOT_TWO_OVER_PI * math.exp(-0.5 * a * a) / math.erfc(a * ROOT_HALF)
        return h, h - a
    excess = 0.0
    for k in range(24, 0, -1):
        excess = k / (a + excess)
    return a + excess, excess


@inlined
def log_upper_tail(a: float) -> float:
    """log Φ(−a), far into both tails."""
    if a < -5.0:
        return math.log1p(-0.5 * math.erfc(-a * ROOT_HALF))
    if a < FAR:
        return math.log(0.5 * math.erfc(a * ROOT_HALF))
    return -0.5 * a * a - LOG_ROOT_TWO_PI - math.log(hazard(a)[0])


@inlined
def lower_tail(y: float, mean: float, sd: float, whole: bool) -> float:
    """P(rating <= y): rounding puts the border half a point above y, and nothing lies above the top."""
    if whole and y >= TOP:
        return 1.0
    border = y + 0.5 if whole else y
    return 0.5 * math.erfc((mean - border) / sd * ROOT_HALF)


@inlined
def is_closed(plan: Plan, y: float) -> int:
    """1 where the rating lies at an end of the scale, so that only a limit is known; 0 where it is open."""
    return 1 if plan.whole and (y >= TOP or y <= FLOOR) else 0


@inlined
def weigh(y: float, mean: float, var: float, whole: bool) -> tuple[float, float, float]:
    """(e, w, log-likelihood) of one reading predicted as N(mean, var) before rounding and cutting off."""
    if whole and (y >= TOP or y <= FLOOR):
        sd = math.sqrt(var)
        sign = 1.0 if y >= TOP else -1.0
        border = TOP - 0.5 if y >= TOP else FLOOR + 0.5
        a = sign * (border - mean) / sd
        h, excess = hazard(a)
        return sign * h / sd, h * excess / var, log_upper_tail(a)
    spread = var + ROUNDING if whole else var
    gap = y - mean
    loglik = -LOG_ROOT_TWO_PI - 0.5 * (math.log(spread) + gap * gap / spread)
    return gap / spread, 1.0 / spread, loglik


@inlined
def move(plan: Plan, state: State, day: float) -> None:
    """Let the days pass: d ← F d, P ← F P F + Σ_d − F Σ_d F with F = exp(−λ Δ); u and b stay."""
    mean, cov = state.mean, state.cov
    gap = day - state.clock[0]
    state.clock[0] = day
    if gap == 0.0:
        return
    lost = (
        math.expm1(-plan.rate[0] * gap),
        math.expm1(-plan.rate[1] * gap),
        math.expm1(-plan.rate[2] * gap),
    )
    for p in range(3):
        fade = 1.0 + lost[p]
        mean[3 + p] *= fade
        for c in range(9):
            cov[3 + p, c] *= fade
        for c in range(9):
            cov[c, 3 + p] *= fade
    for p in range(3):
        for q in range(3):
            # 1 − F_p F_q, without cancellation over the shortest gap
            fresh = -(lost[p] + lost[q] + lost[p] * lost[q])
            cov[3 + p, 3 + q] += plan.state_cov[p, q] * fresh


@inlined
def expect(plan: Plan, state: State, j: int, growth: float) -> tuple[float, float]:
    """Mean and variance of reading j before rounding, from the belief as it stands."""
    p = j % 3
    weight, lean = plan.readers[j, 2], plan.readers[j, 3]
    mean, cov = state.mean, state.cov
    level = cov[p, p] + 2.0 * cov[p, 3 + p] + cov[3 + p, 3 + p]
    cross = cov[p, 6 + p] + cov[3 + p, 6 + p]
    var = weight * weight * level + lean * (2.0 * weight * cross + lean * cov[6 + p, 6 + p])
    centre = plan.readers[j, 0] + plan.readers[j, 1] * growth
    centre += weight * (mean[p] + mean[3 + p]) + lean * mean[6 + p]
    return centre, var + plan.readers[j, 4]


@inlined
def take_in(plan: Plan, state: State, trace: Trace, slot: int, j: int, y: float, growth: float) -> float:
    """One reading: m ← m + g e, P ← P − g g' w. Returns its log-likelihood; leaves g, e, w in the trace."""
    p = j % 3
    weight, lean = plan.readers[j, 2], plan.readers[j, 3]
    mean, cov = state.mean, state.cov
    for r in range(9):
        trace.gain[slot, j, r] = weight * (cov[p, r] + cov[3 + p, r]) + lean * cov[6 + p, r]
    centre, var = expect(plan, state, j, growth)
    e, w, loglik = weigh(y, centre, var, plan.whole)
    trace.pull[slot, j, 0] = e
    trace.pull[slot, j, 1] = w
    root = math.sqrt(w)  # g √w on both sides keeps P exactly symmetric
    for r in range(9):
        mean[r] += trace.gain[slot, j, r] * e
        left = trace.gain[slot, j, r] * root
        for c in range(9):
            cov[r, c] -= left * (trace.gain[slot, j, c] * root)
    return loglik


@inlined
def look_ahead(plan: Plan, state: State, readings: Floats, growth: float, out: Filtered, i: int, t: int) -> None:
    """Forecast of all six readings from earlier sessions, and how far each reading lies from it."""
    for p in range(3):
        a, b = (1 if p == 2 else 0), (1 if p == 0 else 2)
        cov = state.cov
        out.forecast_shared[i, t, p] = cov[a, b] + cov[a, 3 + b] + cov[3 + a, b] + cov[3 + a, 3 + b]
    for j in range(6):
        centre, var = expect(plan, state, j, growth)
        sd = math.sqrt(var)
        y = readings[i, t, j]
        out.forecast_mean[i, t, j] = centre
        out.forecast_sd[i, t, j] = sd
        out.z[i, t, j] = (y - centre) / sd
        out.tail[i, t, j] = math.nan if math.isnan(y) else lower_tail(y, centre, sd, plan.whole)


@inlined
def take_in_session(plan: Plan, state: State, trace: Trace, slot: int, given: Floats, growth: float) -> float:
    """All readings of one session; NaN is missing. Impossible ratings: log-likelihood NaN.

    Open readings first: their steps are exact in any order, and so the first censored one is exact as well.
    """
    loglik = 0.0
    for closed in range(2):
        for j in range(6):
            y = given[j]
            if math.isnan(y):
                trace.pull[slot, j, 1] = 0.0
            elif is_closed(plan, y) == closed:
                loglik += take_in(plan, state, trace, slot, j, y, growth)
                if math.isinf(y) or (plan.whole and (y < FLOOR or y > TOP)):
                    loglik = math.nan
    if not (math.isnan(given[0]) and math.isnan(given[1]) and math.isnan(given[2])):
        state.clock[1] += 1.0
    return loglik


@inlined
def read_level(plan: Plan, state: State, growth: float, out: Filtered, i: int, t: int) -> None:
    """Mean and sd of a_p(t) from the belief as it stands."""
    for p in range(3):
        level = plan.readers[p, 0] + plan.readers[p, 1] * growth + state.mean[p] + state.mean[3 + p]
        var = state.cov[p, p] + 2.0 * state.cov[p, 3 + p] + state.cov[3 + p, 3 + p]
        out.level_mean[i, t, p] = level
        out.level_sd[i, t, p] = math.sqrt(max(var, 0.0))


@inlined
def without_day(history: History, i: int, t: int) -> float:
    """A session that does not exist adds nothing; readings without a day turn the log-likelihood NaN."""
    for j in range(6):
        if not math.isnan(history.readings[i, t, j]):
            return math.nan
    return 0.0


@inlined
def leave_blank(out: Filtered, i: int, t: int) -> None:
    """A session that does not exist: NaN everywhere."""
    out.level_mean[i, t, :] = math.nan
    out.level_sd[i, t, :] = math.nan
    out.forecast_mean[i, t, :] = math.nan
    out.forecast_sd[i, t, :] = math.nan
    out.forecast_shared[i, t, :] = math.nan
    out.z[i, t, :] = math.nan
    out.tail[i, t, :] = math.nan


@inlined
def follow(plan: Plan, state: State, trace: Trace, history: History, out: Filtered, i: int) -> None:
    """All sessions of pair i, from the belief given. A day before the last one: log-likelihood NaN."""
    loglik = 0.0
    for t in range(history.days.shape[1]):
        day = history.days[i, t]
        if math.isnan(day):
            loglik += without_day(history, i, t)
            leave_blank(out, i, t)
            continue
        if not state.clock[0] <= day < math.inf:
            loglik = math.nan
        move(plan, state, day)
        growth = -math.expm1(-day / plan.gain_days)
        look_ahead(plan, state, history.readings, growth, out, i, t)
        loglik += take_in_session(plan, state, trace, 0, history.readings[i, t], growth)
        read_level(plan, state, growth, out, i, t)
    out.loglik[i] = loglik


@compiled
def update_rows(plan: Plan, beliefs: State, history: History, out: Filtered) -> None:
    """Pair by pair on one thread, in place: beliefs (N, 9), (N, 9, 9), (N, 2) become the new ones."""
    trace = Trace(np.empty((1, 6, 9)), np.empty((1, 6, 2)))
    for i in range(history.days.shape[0]):
        follow(plan, State(beliefs.mean[i], beliefs.cov[i], beliefs.clock[i]), trace, history, out, i)


@compiled
def filter_block(plan: Plan, prior: Floats, history: History, out: Filtered, first: int) -> None:
    """A block of pairs, each from the prior covariance (9, 9), with one scratch for all of them."""
    state = State(np.empty(9), np.empty((9, 9)), np.empty(2))
    trace = Trace(np.empty((1, 6, 9)), np.empty((1, 6, 2)))
    for i in range(first, min(first + BLOCK, history.days.shape[0])):
        state.mean[:] = 0.0
        state.cov[:, :] = prior
        state.clock[:] = 0.0
        follow(plan, state, trace, history, out, i)


@compiled_parallel
def filter_rows(plan: Plan, prior: Floats, history: History, out: Filtered) -> None:
    """All pairs, the blocks shared out over all threads."""
    for block in numba.prange((history.days.shape[0] + BLOCK - 1) // BLOCK):
        filter_block(plan, prior, history, out, block * BLOCK)


@inlined
def remember(state: State, way: Way, t: int) -> None:
    """Filtered level and its covariance with the whole state after session t."""
    mean, cov = state.mean, state.cov
    for p in range(3):
        for r in range(9):
            way.across[t, p, r] = cov[p, r] + cov[3 + p, r]
        way.level[t, p, 0] = mean[p] + mean[3 + p]
        way.level[t, p, 1] = way.across[t, p, p] + way.across[t, p, 3 + p]


@inlined
def go_forward(plan: Plan, state: State, history: History, way: Way, i: int) -> float:
    """Filter pair i and remember what the way back needs. Returns the log-likelihood, NaN as in `follow`."""
    loglik = 0.0
    for t in range(history.days.shape[1]):
        day = history.days[i, t]
        if math.isnan(day):
            loglik += without_day(history, i, t)
            continue
        if not state.clock[0] <= day < math.inf:
            loglik = math.nan
        for p in range(3):
            way.fade[t, p] = 1.0 + math.expm1(-plan.rate[p] * (day - state.clock[0]))
        move(plan, state, day)
        growth = -math.expm1(-day / plan.gain_days)
        loglik += take_in_session(plan, state, way.trace, t, history.readings[i, t], growth)
        remember(state, way, t)
    return loglik


@inlined
def look_back(plan: Plan, back: Backward, trace: Trace, t: int, j: int) -> None:
    """Past one reading: with L = I − g w h', r ← h e + L'r and N ← h h' w + L'N L; h has three entries."""
    lift, weight, q = back.lift, back.weight, back.q
    e, w = trace.pull[t, j, 0], trace.pull[t, j, 1]
    p = j % 3
    along, spread = 0.0, 0.0
    for r in range(9):
        q[r] = 0.0
        for c in range(9):
            q[r] += weight[r, c] * trace.gain[t, j, c]
        along += trace.gain[t, j, r] * lift[r]
        spread += trace.gain[t, j, r] * q[r]
    for block in range(3):
        a = 3 * block + p
        h = plan.readers[j, 3] if block == 2 else plan.readers[j, 2]
        lift[a] += h * (e - w * along)
        for c in range(9):
            weight[a, c] -= w * h * q[c]
            weight[c, a] -= w * h * q[c]
        for other in range(3):
            g = plan.readers[j, 3] if other == 2 else plan.readers[j, 2]
            weight[a, 3 * other + p] += h * g * (w + w * w * spread)


@inlined
def fade_back(back: Backward, way: Way, t: int) -> None:
    """Past the days before session t: r ← F r, N ← F N F."""
    for p in range(3):
        back.lift[3 + p] *= way.fade[t, p]
        for c in range(9):
            back.weight[3 + p, c] *= way.fade[t, p]
        for c in range(9):
            back.weight[c, 3 + p] *= way.fade[t, p]


@inlined
def read_smoothed(plan: Plan, back: Backward, way: Way, growth: float, out: Smoothed, i: int, t: int) -> None:
    """Level with hindsight: mean + (P h)'r, variance − (P h)'N(P h)."""
    for p in range(3):
        mean = plan.readers[p, 0] + plan.readers[p, 1] * growth + way.level[t, p, 0]
        var = way.level[t, p, 1]
        for r in range(9):
            mean += way.across[t, p, r] * back.lift[r]
            for c in range(9):
                var -= way.across[t, p, r] * back.weight[r, c] * way.across[t, p, c]
        out.level_mean[i, t, p] = mean
        out.level_sd[i, t, p] = math.sqrt(max(var, 0.0))


@inlined
def go_back(plan: Plan, back: Backward, way: Way, history: History, out: Smoothed, i: int) -> None:
    """From the last session of pair i to its first."""
    back.lift[:] = 0.0
    back.weight[:, :] = 0.0
    for t in range(history.days.shape[1] - 1, -1, -1):
        day = history.days[i, t]
        if math.isnan(day):
            out.level_mean[i, t, :] = math.nan
            out.level_sd[i, t, :] = math.nan
            continue
        read_smoothed(plan, back, way, -math.expm1(-day / plan.gain_days), out, i, t)
        for closed in range(1, -1, -1):
            for j in range(5, -1, -1):
                if way.trace.pull[t, j, 1] > 0.0 and is_closed(plan, history.readings[i, t, j]) == closed:
                    look_back(plan, back, way.trace, t, j)
        fade_back(back, way, t)


@compiled
def smooth_block(plan: Plan, prior: Floats, history: History, out: Smoothed, first: int) -> None:
    """A block of pairs, forward and back; u does not move, so its filtered end is its smoothed value."""
    sessions = history.days.shape[1]
    state = State(np.empty(9), np.empty((9, 9)), np.empty(2))
    trace = Trace(np.empty((sessions, 6, 9)), np.empty((sessions, 6, 2)))
    way = Way(trace, np.empty((sessions, 3, 9)), np.empty((sessions, 3, 2)), np.empty((sessions, 3)))
    back = Backward(np.empty(9), np.empty((9, 9)), np.empty(9))
    for i in range(first, min(first + BLOCK, history.days.shape[0])):
        state.mean[:] = 0.0
        state.cov[:, :] = prior
        state.clock[:] = 0.0
        out.loglik[i] = go_forward(plan, state, history, way, i)
        for p in range(3):
            out.trait_mean[i, p] = plan.readers[p, 0] + state.mean[p]
            out.trait_sd[i, p] = math.sqrt(max(state.cov[p, p], 0.0))
        go_back(plan, back, way, history, out, i)


@compiled
def smooth_few(plan: Plan, prior: Floats, history: History, out: Smoothed) -> None:
    """All pairs on one thread."""
    for first in range(0, history.days.shape[0], BLOCK):
        smooth_block(plan, prior, history, out, first)


@compiled_parallel
def smooth_rows(plan: Plan, prior: Floats, history: History, out: Smoothed) -> None:
    """All pairs, the blocks shared out over all threads."""
    for block in numba.prange((history.days.shape[0] + BLOCK - 1) // BLOCK):
        smooth_block(plan, prior, history, out, block * BLOCK)
