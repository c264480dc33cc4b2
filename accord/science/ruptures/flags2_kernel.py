"""The compiled walk over sessions of `flags@2`. Frozen with flags2.py: another rule is another file.

All code of the version and its numbers stay in this one file. The cache on disk notices changes of no other, so
BUILT_ON stands for the arithmetic of sixteen numbers at a time that is merged into it.
"""

import math

import numba
import numpy as np
from numpy.typing import NDArray

from accord.science.alliance.elementary import exponential, log_upper_tail
from accord.science.alliance.lanes import LANES, Row, get, largest, put, spread, sum_of
from accord.science.ruptures.flags2_layout import Seen, compiled, compiled_for_all_threads, inlined
from accord.science.ruptures.model import Floats

BUILT_ON = "3396ae60e8057738"  # elementary.py and what it stands on; a test holds it
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
# All cases of depth and direction are worked out sixteen at a time: row 0 and 1 hold the four depths of a dip, row 2
# the slide's, each with the seven directions and the last one once more, which counts as nothing in sums.
PADDED, SLIDES, PARTS = 8, 2, 3
_CASES = [(depth, min(d, WAYS - 1), d < WAYS) for depth in DEPTHS for d in range(PADDED)]
_CASES += [(SLIDE_DEPTH, min(d, WAYS - 1), d < WAYS) for d in range(LANES)]
DEPTH, ONCE = np.array([depth for depth, _, _ in _CASES]), np.array([float(once) for _, _, once in _CASES])
TOWARDS = np.array([[DIRECTIONS[d, p] for _, d, _ in _CASES] for p in range(3)]).ravel()
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
# A row of scratch a pillar: of L, then e, 1 over the SD given the rows above, and which pillar it is.
WHITE, INVERSE, PLACE, WORK = 3, 4, 5, 6


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
        work[a, INVERSE] = 1.0 / sd
        if a < opened:
            work[a, a] = sd
            work[a, WHITE] = (now[p, RATING] - mean) / sd
        else:
            work[a, WHITE] = (PERFECT - 0.5 - mean) / sd
            log += _log_above(work[a, WHITE])
    return log


@inlined
def _turn(work: Floats, rows: Floats, part: int, opened: int, rated: int) -> tuple[Row, Row]:
    """f = L⁻¹w of a row's directions, and f'e, f'f over the ratings below ten."""
    along, length = spread(0.0), spread(0.0)
    for a in range(rated):
        turned = get(TOWARDS, PARTS * int(work[a, PLACE]) + part)
        for k in range(min(a, opened)):
            turned = turned - work[a, k] * get(rows, PARTS + k)
        turned = turned * work[a, INVERSE]
        put(rows, PARTS + a, turned)
        if a < opened:
            along = along + turned * work[a, WHITE]
            length = length + turned * turned
    return along, length


@inlined
def _likelihoods(now: Floats, work: Floats, rows: Floats, deep: int) -> None:
    """Rows 0 to 2: log p(ratings | forecast − depth·direction) − log p(ratings | forecast), laid out as in _CASES.

    Ratings below ten are taken as N(m, S), with S of Forecast.sd, Forecast.shared and 1/12 for rounding: by
    S = L L', white residuals e = L⁻¹(y − m) and white directions f = L⁻¹w give −δ f'e − δ² f'f / 2.
    A ten only says "above 9.5": its own tail probability, given the ratings below ten; two tens are taken as
    independent of each other once those are known. Without `deep` only the slide's.
    """
    opened, rated = _in_order(now, work)
    base = _whiten(now, work, opened, rated)
    for part in range(0 if deep else SLIDES, PARTS):
        along, length = _turn(work, rows, part, opened, rated)
        depth = get(DEPTH, part)
        log = 0.0 - depth * along - 0.5 * depth * depth * length - base
        for a in range(opened, rated):
            log = log + log_upper_tail(work[a, WHITE] + depth * get(rows, PARTS + a))
        put(rows, part, log)


@inlined
def _dip(held: Floats, now: Floats, rows: Floats, least: float, i: int) -> None:
    """The statistic log mean LR over directions and depths, and the pillar whose own directions give most.

    A mean is never above its largest part: where that does not pass `least`, the mean is not worked out.
    """
    top = max(largest(get(rows, 0)), largest(get(rows, 1)))
    if top <= least:
        return
    for part in range(SLIDES):
        put(rows, part, get(ONCE, part) * exponential(get(rows, part) - top))
    total, most = sum_of(get(rows, 0) + get(rows, 1)), -1.0
    for p in range(3):
        if now[p, RATING] < min(now[p, MEAN], PERFECT):
            share = 0.0
            for g in range(len(DEPTHS)):
                share += rows[PADDED * g + p] + rows[PADDED * g + p + 3]
            if share > most:
                most = share
                held[i, FALLEN] = p
    held[i, RATIO] = top + math.log(total / (4.0 * WAYS))


@inlined
def _slide(held: Floats, now: Floats, rows: Floats, i: int) -> float:
    """S ← max(0, S + min(log mean LR at the slide's depth, cap)). Returns the step."""
    total = sum_of(get(ONCE, SLIDES) * exponential(get(rows, SLIDES)))
    step = min(math.log(total / WAYS), CAP)
    held[i, SLIDE] = max(0.0, held[i, SLIDE] + step)
    most = -math.inf
    for p in range(3):
        if held[i, SLIDE] == 0.0:
            held[i, LEAN + p] = 0.0
        elif not math.isnan(now[p, RATING]):
            held[i, LEAN + p] += min(rows[LANES * SLIDES + p], CAP)
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
    work, rows = scratch
    held[i, RATIO] = NOTHING
    deep = _fell(now)
    _likelihoods(now, work, rows, deep)
    if deep:
        _dip(held, now, rows, least, i)
    return _slide(held, now, rows, i), deep


@compiled
def walk_rows(held: Floats, seen: Seen, limits: tuple[float, float], marked: NDArray[np.int16], kept: Floats) -> None:
    """All sessions of all pairs in order. Writes held (N, HELD), and the two arrays of Marks.

    What is written must be an argument of its own: the compiler drops writes to arrays inside a tuple.
    """
    now, scratch = np.empty((3, FACTS)), (np.empty((3, WORK)), np.empty(LANES * (PARTS + 3)))
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
    now, scratch = np.empty((3, FACTS)), (np.empty((3, WORK)), np.empty(LANES * (PARTS + 3)))
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
