"""Small practices drawn at random, and what an independent solver makes of them."""

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import coo_array

from accord.science.matching import Asked, Waiting, meets, worth
from accord.science.matching.tests.people import DIMENSIONS, TOKENS, offer, record, wish


def drawn(seed: int, clients: int = 12, therapists: int = 5):
    """Clients who wait and offers; rather fewer places than people."""
    rng = np.random.default_rng(seed)

    def some(most):
        return [wish(*rng.choice(TOKENS, rng.integers(1, 3), replace=False)) for _ in range(rng.integers(0, most + 1))]

    waiting = [
        Waiting(
            id=f"client-{row}",
            asked=Asked(
                musts=tuple(dict.fromkeys(some(2))),
                nice=tuple((one, float(rng.integers(1, 101)) / 100) for one in dict.fromkeys(some(3))),
                style=tuple((name, float(rng.choice([-1, 0, 1])), float(rng.random())) for name in DIMENSIONS),
            ),
            urgency=int(rng.integers(0, 3)),
            days=int(rng.integers(0, 200)),  # no two alike in most practices
        )
        for row in range(rng.integers(1, clients + 1))
    ]
    offers = [
        offer(
            f"therapist-{row}",
            *rng.choice(TOKENS, rng.integers(1, len(TOKENS)), replace=False),
            places=int(rng.integers(0, 4)),
            days_since_confirmed=int(rng.choice([0, 20])),
            caseload_share=float(rng.random()),
            style={name: float(rng.choice([-1, 0, 1])) for name in DIMENSIONS},
            track={"need:sleep": record(-0.3 + (middle := float(rng.normal(0, 0.5))), middle + 0.3)},
            track_used=bool(rng.integers(0, 2)),
        )
        for row in range(rng.integers(1, therapists + 1))
    ]
    return waiting, offers


def pairs(waiting, offers, forced=()):
    """Rows (client, therapist, worth) of all who fit; a forced client has that one therapist only."""
    forced = dict(forced)
    return [
        (c, t, worth(one.asked, other).number)
        for c, one in enumerate(waiting)
        for t, other in enumerate(offers)
        if other.places > 0
        and all(meets(must, other) for must in one.asked.musts)
        and forced.get(one.id, other.id) == other.id
    ]


def optimum(waiting, offers, value, forced=()):
    """Max Σ value(client, worth) under capacity by scipy's `milp`: the greatest sum, and who is placed with whom."""
    known = pairs(waiting, offers, forced)
    if not known:
        return 0.0, {}
    rows = [[c for c, _, _ in known], [len(waiting) + t for _, t, _ in known]]
    shape = (len(waiting) + len(offers), len(known))
    columns = np.tile(np.arange(len(known)), 2)
    matrix = coo_array((np.ones(2 * len(known)), (np.concatenate(rows), columns)), shape=shape)
    most = [1] * len(waiting) + [max(one.places, 0) for one in offers]
    cost = -np.array([value(waiting[c], points) for c, _, points in known], float)
    solved = milp(cost, constraints=LinearConstraint(matrix, ub=most), integrality=np.ones(len(known), np.int64))
    assert solved.x is not None and solved.fun is not None
    chosen = {waiting[known[k][0]].id: offers[known[k][1]].id for k in np.flatnonzero(solved.x > 0.5)}
    return -solved.fun, chosen
