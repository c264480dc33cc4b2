"""The ordering held against others in networks whose truth is known: who would have gone to whom, and what it costs.

Every rule sees the same clients, who ask one after another, and the same free places. A rule never sends anyone to a
therapist who may not treat them. What comes of it is the truth of the network, expected, so that only the network is
chance. Regret: what the best of all assignments under the same places would reach more.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from scipy import optimize

from accord.science.grids import Floats
from accord.science.matching.assignment import Waiting, assign
from accord.science.matching.model import Asked, Interval, Offer, Wish
from accord.science.matching.ordering import order
from accord.science.matching.relaxing import NEVER_RELAXED, relaxations
from accord.science.matching.track_record import Cases, Ints, track_records, usable_records
from accord.science.simulation.networks import GROUPS, NEEDS, Bools, Drawn, Person

NOBODY = -1
_LAST = -1e6  # worth of a client without anyone: never taken while there is another way
_BUSIEST = 10  # one therapist in ten

Rule = Callable[[Drawn, Generator], Ints]


class Best(NamedTuple):
    """What the best assignments reach, one for each."""

    alliance: float  # mean of those who have someone, points
    stay_8: float  # share of all who ask


class Contender(NamedTuple):
    """One way to decide who goes to whom."""

    name: str
    words: str
    rule: Rule
    at_once: bool = False  # sees the whole queue before it places the first


class Measured(NamedTuple):
    """What one rule reached in one network. Shares of all who ask; means of those who have someone."""

    placed: float
    alliance: float  # expected at session 3, points
    stay_3: float
    stay_8: float
    outcome: float  # expected, SDs
    musts: float  # share of all must-haves that are met
    all_musts: float  # share of clients with all of them met
    busiest: float  # share of placed clients who go to the busiest tenth of therapists
    regret: float  # points of alliance at session 3 below the best assignment
    regret_8: float  # share that reaches session 8 below the best assignment
    by_group: Mapping[str, tuple[float, float]]  # alliance and stay_8 of each subgroup


def measure(drawn: Drawn, chosen: Ints, best: Best) -> Measured:
    """Judge an assignment (N,) of places in `drawn.therapists`, NOBODY for none."""
    placed = chosen >= 0
    who, whom = np.flatnonzero(placed), chosen[placed]
    alliance, stay = np.full(chosen.size, np.nan), np.zeros((2, chosen.size))
    alliance[who], stay[:, who] = drawn.alliance[who, whom], drawn.stay[:, who, whom]
    asked = np.array([len(person.own_musts) for person in drawn.people])
    met = np.zeros(chosen.size, np.int64)
    met[who] = drawn.musts[who, whom]
    taken = np.sort(np.bincount(whom, minlength=len(drawn.therapists)))[::-1]
    busiest = taken[: max(round(taken.size / _BUSIEST), 1)].sum() / max(taken.sum(), 1)
    mean = float(alliance[who].mean()) if who.size else np.nan
    return Measured(
        placed=float(placed.mean()),
        alliance=mean,
        stay_3=float(stay[0].mean()),
        stay_8=float(stay[1].mean()),
        outcome=float(drawn.outcome[who, whom].mean()) if who.size else np.nan,
        musts=float(met.sum() / max(asked.sum(), 1)),
        all_musts=float((met == asked).mean()),
        busiest=float(busiest),
        regret=best.alliance - mean,
        regret_8=best.stay_8 - float(stay[1].mean()),
        by_group=_by_group(drawn, alliance, stay[1]),
    )


def best_of(drawn: Drawn) -> Best:
    """What could be reached with these places by someone who knows the truth."""
    reached = []
    for value in (drawn.alliance, drawn.stay[1]):
        chosen = best_assignment(drawn, value)
        reached.append(value[chosen >= 0, chosen[chosen >= 0]])
    return Best(float(reached[0].mean()) if reached[0].size else np.nan, float(reached[1].sum()) / len(drawn.people))


def best_assignment(drawn: Drawn, value: Floats) -> Ints:
    """The assignment with the most value in all, as many placed as can be: every place a column of its own."""
    seats = np.repeat(np.arange(len(drawn.therapists)), [one.places for one in drawn.therapists])
    worth = np.where(drawn.may, value, _LAST)[:, seats]
    spare = np.full((len(worth), len(worth)), _LAST / 2.0)  # nobody, for as many as need it
    who, where = optimize.linear_sum_assignment(np.hstack((worth, spare)), maximize=True)
    chosen = np.full(len(worth), NOBODY)
    seated = where < seats.size
    chosen[who[seated]] = seats[where[seated]]
    return np.where((chosen >= 0) & drawn.may[np.arange(chosen.size), chosen], chosen, NOBODY)


def _by_group(drawn: Drawn, alliance: Floats, stay: Floats) -> dict[str, tuple[float, float]]:
    found = {}
    for place, kind in enumerate(GROUPS):
        of = np.array([person.group[place] for person in drawn.people])
        for label in np.unique(of).tolist():
            known = alliance[of == label]
            mean = float(np.nanmean(known)) if np.isfinite(known).any() else np.nan
            found[f"{kind}: {label}"] = (mean, float(stay[of == label].mean()))
    return found


def at_random(drawn: Drawn, rng: Generator) -> Ints:
    """Anyone who may and has a place."""
    return _one_by_one(drawn, lambda client, free: rng.permutation(np.flatnonzero(free & drawn.may[client]))[:1])


def first_available(drawn: Drawn, rng: Generator) -> Ints:
    """The place that has been free longest, of those who may."""
    return _first_of(drawn, rng, lambda client, free: free & drawn.may[client])


def first_that_fits(drawn: Drawn, rng: Generator) -> Ints:
    """The same, of those who meet most of the must-haves."""
    return _first_of(drawn, rng, lambda client, free: _most_musts(drawn, client, free))


def by_preference(drawn: Drawn, rng: Generator) -> Ints:
    """Most must-haves, then most wishes by strength, then most alike in style; of equals the first in the list."""

    def choose(client: int, free: Bools) -> Ints:
        fits = np.flatnonzero(_most_musts(drawn, client, free))
        best = np.lexsort((-drawn.style[client, fits], -drawn.share[client, fits].round(9)))
        return fits[best][:1]

    return _one_by_one(drawn, choose)


def by_our_order(drawn: Drawn, rng: Generator) -> Ints:
    """The first of `order`; where nobody fits, the must-have that opens most is let go of, and again."""
    seed = int(rng.integers(1 << 32))
    offers = offers_of(drawn)
    chosen = np.full(len(drawn.people), NOBODY)
    for client, person in enumerate(drawn.people):
        first = _first_in_order(asked_by(person), offers, seed + client)
        if first is not None:
            chosen[client] = place = int(first)
            offers[place] = _one_less(offers[place], drawn.therapists[place].capacity)
    return chosen


def all_at_once(drawn: Drawn, rng: Generator) -> Ints:
    """Everyone placed together by `assign`, the urgent first; whoever is left lets go of a must-have, and again."""
    seed = int(rng.integers(1 << 32))
    offers, chosen = offers_of(drawn), np.full(len(drawn.people), NOBODY)
    waiting = {client: asked_by(person) for client, person in enumerate(drawn.people)}
    while waiting:
        for proposal in assign(_queue(drawn, waiting), offers, seed=seed).proposals:
            if proposal.offer is not None:
                client, place = int(proposal.client), int(proposal.offer)
                chosen[client] = place
                offers[place] = _one_less(offers[place], drawn.therapists[place].capacity)
                del waiting[client]
        looser = {client: _looser(asked, offers) for client, asked in waiting.items()}
        waiting = {client: asked for client, asked in looser.items() if asked is not None}
    return chosen


def _queue(drawn: Drawn, waiting: Mapping[int, Asked]) -> list[Waiting]:
    """Those who still wait: the urgent first, then who asked first."""
    last = len(drawn.people)
    return [
        Waiting(str(client), asked, int("urgent" in drawn.people[client].group), last - client)
        for client, asked in waiting.items()
    ]


CONTENDERS = (
    Contender("order", "Accord's ordering, the first of the list, one after another", by_our_order),
    Contender(
        "all-at-once",
        "Accord's suggestion for a whole queue, placed together under capacity",
        all_at_once,
        at_once=True,
    ),
    Contender("preference-only", "must-haves, wishes by strength and style, in the order of a list", by_preference),
    Contender("first-that-fits", "the place that is free longest of those who meet the must-haves", first_that_fits),
    Contender("first-available", "the place that is free longest", first_available),
    Contender("random", "any free place", at_random),
)
BY_NAME: Mapping[str, Contender] = MappingProxyType({one.name: one for one in CONTENDERS})


def asked_by(person: Person) -> Asked:
    """A simulated person's wishes, as the ordering takes them."""
    return Asked(
        musts=tuple(Wish(kind, any_of) for kind, any_of in person.musts),
        nice=tuple((Wish(kind, any_of), strength) for kind, any_of, strength in person.nice),
        style=person.style,
    )


def offers_of(drawn: Drawn) -> list[Offer]:
    """The therapists as they offer themselves, with what their completed cases say where they allow it."""
    records = _learned(drawn)
    return [
        Offer(
            id=str(place),
            has=one.has,
            style=one.style,
            places=one.places,
            days_since_confirmed=0,
            caseload_share=1.0 - one.places / one.capacity,
            track=records.get(str(place), {}),
            track_used=one.opted_in,
        )
        for place, one in enumerate(drawn.therapists)
    ]


def _learned(drawn: Drawn) -> dict[str, dict[str, Interval]]:
    past = drawn.past
    cases = Cases([str(place) for place in past.therapist], past.outcome, past.severity)
    records, _ = track_records(cases, [NEEDS[place] for place in past.need])
    return usable_records(records, [str(place) for place, one in enumerate(drawn.therapists) if one.opted_in])


def _first_in_order(asked: Asked, offers: list[Offer], seed: int) -> str | None:
    looser: Asked | None = asked
    while looser is not None:
        found = order(looser, offers, seed=seed)
        if found:
            return found[0].id
        looser = _looser(looser, offers)
    return None


def _looser(asked: Asked, offers: list[Offer]) -> Asked | None:
    """Without the must-have that opens most, which stays a wish of full strength; None where none can be let go of."""
    own = [wish for wish in asked.musts if wish.kind not in NEVER_RELAXED]
    gained = relaxations(asked, offers)
    # where no single one is enough, all are let go of
    let_go = [gained[0][0]] if gained else own
    if not let_go:
        return None
    left = tuple(wish for wish in asked.musts if wish not in let_go)
    return asked._replace(musts=left, nice=(*asked.nice, *((wish, 1.0) for wish in let_go)))


def _one_less(offer: Offer, capacity: int) -> Offer:
    return offer._replace(places=offer.places - 1, caseload_share=1.0 - (offer.places - 1) / capacity)


def _one_by_one(drawn: Drawn, choose: Callable[[int, Bools], Ints]) -> Ints:
    left = np.array([one.places for one in drawn.therapists])
    chosen = np.full(len(drawn.people), NOBODY)
    for client in range(chosen.size):
        found = choose(client, left > 0)
        if found.size:
            chosen[client] = found[0]
            left[found[0]] -= 1
    return chosen


def _first_of(drawn: Drawn, rng: Generator, allowed: Callable[[int, Bools], Bools]) -> Ints:
    """Places open in an order of chance; each client takes the first that is allowed."""
    opened = rng.permutation(np.repeat(np.arange(len(drawn.therapists)), [one.places for one in drawn.therapists]))

    def choose(client: int, free: Bools) -> Ints:
        nonlocal opened
        may = np.flatnonzero(allowed(client, free)[opened])
        if not may.size:
            return may
        found, opened = opened[may[0]], np.delete(opened, may[0])
        return np.array([found])

    return _one_by_one(drawn, choose)


def _most_musts(drawn: Drawn, client: int, free: Bools) -> Bools:
    able = free & drawn.may[client]
    most = drawn.musts[client, able].max() if able.any() else 0
    fits: Bools = able & (drawn.musts[client] == most)
    return fits
