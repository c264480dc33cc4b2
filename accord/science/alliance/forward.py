"""Taking in readings, for sixteen pairs at once: the arithmetic of `alliance@1` on the way forward.

A reading is h'x + offset + noise with few non-zero entries in h: weight on u_p and d_p, lean on b_p. With
g = P h and s² = h'g + R, taking in one reading is

    m ← m + g e,   P ← P − g g' w,

with e = (y − ŷ)/s², w = 1/s² for an open reading. At an end of the scale only "y > c" is known: with
a = (c − ŷ)/s and the normal hazard h(a) = φ(a)/Φ(−a), the moments of the truncated normal give e = h/s and
w = h (h − a)/s² (mirrored at the floor), and the log-likelihood is the log tail probability log Φ(−a).

The log-likelihood is kept as −½ (log of a product + a sum of squares), so that it takes one logarithm a pair.
"""

import math

from accord.science.alliance.elementary import DENSITY, excess, exponential, size
from accord.science.alliance.lanes import (
    LANES,
    Row,
    exponent,
    fraction,
    get,
    known_anywhere,
    put,
    root,
    spread,
    where_known,
    where_less,
)
from accord.science.alliance.layout import (
    BEND,
    BOW,
    CLOCK,
    COUNT,
    CURVE,
    EXPONENT,
    FADE,
    GAIN,
    GAP,
    GROWTH,
    INPUT,
    MEAN,
    PART,
    PLACE,
    PRODUCT,
    PULL,
    PULLED,
    READ,
    SESSION_INPUT,
    SLOPE,
    SQUARES,
    STEP,
    STOOD,
    History,
    Plan,
    State,
    inlined,
)
from accord.science.alliance.model import Floats

TOP, FLOOR = 10.0, 0.0
ROUNDING = 1.0 / 12.0  # variance of rounding to whole numbers
TWO_PI = 2.0 * math.pi
LOG_TWO = math.log(2.0)


@inlined
def begin(rows: Floats, prior: Floats) -> None:
    """Sixteen pairs before their first session: m = 0, P = prior (9, 9), day 0."""
    for r in range(9):
        put(rows, MEAN + r, spread(0.0))
        for c in range(r + 1):
            put(rows, PLACE[r, c], spread(prior[r, c]))
    put(rows, CLOCK, spread(0.0))
    put(rows, COUNT, spread(0.0))
    forget_likelihood(rows)


@inlined
def load(rows: Floats, beliefs: State, first: int, pairs: int) -> None:
    """Take up `pairs` beliefs; lanes beyond them are left as they are, and have no input."""
    for i in range(pairs):
        for r in range(9):
            rows[LANES * (MEAN + r) + i] = beliefs.mean[first + i, r]
            for c in range(r + 1):
                rows[LANES * PLACE[r, c] + i] = beliefs.cov[first + i, r, c]
        rows[LANES * CLOCK + i] = beliefs.clock[first + i, 0]
        rows[LANES * COUNT + i] = beliefs.clock[first + i, 1]
    forget_likelihood(rows)


@inlined
def save(rows: Floats, beliefs: State, first: int, pairs: int) -> None:
    """Put `pairs` beliefs back."""
    for i in range(pairs):
        for r in range(9):
            beliefs.mean[first + i, r] = rows[LANES * (MEAN + r) + i]
            for c in range(9):
                beliefs.cov[first + i, r, c] = rows[LANES * PLACE[r, c] + i]
        beliefs.clock[first + i, 0] = rows[LANES * CLOCK + i]
        beliefs.clock[first + i, 1] = rows[LANES * COUNT + i]


@inlined
def forget_likelihood(rows: Floats) -> None:
    put(rows, PRODUCT, spread(1.0))
    put(rows, EXPONENT, spread(0.0))
    put(rows, SQUARES, spread(0.0))


@inlined
def lay_out(rows: Floats, history: History, first: int, pairs: int) -> None:
    """The input of sixteen pairs, a row a number; NaN in lanes without a pair."""
    for t in range(history.days.shape[1]):
        at = LANES * (INPUT + SESSION_INPUT * t)
        for i in range(LANES):
            rows[at + i] = history.days[first + i, t] if i < pairs else math.nan
            for j in range(6):
                rows[at + LANES * (1 + j) + i] = history.readings[first + i, t, j] if i < pairs else math.nan


@inlined
def refuse(rows: Floats, slot: int) -> None:
    """What cannot be followed makes the log-likelihood NaN or infinite: a day before the last one or without end, a
    rating without a day, and, in `weigh_open` and `weigh_closed`, a rating without end or off its scale."""
    day, none, wrong = get(rows, slot), spread(0.0), spread(math.nan)
    put(rows, SQUARES, get(rows, SQUARES) + where_less(day, get(rows, CLOCK), wrong, none))
    put(rows, SQUARES, get(rows, SQUARES) + where_known(day, day - day, none))
    if known_anywhere(where_known(day, wrong, none)):
        for j in range(6):
            undated = where_known(get(rows, slot + 1 + j), where_known(day, none, wrong), none)
            put(rows, SQUARES, get(rows, SQUARES) + undated)


@inlined
def move(rows: Floats, plan: Plan, slot: int, record: int) -> None:
    """Let the days pass: d ← F d, P ← F P F + Σ_d − F Σ_d F with F = exp(−λ Δ); u and b stay.

    Without a day nothing moves: every fade is exactly 1.
    """
    day, none = get(rows, slot), spread(0.0)
    gap = where_known(day, day - get(rows, CLOCK), none)
    put(rows, CLOCK, where_known(day, day, get(rows, CLOCK)))
    left = exponential(-1.0 / plan.gain_days * get(rows, CLOCK))
    put(rows, GROWTH, 1.0 - left)
    put(rows, SLOPE, -1.0 / (plan.gain_days * plan.gain_days) * get(rows, CLOCK) * left)
    put(rows, record + GAP, gap)
    for p in range(3):
        fade = exponential(-plan.rate[p] * gap)
        put(rows, record + FADE + p, fade)
        put(rows, MEAN + 3 + p, get(rows, MEAN + 3 + p) * fade)
        for r in range(3):
            for k in (PLACE[3 + p, r], PLACE[3 + p, 6 + r]):
                put(rows, k, get(rows, k) * fade)
        for q in range(p + 1):
            k = PLACE[3 + p, 3 + q]
            both = fade * get(rows, record + FADE + q)
            put(rows, k, both * get(rows, k) + plan.state_cov[p, q] * (1.0 - both))


@inlined
def expect(rows: Floats, plan: Plan, j: int) -> tuple[Row, Row]:
    """Mean and variance of reading j before rounding, from the belief as it stands."""
    p, weight, lean = j % 3, plan.readers[j, 2], plan.readers[j, 3]
    level = get(rows, PLACE[p, p]) + 2.0 * get(rows, PLACE[3 + p, p]) + get(rows, PLACE[3 + p, 3 + p])
    cross = get(rows, PLACE[6 + p, p]) + get(rows, PLACE[6 + p, 3 + p])
    var = weight * weight * level + lean * (2.0 * weight * cross + lean * get(rows, PLACE[6 + p, 6 + p]))
    return centre(rows, plan, j), var + plan.readers[j, 4]


@inlined
def centre(rows: Floats, plan: Plan, j: int) -> Row:
    """ŷ of reading j."""
    p, weight, lean = j % 3, plan.readers[j, 2], plan.readers[j, 3]
    level = get(rows, MEAN + p) + get(rows, MEAN + 3 + p)
    usual = plan.readers[j, 0] + plan.readers[j, 1] * get(rows, GROWTH)
    expected: Row = usual + weight * level + lean * get(rows, MEAN + 6 + p)
    return expected


@inlined
def weigh_open(rows: Floats, y: Row, expected: Row, var: Row, at: int) -> None:
    """e and w of an open reading, and its log-likelihood; nothing where y is NaN."""
    none = spread(0.0)
    w = 1.0 / var
    gap = y - expected
    e = gap * w
    put(rows, PRODUCT, get(rows, PRODUCT) * where_known(y, TWO_PI * var, spread(1.0)))
    put(rows, SQUARES, get(rows, SQUARES) + where_known(y, gap * e, none))
    put(rows, at + PULL, where_known(y, e, none))
    put(rows, at + CURVE, where_known(y, w, none))


@inlined
def weigh_closed(rows: Floats, y: Row, expected: Row, var: Row, at: int) -> tuple[Row, Row, Row]:
    """The same for a reading at an end of the scale. Also h, h − a, and the sign of the end, for `bend_closed`."""
    none, one = spread(0.0), spread(1.0)
    half = (TOP - FLOOR) / 2.0
    sign = where_less(y, spread(half), spread(-1.0), one)
    off = sign * (y - half) - half  # 0 at an end, more beyond it
    sd = root(var)
    a = (sign * (half - expected) + (half - 0.5)) / sd
    b = size(a)
    beyond = excess(b)
    outer = DENSITY * exponential(-0.5 * b * b)
    inner = 1.0 - outer / (b + beyond)  # Φ(−a) where a < 0
    h = where_less(a, none, outer / inner, b + beyond)
    beyond = where_less(a, none, h + b, beyond)
    # −2 log Φ(−a) is a² + log 2π h² where a ≥ 0
    factor = where_less(a, none, 1.0 / (inner * inner), TWO_PI * h * h)
    squares = where_less(a, none, none, a * a) + where_less(none, off, spread(math.nan), none)
    put(rows, PRODUCT, get(rows, PRODUCT) * where_known(y, factor, one))
    put(rows, SQUARES, get(rows, SQUARES) + where_known(y, squares, none))
    put(rows, at + PULL, where_known(y, sign * h / sd, none))
    put(rows, at + CURVE, where_known(y, h * beyond / var, none))
    return h, beyond, sign


@inlined
def bend_closed(rows: Floats, y: Row, var: Row, at: int, closed: tuple[Row, Row, Row]) -> None:
    """∂w/∂ŷ and ∂²w/∂ŷ² of a reading at an end, for the gradient.

    With δ = h (h − a): dh/da = δ, d(h − a)/da = δ − 1, w = δ/s², and ∂a/∂ŷ = ∓1/s.
    """
    h, beyond, sign = closed
    none = spread(0.0)
    delta = h * beyond
    slope = delta * beyond + h * (delta - 1.0)
    bow = slope * (beyond + h) + 2.0 * delta * (delta - 1.0)
    put(rows, at + BEND, where_known(y, -1.0 * sign * slope / (var * root(var)), none))
    put(rows, at + BOW, where_known(y, bow / (var * var), none))


@inlined
def look_along(rows: Floats, plan: Plan, j: int, at: int) -> None:
    """g = P h, and for a therapist's reading its client part; u + d as it stands."""
    p, weight = j % 3, plan.readers[j, 2]
    for r in range(9):
        part = get(rows, PLACE[p, r]) + get(rows, PLACE[3 + p, r])
        if j < 3:
            put(rows, at + GAIN + r, part)
        else:
            put(rows, at + PART + r, part)
            put(rows, at + GAIN + r, weight * part + get(rows, PLACE[6 + p, r]))
    put(rows, at + STOOD, get(rows, MEAN + p) + get(rows, MEAN + 3 + p))


@inlined
def spread_of(rows: Floats, plan: Plan, j: int, at: int) -> Row:
    """s² = h'g + R."""
    p, g = j % 3, at + GAIN
    level = plan.readers[j, 2] * (get(rows, g + p) + get(rows, g + 3 + p))
    var: Row = level + plan.readers[j, 3] * get(rows, g + 6 + p) + plan.readers[j, 4]
    return var


@inlined
def pull(rows: Floats, at: int) -> None:
    """m ← m + g e, P ← P − g g' w."""
    e, w = get(rows, at + PULL), get(rows, at + CURVE)
    for r in range(9):
        g = get(rows, at + GAIN + r)
        put(rows, MEAN + r, get(rows, MEAN + r) + g * e)
        put(rows, PULLED + r, g * w)
    k = 0
    for r in range(9):
        g = get(rows, at + GAIN + r)
        for c in range(r + 1):
            put(rows, k, get(rows, k) - g * get(rows, PULLED + c))
            k += 1


@inlined
def count_session(rows: Floats, slot: int) -> None:
    """One more session with a client reading."""
    heard = spread(0.0)
    for j in range(3):
        heard = where_known(get(rows, slot + 1 + j), spread(1.0), heard)
    put(rows, COUNT, get(rows, COUNT) + heard)


@inlined
def take_in_session(rows: Floats, plan: Plan, slot: int, record: int, keep: bool) -> None:
    """All readings of one session; NaN is missing, a step that no pair takes is marked by a NaN w.

    Open readings first: their steps are exact in any order, and so the first one at an end is exact as well.
    `keep`: the gradient will come back for the record.
    """
    unknown, none = spread(math.nan), spread(0.0)
    rounding = ROUNDING if plan.whole else 0.0
    for j in range(6):
        at, y = record + READ + STEP * j, get(rows, slot + 1 + j)
        if plan.whole:
            y = where_less(spread(FLOOR), y, where_less(y, spread(TOP), y, unknown), unknown)
        put(rows, at + CURVE, unknown)
        if known_anywhere(y):
            look_along(rows, plan, j, at)
            weigh_open(rows, y, centre(rows, plan, j), spread_of(rows, plan, j, at) + rounding, at)
            if keep:
                put(rows, at + BEND, none)
                put(rows, at + BOW, none)
            pull(rows, at)
    for j in range(6 if plan.whole else 0):
        at, y = record + READ + STEP * (6 + j), get(rows, slot + 1 + j)
        y = where_less(spread(FLOOR), y, where_less(y, spread(TOP), unknown, y), y)
        put(rows, at + CURVE, unknown)
        if known_anywhere(y):
            look_along(rows, plan, j, at)
            var = spread_of(rows, plan, j, at)
            closed = weigh_closed(rows, y, centre(rows, plan, j), var, at)
            if keep:
                bend_closed(rows, y, var, at, closed)
            pull(rows, at)
    count_session(rows, slot)
    put(rows, EXPONENT, get(rows, EXPONENT) + exponent(get(rows, PRODUCT)))
    put(rows, PRODUCT, fraction(get(rows, PRODUCT)))
