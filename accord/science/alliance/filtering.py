"""Taking in check-ins: one session at a time from a stored belief, or whole histories of many pairs at once.

Both ways run through the same compiled kernel. Everything here is a pure function of (parameters, readings).
"""

import numpy as np
from numpy.typing import ArrayLike

from accord.science.alliance.kernels import filter_rows, likelihood_rows, update_rows
from accord.science.alliance.layout import History, Plan, State
from accord.science.alliance.model import (
    READINGS,
    STATES,
    Belief,
    Filtered,
    Floats,
    Forecast,
    Ints,
    Params,
    Update,
)
from accord.science.errors import BadReadings

FEW_PAIRS = 512  # below this, waking the other threads costs more than they give
TWO_THIRDS = 0.967421566101701  # Φ⁻¹(5/6): half-width of the central two thirds, in sd


def start(params: Params, pairs: int = 1) -> Belief:
    """The belief about pairs before their first session: m = 0, P = blockdiag(Σ_u, Σ_d, Σ_b), day 0."""
    cov = np.broadcast_to(prior_cov(params), (pairs, STATES, STATES)).copy()
    return Belief(np.zeros((pairs, STATES)), cov, np.zeros(pairs), np.zeros(pairs, dtype=np.int64))


def update(belief: Belief, params: Params, *, day: ArrayLike, readings: ArrayLike, censored: bool = True) -> Update:
    """Take in one session for N pairs; the belief given stays as it is.

    day (N,): days since each pair's first session; NaN where a pair has no session now: it stays as it is.
    readings (N, 6): ratings on 0..10, client goal, task, bond, then therapist; NaN is missing.
    censored: ratings are whole numbers cut off at 0 and 10. An open rating then carries the rounding
    variance 1/12 on top of R, a 10 says only y > 9.5 and a 0 only y < 0.5 (moments of the truncated normal),
    and tail = Φ((rating + .5 − forecast mean)/sd), 1 at 10. False: plain Gaussian, any number, tail = Φ(z).

    Raises BadReadings: shapes, ratings outside 0..10 (censored only), a day before the belief's.
    """
    history = history_of(np.asarray(day, dtype=np.float64)[..., None], np.asarray(readings)[..., None, :])
    if history.days.shape[0] != belief.mean.shape[0]:
        raise BadReadings(f"{history.days.shape[0]} sessions for {belief.mean.shape[0]} beliefs")
    clock = np.column_stack((belief.day, belief.count)).astype(np.float64)
    state = State(_copied(belief.mean), _copied(belief.cov), clock)
    out = blank(history)
    update_rows(plan_of(params, whole=censored), state, history, out)
    check(out.loglik, history, since=np.asarray(belief.day), whole=censored)
    return Update(
        belief=Belief(state.mean, state.cov, clock[:, 0].copy(), clock[:, 1].astype(np.int64)),
        forecast=Forecast(out.forecast_mean[:, 0], out.forecast_sd[:, 0], out.forecast_shared[:, 0]),
        z=out.z[:, 0],
        tail=out.tail[:, 0],
        loglik=out.loglik,
        level_mean=out.level_mean[:, 0],
        level_sd=out.level_sd[:, 0],
    )


def forecast(belief: Belief, params: Params, *, day: ArrayLike) -> Forecast:
    """The six ratings of a session on `day` (N,), before rounding and cutting off: N(mean, sd²)."""
    days = np.asarray(day, dtype=np.float64)
    return update(belief, params, day=days, readings=np.full((*days.shape, READINGS), np.nan)).forecast


def usual_band(mean: ArrayLike, sd: ArrayLike) -> tuple[Ints, Ints]:
    """Lowest and highest usual rating under the forecast N(mean, sd²): two of three ratings are expected inside.

    The whole ratings inside mean ± Φ⁻¹(5/6) sd = mean ± 0.9674 sd, cut to 0..10; the rating nearest to the
    mean where no whole number lies inside. Both are −1 where there is no forecast (NaN).
    """
    middle, half = np.asarray(mean, dtype=np.float64), TWO_THIRDS * np.asarray(sd, dtype=np.float64)
    low, high = np.ceil(middle - half), np.floor(middle + half)
    low, high = np.where(low > high, np.rint(middle), low), np.where(low > high, np.rint(middle), high)
    known = np.isfinite(middle)
    return (
        np.where(known, np.clip(low, 0.0, 10.0), -1.0).astype(np.int64),
        np.where(known, np.clip(high, 0.0, 10.0), -1.0).astype(np.int64),
    )


def filter_pairs(params: Params, *, days: ArrayLike, readings: ArrayLike, censored: bool = True) -> Filtered:
    """Take in the whole histories of N pairs: the same numbers as `update`, session by session.

    days (N, T) since each pair's first session, never decreasing; NaN where a session does not exist.
    readings (N, T, 6) and `censored` as in `update`. Raises BadReadings as `update` does.
    Large tables run on all threads: call it from one thread of a process at a time.
    """
    history = history_of(days, readings)
    out = blank(history)
    plan = plan_of(params, whole=censored)
    pairs = history.days.shape[0]
    if pairs < FEW_PAIRS:
        belief = start(params, pairs)
        update_rows(plan, State(belief.mean, belief.cov, np.zeros((pairs, 2))), history, out)
    else:
        filter_rows(plan, prior_cov(params), history, out)
    check(out.loglik, history, since=np.zeros(pairs), whole=censored)
    return out


def likelihood(params: Params, *, days: ArrayLike, readings: ArrayLike, censored: bool = True) -> Floats:
    """The log-likelihood of each pair's whole history, (N,): that of `filter_pairs`, with nothing else kept."""
    return traits(params, history_of(days, readings), whole=censored)[:, 0]


def traits(params: Params, history: History, *, whole: bool) -> Floats:
    """Log-likelihood, and the trait u after the whole history: mean (3) and packed covariance (6); (N, 10)."""
    found = np.empty((history.days.shape[0], 10))
    likelihood_rows(plan_of(params, whole=whole), prior_cov(params), history, found)
    check(found[:, 0], history, since=np.zeros(len(found)), whole=whole)
    return found


def prior_cov(params: Params) -> Floats:
    """blockdiag(Σ_u, Σ_d, Σ_b), (9, 9)."""
    cov = np.zeros((STATES, STATES))
    for block, part in enumerate((params.trait_cov, params.state_cov, params.bias_cov)):
        cov[3 * block : 3 * block + 3, 3 * block : 3 * block + 3] = part
    return cov


def plan_of(params: Params, *, whole: bool) -> Plan:
    """Params, laid out for the kernel: client rows weigh u + d by 1, therapist rows by κ, and add b."""
    readers = np.empty((READINGS, 5))
    readers[:3, 0], readers[3:, 0] = params.mean, params.therapist_mean
    readers[:3, 1], readers[3:, 1] = params.gain, params.tracking * params.gain
    readers[:3, 2], readers[3:, 2] = 1.0, params.tracking
    readers[:3, 3], readers[3:, 3] = 0.0, 1.0
    readers[:3, 4], readers[3:, 4] = params.noise, params.therapist_noise
    return Plan(readers, float(params.gain_days), _copied(params.state_rate), _copied(params.state_cov), whole)


def check(loglik: Floats, history: History, *, since: Floats, whole: bool) -> None:
    """The kernel marks a pair that it cannot follow by a log-likelihood that is no number: say what is wrong."""
    if np.isfinite(loglik).all():
        return
    pair = int(np.flatnonzero(~np.isfinite(loglik))[0])
    days, readings = history.days[pair], history.readings[pair]
    given = readings[~np.isnan(readings)]
    if not np.isfinite(given).all() or (whole and ((given < 0.0) | (given > 10.0)).any()):
        raise BadReadings(f"pair {pair}: a rating is outside 0..10")
    if (np.isnan(days) & ~np.isnan(readings).all(axis=-1)).any():
        raise BadReadings(f"pair {pair}: a rating without a day")
    if (np.diff(np.concatenate((since[pair : pair + 1], days[~np.isnan(days)]))) < 0.0).any():
        raise BadReadings(f"pair {pair}: a session before the one already taken in")
    raise BadReadings(f"pair {pair}: a day is infinite, or a rating is impossible under these parameters")


def history_of(days: ArrayLike, readings: ArrayLike) -> History:
    """Days (N, T) and readings (N, T, 6) as the kernel takes them. Raises BadReadings."""
    history = History(_owned(days), _owned(readings))
    if history.days.ndim != 2 or history.readings.shape != (*history.days.shape, READINGS):
        raise BadReadings(f"days {history.days.shape} and readings {history.readings.shape} do not fit")
    return history


def _owned(values: ArrayLike) -> Floats:
    # The kernel is compiled for writable C-ordered doubles only; anything else would compile it once more.
    return np.require(values, dtype=np.float64, requirements=["C", "W"])


def _copied(values: Floats) -> Floats:
    return np.array(values, dtype=np.float64, order="C")


def blank(history: History, *, part: bool = False) -> Filtered:
    """Room for what the kernels find; for a part they leave out the therapist's forecasts, and z and tail."""
    pairs, sessions = history.days.shape
    three, six = (pairs, sessions, 3), (pairs, sessions, READINGS)
    forecasts, distances = (three, (0, sessions, READINGS)) if part else (six, six)
    return Filtered(
        loglik=np.empty(pairs),
        level_mean=np.empty(three),
        level_sd=np.empty(three),
        forecast_mean=np.empty(forecasts),
        forecast_sd=np.empty(forecasts),
        forecast_shared=np.empty(three),
        z=np.empty(distances),
        tail=np.empty(distances),
    )
