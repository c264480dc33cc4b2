"""The same answer first: a race between programs that compute different things says nothing."""

from typing import Any

import numpy as np

TOLERANCE = 1e-8  # of 1 + the size of the number


class Disagreement(Exception):
    """A peer computes something else than ours; no time is reported."""


def distance(ours: Any, theirs: Any) -> float:
    """Largest |ours − theirs| / (1 + |ours|), over whatever both give; theirs may have done the first pairs only."""
    if isinstance(ours, dict):
        return max(distance(ours[name], theirs[name]) for name in ours)
    if isinstance(ours, tuple):
        return max(distance(mine, yours) for mine, yours in zip(ours, theirs, strict=True))
    mine, yours = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    mine = mine[: len(yours)] if yours.ndim else mine
    gap = np.abs(mine - yours) / (1.0 + np.abs(mine))
    return float("inf") if np.isnan(gap).any() else float(gap.max(initial=0.0))


def check(task: str, peer: str, ours: Any, theirs: Any, tolerance: float = TOLERANCE) -> str:
    """A note for the table: how closely they agree. Raises Disagreement."""
    found = distance(ours, theirs)
    if not found <= tolerance:
        raise Disagreement(f"{task}: {peer} and ours differ by {found:.2g}, allowed is {tolerance:g}")
    return f"agree to {found:.0e}"
