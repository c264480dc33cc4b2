"""An offer is answered or passes on, never both; of many workers one passes it on; nobody gets two."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from accord.records.errors import Full, StateMoved
from accord.records.pairs.actions import begin_pair
from accord.records.pairs.models import CarePair
from accord.records.profiles.queries import own_profile, places_of
from accord.records.waiting.actions import join_list, leave_list
from accord.records.waiting.jobs import end_waits_of_begun, pass_on_unanswered
from accord.records.waiting.models import PlaceOffer, Wait
from accord.records.waiting.offering import accept_place, decline_place, offer_place, pass_on, withdraw_offer
from accord.science.matching import Asked
from tests.races.at_once import crowd_of

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="real concurrency needs PostgreSQL"),
]
DAY = timedelta(days=1)
PAIRS = (("Petra", "tess"), ("Ravi", "tia"))


@pytest.fixture
def waits(harbour):
    return list(Wait.objects.order_by("-urgency", "since"))


def test_two_colleagues_offer_the_last_place_to_two_people_and_one_gets_it(waits, person, now) -> None:
    tia = own_profile(person("tia"), at=now)
    assert tia
    with crowd_of(2) as crowd:
        for _ in range(40):
            results = crowd(*[partial(offer_place, wait, tia, by=person("vera"), at=now) for wait in waits[:2]])
            assert Counter(map(type, results)) == {PlaceOffer: 1, Full: 1}
            withdraw_offer(PlaceOffer.objects.get(state="open"), by=person("vera"), at=now)


def test_one_person_is_offered_one_place(waits, person, now) -> None:
    tess = own_profile(person("tess"), at=now)
    assert tess
    with crowd_of(4) as crowd:
        results = crowd(*[partial(offer_place, waits[0], tess, by=person("vera"), at=now)] * 4)
    assert [type(one) for one in results].count(PlaceOffer) == 1
    assert places_of(own_profile(person("tess"), at=now)) == 1  # type: ignore[arg-type]


def test_a_yes_and_the_passing_on_at_the_same_moment(waits, person, now) -> None:
    tess = own_profile(person("tess"), at=now)
    assert tess
    offer = offer_place(waits[0], tess, by=person("vera"), at=now, line=[waits[3].code])
    with crowd_of(5) as crowd:
        yes, *passed = crowd(
            partial(accept_place, offer, by=person("petra"), at=now + DAY), *[partial(pass_on, offer, at=now + DAY)] * 4
        )
    taken = isinstance(yes, CarePair)
    assert [isinstance(one, StateMoved) for one in (yes, *passed)].count(False) == 1
    assert PlaceOffer.objects.filter(state="open").count() == (0 if taken else 1)
    assert places_of(own_profile(person("tess"), at=now)) == 1  # type: ignore[arg-type]


def test_many_workers_pass_one_offer_on_once(waits, person, now) -> None:
    tess = own_profile(person("tess"), at=now)
    assert tess
    offer_place(waits[0], tess, by=person("vera"), at=now, days=1, line=[one.code for one in waits[1:]])
    with crowd_of(6) as crowd:
        assert sum(crowd(*[partial(pass_on_unanswered, now + DAY)] * 6)) == 1
    assert PlaceOffer.objects.filter(state="open").count() == 1


def test_two_who_say_no_at_once_pass_on_to_the_same_person_once(waits, person, now) -> None:
    third = next(one for one in waits if one.client.first_name == "Silas")
    two = [(next(one for one in waits if one.client.first_name == name), slug) for name, slug in PAIRS]
    with crowd_of(2) as crowd:
        for _ in range(10):
            offers = [
                offer_place(wait, own_profile(person(slug), at=now), by=person("vera"), at=now, line=[third.code])
                for wait, slug in two
            ]
            results = crowd(*[partial(decline_place, one, by=one.wait.client, at=now) for one in offers])
            assert results == [None, None]
            withdraw_offer(PlaceOffer.objects.get(state="open", wait=third), by=person("vera"), at=now)


def test_nobody_who_leaves_the_list_keeps_an_offer(harbour, person, now) -> None:
    petra, seen = person("petra"), Counter[str]()
    with crowd_of(2) as crowd:
        for _ in range(20):
            wait = join_list(harbour, petra, Asked((), (), ()), by=petra, at=now)
            tess = own_profile(person("tess"), at=now)
            crowd(
                partial(offer_place, wait, tess, by=person("vera"), at=now), partial(leave_list, wait, by=petra, at=now)
            )
            wait.refresh_from_db()
            offer = PlaceOffer.objects.filter(wait=wait, state="open").first()
            assert (wait.ended_at is None) == (offer is not None)
            seen["offered" if offer else "left"] += 1
            if offer:
                withdraw_offer(offer, by=person("vera"), at=now)
                leave_list(wait, by=petra, at=now)
    assert sum(seen.values()) == 20


def test_nobody_who_has_begun_otherwise_loses_an_offer_that_comes_just_then(harbour, person, now) -> None:
    petra, tess, tia = person("petra"), person("tess"), person("tia")
    begin_pair(petra, own_profile(tia, at=now).post, by=tia, at=now)  # type: ignore[union-attr]
    with crowd_of(2) as crowd:
        for _ in range(40):
            wait = join_list(harbour, petra, Asked((), (), ()), by=petra, at=now)
            profile = own_profile(tess, at=now)
            crowd(partial(offer_place, wait, profile, by=person("vera"), at=now), partial(end_waits_of_begun, now))
            wait.refresh_from_db()
            offer = PlaceOffer.objects.filter(wait=wait, state="open").first()
            assert (wait.ended_at is None) == (offer is not None)
            if offer:
                withdraw_offer(offer, by=person("vera"), at=now)
                end_waits_of_begun(now)
