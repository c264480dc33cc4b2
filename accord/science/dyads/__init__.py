"""Two people rate the same sessions: truth and bias, convergence, state and trait apart. Start in `tracking.py`."""

from accord.science.dyads.convergence import converge, together
from accord.science.dyads.guesses import Lean, lean
from accord.science.dyads.model import (
    Convergence,
    Correlation,
    PairTracking,
    Together,
    TrackingOverSessions,
    TruthBias,
)
from accord.science.dyads.tracking import pair_tracking, tracking_over_sessions, truth_bias
from accord.science.mixed import Split, split

__all__ = [
    "Convergence",
    "Correlation",
    "Lean",
    "PairTracking",
    "Split",
    "Together",
    "TrackingOverSessions",
    "TruthBias",
    "converge",
    "lean",
    "pair_tracking",
    "split",
    "together",
    "tracking_over_sessions",
    "truth_bias",
]
