"""What it costs to send someone elsewhere than suggested, when all others are placed as well as they then can be."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.science.matching.kernels import NOBODY
from accord.science.matching.packing import Ints

Floats = NDArray[np.float64]
STEP = 1e-4  # a move counts this much, so that of two ways that cost the same the one with fewer moves is taken


class Ways(NamedTuple):
    """Between therapists, the last row and column standing for places that stay empty."""

    cost: Floats  # (T + 1, T + 1) least loss of worth when t has one client too many and u one too few; inf: no way
    moves: Ints  # how many people it moves


def ways(worth: Floats, assigned: Ints, places: Ints) -> Ways:
    """Shortest chains of moves from every therapist to every other (Floyd–Warshall).

    worth (N, T), −inf where they do not fit. One step from t to u is the client of t who loses least by it. A
    therapist with a place left can keep one more; one with clients can be left with one fewer.
    """
    therapists = worth.shape[1]
    length = np.full((therapists + 1, therapists + 1), np.inf)
    for therapist in range(therapists):
        here = worth[assigned == therapist]
        if len(here):
            length[therapist, :-1] = (here[:, [therapist]] - here).min(axis=0) + STEP
            length[-1, therapist] = 0.0
    load = np.bincount(assigned[assigned != NOBODY], minlength=therapists)
    length[:-1, -1] = np.where(load < places, 0.0, np.inf)
    np.fill_diagonal(length, 0.0)
    for middle in range(therapists + 1):
        np.minimum(length, length[:, [middle]] + length[middle], out=length)
    known = np.isfinite(length)
    whole = np.floor(np.where(known, length, 0.0) + STEP / 2)
    moves = np.rint((np.where(known, length, 0.0) - whole) / STEP).astype(np.int64)
    return Ways(np.where(known, whole, np.inf), moves)


def deviations(worth: Floats, assigned: Ints, found: Ways, client: int) -> tuple[Ints, Floats, Ints]:
    """Every other therapist who fits this client, cheapest first: who, what it costs in all, how many others move."""
    mine = assigned[client]
    others = np.flatnonzero(np.isfinite(worth[client]) & (np.arange(worth.shape[1]) != mine))
    cost = worth[client, mine] - worth[client, others] + found.cost[others, mine]
    order = np.lexsort((others, found.moves[others, mine], cost))
    return others[order], cost[order], found.moves[others, mine][order]
