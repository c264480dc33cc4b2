"""Two people who want the last place at the same moment: exactly one gets it, however the others come and go."""

from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.db import connection

from accord.records.errors import Full, StateMoved
from accord.records.pairs.actions import end_pair
from accord.records.pairs.models import CarePair
from accord.records.profiles.jobs import free_ended_places
from accord.records.profiles.models import Place
from accord.records.profiles.places import begin_in_place, release_place, take_place
from accord.records.profiles.queries import own_profile, places_of
from tests.races.at_once import crowd_of

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="real concurrency needs PostgreSQL"),
]
TIMES = 1000


@pytest.fixture
def tia(person, now) -> Any:
    """She has one place left."""
    return own_profile(person("tia"), at=now)


def test_of_two_who_want_the_last_place_exactly_one_gets_it_a_thousand_times(tia, now) -> None:
    take = partial(take_place, tia, by=None, at=now)
    with crowd_of(2) as crowd:
        for _ in range(TIMES):
            results = crowd(take, take)
            assert Counter(map(type, results)) == {Place: 1, Full: 1}
            release_place(next(one for one in results if isinstance(one, Place)), by=None, at=now)
    assert Place.objects.filter(released_at=None).count() == 0


def test_a_place_that_becomes_a_pair_at_that_moment_is_not_sold_again(tia, person, now) -> None:
    with crowd_of(6) as crowd:
        for _ in range(100):
            place = take_place(tia, by=None, at=now)
            begin = partial(begin_in_place, place, person("cleo"), by=None, at=now)
            pair, *others = crowd(begin, *[partial(take_place, tia, by=None, at=now)] * 5)
            assert isinstance(pair, CarePair)
            assert {type(one) for one in others} == {Full}
            end_pair(pair, by=person("tia"), at=now)
            freed = crowd(*[partial(free_ended_places, now)] * 6)
            assert sum(freed) == 1
    assert places_of(own_profile(person("tia"), at=now)) == 1


def test_a_place_is_given_back_or_used_never_both(tia, person, now) -> None:
    outcomes: Counter[str] = Counter()
    with crowd_of(2) as crowd:
        for _ in range(60):
            place = take_place(tia, by=None, at=now)
            begun, back = crowd(
                partial(begin_in_place, place, person("cleo"), by=None, at=now),
                partial(release_place, place, by=None, at=now),
            )
            assert [isinstance(one, StateMoved) for one in (begun, back)].count(True) == 1
            outcomes["begun" if isinstance(begun, CarePair) else "back"] += 1
            if isinstance(begun, CarePair):
                end_pair(begun, by=person("tia"), at=now)
                free_ended_places(now)
            assert places_of(own_profile(person("tia"), at=now)) == 1
    assert sum(outcomes.values()) == 60
