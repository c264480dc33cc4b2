"""Truth and bias of therapist ratings (West & Kenny 2011, Psychol Rev 118, 357-378).

z_it − c̄_i = b_i + k_i (c_it − c̄_i) + e_it

c̄_i is the mean of the client's ratings over the sessions that both rated, so that the directional bias
b_i = mean(z − c) and the tracking strength k_i are about different things: a therapist may rate two points too high and
still follow every move. Over pairs, as a mixed model (`accord.science.mixed`):

b_i = b + (κ − 1)(c̄_i − c̄) + u_i,   k_i = k + v_i,   (u, v) ~ N(0, Ψ),   e ~ N(0, σ²)

k is tracking of the client's state; κ is tracking of their trait. Both are pulled towards 0 by the noise of single
client ratings; `alliance@1` estimates tracking of what the client lives, without that noise.
"""

from typing import Any

import numpy as np

from accord.science.dyads.model import PairTracking, TrackingOverSessions, TruthBias
from accord.science.errors import BadReadings
from accord.science.grids import Floats, same_grids
from accord.science.mixed import MixedFit, Rows, Split, fit_mixed, split
from accord.science.mixed.model import Effect, Ints

FEWEST_SESSIONS = 3  # of one pair: two points always lie on a line


def pair_tracking(therapist: Any, client: Any) -> PairTracking:
    """b_i and k_i of each pair alone, from ratings (N, T), NaN missing.

    b̂ = mean(z − c), k̂ = Σ ċz / Σ ċ² with ċ = c − c̄, s² = Σ e² / (n − 2), SE(b̂) = s/√n, SE(k̂) = s/√Σ ċ².
    NaN below three sessions that both rated; k̂ also where the client always gave the same. Single pairs are very
    uncertain: use `truth_bias`, which draws them towards the average. Raises BadReadings.
    """
    z, c = _both(therapist, client)
    state, other = split(c), split(z)
    n = state.count
    enough = n >= FEWEST_SESSIONS
    squares, products = np.nansum(state.state**2, axis=1), np.nansum(state.state * other.state, axis=1)
    moves = enough & (squares > 0.0)
    slope = np.divide(products, squares, out=np.full(len(n), np.nan), where=moves)
    rest = other.state - np.nan_to_num(slope)[:, None] * state.state
    spread = np.sqrt(np.nansum(rest**2, axis=1) / np.maximum(n - np.where(moves, 2, 1), 1))
    spread = np.where(enough, spread, np.nan)
    return PairTracking(
        bias=np.where(enough, other.trait - state.trait, np.nan),
        bias_se=spread / np.sqrt(np.maximum(n, 1)),
        tracking=slope,
        tracking_se=np.divide(spread, np.sqrt(squares), out=np.full(len(n), np.nan), where=moves),
        residual_sd=spread,
        sessions=n,
    )


def truth_bias(therapist: Any, client: Any) -> TruthBias:
    """b, k and κ over all pairs, from ratings (N, T), NaN missing.

    The bias is that of the average pair, mean(z − c) with each pair counted once. Raises BadReadings: tables that do
    not fit, no client whose ratings move, and what `fit_mixed` raises.
    """
    z, c = _both(therapist, client)
    parts = split(c)
    pair, session = _rated(parts)
    state = parts.state[pair, session]
    usual = parts.trait[pair] - np.nanmean(parts.trait)
    one = np.ones(len(pair))
    rows = Rows(
        z[pair, session] - parts.trait[pair], np.column_stack((one, state, usual)), np.column_stack((one, state)), pair
    )
    fit = fit_mixed(rows, names=("bias", "tracking", "usual"))
    above = fit.effect("usual")
    own_bias, own_tracking = _own(fit, len(c))
    return TruthBias(
        bias=_marginal_bias(fit, parts.trait),
        bias_sd=float(np.sqrt(fit.random_cov[0, 0])),
        tracking=fit.effect("tracking"),
        tracking_sd=float(np.sqrt(fit.random_cov[1, 1])),
        usual_tracking=Effect(1.0 + above.estimate, above.se, 1.0 + above.low, 1.0 + above.high),
        residual_sd=float(np.sqrt(fit.residual_variance)),
        own_bias=own_bias + above.estimate * (parts.trait - np.nanmean(parts.trait)),
        own_tracking=own_tracking,
        pairs=len(fit.person),
        sessions=fit.readings,
        singular=fit.singular,
    )


def tracking_over_sessions(therapist: Any, client: Any) -> TrackingOverSessions:
    """Does the bias shrink, does tracking grow? With s = session − 1 and m_t the mean over pairs of c_it − c̄_i:

    z_it − (c̄_i + m_t) = b_i + b′s + (k_i + k′s)(c_it − c̄_i − m_t) + e_it

    m_t, the course that the clients share, is taken out of the client's side so that b + b′s is mean(z − c) at a
    session and a common rise is not taken for tracking: single ratings are noisy, their average is not, and slopes on
    the two differ. Sessions are columns. A pair that meets twice as often passes them twice as fast. Pairs that end
    early tell about early sessions only; if those who track worse end sooner, later sessions are of those who stayed.
    Raises BadReadings, as `truth_bias`.
    """
    z, c = _both(therapist, client)
    parts = split(c)
    pair, session = _rated(parts)
    shared = np.nansum(parts.state, axis=0) / np.maximum((~np.isnan(parts.state)).sum(axis=0), 1)
    state, s, one = parts.state[pair, session] - shared[session], session.astype(float), np.ones(len(pair))
    fixed = np.column_stack((one, s, state, state * s))
    around = z[pair, session] - parts.trait[pair] - shared[session]
    rows = Rows(around, fixed, np.column_stack((one, state)), pair)
    fit = fit_mixed(rows, names=("bias", "bias per session", "tracking", "tracking per session"))
    return TrackingOverSessions(
        first_bias=fit.effect("bias"),
        bias_change=fit.effect("bias per session"),
        first_tracking=fit.effect("tracking"),
        tracking_change=fit.effect("tracking per session"),
        pairs=len(fit.person),
        sessions=fit.readings,
    )


def _both(therapist: Any, client: Any) -> tuple[Floats, Floats]:
    """The two tables, each NaN where the other is."""
    z, c = same_grids(therapist=therapist, client=client)
    together = ~np.isnan(z) & ~np.isnan(c)
    return np.where(together, z, np.nan), np.where(together, c, np.nan)


def _rated(parts: Split) -> tuple[Ints, Ints]:
    moving = np.nan_to_num(parts.state)
    if not moving.any():
        raise BadReadings("client: no client's ratings move over sessions that both rated; there is nothing to track")
    pair, session = np.nonzero(~np.isnan(parts.state))
    return pair, session


def _marginal_bias(fit: MixedFit, trait: Floats) -> Effect:
    """b with the uncertainty of where the average client is: Var += (κ − 1)² Var(c̄_i) / N."""
    found, above = fit.effect("bias"), fit.effect("usual").estimate
    usual = trait[~np.isnan(trait)]
    se = float(np.sqrt(found.se**2 + above**2 * usual.var(ddof=1) / usual.size))
    reach = (found.high - found.estimate) * se / found.se
    return Effect(found.estimate, se, found.estimate - reach, found.estimate + reach)


def _own(fit: MixedFit, pairs: int) -> tuple[Floats, Floats]:
    own = np.full((pairs, 2), np.nan)
    own[fit.person] = fit.effects[:2] + fit.own
    return own[:, 0], own[:, 1]
