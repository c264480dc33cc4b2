import numpy as np
import pytest

from accord.science.errors import BadOptions
from accord.science.simulation.networks import LANGUAGES, NEEDS, NETWORKS, PRACTICAL, Network, draw_network


def drawn(seed=1, **fields):
    return draw_network(Network(**fields), np.random.default_rng(seed))


def odds(share):
    return share / (1.0 - share)


def test_the_same_state_gives_the_same_network():
    one, other = drawn(), drawn()
    assert one.people == other.people and one.therapists == other.therapists
    assert (one.alliance == other.alliance).all() and (one.past.outcome == other.past.outcome).all()


def test_there_are_as_many_places_as_asked_for_and_one_each_at_least():
    network = drawn(clients=100, therapists=30, places=1.5)
    assert sum(one.places for one in network.therapists) == 150
    assert min(one.places for one in network.therapists) >= 1
    assert all(one.capacity > one.places for one in network.therapists)


def test_meeting_all_against_nothing_is_the_effect_and_the_odds_ratio_put_in():
    network = drawn(warmth_sd=0.0)
    share, severity = network.share, network.severity[:, None]
    level = network.alliance + 0.2 * severity
    inside = (network.alliance > 0.0) & (network.alliance < 10.0)
    assert level[inside] == pytest.approx(7.5 + 0.28 * 1.75 * share[inside])
    leaving = odds(1.0 - network.stay[0])
    assert leaving == pytest.approx(odds(0.14) * np.exp(0.3 * severity) * 1.79 ** (1.0 - share))
    later = odds(1.0 - network.stay[1] / network.stay[0])
    assert later == pytest.approx(odds(0.20) * np.exp(0.3 * severity) * 1.79 ** (1.0 - share))


def test_style_changes_nothing():
    plain, styled = drawn(), drawn(style_effect=0.0)
    assert (plain.alliance == styled.alliance).all()
    assert (drawn(style_effect=0.5).alliance != plain.alliance).any()


def test_skill_changes_the_outcome_and_not_the_alliance():
    skilled, none = drawn(skill_sd=0.5), drawn(skill_sd=0.0)
    assert (skilled.alliance == none.alliance).all() and (skilled.stay == none.stay).all()
    gap = skilled.outcome - none.outcome
    assert gap.std() > 0.3
    need = np.array([NEEDS.index(one.need) for one in skilled.people])
    first, second = np.flatnonzero(need == 0)[:2]
    assert gap[first] == pytest.approx(gap[second])  # the same problem, the same skill


def test_what_is_met_is_counted_by_hand():
    network = drawn(clients=20, therapists=6)
    for row, person in enumerate(network.people):
        for column, therapist in enumerate(network.therapists):
            musts = [any_of for kind, any_of in person.musts if kind not in PRACTICAL]
            met = sum(bool(any_of & therapist.has) for any_of in musts)
            nice = sum(strength for _, any_of, strength in person.nice if any_of & therapist.has)
            asked = len(musts) + sum(strength for *_, strength in person.nice)
            assert network.musts[row, column] == met
            assert network.share[row, column] == pytest.approx((met + nice) / asked)
            needed = [any_of for kind, any_of in person.musts if kind in PRACTICAL]
            assert network.may[row, column] == all(any_of & therapist.has for any_of in needed)


def test_where_all_are_alike_everything_is_met():
    network = drawn(alike=True)
    assert (network.share == 1.0).all() and network.may.all()
    assert np.ptp(network.style) > 0.5


def test_past_cases_carry_each_therapists_skill_under_a_case_mix_of_their_own():
    network = drawn(therapists=200, past_cases=200.0, skill_sd=0.5)
    past = network.past
    adjusted = past.outcome + 0.4 * past.severity
    means = np.bincount(past.therapist, adjusted) / np.bincount(past.therapist)
    severities = np.bincount(past.therapist, past.severity) / np.bincount(past.therapist)
    assert severities.std() == pytest.approx(0.4, abs=0.06)
    assert means.std() == pytest.approx(0.5 / np.sqrt(5), abs=0.04)  # the mean of five skills


def test_every_language_and_every_group_is_there_in_a_usual_network():
    network = drawn()
    asked = {token for person in network.people for kind, any_of in person.musts for token in any_of}
    assert set(LANGUAGES) <= asked
    assert {person.group[2] for person in network.people} == {"urgent", "not urgent"}


@pytest.mark.parametrize("name", NETWORKS)
def test_every_world_can_be_drawn(name):
    network = draw_network(NETWORKS[name].world, np.random.default_rng(2))
    assert network.alliance.shape == (len(network.people), len(network.therapists))
    assert ((network.stay > 0.0) & (network.stay < 1.0)).all()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"clients": 0}, "clients"),
        ({"opted_in": 1.5}, "opted_in"),
        ({"skill_sd": -1.0}, "skill_sd"),
        ({"odds_ratio": 0.0}, "odds_ratio"),
    ],
)
def test_a_world_that_cannot_be_is_refused(fields, says):
    with pytest.raises(BadOptions, match=says):
        drawn(**fields)
