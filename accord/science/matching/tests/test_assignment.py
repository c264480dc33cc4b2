import random
from collections import Counter

import pytest

from accord.science.errors import BadMatching
from accord.science.matching import Asked, Offer, Waiting, assign, meets, worth
from accord.science.matching.tests.people import offer, wish
from accord.science.matching.tests.practices import drawn, optimum, pairs

SPANISH = wish("language:es")


def chosen(result):
    return {one.client: one.offer for one in result.proposals if one.offer}


@pytest.mark.parametrize("seed", range(200))
def test_it_is_the_optimum_of_an_independent_solver(seed):
    waiting, offers = drawn(seed)
    result = assign(waiting, offers, seed=seed, stale=True)
    found = chosen(result)
    # First as many as possible, the first in order first: weights 2^rank, so that each outweighs all after it.
    rank = {one.client: len(waiting) - place for place, one in enumerate(result.proposals)}
    _, placed = optimum(waiting, offers, lambda one, _: 2.0 ** rank[one.id])
    assert set(found) == set(placed)
    assert len(found) == round(optimum(waiting, offers, lambda one, _: 1.0)[0])
    # Then, with those, the greatest sum of worths.
    going = [one for one in waiting if one.id in placed]
    best, _ = optimum(going, offers, lambda _, points: 1e7 + points)
    assert result.total == round(best - 1e7 * len(going))


@pytest.mark.parametrize("seed", range(60))
def test_no_must_have_and_no_capacity_is_ever_broken(seed):
    waiting, offers = drawn(seed, clients=40, therapists=12)
    by_id, asked = {one.id: one for one in offers}, {one.id: one.asked for one in waiting}
    result = assign(waiting, offers, seed=1)
    for one in result.proposals:
        if one.offer:
            assert all(meets(must, by_id[one.offer]) for must in asked[one.client].musts)
            assert one.match and one.match.reasons and one.match.id == one.offer
            assert one.worth == worth(asked[one.client], by_id[one.offer]).number
    load = Counter(chosen(result).values())
    assert all(load[one.id] <= max(one.places, 0) for one in offers)


@pytest.mark.parametrize("seed", range(30))
def test_who_is_left_out_fits_nobody_or_only_therapists_who_are_full_of_people_before(seed):
    waiting, offers = drawn(seed, clients=30, therapists=6)
    result = assign(waiting, offers, seed=1)
    found, load = chosen(result), Counter(chosen(result).values())
    fits: dict[str, list[Offer]] = {}
    for c, t, _ in pairs(waiting, offers):
        fits.setdefault(waiting[c].id, []).append(offers[t])
    for one in result.proposals:
        assert (one.why == "nobody") == (one.client not in fits)
        if one.why == "full":
            assert all(load[other.id] == other.places for other in fits[one.client])
            assert one.client not in found


@pytest.mark.parametrize("seed", range(30))
def test_the_order_of_clients_and_of_offers_changes_nothing(seed):
    waiting, offers = drawn(seed, clients=30, therapists=6)
    shuffled = random.Random(seed)
    other = assign(shuffled.sample(waiting, len(waiting)), shuffled.sample(offers, len(offers)), seed=5)
    assert other == assign(waiting, offers, seed=5)


def test_the_more_urgent_comes_first_then_the_longer_wait():
    asks = Asked(musts=(SPANISH,))
    waiting = [Waiting("new", asks, 0, 3), Waiting("old", asks, 0, 90), Waiting("urgent", asks, 1, 1)]
    for places, placed in ((1, {"urgent"}), (2, {"urgent", "old"}), (3, {"urgent", "old", "new"})):
        result = assign(waiting, [offer("tess", "language:es", places=places)], seed=1)
        assert set(chosen(result)) == placed
        assert [one.client for one in result.proposals] == ["urgent", "old", "new"]


def test_nobody_takes_the_only_place_of_someone_else_who_could_go_elsewhere():
    waiting = [Waiting("either", Asked(nice=((SPANISH, 1.0),)), 1, 50), Waiting("spanish", Asked(musts=(SPANISH,)))]
    offers = [offer("tess", "language:es", places=1), offer("theo", "language:en", places=1)]
    assert chosen(assign(waiting, offers, seed=1)) == {"either": "theo", "spanish": "tess"}


def test_ties_are_drawn_by_the_seed():
    waiting = [Waiting(f"client-{n}", Asked()) for n in range(6)]
    offers = [offer(f"therapist-{n}", places=1) for n in range(3)]
    results = [chosen(assign(waiting, offers, seed=seed)) for seed in range(40)]
    assert all(len(one) == 3 for one in results)
    assert len({frozenset(one) for one in results}) > 10
    assert chosen(assign(waiting, offers, seed=7)) == results[7]


def test_places_that_were_not_confirmed_for_thirty_days_are_left_alone_unless_wanted():
    waiting, offers = [Waiting("kai", Asked())], [offer("thandi", days_since_confirmed=40)]
    assert assign(waiting, offers, seed=1).proposals[0].why == "nobody"
    assert chosen(assign(waiting, offers, seed=1, stale=True)) == {"kai": "thandi"}


def test_more_than_the_best_twenty_are_looked_at_where_those_are_full():
    # All want the twenty who speak Spanish, and those have a place each.
    offers = [offer(f"s{n}", "language:es", places=1) for n in range(20)] + [
        offer(f"e{n}", places=1) for n in range(20)
    ]
    waiting = [Waiting(f"client-{n}", Asked(nice=((SPANISH, 1.0),))) for n in range(40)]
    result = assign(waiting, offers, seed=2)
    assert Counter(chosen(result).values()) == Counter(one.id for one in offers)


@pytest.mark.parametrize("seed", range(40))
def test_what_it_costs_to_deviate_is_what_the_independent_solver_loses(seed):
    waiting, offers = drawn(seed, clients=8, therapists=4)
    result = assign(waiting, offers, seed=seed, stale=True)
    going = [one for one in waiting if one.id in chosen(result)]
    for one in result.proposals:
        costs = [float("inf") if other.costs is None else other.costs for other in one.others]
        assert costs == sorted(costs)
        for other in one.others:
            best, placed = optimum(going, offers, lambda _, points: 1e7 + points, [(one.client, other.offer)])
            if other.costs is None:
                assert len(placed) < len(going)
            else:
                assert len(placed) == len(going)
                assert other.costs == result.total - round(best - 1e7 * len(going))


def test_it_says_how_many_others_would_move():
    waiting = [Waiting("jo", Asked(nice=((SPANISH, 1.0),)), 1), Waiting("max", Asked())]
    offers = [offer("tess", "language:es", places=1), offer("theo", "language:en", places=1)]
    first = assign(waiting, offers, seed=1).proposals[0]
    assert (first.client, first.offer) == ("jo", "tess")
    assert [(other.offer, other.moves) for other in first.others] == [("theo", 1)]
    assert first.others[0].costs == 100 * 2205


def test_nobody_waits_and_nobody_offers():
    assert assign([], [offer("tess")], seed=1).proposals == ()
    assert assign([Waiting("kai", Asked())], [], seed=1).proposals[0].why == "nobody"


def test_a_client_who_is_there_twice_is_named():
    with pytest.raises(BadMatching, match="client kai: waits twice"):
        assign([Waiting("kai", Asked())] * 2, [offer("tess")], seed=1)
