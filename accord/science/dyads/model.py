"""Two people rate the same sessions: what each result says.

Client ratings c_it and therapist ratings z_it of pair i at session t, in points of one scale. The client's own view is
the reference because it is the one that goes with outcome; it is a rating all the same, with noise of its own. Both
sides are shown, agreement is never scored.
"""

from typing import NamedTuple

from accord.science.grids import Floats
from accord.science.mixed import Effect
from accord.science.mixed.model import Ints


class PairTracking(NamedTuple):
    """Truth and bias of each pair by least squares within the pair; NaN where it cannot be told."""

    bias: Floats  # (N,) mean of z − c over the sessions that both rated, points
    bias_se: Floats  # (N,)
    tracking: Floats  # (N,) points that z moves with one point of c within the pair
    tracking_se: Floats  # (N,)
    residual_sd: Floats  # (N,) points
    sessions: Ints  # (N,) that both rated


class TruthBias(NamedTuple):
    """Truth and bias over all pairs, from one mixed model."""

    bias: Effect  # the average pair, points; above 0: therapists rate above their clients
    bias_sd: float  # between pairs, points
    tracking: Effect  # state: within pairs, points per point
    tracking_sd: float  # between pairs
    usual_tracking: Effect  # trait: pairs whose client usually rates a point higher
    residual_sd: float  # points
    own_bias: Floats  # (N,) each pair, shrunken towards the average; NaN where both never rated together
    own_tracking: Floats  # (N,)
    pairs: int
    sessions: int
    singular: bool  # bias_sd or tracking_sd (or a mixture) is at zero


class TrackingOverSessions(NamedTuple):
    """Whether truth and bias change from session to session."""

    first_bias: Effect  # at the first session, points
    bias_change: Effect  # per session
    first_tracking: Effect  # at the first session
    tracking_change: Effect  # per session
    pairs: int
    sessions: int


class Correlation(NamedTuple):
    """r with its 95 % interval; NaN where it cannot be told."""

    r: float
    low: float
    high: float
    freedom: int


class Together(NamedTuple):
    """Do the two ratings go together: from session to session, and from pair to pair."""

    state: Correlation  # deviations from each pair's own means
    trait: Correlation  # the pairs' means


class Convergence(NamedTuple):
    """Do the two sides come closer over T sessions?"""

    session: Ints  # (T,) 1 … T
    pairs: Ints  # (T,) in which both rated
    distance: Floats  # (T,) mean of |z − c|, points
    correlation: Floats  # (T,) of z and c over pairs, with 95 % interval; NaN below ten pairs
    correlation_low: Floats
    correlation_high: Floats
    first_distance: Effect  # of the average pair at the first session
    distance_change: Effect  # per session; below 0: closer
    correlation_change: float  # of atanh r per session; above 0: closer. NaN where fewer than two sessions count
    correlation_change_low: float  # 95 %, from samples of pairs
    correlation_change_high: float
