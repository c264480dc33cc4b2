"""Over clients × therapists, compiled by numba: who fits, the best few of them, and whether more could be won.

`worth_of` is `worth.py` in whole numbers; a test holds the two together. The cache on disk notices changes of this
file only; BUILT_ON changes with `bits.py`.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from accord.science.matching.bits import Words, compiled, counted, inlined, lowest
from accord.science.matching.packing import UNTOLD, Clients, Ints, Network

BUILT_ON = "3e1dda95d6f6cc57"
MOST_LISTED = 8  # nice-to-haves whose 2^m sums are worked out once per client
TIE_BITS = np.uint64(43)
TIE_MASK = np.uint64((1 << 43) - 1)
NOBODY = -1
LEFT_OUT = np.iinfo(np.int64).max
SPAN = 1_024  # rows a thread does at a time
Span = tuple[int, int]  # from, to


@inlined
def allow(network: Network, clients: Clients, client: int, out: Words) -> None:
    """All who may be suggested and meet every must-have of the client."""
    out[:] = network.shown
    for place in range(clients.must_start[client], clients.must_start[client + 1]):
        met = network.met[clients.must[place]]
        for w in range(out.shape[0]):
            out[w] &= met[w]


@inlined
def rounded(number: np.int64 | int, by: np.int64 | int) -> int:
    """number / by, half up."""
    return int((2 * number + by) // (2 * by))


@inlined
def digits_of_wishes(clients: Clients, client: int, sums: Ints) -> int:
    """For each subset of the nice-to-haves (bit k: the k-th is met) its digit; how many there are, or −1: too many."""
    first, last = clients.nice_start[client], clients.nice_start[client + 1]
    if last - first > MOST_LISTED:
        return -1
    total = np.int64(0)
    sums[0] = 0
    for k in range(last - first):
        strength = clients.strength[first + k]
        total += strength
        for subset in range(1 << k):
            sums[subset + (1 << k)] = sums[subset] + strength
    for subset in range(1 << (last - first)):
        sums[subset] = rounded(100 * sums[subset], total) if total else 0
    return int(last - first)


@inlined
def wishes_met(network: Network, clients: Clients, client: int, therapist: int) -> int:
    """The digit of the nice-to-haves, one by one."""
    met, total = np.int64(0), np.int64(0)
    word, bit = therapist >> 6, np.uint64(therapist & 63)
    for place in range(clients.nice_start[client], clients.nice_start[client + 1]):
        strength = clients.strength[place]
        total += strength
        if (network.met[clients.nice[place], word] >> bit) & np.uint64(1):
            met += strength
    return rounded(100 * met, total) if total else 0


@inlined
def rest_of(network: Network, clients: Clients, client: int, therapist: int) -> int:
    """Record, room and style, as the last three digits of the worth."""
    told, needs = 0, clients.need_start[client + 1] - clients.need_start[client]
    for place in range(clients.need_start[client], clients.need_start[client + 1]):
        told += network.track[therapist, clients.need[place]]
    agreement, total = np.int64(0), np.int64(0)
    for d in range(clients.side.shape[1]):
        weight = np.int64(clients.weight[client, d])
        total += weight
        theirs = np.int64(network.style[therapist, d])
        if theirs != UNTOLD:
            agreement += weight * (100 - abs(np.int64(clients.side[client, d]) - theirs))
    track = rounded(told, 10 * needs) if needs else 0
    style = rounded(agreement, 10 * total) if total else 0
    return int(((track + 10) * 5 + network.room[therapist]) * 21 + style + 10)


@inlined
def worth_of(network: Network, clients: Clients, client: int, therapist: int) -> int:
    """The whole number of `worth.py`."""
    head = network.door[therapist] * 101 + wishes_met(network, clients, client, therapist)
    return int(head * 2205 + rest_of(network, clients, client, therapist))


@inlined
def tie_of(seed: np.uint64, key: np.uint64) -> np.uint64:
    """`ordering.tie`."""
    word = (seed ^ key) + np.uint64(0x9E3779B97F4A7C15)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@inlined
def take_in(keys: Words, who: Ints, key: np.uint64, therapist: int) -> None:
    """Into its place among the best few, greatest key first; the last one falls out."""
    place = keys.shape[0] - 1
    while place > 0 and keys[place - 1] < key:
        keys[place], who[place] = keys[place - 1], who[place - 1]
        place -= 1
    keys[place], who[place] = key, therapist


@inlined
def best_few(
    network: Network, clients: Clients, client: int, allowed: Words, keys: Words, who: Ints, sums: Ints
) -> int:
    """Fill keys and who (K,) with the best of those allowed; returns how many are allowed."""
    keys[:] = 0
    who[:] = NOBODY
    listed = digits_of_wishes(clients, client, sums)
    first, least, number = clients.nice_start[client], np.int64(-1), 0
    for w in range(allowed.shape[0]):
        word = allowed[w]
        number += counted(word)
        while word:
            bit = lowest(word)
            word &= word - np.uint64(1)
            therapist = 64 * w + bit
            if listed < 0:
                digit = wishes_met(network, clients, client, therapist)
            else:
                subset = np.int64(0)
                for k in range(listed):
                    subset |= np.int64((network.met[clients.nice[first + k], w] >> np.uint64(bit)) & np.uint64(1)) << k
                digit = int(sums[subset])
            head = network.door[therapist] * 101 + digit
            if head < least:
                continue
            worth = head * 2205 + rest_of(network, clients, client, therapist)
            tie = TIE_MASK - (tie_of(clients.seed[client], network.key[therapist]) >> np.uint64(21))
            key = (np.uint64(worth + 1) << TIE_BITS) | tie
            if key > keys[-1]:
                take_in(keys, who, key, therapist)
                if keys[-1]:
                    least = (np.int64(keys[-1] >> TIE_BITS) - 1) // 2205
    return number


@compiled
def best(span: Span, network: Network, clients: Clients, found: Ints, worth: Ints, allowed: Ints) -> None:
    """For each client the best few (N, K) with their worths, best first, −1 where there are no more; and how many are
    allowed (N,)."""
    few = found.shape[1]
    who, keys = np.empty(few, np.int64), np.empty(few, np.uint64)
    bits, sums = np.empty(network.shown.shape[0], np.uint64), np.empty(1 << MOST_LISTED, np.int64)
    for client in range(span[0], span[1]):
        allow(network, clients, client, bits)
        allowed[client] = best_few(network, clients, client, bits, keys, who, sums)
        for k in range(few):
            found[client, k] = who[k]
            worth[client, k] = np.int64(keys[k] >> TIE_BITS) - 1


@compiled
def worths(span: Span, network: Network, clients: Clients, client: Ints, therapist: Ints, out: Ints) -> None:
    """The worth of each pair (M,)."""
    for place in range(span[0], span[1]):
        out[place] = worth_of(network, clients, client[place], therapist[place])


@compiled
def fitting(span: Span, network: Network, clients: Clients, out: Words) -> None:
    """Sets of those allowed (N, ⌈T / 64⌉)."""
    for client in range(span[0], span[1]):
        allow(network, clients, client, out[client])


@compiled
def nearest(span: Span, network: Network, clients: Clients, price: Ints, pays: Ints, who: Ints, gain: Ints) -> None:
    """For each client those with the greatest worth − price, the most first (N, K), −1 where there are no more; gain is
    how much greater that is than what the client has now, `pays` (N,). One who pays LEFT_OUT has none."""
    bits = np.empty(network.shown.shape[0], np.uint64)
    last = who.shape[1] - 1
    for client in range(span[0], span[1]):
        who[client] = NOBODY
        gain[client] = -LEFT_OUT
        if pays[client] == LEFT_OUT:
            continue
        allow(network, clients, client, bits)
        for w in range(bits.shape[0]):
            word = bits[w]
            while word:
                therapist = 64 * w + lowest(word)
                word &= word - np.uint64(1)
                more = worth_of(network, clients, client, therapist) - price[therapist] - pays[client]
                place = last
                while place >= 0 and gain[client, place] < more:
                    if place < last:
                        gain[client, place + 1], who[client, place + 1] = gain[client, place], who[client, place]
                    gain[client, place], who[client, place] = more, therapist
                    place -= 1


def on_all_threads(kernel: Callable[..., None], rows: int, *arguments: object) -> None:
    """The kernel over all rows, in spans, on all threads: they release the interpreter's lock."""
    spans = [(first, min(first + SPAN, rows)) for first in range(0, rows, SPAN)]
    if len(spans) < 2:
        kernel((0, rows), *arguments)
        return
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for done in [pool.submit(kernel, span, *arguments) for span in spans]:
            done.result()
