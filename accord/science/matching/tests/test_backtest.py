from itertools import product

import numpy as np
import pytest

from accord.science.matching.backtest import (
    BY_NAME,
    CONTENDERS,
    NOBODY,
    best_assignment,
    best_of,
    measure,
    offers_of,
)
from accord.science.simulation.networks import NETWORKS, Network, draw_network


def network(seed=1, **fields):
    return draw_network(Network(**({"clients": 40, "therapists": 10} | fields)), np.random.default_rng(seed))


def chosen_by(name, drawn, seed=3):
    return BY_NAME[name].rule(drawn, np.random.default_rng(seed))


@pytest.mark.parametrize("rule", BY_NAME)
@pytest.mark.parametrize("world", ["usual", "tight", "small"])
def test_no_rule_breaks_a_capacity_or_sends_anyone_where_they_may_not_go(rule, world):
    drawn = draw_network(NETWORKS[world].world._replace(clients=60, therapists=12), np.random.default_rng(4))
    chosen = chosen_by(rule, drawn)
    placed = chosen != NOBODY
    assert drawn.may[np.flatnonzero(placed), chosen[placed]].all()
    taken = np.bincount(chosen[placed], minlength=12)
    assert (taken <= [one.places for one in drawn.therapists]).all()
    assert placed.mean() > 0.8


@pytest.mark.parametrize("rule", BY_NAME)
def test_the_same_seed_chooses_the_same(rule):
    assert (chosen_by(rule, network()) == chosen_by(rule, network())).all()


def test_whoever_can_have_all_their_must_haves_when_they_ask_gets_them():
    drawn = network(places=3.0)
    for rule in ("order", "preference-only", "first-that-fits"):
        chosen = chosen_by(rule, drawn)
        left = np.array([one.places for one in drawn.therapists])
        for client, person in enumerate(drawn.people):
            asked = len(person.own_musts)
            possible = drawn.may[client] & (left > 0) & (drawn.musts[client] == asked)
            if possible.any():
                assert drawn.musts[client, chosen[client]] == asked
            if chosen[client] != NOBODY:
                left[chosen[client]] -= 1


def test_the_best_assignment_is_the_best_of_all_there_are():
    drawn = network(clients=4, therapists=3, places=1.1)
    places = [one.places for one in drawn.therapists]
    best = -np.inf
    for chosen in product(range(3), repeat=4):
        allowed = all(drawn.may[client, one] for client, one in enumerate(chosen))
        if allowed and all(chosen.count(one) <= places[one] for one in range(3)):
            best = max(best, sum(drawn.alliance[client, one] for client, one in enumerate(chosen)))
    found = best_assignment(drawn, drawn.alliance)
    assert (found >= 0).all() and drawn.alliance[np.arange(4), found].sum() == pytest.approx(best)


def test_the_best_assignment_leaves_out_only_whom_nobody_may_have():
    drawn = network(places=0.5, clients=40)
    found = best_assignment(drawn, drawn.stay[1])
    assert (found >= 0).sum() == min(40, sum(one.places for one in drawn.therapists))
    assert not (best_assignment(drawn._replace(may=np.zeros_like(drawn.may)), drawn.stay[1]) >= 0).any()


def test_no_rule_has_less_regret_than_nothing():
    drawn = network(seed=5, places=1.5)
    best = best_of(drawn)
    for one in CONTENDERS:
        found = measure(drawn, chosen_by(one.name, drawn), best)
        assert found.regret_8 >= -1e-9
        if found.placed == 1.0:
            assert found.regret >= -1e-9


def test_figures_are_counted_by_hand():
    drawn = network(clients=3, therapists=4, places=4.0)
    chosen = np.array([2, NOBODY, 2])
    found = measure(drawn, chosen, best_of(drawn))
    asked = [len(person.own_musts) for person in drawn.people]
    assert found.placed == pytest.approx(2 / 3)
    assert found.alliance == pytest.approx((drawn.alliance[0, 2] + drawn.alliance[2, 2]) / 2)
    assert found.stay_8 == pytest.approx((drawn.stay[1, 0, 2] + drawn.stay[1, 2, 2]) / 3)
    assert found.musts == pytest.approx((drawn.musts[0, 2] + drawn.musts[2, 2]) / sum(asked))
    assert found.all_musts == pytest.approx(sum(drawn.musts[row, 2] == asked[row] for row in (0, 2)) / 3)
    assert found.busiest == 1.0
    language = drawn.people[1].group[0]
    alone = all(drawn.people[row].group[0] != language for row in (0, 2))
    assert np.isnan(found.by_group[f"language: {language}"][0]) == alone


def test_in_a_world_of_style_only_every_rule_reaches_the_same():
    drawn = network(alike=True, skill_sd=0.0, warmth_sd=0.0)
    best = best_of(drawn)
    for one in CONTENDERS:
        found = measure(drawn, chosen_by(one.name, drawn), best)
        assert (found.regret, found.regret_8, found.musts) == pytest.approx((0.0, 0.0, 1.0), abs=1e-9)


def test_the_ordering_gains_where_preferences_matter():
    gains = []
    for seed in range(6):
        drawn = network(seed=seed, clients=80, therapists=16, warmth_sd=0.0)
        best = best_of(drawn)
        ours, theirs = (measure(drawn, chosen_by(name, drawn), best) for name in ("order", "first-available"))
        gains.append((ours.alliance - theirs.alliance, ours.stay_8 - theirs.stay_8))
    assert (np.mean(gains, axis=0) > (0.08, 0.02)).all()


def test_a_record_is_seen_only_of_those_who_allow_it_and_with_fifteen_cases():
    drawn = network(past_cases=16.0, skill_sd=0.6)
    offers = offers_of(drawn)
    assert any(offer.track for offer in offers)
    for offer, therapist in zip(offers, drawn.therapists, strict=True):
        assert bool(offer.track) <= therapist.opted_in
        assert all(record.n >= 15 for record in offer.track.values())
    alike = offers_of(network(past_cases=0.0))
    assert not any(offer.track for offer in alike)


def test_placed_together_nobody_is_left_who_could_have_had_all_their_must_haves():
    drawn = network(seed=6, clients=60, therapists=12, places=1.02)
    together, one_by_one = chosen_by("all-at-once", drawn), chosen_by("order", drawn)
    best = best_of(drawn)
    assert measure(drawn, together, best).all_musts >= measure(drawn, one_by_one, best).all_musts
    left = np.array([one.places for one in drawn.therapists]) - np.bincount(together[together >= 0], minlength=12)
    for client, person in enumerate(drawn.people):
        had = together[client] >= 0 and drawn.musts[client, together[client]] == len(person.own_musts)
        free = drawn.may[client] & (left > 0) & (drawn.musts[client] == len(person.own_musts))
        assert had or not free.any()
