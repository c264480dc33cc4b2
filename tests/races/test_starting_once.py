"""Two who act on one enquiry at the same moment, and two people for the last place, through the real actions."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from accord.records.errors import Full, StateMoved
from accord.records.matching import enquiring, replying
from accord.records.matching.models import Enquiry
from accord.records.matching.searching import answer_search, begin_search, clear_search, keep_contact
from accord.records.matching.wishes import QUESTIONS
from accord.records.pairs.actions import end_pair
from accord.records.pairs.models import CarePair
from accord.records.profiles.jobs import free_ended_places
from accord.records.profiles.models import Place
from accord.records.profiles.queries import own_profile, places_of
from tests.races.at_once import crowd_of

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="real concurrency needs PostgreSQL"),
]
DAY = timedelta(days=1)
URLS = ("http://localhost/sign-in/", "http://localhost/find/back/{token}/")
ROUNDS = 30


@pytest.fixture
def ask(person, now) -> Any:
    """ask("tia", 3): somebody new asks her for a first call; she has read it."""

    def one(slug: str, number: int) -> Enquiry:
        contact = {"name": f"N{number}", "address": f"n{number}@example.org", "tells": "no"}
        search = keep_contact(begin_search(by=None, at=now), contact, at=now)
        profile = own_profile(person(slug), at=now)
        assert profile
        sent = enquiring.send_enquiry(search, profile, contact, by=None, at=now)
        replying.see(sent, by=person(slug), at=now)
        return sent

    return one


def start(one: Enquiry, now) -> Any:
    return partial(replying.start, one, one.address or "", by=one.to.user, at=now, urls=URLS)


def test_two_people_for_the_last_place_and_one_gets_it(ask, person, now) -> None:
    for turn in range(ROUNDS):
        two = [ask("tia", 2 * turn + place) for place in range(2)]
        with crowd_of(2) as crowd:
            results = crowd(*[start(one, now) for one in two])
        assert Counter(map(type, results)) == {CarePair: 1, Full: 1}
        assert Counter(Enquiry.objects.filter(pk__in=[one.pk for one in two]).values_list("state", flat=True)) == {
            "started": 1,
            "seen": 1,
        }
        pair = next(one for one in results if isinstance(one, CarePair))
        end_pair(pair, by=pair.therapist.user, at=now)
        assert free_ended_places(now) == 1
        for one in Enquiry.objects.filter(state="seen"):
            enquiring.withdraw(one, by=None, at=now)
    profile = own_profile(person("tia"), at=now)
    assert profile
    assert places_of(profile) == 1


def test_a_start_confirmed_by_many_presses_takes_one_place(ask, now) -> None:
    one = ask("tess", 1)
    with crowd_of(8) as crowd:
        results = crowd(*[start(one, now)] * 8)
    assert Counter(map(type, results)) == {CarePair: 1, StateMoved: 7}
    assert (Place.objects.count(), CarePair.objects.filter(client__email="n1@example.org").count()) == (1, 1)


def test_taken_back_or_started_never_both(ask, now) -> None:
    with crowd_of(2) as crowd:
        for turn in range(ROUNDS):
            one = ask("tess", turn)
            began, withdrawn = crowd(start(one, now), partial(enquiring.withdraw, one, by=None, at=now))
            assert isinstance(began, CarePair) != (withdrawn is None)
            one.refresh_from_db()
            assert one.state == ("started" if isinstance(began, CarePair) else "withdrawn")
            if isinstance(began, CarePair):
                end_pair(began, by=one.to.user, at=now)
                free_ended_places(now)
            assert not Place.objects.filter(released_at=None).exists()


def test_times_a_no_and_the_end_of_the_time_at_once_end_in_one_of_them(ask, person, now) -> None:
    tess, outcomes = person("tess"), Counter[str]()
    with crowd_of(4) as crowd:
        for turn in range(ROUNDS):
            one = ask("tess", turn)
            Enquiry.objects.filter(pk=one.pk).update(reply_by=now)
            results = crowd(
                partial(replying.offer_call, one, [now + DAY], how="I call.", by=tess, at=now, link_url=URLS[1]),
                partial(replying.pass_over, now, link_url=URLS[1]),
                partial(replying.pass_over, now, link_url=URLS[1]),
                partial(enquiring.withdraw, one, by=None, at=now),
            )
            one.refresh_from_db()
            outcomes[one.state] += 1
            assert sum(each for each in results[1:3] if isinstance(each, int)) == (one.state == "expired")
            assert (one.name is None) == (one.state in Enquiry.OVER)
            if one.state == "offered":
                enquiring.withdraw(one, by=None, at=now)
    assert sum(outcomes.values()) == ROUNDS


def test_a_second_press_of_send_is_the_same_enquiry(person, now) -> None:
    contact = {"name": "Cleo", "reach": "555", "tells": "no"}
    profile = own_profile(person("tess"), at=now)
    assert profile
    with crowd_of(8) as crowd:
        for _ in range(10):
            search = keep_contact(begin_search(by=None, at=now), contact, at=now)
            sent = crowd(*[partial(enquiring.send_enquiry, search, profile, contact, by=None, at=now)] * 8)
            assert len({one.code for one in sent}) == 1
            assert search.enquiries.count() == 1


def test_no_answer_is_lost_between_tabs_and_clearing_wins(harbour, now) -> None:
    search = begin_search(by=None, at=now)
    given = {"picks": ["not-sure"], "strength": ""}
    with crowd_of(len(QUESTIONS)) as crowd:
        crowd(*[partial(answer_search, search, one.slug, given, at=now) for one in QUESTIONS])
    search.refresh_from_db()
    assert (search.answers or "").count("not-sure") == len(QUESTIONS)
    with crowd_of(3) as crowd:
        crowd(
            partial(clear_search, search, by=None, at=now),
            *[partial(answer_search, search, one.slug, given, at=now) for one in QUESTIONS[:2]],
        )
    assert not type(search).objects.filter(pk=search.pk).exists()


def test_a_no_and_clearing_the_search_at_once_never_block_each_other(ask, now) -> None:
    with crowd_of(2) as crowd:
        for turn in range(ROUNDS):
            one = ask("tess", turn)
            no = partial(replying.decline, one, by=one.to.user, at=now, link_url=URLS[1])
            crowd(no, partial(clear_search, one.search, by=None, at=now))
            assert Enquiry.objects.get(pk=one.pk).state in ("declined", "withdrawn")


def test_two_who_confirm_a_start_with_one_person_at_once_and_one_does(ask, person, now) -> None:
    with crowd_of(2) as crowd:
        for turn in range(8):
            first = ask("tess", turn)
            tia = own_profile(person("tia"), at=now)
            assert tia
            contact = {"name": "N", "address": first.address or "", "tells": "no"}
            second = enquiring.send_enquiry(first.search, tia, contact, by=None, at=now)
            replying.see(second, by=person("tia"), at=now)
            results = crowd(start(first, now), start(second, now))
            assert Counter(map(type, results)) == {CarePair: 1, StateMoved: 1}
            end_pair(next(one for one in results if isinstance(one, CarePair)), by=None, at=now)
            assert free_ended_places(now) == 1
