"""Clients and offers laid out for the kernels: a set of therapists for each wish, numbers for the rest.

Each different wish is kept once, as the set of therapists who meet it. A client is then a few row numbers, and "who
meets all must-haves" is a few ANDs over words of 64 therapists.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from accord.science.matching.bits import Words, as_bits
from accord.science.matching.model import Asked, Offer
from accord.science.matching.ordering import fingerprint
from accord.science.matching.worth import door, hundredths, nearest_to_nil, needs_of, room

Ints = NDArray[np.int64]
Shorts = NDArray[np.int16]
Key = TypeVar("Key", bound=Hashable)
Places = Mapping[Key, int]
UNTOLD = -(1 << 15)


class Network(NamedTuple):
    """T therapists."""

    met: Words  # (U, ⌈T / 64⌉) who meets wish u
    shown: Words  # (⌈T / 64⌉,) who may be suggested
    places: Ints  # (T,)
    door: Ints  # (T,) first digit of the worth
    room: Ints  # (T,) fourth digit
    style: Shorts  # (T, D) hundredths, UNTOLD where not told
    track: (
        Shorts  # (T, K) for each need the value nearest to nil in hundredths; 0 where there is none or it is not used
    )
    key: Words  # (T,) fingerprint of the id


class Clients(NamedTuple):
    """N clients. Wishes are rows of `Network.met`; those of client c stand from start[c] to start[c + 1]."""

    must_start: Ints
    must: Ints
    nice_start: Ints
    nice: Ints
    strength: Ints  # of each nice-to-have, hundredths
    need_start: Ints
    need: Ints  # columns of `Network.track`
    side: Shorts  # (N, D) hundredths
    weight: Shorts  # (N, D) strength in hundredths, 0 where nothing is asked
    seed: Words  # (N,) for ties


def pack(
    asked: Sequence[Asked], offers: Sequence[Offer], *, seeds: Sequence[int], shown: Sequence[bool]
) -> tuple[Network, Clients]:
    """Lay out checked wishes and offers. seeds (N,): for ties. shown (T,): who may be suggested."""
    sets = numbered(wish.any_of for one in asked for wish in (*one.musts, *(wish for wish, _ in one.nice)))
    needs = numbered(need for one in asked for need in needs_of(one))
    dimensions = numbered(dimension for one in asked for dimension, _, _ in one.style)
    side, weight = _wanted(asked, dimensions)
    network = Network(
        met=as_bits(
            np.array([[not tokens.isdisjoint(offer.has) for offer in offers] for tokens in sets], np.bool_).reshape(
                len(sets), len(offers)
            )
        ),
        shown=as_bits(np.array(shown, np.bool_)),
        places=np.array([max(offer.places, 0) for offer in offers], np.int64),
        door=np.array([door(offer) for offer in offers], np.int64),
        room=np.array([room(offer.caseload_share) for offer in offers], np.int64),
        style=_told(offers, dimensions),
        track=_records(offers, needs),
        key=np.array([fingerprint(offer.id) for offer in offers], np.uint64),
    )
    must_start, must = _rows([[sets[wish.any_of] for wish in one.musts] for one in asked])
    nice_start, nice = _rows([[sets[wish.any_of] for wish, _ in one.nice] for one in asked])
    _, strength = _rows([[hundredths(strength) for _, strength in one.nice] for one in asked])
    need_start, need = _rows([[needs[need] for need in needs_of(one)] for one in asked])
    seed = np.array(seeds, np.uint64)
    return network, Clients(must_start, must, nice_start, nice, strength, need_start, need, side, weight, seed)


def numbered(keys: Iterable[Key]) -> dict[Key, int]:
    """Each once, in the order in which they came first."""
    return {key: place for place, key in enumerate(dict.fromkeys(keys))}


def _rows(lists: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    start = np.array([0, *accumulate(len(row) for row in lists)], np.int64)
    return start, np.array([number for row in lists for number in row], np.int64)


def _wanted(asked: Sequence[Asked], dimensions: Places[str]) -> tuple[Shorts, Shorts]:
    side = np.zeros((len(asked), len(dimensions)), np.int16)
    weight = np.zeros_like(side)
    for row, one in enumerate(asked):
        for dimension, where, strength in one.style:
            side[row, dimensions[dimension]] = hundredths(where)
            weight[row, dimensions[dimension]] = hundredths(strength)
    return side, weight


def _told(offers: Sequence[Offer], dimensions: Places[str]) -> Shorts:
    style = np.full((len(offers), len(dimensions)), UNTOLD, np.int16)
    for row, offer in enumerate(offers):
        for dimension, value in offer.style.items():
            if dimension in dimensions:
                style[row, dimensions[dimension]] = hundredths(value)
    return style


def _records(offers: Sequence[Offer], needs: Places[str]) -> Shorts:
    track = np.zeros((len(offers), len(needs)), np.int16)
    for row, offer in enumerate(offers):
        for need, record in offer.track.items() if offer.track_used else ():
            if need in needs:
                track[row, needs[need]] = nearest_to_nil(record)
    return track
