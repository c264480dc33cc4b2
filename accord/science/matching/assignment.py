"""Everyone who waits, placed at once under capacity (`matching@1`): a suggestion that a person confirms or changes.

In this order: (1) must-haves and capacity are never broken; (2) as many people as possible are placed; where it does
not reach for all, the more urgent first, then the longer wait, then a recorded seed; (3) of all ways to do that, the
one with the greatest sum of worths (`worth.py`). (2) is `placing.py`, (3) `flowing.py`. The order in which clients
and offers are given changes nothing: both are first put in an order that the seed draws.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np

from accord.science.errors import BadMatching
from accord.science.matching.deviating import deviations, ways
from accord.science.matching.flowing import Flow, best_flow
from accord.science.matching.kernels import NOBODY, best, fitting, on_all_threads, worths
from accord.science.matching.model import VERSION, Asked, Match, Offer, check_asked, check_offers, is_stale
from accord.science.matching.ordering import matched, tie
from accord.science.matching.packing import Clients, Ints, Network, pack
from accord.science.matching.placing import placed
from accord.science.matching.worth import worth

FEW = 20  # candidates of a client that are looked at first
UNTIL_PROVEN = 1_000


class Waiting(NamedTuple):
    """One client who waits."""

    id: str
    asked: Asked
    urgency: int = 0  # greater is more urgent
    days: int = 0  # waited so far


class Deviation(NamedTuple):
    """Another therapist who meets every must-have, and what the change costs."""

    offer: str
    costs: (
        int | None
    )  # of the sum of worths, all others placed as well as possible; None: someone would lose their place
    moves: int  # how many others would go elsewhere than suggested


class Proposal(NamedTuple):
    """One client's suggestion."""

    client: str
    offer: str | None
    why: Literal["placed", "full", "nobody"]  # full: those who fit have no place left; nobody: no one fits
    match: Match | None  # the reasons
    worth: int
    others: tuple[Deviation, ...]  # cheapest first: the first is the next best therapist


class Assignment(NamedTuple):
    """The suggestion for all."""

    version: str
    seed: int
    proposals: tuple[Proposal, ...]  # in order of priority
    total: int  # Σ worth


class Drawn(NamedTuple):
    """Who was placed where, by row."""

    flow: Flow
    candidates: Ints  # (N, K) each client's best few, −1 where there are no more
    allowed: Ints  # (N,) how many therapists fit


def assign(waiting: Iterable[Waiting], offers: Iterable[Offer], *, seed: int, stale: bool = False) -> Assignment:
    """Suggest a therapist for everyone who can be placed.

    seed: recorded with the result. stale: also those whose places were not confirmed for 30 days.
    Raises BadMatching where a wish or an offer has no meaning, or a client is there twice.
    """
    people = sorted(waiting, key=lambda one: tie(seed, one.id))
    therapists = sorted(offers, key=lambda one: tie(seed, one.id))
    _check(people, therapists)
    shown = [one.places > 0 and (stale or not is_stale(one.days_since_confirmed)) for one in therapists]
    seeds = [tie(seed, one.id) for one in people]
    network, clients = pack([one.asked for one in people], therapists, seeds=seeds, shown=shown)
    priority = np.array([(-one.urgency, -one.days, row) for row, one in enumerate(people)], np.int64).reshape(-1, 3)
    order = np.lexsort(priority.T[::-1])
    drawn = assign_packed(network, clients, order)
    others = _others(network, clients, drawn)
    proposals = tuple(_proposal(people[row], therapists, drawn, (int(row), others[row])) for row in order)
    return Assignment(VERSION, seed, proposals, drawn.flow.total)


def assign_packed(
    network: Network, clients: Clients, order: Ints, *, few: int = FEW, rounds: int = UNTIL_PROVEN
) -> Drawn:
    """The same on packed rows, which must already be in the order that the seed draws. order (N,): priority."""
    found, _, allowed = candidates(network, clients, few)
    flow = best_flow(network, clients, placed(network, clients, order, found), found, rounds=rounds)
    return Drawn(flow, found, allowed)


def candidates(network: Network, clients: Clients, few: int) -> tuple[Ints, Ints, Ints]:
    """Each client's best few (N, K), −1 where there are no more; their worths (N, K); how many fit in all (N,)."""
    count = len(clients.seed)
    found, value, allowed = (
        np.empty((count, few), np.int64),
        np.empty((count, few), np.int64),
        np.empty(count, np.int64),
    )
    on_all_threads(best, count, network, clients, found, value, allowed)
    return found, value, allowed


def _check(people: Sequence[Waiting], therapists: list[Offer]) -> None:
    seen: set[str] = set()
    for one in people:
        if one.id in seen:
            raise BadMatching(f"client {one.id}: waits twice")
        seen.add(one.id)
        check_asked(one.asked)
    check_offers(therapists)


def _others(network: Network, clients: Clients, drawn: Drawn) -> list[tuple[tuple[int, float, int], ...]]:
    count, width = len(clients.seed), len(network.places)
    sets = np.empty((count, len(network.shown)), np.uint64)
    on_all_threads(fitting, count, network, clients, sets)
    fits = np.unpackbits(sets.view(np.uint8), axis=1, bitorder="little")[:, :width].astype(np.bool_)
    client, therapist = (np.ascontiguousarray(column) for column in np.nonzero(fits))
    values = np.empty(len(client), np.int64)
    on_all_threads(worths, len(client), network, clients, client, therapist, values)
    table = np.full((count, width), -np.inf)
    table[client, therapist] = values
    assigned = drawn.flow.assigned
    found = ways(table, assigned, network.places)
    return [
        tuple(zip(*(column.tolist() for column in deviations(table, assigned, found, row)), strict=True))
        if assigned[row] != NOBODY
        else ()
        for row in range(count)
    ]


def _proposal(
    one: Waiting, therapists: Sequence[Offer], drawn: Drawn, place: tuple[int, tuple[tuple[int, float, int], ...]]
) -> Proposal:
    row, others = place
    chosen = int(drawn.flow.assigned[row])
    if chosen == NOBODY:
        return Proposal(one.id, None, "full" if drawn.allowed[row] else "nobody", None, 0, ())
    offer = therapists[chosen]
    told = tuple(
        Deviation(therapists[other].id, int(costs) if np.isfinite(costs) else None, moves)
        for other, costs, moves in others
    )
    return Proposal(one.id, offer.id, "placed", matched(one.asked, offer), worth(one.asked, offer).number, told)
