from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accord.records.errors import Full, StateMoved
from accord.records.pairs.actions import begin_pair, end_pair
from accord.records.profiles.jobs import free_ended_places
from accord.records.profiles.models import Place, Profile
from accord.records.profiles.places import begin_in_place, release_place, take_place
from accord.records.profiles.queries import places_of, seen_by_therapist

WEEK = timedelta(weeks=1)


def test_it_counts_the_caseload_of_the_fixture(profile_of) -> None:
    counted = {slug: (seen_by_therapist(one := profile_of(slug)), one.capacity) for slug in ("tess", "theo", "thandi")}
    assert counted == {"tess": (18, 20), "theo": (20, 20), "thandi": (15, 18)}
    assert (seen_by_therapist(profile_of("tia")), places_of(profile_of("tia"))) == (9, 1)


def test_it_takes_places_until_none_is_left(profile_of, person, now) -> None:
    for left in (1, 0):
        take_place(profile_of("tess"), by=person("tess"), at=now)
        assert places_of(profile_of("tess")) == left
    with pytest.raises(Full):
        take_place(profile_of("tess"), by=person("tess"), at=now)
    assert Place.objects.count() == Profile.objects.get(pk=profile_of("tess").pk).held == 2


def test_it_is_one_update_without_an_inner_select_of_the_profile(profile_of, person, now) -> None:
    """With `WHERE id IN (SELECT …)` PostgreSQL would sell the last place twice."""
    profile = profile_of("tess")
    with CaptureQueriesContext(connection) as seen:
        take_place(profile, by=person("tess"), at=now)
    (update,) = [query["sql"] for query in seen if query["sql"].startswith("UPDATE")]
    assert 'FROM "profiles_profile"' not in update


def test_it_gives_a_place_back_once(profile_of, person, now) -> None:
    place = take_place(profile_of("tess"), by=person("tess"), at=now)
    release_place(place, by=person("tess"), at=now)
    assert places_of(profile_of("tess")) == 2
    with pytest.raises(StateMoved):
        release_place(place, by=person("tess"), at=now)
    assert places_of(profile_of("tess")) == 2


def test_it_counts_a_pair_that_began_in_its_place_once(profile_of, person, now) -> None:
    place = take_place(profile_of("tess"), by=person("tess"), at=now, client=person("cleo"))
    pair = begin_in_place(place, person("cleo"), by=person("tess"), at=now)
    assert places_of(profile_of("tess")) == 1
    with pytest.raises(StateMoved):
        release_place(place, by=person("tess"), at=now)
    with pytest.raises(StateMoved):
        begin_in_place(place, person("nia"), by=person("tess"), at=now)
    assert places_of(profile_of("tess")) == 1
    end_pair(pair, by=person("tess"), at=now)
    assert places_of(profile_of("tess")) == 1  # until the job has come by: too few, never too many
    assert (free_ended_places(now), free_ended_places(now)) == (1, 0)
    assert places_of(profile_of("tess")) == 2


def test_it_counts_a_pair_that_began_without_a_place(profile_of, person, now) -> None:
    begin_pair(person("cleo"), person("tess").posts.get(), by=None, at=now)
    assert places_of(profile_of("tess")) == 1


def test_it_shows_no_less_than_nothing_where_somebody_sees_more_than_they_said(profile_of, person, now) -> None:
    begin_pair(person("cleo"), person("theo").posts.get(), by=None, at=now)
    assert (places_of(profile_of("theo")), seen_by_therapist(profile_of("theo"))) == (0, 21)
    with pytest.raises(Full):
        take_place(profile_of("theo"), by=None, at=now)
