"""Does the outcome move with the alliance: within a person from session to session, and between people.

y_i,t+lag = β₀ + β_w (x_it − x̄_i) + β_b (x̄_i − x̄) + b₀_i + b₁_i (x_it − x̄_i) + ε     (REML, `accord.science.mixed`)

β_w is about states (when this person's x is a point above their own usual), β_b about traits (people whose usual x is
a point higher). They are two questions and may even differ in sign. Source: Curran & Bauer (2011), Annu Rev Psychol
62, 583-619; Falkenström, Granström & Holmqvist (2013), J Couns Psychol 60, 317-328, for session to session.
"""

from typing import Any, NamedTuple

import numpy as np

from accord.science.errors import BadOptions, BadReadings
from accord.science.grids import same_grids
from accord.science.mixed import Effect, Rows, combined, fit_mixed, split

NAMES = ("usual", "within", "between", "session")


class Effects(NamedTuple):
    """Points of outcome for one point of the predictor."""

    within: Effect  # β_w, the average person
    within_sd: float  # how much β_w differs between people (SD)
    between: Effect  # β_b
    context: Effect  # β_b − β_w: whether the two differ
    session: Effect | None  # change of the outcome per session, where it was asked for
    people: int
    readings: int
    lag: int  # sessions from predictor to outcome


def effects(predictor: Any, outcome: Any, *, lag: int = 1, trend: bool = False) -> Effects:
    """β_w and β_b of `predictor` (N, T) on `outcome` (N, T), `lag` sessions (columns) later; NaN missing.

    Person means are over the sessions that are used. `trend` adds the session number, so that two things that both
    move with time are not taken for one another. β_b is pulled towards β_w when sessions are few (x̄_i is noisy).
    Earlier outcomes are not held constant, so a lagged β_w is no proof of direction.
    Raises BadOptions (lag), BadReadings (tables that do not fit, nobody whose predictor moves, as `fit_mixed`).
    """
    x, y = same_grids(predictor=predictor, outcome=outcome)
    if not 0 <= lag < x.shape[1]:
        raise BadOptions(f"lag {lag!r}: allowed is 0 to {x.shape[1] - 1} sessions for {x.shape[1]} columns")
    x, y = x[:, : x.shape[1] - lag], y[:, lag:]
    used = ~np.isnan(x) & ~np.isnan(y)
    parts = split(np.where(used, x, np.nan))
    person, session = np.nonzero(used)
    one, moving, usual = np.ones(len(person)), parts.state[used], parts.trait[person]
    if not np.any(moving):
        raise BadReadings("predictor: nobody moves around their own mean, so there is no effect within people to see")
    columns = [one, moving, usual - usual.mean()] + [session.astype(float)] * trend
    fit = fit_mixed(
        Rows(y[used], np.column_stack(columns), np.column_stack((one, moving)), person), names=NAMES[: len(columns)]
    )
    return Effects(
        within=fit.effect("within"),
        within_sd=float(np.sqrt(fit.random_cov[1, 1])),
        between=fit.effect("between"),
        context=combined(fit, np.array([0.0, -1.0, 1.0, 0.0])[: len(columns)]),
        session=fit.effect("session") if trend else None,
        people=len(fit.person),
        readings=fit.readings,
        lag=lag,
    )
