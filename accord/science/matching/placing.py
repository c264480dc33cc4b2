"""Who can be placed at all: as many as capacity allows, and whom first where it does not reach for all (`matching@1`).

Clients come in order of priority. Each is placed if that is possible *together with all those before*, whoever has to
move over for it. Sets of clients that can be placed together are the independent sets of a transversal matroid, so
this greedy way places the greatest number of people, and among all ways to place that many the one that puts the
first in order first (Edmonds & Fulkerson 1965; Schrijver, Combinatorial Optimization, ch. 40).

Each step is a breadth-first search for an augmenting path. A search that fails has reached therapists who are all
full of clients who can go nowhere else: nobody can ever be placed there again, so no later search enters.
"""

from typing import NamedTuple

import numpy as np

from accord.science.matching.bits import Words, compiled, inlined, lowest
from accord.science.matching.kernels import NOBODY, allow
from accord.science.matching.packing import Clients, Ints, Network

BUILT_ON = "8465c9fefa789e67"


class Floor(NamedTuple):
    """Who sits where while clients are placed."""

    assigned: Ints  # (N,) therapist of each client
    spot: Ints  # (N,) the client's place in `taken`
    start: Ints  # (T + 1,) therapist t has the places from start[t] to start[t + 1]
    taken: Ints  # the clients in them, filled from the left
    load: Ints  # (T,)
    via: Ints  # (T,) in the search: the client who would come here
    queue: Ints  # (T,) in the search: full therapists whose clients might move
    free: Words  # sets of therapists: with a place left
    alive: Words  # worth a search
    unseen: Words  # not reached by this search
    reach: Words  # scratch


@inlined
def look(network: Network, clients: Clients, client: int, floor: Floor, tail: int) -> tuple[int, int]:
    """A therapist with a place left for this client, or −1; then all others who fit are queued. And the queue's end."""
    allow(network, clients, client, floor.reach)
    for w in range(floor.reach.shape[0]):
        floor.reach[w] &= floor.unseen[w]
        with_room = floor.reach[w] & floor.free[w]
        if with_room:
            therapist = 64 * w + lowest(with_room)
            floor.via[therapist] = client
            return therapist, tail
    for w in range(floor.reach.shape[0]):
        word = floor.reach[w]
        floor.unseen[w] &= ~word
        while word:
            therapist = 64 * w + lowest(word)
            word &= word - np.uint64(1)
            floor.via[therapist] = client
            floor.queue[tail] = therapist
            tail += 1
    return NOBODY, tail


@inlined
def search(network: Network, clients: Clients, client: int, floor: Floor) -> int:
    """The end of a shortest chain of moves that gives this client a place, or −1."""
    floor.unseen[:] = floor.alive
    chosen, tail = look(network, clients, client, floor, 0)
    head = 0
    while chosen == NOBODY and head < tail:
        full = floor.queue[head]
        head += 1
        for place in range(floor.start[full], floor.start[full + 1]):
            chosen, tail = look(network, clients, floor.taken[place], floor, tail)
            if chosen != NOBODY:
                break
    if chosen == NOBODY:
        floor.alive[:] = floor.unseen
    return chosen


@inlined
def settle(therapist: int, floor: Floor) -> None:
    """From the therapist with a place left back to the one who asked, each moves over by one."""
    place = floor.start[therapist] + floor.load[therapist]
    floor.load[therapist] += 1
    if place + 1 == floor.start[therapist + 1]:
        floor.free[therapist >> 6] &= ~(np.uint64(1) << np.uint64(therapist & 63))
    while therapist != NOBODY:
        mover = floor.via[therapist]
        before, left = floor.assigned[mover], floor.spot[mover]
        floor.assigned[mover], floor.spot[mover], floor.taken[place] = therapist, place, mover
        therapist, place = before, left


@compiled
def place_all(network: Network, clients: Clients, order: Ints, found: Ints, floor: Floor) -> None:
    """Place the clients in this order; found (N, K): whom to try for each before anybody else."""
    for client in order:
        chosen = NOBODY
        for k in range(found.shape[1]):
            therapist = found[client, k]
            if therapist != NOBODY and floor.load[therapist] < floor.start[therapist + 1] - floor.start[therapist]:
                chosen = therapist
                floor.via[chosen] = client
                break
        if chosen == NOBODY:
            chosen = search(network, clients, client, floor)
        if chosen != NOBODY:
            settle(chosen, floor)


def placed(network: Network, clients: Clients, order: Ints, found: Ints) -> Ints:
    """A therapist for each client (N,), −1 where there can be none."""
    count, therapists = len(order), len(network.places)
    places = np.minimum(network.places, count)
    start = np.concatenate(([0], np.cumsum(places)))
    with_places = np.zeros(64 * len(network.shown), np.bool_)
    with_places[:therapists] = places > 0
    free = network.shown & np.packbits(with_places, bitorder="little").view(np.uint64)
    scratch = [np.empty(size, np.int64) for size in (start[-1], therapists, therapists)]
    floor = Floor(
        assigned=np.full(count, NOBODY),
        spot=np.full(count, NOBODY),
        start=start,
        taken=scratch[0],
        load=np.zeros(therapists, np.int64),
        via=scratch[1],
        queue=scratch[2],
        free=free,
        alive=network.shown.copy(),
        unseen=np.empty_like(free),
        reach=np.empty_like(free),
    )
    place_all(network, clients, order, found, floor)
    return floor.assigned
