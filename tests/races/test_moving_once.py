"""Moves at once: a stop against a yes, and two who want the last place. Never half of anything."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from accord.records.errors import Full, Refused, Taken
from accord.records.matching import moving
from accord.records.matching.models import Move
from accord.records.matching.moving import Farewell
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen
from accord.records.profiles.models import Place, Profile
from accord.records.profiles.queries import with_places
from accord.records.sessions.actions import book, cancel
from accord.records.sessions.models import HeldHour
from tests.races.at_once import crowd_of

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="real concurrency needs PostgreSQL"),
]
DAY = timedelta(days=1)


def asked(pair: CarePair, profile: Profile, now) -> Move:
    seen = Seen(pair, pair.client, "client")
    move = moving.begin_move(by=seen, at=now)
    Move.objects.filter(pk=move.pk).update(answers=None)  # wishes are not what is raced for
    move.refresh_from_db()
    moving.choose_person(move, profile.code, by=seen, at=now)
    moving.choose_goodbye(move, Farewell("none"), by=seen)
    moving.ask_new(move, by=seen, at=now)
    return move


def test_a_stop_against_a_yes_is_one_or_the_other(pair_of, person, now) -> None:
    pair, tess = pair_of("lena"), person("tess")
    profile = Profile.objects.get(post__user=tess)
    seen = Seen(pair, pair.client, "client")
    with crowd_of(2) as crowd:
        for _ in range(12):
            move = asked(pair, profile, now)
            moving.offer_first(move, now + 8 * DAY, by=tess, at=now)
            acts = [partial(do, move, by=seen, at=now) for do in (moving.confirm_move, moving.cancel_move)]
            results = crowd(*acts)
            move.refresh_from_db()
            assert sum(isinstance(one, Exception) for one in results) == 1, results
            open_pairs = CarePair.objects.filter(client=pair.client, ended_on=None)
            if move.state == Move.State.MOVED:
                assert [one.therapist_id for one in open_pairs] == [profile.post_id]
                return  # there is no way back from here, and none is needed
            assert list(open_pairs) == [pair]
            assert not Place.objects.filter(client=pair.client, released_at=None).exists()


def test_the_last_place_goes_to_one_of_two(pair_of, person, now) -> None:
    tess = person("tess")
    profile = Profile.objects.get(post__user=tess)
    moves = [asked(pair_of(slug), profile, now) for slug in ("lena", "amir")]
    taken = profile.capacity - with_places(Profile.objects.filter(pk=profile.pk)).get().places
    Profile.objects.filter(pk=profile.pk).update(capacity=taken + 1, hours=40)
    times = [now + 8 * DAY, now + 9 * DAY]
    with crowd_of(2) as crowd:
        results = crowd(
            *(partial(moving.offer_first, move, time, by=tess, at=now) for move, time in zip(moves, times, strict=True))
        )
    assert [type(one) for one in results if isinstance(one, Exception)] == [Full]
    assert with_places(Profile.objects.filter(pk=profile.pk)).get().places == 0
    assert sorted(Move.objects.values_list("state", flat=True)) == ["asked", "offered"]


def test_an_hour_that_is_offered_and_booked_at_once_goes_to_one(pair_of, person, now) -> None:
    tess, seen = person("tess"), Seen(pair_of("lena"), pair_of("lena").client, "client")
    profile, first = Profile.objects.get(post__user=tess), now + 8 * DAY - timedelta(hours=2)
    with crowd_of(2) as crowd:
        for _ in range(8):
            move = asked(seen.pair, profile, now)
            offer = partial(moving.offer_first, move, first, by=tess, at=now)
            results = crowd(offer, partial(book, pair_of("kai"), first, by=tess, at=now))
            wrong = [type(one) for one in results if isinstance(one, Exception)]
            assert wrong in ([Refused], [Taken]), results
            assert HeldHour.objects.count() == wrong.count(Taken)
            for session in pair_of("kai").sessions.filter(starts_at=first, state="booked"):
                cancel(session, by=tess, at=now)
            moving.cancel_move(Move.objects.get(pk=move.pk), by=seen, at=now)


def test_two_moves_that_cross_both_come_to_their_end(pair_of, person, now) -> None:
    Profile.objects.update(capacity=60, hours=60, confirmed_at=now)
    pairs, new = (pair_of("lena"), pair_of("max")), (person("tess"), person("theo"))
    assert [pair.therapist.user for pair in pairs] == [new[1], new[0]]
    acts = []
    for pair, therapist in zip(pairs, new, strict=True):
        if not pair.sessions.filter(state="booked", starts_at__gt=now).exists():
            book(pair, now + 2 * DAY + timedelta(hours=12), by=None, at=now)
        move = asked(pair, Profile.objects.get(post__user=therapist), now)
        moving.offer_first(move, now + 4 * DAY + timedelta(hours=11), by=therapist, at=now)
        acts.append(partial(moving.confirm_move, move, by=Seen(pair, pair.client, "client"), at=now))
    with crowd_of(2) as crowd:
        results = crowd(*acts)
    assert [one.therapist.user for one in results] == list(new)
