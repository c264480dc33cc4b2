"""The best places for those who can be placed: a min-cost flow, and the proof that no pair left out would do better.

Max Σ worth over clients × therapists under capacity, every client placed. Only some pairs are arcs at first: each
client's best few, and one way to place everyone. The optimum on those arcs has prices p_t ≥ 0 (what one more place of
t would add). A pair left out can improve it only if worth − p_t is more than what the client has now. Such pairs are
added and it is solved again, until there are none: then it is the optimum over all pairs (column generation, Dantzig &
Wolfe 1960).
"""

from typing import NamedTuple

import numpy as np
from ortools.graph.python import min_cost_flow

from accord.science.errors import DidNotConverge
from accord.science.matching.bits import compiled
from accord.science.matching.kernels import LEFT_OUT, NOBODY, nearest, on_all_threads, worths
from accord.science.matching.packing import Clients, Ints, Network
from accord.science.matching.worth import BEST

FIRST = 3  # arcs of a client at first, from its best few
CLOSE = 2205  # one hundredth of wishes: pairs that are so close to doing better come in with those that do
NEAR = 8  # and at most as many with the greatest worth less price
SOUNDINGS, STEP, LESS = 8, 25 * 2205, 0.75  # rounds of guessing at prices; the first step and how it gets smaller


class Flow(NamedTuple):
    """Who goes to whom, with its proof."""

    assigned: Ints  # (N,) −1 where there is no place
    total: int  # Σ worth
    price: Ints  # (T,) what one more place would add
    pays: Ints  # (N,) worth less price of the one assigned; the greatest number there is where there is none
    short: int  # the optimum over all pairs is at most this much better; 0: this is it
    rounds: int  # how often it was solved


class Arcs(NamedTuple):
    """Pairs in order of client, each once."""

    client: Ints
    therapist: Ints
    worth: Ints


def best_flow(network: Network, clients: Clients, assigned: Ints, found: Ints, *, rounds: int) -> Flow:
    """From any placing of everyone who can be placed (N,) and each client's best few (N, K) to the best placing."""
    going = np.flatnonzero(assigned != NOBODY)
    if not len(going):
        return Flow(assigned, 0, np.zeros(len(network.places), np.int64), np.full(len(assigned), LEFT_OUT), 0, 0)
    near = _sounded(network, clients, assigned)
    arcs = _arcs(network, clients, _listed(found[:, :FIRST], going), _listed(near, going), (going, assigned[going]))
    solved = 0
    while True:
        chosen, solved = _solved(arcs, network.places, going), solved + 1
        price = prices(arcs, chosen, len(network.places))
        assigned, pays = np.full(len(assigned), NOBODY), np.full(len(assigned), LEFT_OUT)
        assigned[going] = arcs.therapist[chosen]
        pays[going] = arcs.worth[chosen] - price[assigned[going]]
        near, gain = _nearest(network, clients, price, pays)
        short = int(np.maximum(gain[:, 0], 0).sum())
        if not short or solved == rounds:
            return Flow(assigned, int(arcs.worth[chosen].sum()), price, pays, short, solved)
        fresh = _listed(np.where(gain > -CLOSE, near, NOBODY), going)
        arcs = _arcs(network, clients, (arcs.client, arcs.therapist), fresh)


def _sounded(network: Network, clients: Clients, assigned: Ints) -> Ints:
    """For each client the therapists with the greatest worth less a first guess at the prices (N, NEAR).

    A therapist whom more clients want first than there are places gets dearer, one whom fewer want cheaper, in steps
    that get smaller. Only how soon it ends depends on this guess.
    """
    pays = np.where(assigned == NOBODY, LEFT_OUT, 0)
    price, places = np.zeros(len(network.places)), np.maximum(network.places, 1)
    near, _ = _nearest(network, clients, price.astype(np.int64), pays)
    for sounding in range(SOUNDINGS):
        wanted = np.bincount(near[:, 0][near[:, 0] != NOBODY], minlength=len(places)) / places - 1.0
        price = np.maximum(price + STEP * LESS**sounding * np.clip(wanted, -1.0, 2.0), 0.0)
        near, _ = _nearest(network, clients, price.astype(np.int64), pays)
    return near


def _listed(few: Ints, going: Ints) -> tuple[Ints, Ints]:
    """Pairs of client and therapist in the lists of those who can be placed."""
    known = few[going] != NOBODY
    return np.repeat(going, known.sum(1)), few[going][known]


def _arcs(network: Network, clients: Clients, *pairs: tuple[Ints, Ints]) -> Arcs:
    """All these pairs of client and therapist, sorted, each once."""
    width = len(network.places)
    keys = np.unique(np.concatenate([client * width + therapist for client, therapist in pairs]))
    client, therapist = np.divmod(keys, width)
    worth = np.empty(len(keys), np.int64)
    on_all_threads(worths, len(keys), network, clients, client, therapist, worth)
    return Arcs(client, therapist, worth)


def _solved(arcs: Arcs, places: Ints, going: Ints) -> Ints:
    """The arc of each client in an optimal flow, in order of client."""
    number, width = len(going), len(places)
    flow = min_cost_flow.SimpleMinCostFlow()
    tail = np.searchsorted(going, arcs.client).astype(np.int32)
    head = (number + arcs.therapist).astype(np.int32)
    flow.add_arcs_with_capacity_and_unit_cost(tail, head, np.ones(len(tail), np.int64), BEST - arcs.worth)
    therapists, sink = np.arange(number, number + width, dtype=np.int32), np.full(width, number + width, np.int32)
    flow.add_arcs_with_capacity_and_unit_cost(therapists, sink, np.minimum(places, number), np.zeros(width, np.int64))
    supply = np.concatenate((np.ones(number, np.int64), np.zeros(width, np.int64), [-number]))
    flow.set_nodes_supplies(np.arange(len(supply), dtype=np.int32), supply)
    if flow.solve() != flow.OPTIMAL:
        raise DidNotConverge(
            "no flow places everyone who can be placed; the offers' places are not whole numbers from 0"
        )
    return np.flatnonzero(flow.flows(np.arange(len(tail), dtype=np.int32)))


def prices(arcs: Arcs, chosen: Ints, therapists: int) -> Ints:
    """The least prices p ≥ 0 (T,) under which nobody would rather have another of the arcs: what one more place adds.

    p_k = max(0, worth_ck − worth_cj + p_j) over all clients c, with their therapist j and every other arc k; found by
    going round until nothing changes. There is an end because no chain of moves gains anything in an optimum.
    """
    price = np.zeros(therapists, np.int64)
    first = np.searchsorted(arcs.client, np.append(arcs.client[chosen], arcs.client[-1:] + 1))
    _raise(arcs, chosen, first, price)
    return price


@compiled
def _raise(arcs: Arcs, chosen: Ints, first: Ints, price: Ints) -> None:
    changed = True
    while changed:
        changed = False
        for place in range(chosen.shape[0]):
            now = chosen[place]
            has = arcs.worth[now] - price[arcs.therapist[now]]
            for other in range(first[place], first[place + 1]):
                more = arcs.worth[other] - has
                if more > price[arcs.therapist[other]]:
                    price[arcs.therapist[other]] = more
                    changed = True


def _nearest(network: Network, clients: Clients, price: Ints, pays: Ints) -> tuple[Ints, Ints]:
    """For each client who is placed the therapists with the greatest worth less price (N, NEAR), and how much more that
    is than what the client has."""
    who, gain = np.empty((len(pays), NEAR), np.int64), np.empty((len(pays), NEAR), np.int64)
    on_all_threads(nearest, len(pays), network, clients, price, pays, who, gain)
    return who, gain
