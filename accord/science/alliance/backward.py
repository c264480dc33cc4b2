"""The way back over the recorded sessions, for sixteen pairs at once: smoothing, and the exact gradient (numba).

Smoothing keeps r (9) and N (9, 9): what the later readings say about a session; m + P r and P − P N P are its
smoothed moments. The gradient keeps the adjoints m̄ = ∂ℓ/∂m and P̄ = ∂ℓ/∂P of the log-likelihood that the way
forward computes, approximations at the ends of the scale included: each step of `forward.py` turned round.
"""

from accord.science.alliance.lanes import Row, get, known_anywhere, put, spread
from accord.science.alliance.layout import (
    ACROSS,
    BEFORE,
    BEND,
    BOW,
    CURVE,
    FADE,
    GAIN,
    GAP,
    GREW,
    GROWTH,
    LIFT,
    MEAN,
    PART,
    PLACE,
    PULL,
    READ,
    SLOPE,
    SLOPED,
    STEP,
    STEPS,
    STOOD,
    STOOD_AT,
    SUM_BIAS,
    SUM_DAYS,
    SUM_GAIN,
    SUM_MEAN,
    SUM_NOISE,
    SUM_RATE,
    SUM_STATE,
    SUM_THERAPIST,
    SUM_THERAPIST_NOISE,
    SUM_TRACKING,
    SUM_TRAIT,
    SUMS,
    TURNED,
    WEIGHT,
    Plan,
    inlined,
)
from accord.science.alliance.model import Floats


@inlined
def add(rows: Floats, k: int, more: Row) -> None:
    put(rows, k, get(rows, k) + more)


@inlined
def scale(rows: Floats, k: int, factor: Row) -> None:
    put(rows, k, get(rows, k) * factor)


@inlined
def remember_before(rows: Floats, record: int) -> None:
    """What moved, as it is before the session's readings: for the gradient in rates and moving covariance."""
    put(rows, record + GREW, get(rows, GROWTH))
    put(rows, record + SLOPED, get(rows, SLOPE))
    k = record + BEFORE
    for p in range(3):
        for r in range(3):
            put(rows, k, get(rows, PLACE[3 + p, r]))
            put(rows, k + 1, get(rows, PLACE[3 + p, 3 + r]))
            put(rows, k + 2, get(rows, PLACE[3 + p, 6 + r]))
            k += 3
    for p in range(3):
        put(rows, record + STOOD_AT + p, get(rows, MEAN + 3 + p))


@inlined
def remember_after(rows: Floats, record: int) -> None:
    """The levels u + d after the session, and their covariance with the whole state: for smoothing."""
    for p in range(3):
        put(rows, record + STOOD_AT + p, get(rows, MEAN + p) + get(rows, MEAN + 3 + p))
        for r in range(9):
            put(rows, record + ACROSS + 9 * p + r, get(rows, PLACE[p, r]) + get(rows, PLACE[3 + p, r]))


@inlined
def turn(rows: Floats, at: int) -> Row:
    """Into TURNED the product of the matrix in WEIGHT and g; returns g'(that)."""
    total = spread(0.0)
    for r in range(9):
        product = spread(0.0)
        for c in range(9):
            product = product + get(rows, WEIGHT + PLACE[r, c]) * get(rows, at + GAIN + c)
        put(rows, TURNED + r, product)
        total = total + product * get(rows, at + GAIN + r)
    return total


@inlined
def along(rows: Floats, at: int) -> Row:
    """g'(what stands in LIFT)."""
    total = spread(0.0)
    for r in range(9):
        total = total + get(rows, at + GAIN + r) * get(rows, LIFT + r)
    return total


@inlined
def smooth_reading(rows: Floats, plan: Plan, j: int, at: int) -> None:
    """With L = I − g w h', r ← h e + L'r and N ← h h' w + L'N L."""
    p, e, w = j % 3, get(rows, at + PULL), get(rows, at + CURVE)
    around = turn(rows, at)
    step = e - w * along(rows, at)
    inner = w + w * w * around
    for block in range(2 if j < 3 else 3):
        a = 3 * block + p
        h = plan.readers[j, 3] if block == 2 else plan.readers[j, 2]
        add(rows, LIFT + a, h * step)
        for c in range(9):
            k = WEIGHT + PLACE[a, c]
            less = h * (w * get(rows, TURNED + c))
            put(rows, k, get(rows, k) - less)
            if c == a:
                put(rows, k, get(rows, k) - less)
        for other in range(block + 1):
            g = plan.readers[j, 3] if other == 2 else plan.readers[j, 2]
            add(rows, WEIGHT + PLACE[a, 3 * other + p], h * g * inner)


@inlined
def fade_back(rows: Floats, record: int) -> None:
    """Past the days before a session: r ← F r, N ← F N F; the same for both adjoints."""
    for p in range(3):
        fade = get(rows, record + FADE + p)
        scale(rows, LIFT + 3 + p, fade)
        for r in range(3):
            scale(rows, WEIGHT + PLACE[3 + p, r], fade)
            scale(rows, WEIGHT + PLACE[3 + p, 6 + r], fade)
        for q in range(p + 1):
            scale(rows, WEIGHT + PLACE[3 + p, 3 + q], fade * get(rows, record + FADE + q))


@inlined
def smooth_session(rows: Floats, plan: Plan, record: int) -> None:
    for step in range((STEPS if plan.whole else 6) - 1, -1, -1):
        at = record + READ + STEP * step
        if known_anywhere(get(rows, at + CURVE)):
            smooth_reading(rows, plan, step % 6, at)
    fade_back(rows, record)


@inlined
def turn_reading(rows: Floats, plan: Plan, j: int, at: int, record: int) -> None:
    """One reading turned round. With q = P̄ g, and ∂/∂ŷ as a prime:

    ŷ̄ = e − (g'm̄) w − (g'q) w′,   ∂ℓ/∂s² = ½(e² − w) − (g'm̄)(e w + ½ w′) − (g'q)(−w² + e w′ + ½ w″),
    ḡ = e m̄ − 2 w q,   m̄ ← m̄ + h ŷ̄,   P̄ ← P̄ + ½(ḡ h' + h ḡ') + h h' ∂ℓ/∂s².
    The derivatives in s² follow from those in ŷ, because each term solves the heat equation.
    """
    e, w = get(rows, at + PULL), get(rows, at + CURVE)
    bend, bow = get(rows, at + BEND), get(rows, at + BOW)
    down = 0.0 - turn(rows, at)
    lifted = along(rows, at)
    centre = e - lifted * w + down * bend
    var = 0.5 * (e * e - w) - lifted * (e * w + 0.5 * bend) + down * (e * bend - w * w + 0.5 * bow)
    for r in range(9):
        put(rows, TURNED + r, e * get(rows, LIFT + r) - 2.0 * w * get(rows, TURNED + r))
    sum_reading(rows, plan, j, at, record, centre, var)
    p = j % 3
    for block in range(2 if j < 3 else 3):
        a = 3 * block + p
        h = plan.readers[j, 3] if block == 2 else plan.readers[j, 2]
        add(rows, LIFT + a, h * centre)
        for c in range(9):
            half = 0.5 * h * get(rows, TURNED + c)
            add(rows, WEIGHT + PLACE[a, c], half + half if c == a else half)
        for other in range(block + 1):
            g = plan.readers[j, 3] if other == 2 else plan.readers[j, 2]
            add(rows, WEIGHT + PLACE[a, 3 * other + p], h * g * var)


@inlined
def sum_reading(rows: Floats, plan: Plan, j: int, at: int, record: int, centre: Row, var: Row) -> None:
    """What one reading adds to the gradient in its own mean, gain, noise, τ and, for a therapist's, tracking.

    A therapist's reading carries the client's gain times κ, and g holds κ times the client's part.
    """
    p, grew = j % 3, get(rows, record + GREW)
    add(rows, SUMS + SUM_DAYS, plan.readers[j, 1] * get(rows, record + SLOPED) * centre)
    add(rows, SUMS + SUM_GAIN + p, plan.readers[j, 2] * grew * centre)
    if j < 3:
        add(rows, SUMS + SUM_MEAN + p, centre)
        add(rows, SUMS + SUM_NOISE + p, var)
        return
    add(rows, SUMS + SUM_THERAPIST + p, centre)
    add(rows, SUMS + SUM_THERAPIST_NOISE + p, var)
    level = plan.readers[p, 1] * grew + get(rows, at + STOOD)
    both = 2.0 * (get(rows, at + GAIN + p) + get(rows, at + GAIN + 3 + p))
    tracked = centre * level + var * both
    for r in range(9):
        tracked = tracked + get(rows, at + PART + r) * get(rows, TURNED + r)
    add(rows, SUMS + SUM_TRACKING + p, tracked)


@inlined
def turn_move(rows: Floats, plan: Plan, record: int) -> None:
    """The days before a session turned round: what they add to the gradient in λ and Σ_d.

    With f = exp(−λ Δ), f ∂ℓ/∂f = Σ over everything that fades of its adjoint times its value; ∂f/∂λ = −Δ f.
    """
    gap = get(rows, record + GAP)
    for p in range(3):
        faded = get(rows, LIFT + 3 + p) * get(rows, record + STOOD_AT + p)
        for r in range(3):
            k = record + BEFORE + 9 * p + 3 * r
            cross = get(rows, WEIGHT + PLACE[3 + p, r]) * get(rows, k)
            cross = cross + get(rows, WEIGHT + PLACE[3 + p, 6 + r]) * get(rows, k + 2)
            moving = get(rows, WEIGHT + PLACE[3 + p, 3 + r]) * (get(rows, k + 1) - plan.state_cov[p, r])
            faded = faded + 2.0 * (cross + moving)
        add(rows, SUMS + SUM_RATE + p, 0.0 - gap * faded)
        for q in range(p + 1):
            fresh = 1.0 - get(rows, record + FADE + p) * get(rows, record + FADE + q)
            add(rows, SUMS + SUM_STATE + PLACE[p, q], get(rows, WEIGHT + PLACE[3 + p, 3 + q]) * fresh)


@inlined
def turn_session(rows: Floats, plan: Plan, record: int) -> None:
    for step in range((STEPS if plan.whole else 6) - 1, -1, -1):
        at = record + READ + STEP * step
        if known_anywhere(get(rows, at + CURVE)):
            turn_reading(rows, plan, step % 6, at, record)
    turn_move(rows, plan, record)
    fade_back(rows, record)


@inlined
def turn_start(rows: Floats) -> None:
    """Before the first session: P̄ of the three blocks is the gradient in Σ_u, Σ_d and Σ_b."""
    for p in range(3):
        for q in range(p + 1):
            k = PLACE[p, q]
            add(rows, SUMS + SUM_TRAIT + k, get(rows, WEIGHT + PLACE[p, q]))
            add(rows, SUMS + SUM_STATE + k, get(rows, WEIGHT + PLACE[3 + p, 3 + q]))
            add(rows, SUMS + SUM_BIAS + k, get(rows, WEIGHT + PLACE[6 + p, 6 + q]))
