"""The compiled walk over sessions of `flags@2`. Frozen with flags2.py: another rule is another file.

All compiled code of the version and its numbers stay in this one file: the cache on disk notices changes of no other.
"""

import math

import numba
import numpy as np
from numpy.typing import NDArray

from accord.science.ruptures.flags2_layout import Seen, compiled, compiled_for_all_threads, inlined
from accord.science.ruptures.model import Floats

LEARNING = 4  # check-ins that must be in before a number may raise a flag
# What a fall may look like, as shares of its depth on goal, task, bond: one pillar nearly alone (0 to 2), one pillar
# and half as much on the others (3 to 5), all three alike (6). All are taken as equally likely.
ALONE, HALF, WAYS = 0.05, 0.5, 7
DIRECTIONS = np.array(
    [
        [1.0, ALONE, ALONE],
        [ALONE, 1.0, ALONE],
        [ALONE, ALONE, 1.0],
        [1.0, HALF, HALF],
        [HALF, 1.0, HALF],
        [HALF, HALF, 1.0],
        [1.0, 1.0, 1.0],
    ]
)
DEPTHS = np.array([1.5, 2.25, 3.0, 4.0])  # points that a dip may have, equally likely
SLIDE_DEPTH, CAP = 1.0, 1.0  # points a slide adds up by; what one session may add, so that a bad day is no slide
LOW_BELOW, LOW_SURE, LOW_SESSIONS = 6.0, 0.9, 3
LOW_Z = 1.2815515655446004  # Φ⁻¹(.9)
PERFECT, PERFECT_SESSIONS = 10.0, 4
SILENT_SESSIONS, SILENT_AFTER = 2, 2  # after so many check-ins, no answer is news
SHORT_SESSIONS, FULL_SESSIONS = 2, 4  # short after so many full check-ins in a row
LATE_SESSIONS, LATE_BY = 2, 1.0  # late: longer than every earlier wait, by so many days
SAID = (1, 2)  # tension codes "a bit" and "yes"
ROUNDING = 1.0 / 12.0
ROOT_HALF = 0.7071067811865476
NOTHING = -math.inf  # the statistic of a session in which nothing lies below its forecast
FEW_PAIRS = 512  # below this, waking the other threads costs more than they give

SLOTS = ("said", "dip", "slide", "low", "low", "low", "ceiling", "silence")
SAID_BIT, DIP_BIT, SLIDE_BIT, LOW_BIT, CEILING_BIT, SILENCE_BIT = 0, 1, 2, 3, 6, 7


# One pair's Watch in a row of numbers, then what this session gave: the walk indexes plain arrays only, because each
# look into a tuple of arrays costs more than the arithmetic.
COUNT, PERFECT_RUN, SILENT_RUN, LOW_RUN = 0, 1, 2, 3
FULL_RUN, SHORT_RUN, LATE_RUN, LONGEST, SLIDE, LEAN = 6, 7, 8, 9, 10, 11
CARRIED = 14
HEARD, ANSWERED, RATIO, FALLEN, SLID, HELD = 14, 15, 16, 17, 18, 19
RATING, MEAN, VAR, LEVEL, LEVEL_SD, SHARED, FACTS = 0, 1, 2, 3, 4, 5, 6
# A row of scratch a pillar: of L, then e, f, the SD given the rows above, and which pillar it is.
WHITE, TURNED, SPREAD, PLACE, WORK = 3, 4, 5, 6, 7


@inlined
def _log_above(a: float) -> float:
    """log P(Z > a)."""
    if a > 12.0:
        return -0.5 * a * a - 0.9189385332046727 - math.log(a + 1.0 / a)
    return math.log(0.5 * math.erfc(a * ROOT_HALF))


@inlined
def _share(now: Floats, p: int, q: int) -> float:
    """Forecast covariance of two pillars: goal and task, goal and bond, task and bond lie in that order."""
    shared: float = now[p + q - 1, SHARED]
    return shared


@inlined
def _in_order(now: Floats, work: Floats) -> tuple[int, int]:
    """Places of the pillars: ratings below ten first, then tens. How many of the first, and of both."""
    opened = 0
    for p in range(3):
        if now[p, RATING] < PERFECT:
            work[opened, PLACE] = p
            opened += 1
    rated = opened
    for p in range(3):
        if now[p, RATING] >= PERFECT:
            work[rated, PLACE] = p
            rated += 1
    return opened, rated


@inlined
def _whiten(now: Floats, work: Floats, opened: int, rated: int) -> float:
    """Rows of L and e = L⁻¹(y − m); for a ten, α = (9.5 − m)/s given the others. Gives log P(the tens)."""
    log = 0.0
    for a in range(rated):
        p = int(work[a, PLACE])
        var, mean = now[p, VAR], now[p, MEAN]
        for b in range(min(a, opened)):
            s = _share(now, p, int(work[b, PLACE]))
            for k in range(b):
                s -= work[a, k] * work[b, k]
            work[a, b] = s / work[b, b]
            var -= work[a, b] * work[a, b]
            mean += work[a, b] * work[b, WHITE]
        sd = math.sqrt(var)
        work[a, SPREAD] = sd
        if a < opened:
            work[a, a] = sd
            work[a, WHITE] = (now[p, RATING] - mean) / sd
        else:
            work[a, WHITE] = (PERFECT - 0.5 - mean) / sd
            log += _log_above(work[a, WHITE])
    return log


@inlined
def _turn(work: Floats, d: int, opened: int, rated: int) -> tuple[float, float]:
    """f = L⁻¹w of one direction, and f'e, f'f over the ratings below ten."""
    along, length = 0.0, 0.0
    for a in range(rated):
        s = DIRECTIONS[d, int(work[a, PLACE])]
        for k in range(min(a, opened)):
            s -= work[a, k] * work[k, TURNED]
        work[a, TURNED] = s / work[a, SPREAD]
        if a < opened:
            along += work[a, TURNED] * work[a, WHITE]
            length += work[a, TURNED] * work[a, TURNED]
    return along, length


@inlined
def _without_tens(now: Floats, logs: Floats, deep: int) -> None:
    """The same for three ratings below ten, by the inverse of S in closed form."""
    a, b, c = now[0, VAR], now[1, VAR], now[2, VAR]
    ab, ac, bc = now[0, SHARED], now[1, SHARED], now[2, SHARED]
    aa, bb, cc = b * c - bc * bc, a * c - ac * ac, a * b - ab * ab
    ba, ca, cb = ac * bc - ab * c, ab * bc - b * ac, ab * ac - a * bc
    scale = 1.0 / (a * aa + ab * ba + ac * ca)
    x, y, z = (now[0, RATING] - now[0, MEAN], now[1, RATING] - now[1, MEAN], now[2, RATING] - now[2, MEAN])
    pull = (aa * x + ba * y + ca * z, ba * x + bb * y + cb * z, ca * x + cb * y + cc * z)
    for d in range(WAYS):
        u, v, w = DIRECTIONS[d, 0], DIRECTIONS[d, 1], DIRECTIONS[d, 2]
        along = scale * (u * pull[0] + v * pull[1] + w * pull[2])
        length = scale * (aa * u * u + bb * v * v + cc * w * w + 2.0 * (ba * u * v + ca * u * w + cb * v * w))
        for g in range(0 if deep else 4, 5):
            depth = SLIDE_DEPTH if g == 4 else DEPTHS[g]
            logs[d, g] = -depth * along - 0.5 * depth * depth * length


@compiled
def _likelihoods(now: Floats, work: Floats, logs: Floats, deep: int) -> None:
    """logs (WAYS, 5): log p(ratings | forecast − depth·direction) − log p(ratings | forecast).

    Ratings below ten are taken as N(m, S), with S of Forecast.sd, Forecast.shared and 1/12 for rounding: by
    S = L L', white residuals e = L⁻¹(y − m) and white directions f = L⁻¹w give −δ f'e − δ² f'f / 2.
    A ten only says "above 9.5": its own tail probability, given the ratings below ten; two tens are taken as
    independent of each other once those are known. Column 4 is the slide's depth; without `deep` only that one.
    """
    opened, rated = _in_order(now, work)
    if opened == 3:
        _without_tens(now, logs, deep)
        return
    base = _whiten(now, work, opened, rated)
    for d in range(WAYS):
        along, length = _turn(work, d, opened, rated)
        for g in range(0 if deep else 4, 5):
            depth = SLIDE_DEPTH if g == 4 else DEPTHS[g]
            log = -depth * along - 0.5 * depth * depth * length - base
            for a in range(opened, rated):
                log += _log_above(work[a, WHITE] + depth * work[a, TURNED])
            logs[d, g] = log


@inlined
def _dip(held: Floats, now: Floats, logs: Floats, least: float, i: int) -> None:
    """The statistic log mean LR over directions and depths, and the pillar whose own directions give most.

    A mean is never above its largest part: where that does not pass `least`, the mean is not worked out.
    """
    top = logs[0, 0]
    for d in range(WAYS):
        for g in range(4):
            top = max(top, logs[d, g])
    if top <= least:
        return
    total, most = 0.0, -1.0
    for d in range(WAYS):
        for g in range(4):
            logs[d, g] = math.exp(logs[d, g] - top)
            total += logs[d, g]
    for p in range(3):
        if now[p, RATING] < min(now[p, MEAN], PERFECT):
            part = 0.0
            for g in range(4):
                part += logs[p, g] + logs[p + 3, g]
            if part > most:
                most = part
                held[i, FALLEN] = p
    held[i, RATIO] = top + math.log(total / (4.0 * WAYS))


@inlined
def _slide(held: Floats, now: Floats, logs: Floats, i: int) -> float:
    """S ← max(0, S + min(log mean LR at the slide's depth, cap)). Returns the step."""
    total = 0.0
    for d in range(WAYS):
        total += math.exp(logs[d, 4])
    step = min(math.log(total / WAYS), CAP)
    held[i, SLIDE] = max(0.0, held[i, SLIDE] + step)
    most = -math.inf
    for p in range(3):
        if held[i, SLIDE] == 0.0:
            held[i, LEAN + p] = 0.0
        elif not math.isnan(now[p, RATING]):
            held[i, LEAN + p] += min(logs[p, 4], CAP)
            if held[i, LEAN + p] > most and now[p, RATING] < now[p, MEAN]:
                most = held[i, LEAN + p]
                held[i, SLID] = p
    return step


@inlined
def _look(seen: Seen, now: Floats, i: int, t: int) -> None:
    """Lay one session's facts side by side: now (3, FACTS)."""
    for p in range(3):
        now[p, RATING] = seen.readings[i, t, p]
        now[p, MEAN] = seen.forecast_mean[i, t, p]
        now[p, VAR] = seen.forecast_sd[i, t, p] * seen.forecast_sd[i, t, p] + ROUNDING
        now[p, LEVEL] = seen.level_mean[i, t, p]
        now[p, LEVEL_SD] = seen.level_sd[i, t, p]
        now[p, SHARED] = seen.forecast_shared[i, t, p]


@inlined
def _listen(held: Floats, now: Floats, wait: float, i: int) -> None:
    """Count ratings, tens, silences, short and late answers."""
    answered, perfect = 0, True
    for p in range(3):
        if not math.isnan(now[p, RATING]):
            answered += 1
            perfect = perfect and now[p, RATING] >= PERFECT
    held[i, HEARD] = 1.0 if answered else 0.0
    held[i, ANSWERED] = answered
    held[i, SILENT_RUN] = 0.0 if answered else held[i, SILENT_RUN] + 1.0
    if not answered:
        return
    held[i, COUNT] += 1.0
    held[i, PERFECT_RUN] = held[i, PERFECT_RUN] + 1.0 if perfect else 0.0
    if answered == 3:
        held[i, FULL_RUN] = held[i, FULL_RUN] + 1.0 if held[i, SHORT_RUN] == 0.0 else 1.0
        held[i, SHORT_RUN] = 0.0
    else:
        held[i, SHORT_RUN] += 1.0
    if not math.isnan(wait):
        _wait(held, wait, i)


@inlined
def _wait(held: Floats, wait: float, i: int) -> None:
    if held[i, COUNT] > LEARNING and wait > held[i, LONGEST] + LATE_BY:
        held[i, LATE_RUN] += 1.0
    else:
        held[i, LATE_RUN] = 0.0
        held[i, LONGEST] = max(held[i, LONGEST], wait)


@inlined
def _hints(held: Floats, now: Floats, i: int) -> int:
    """Bits of low, ceiling and silence."""
    bits = 0
    if held[i, SILENT_RUN] >= SILENT_SESSIONS and held[i, COUNT] >= SILENT_AFTER:
        bits |= 1 << SILENCE_BIT
    if held[i, HEARD] == 0.0:
        return bits
    if held[i, SHORT_RUN] >= SHORT_SESSIONS and held[i, FULL_RUN] >= FULL_SESSIONS:
        bits |= 1 << SILENCE_BIT
    if held[i, LATE_RUN] >= LATE_SESSIONS:
        bits |= 1 << SILENCE_BIT
    if held[i, PERFECT_RUN] >= PERFECT_SESSIONS:
        bits |= 1 << CEILING_BIT
    for p in range(3):
        if not math.isnan(now[p, RATING]):
            sure = (LOW_BELOW - now[p, LEVEL]) > LOW_Z * now[p, LEVEL_SD]
            held[i, LOW_RUN + p] = held[i, LOW_RUN + p] + 1.0 if sure else 0.0
            if held[i, COUNT] >= LEARNING and held[i, LOW_RUN + p] >= LOW_SESSIONS:
                bits |= 1 << (LOW_BIT + p)
    return bits


@inlined
def _is_judged(held: Floats, now: Floats, i: int) -> bool:
    """A check-in after the fourth; where two pillars are rated, their covariance must be known."""
    if held[i, HEARD] == 0.0 or held[i, COUNT] <= LEARNING:  # this check-in is counted already
        return False
    return not (math.isnan(now[0, SHARED]) or math.isnan(now[1, SHARED]) or math.isnan(now[2, SHARED]))


@inlined
def _fell(now: Floats) -> int:
    """1 where some rating lies below its forecast: only then can there be a dip."""
    for p in range(3):
        if now[p, RATING] < PERFECT and now[p, RATING] < now[p, MEAN]:
            return 1
    return 0


@inlined
def _judge(held: Floats, now: Floats, scratch: tuple[Floats, Floats], least: float, i: int) -> tuple[float, int]:
    """Both statistics of a session: what it gives to the CUSUM, and whether anything fell."""
    work, logs = scratch
    held[i, RATIO] = NOTHING
    deep = _fell(now)
    _likelihoods(now, work, logs, deep)
    if deep:
        _dip(held, now, logs, least, i)
    return _slide(held, now, logs, i), deep


@compiled
def walk_rows(held: Floats, seen: Seen, limits: tuple[float, float], marked: NDArray[np.int16], kept: Floats) -> None:
    """All sessions of all pairs in order. Writes held (N, HELD), and the two arrays of Marks.

    What is written must be an argument of its own: the compiler drops writes to arrays inside a tuple.
    """
    now, scratch = np.empty((3, FACTS)), (np.empty((3, WORK)), np.empty((WAYS, 5)))
    for i in range(seen.tension.shape[0]):
        for t in range(seen.tension.shape[1]):
            marked[i, t] = 0
            if math.isnan(seen.forecast_mean[i, t, 0]):
                continue
            _look(seen, now, i, t)
            _listen(held, now, seen.waits[i, t], i)
            tension = seen.tension[i, t]
            fired = 1 << SAID_BIT if tension == SAID[0] or tension == SAID[1] else 0
            fired |= _hints(held, now, i)
            slid = 0
            if _is_judged(held, now, i):
                _, fell = _judge(held, now, scratch, limits[0], i)
                slid = fell if held[i, SLIDE] > limits[1] else 0
                if held[i, RATIO] > limits[0]:
                    fired |= 1 << DIP_BIT
                elif slid:
                    fired |= 1 << SLIDE_BIT
            if fired:
                marked[i, t] = fired
                kept[i, t] = held[i]
            if slid:  # told as a slide, or with the dip; the next one starts from here
                held[i, SLIDE : LEAN + 3] = 0.0


@compiled
def trace_rows(held: Floats, seen: Seen, steps: Floats) -> None:
    """The two statistics of every judged session, steps (N, T, 2): of the dip, and what it gives to the CUSUM."""
    now, scratch = np.empty((3, FACTS)), (np.empty((3, WORK)), np.empty((WAYS, 5)))
    for i in range(seen.tension.shape[0]):
        for t in range(seen.tension.shape[1]):
            steps[i, t, 0] = steps[i, t, 1] = math.nan
            if math.isnan(seen.forecast_mean[i, t, 0]):
                continue
            _look(seen, now, i, t)
            _listen(held, now, math.nan, i)
            if _is_judged(held, now, i):
                step, _ = _judge(held, now, scratch, NOTHING, i)
                steps[i, t, 0], steps[i, t, 1] = held[i, RATIO], step


@compiled_for_all_threads
def walk_blocks(held: Floats, seen: Seen, limits: tuple[float, float], marked: NDArray[np.int16], kept: Floats) -> None:
    """The same, block by block on all threads."""
    for block in numba.prange((len(held) + FEW_PAIRS - 1) // FEW_PAIRS):
        a, z = block * FEW_PAIRS, min((block + 1) * FEW_PAIRS, len(held))
        part = Seen(
            seen.readings[a:z],
            seen.tension[a:z],
            seen.waits[a:z],
            seen.forecast_mean[a:z],
            seen.forecast_sd[a:z],
            seen.forecast_shared[a:z],
            seen.level_mean[a:z],
            seen.level_sd[a:z],
        )
        walk_rows(held[a:z], part, limits, marked[a:z], kept[a:z])


@compiled
def cusum_rows(ratio: Floats, step: Floats, limit: float, fired: NDArray[np.bool_]) -> None:
    """Where the CUSUM of steps (N, T) would be told as a slide, were it alone: `walk_rows` without the rest."""
    for i in range(step.shape[0]):
        height = 0.0
        for t in range(step.shape[1]):
            fired[i, t] = False
            if math.isnan(step[i, t]):
                continue
            height = max(0.0, height + step[i, t])
            if height > limit and ratio[i, t] > NOTHING:
                fired[i, t] = True
                height = 0.0
