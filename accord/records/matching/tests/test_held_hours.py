"""The hour that is offered to somebody who moves is theirs while the offer stands, and everybody's after it."""

from datetime import datetime, timedelta

import pytest

from accord.records.errors import Refused, Taken
from accord.records.matching import moving
from accord.records.matching.moving_models import Move
from accord.records.pairs.queries import Seen
from accord.records.profiles.queries import own_profile
from accord.records.sessions.actions import book, cancel, move
from accord.records.sessions.models import HeldHour, TherapySession

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def lena(pair_of) -> Seen:
    pair = pair_of("lena")
    return Seen(pair, pair.client, "client")


@pytest.fixture
def asked(lena, person, now) -> Move:
    begun, tess = moving.begin_move(by=lena, at=now), own_profile(person("tess"), at=now)
    assert tess
    moving.choose_person(begun, tess.code, by=lena, at=now)
    moving.choose_goodbye(begun, moving.Farewell("none"), by=lena)
    moving.ask_new(begun, by=lena, at=now)
    return begun


@pytest.fixture
def first(now) -> datetime:
    later: datetime = now + 8 * DAY - 2 * HOUR
    return later


@pytest.fixture
def offered(asked, person, first, now) -> Move:
    moving.offer_first(asked, first, by=person("tess"), at=now)
    return Move.objects.get(pk=asked.pk)


@pytest.mark.parametrize("minutes", [-49, 0, 49])
def test_nobody_else_is_booked_then(offered, pair_of, person, first, now, minutes):
    with pytest.raises(Taken, match="Taken for one of the two"):
        book(pair_of("kai"), first + timedelta(minutes=minutes), by=person("tess"), at=now)


def test_no_session_is_moved_there_either(offered, pair_of, person, first, now):
    session = pair_of("kai").sessions.filter(state="booked")[0]
    with pytest.raises(Taken):
        move(session, first, by=person("tess"), at=now)


def test_the_hours_beside_it_are_free(offered, pair_of, person, first, now):
    book(pair_of("kai"), first + timedelta(minutes=50), by=person("tess"), at=now)
    assert TherapySession.objects.filter(starts_at=first + timedelta(minutes=50)).exists()


def test_other_therapists_are_free_then(offered, pair_of, person, first, now):
    assert book(pair_of("amir"), first, by=person("thandi"), at=now).starts_at == first


def test_an_hour_that_is_not_free_cannot_be_offered(asked, pair_of, person, first, now):
    session = book(pair_of("kai"), first, by=person("tess"), at=now)
    with pytest.raises(Refused, match="You have something else at this time"):
        moving.offer_first(asked, first + timedelta(minutes=20), by=person("tess"), at=now)
    asked.refresh_from_db()
    assert asked.state == Move.State.ASKED
    cancel(session, by=person("tess"), at=now)
    moving.offer_first(asked, first, by=person("tess"), at=now)
    assert HeldHour.objects.get().starts_at == first


ENDS = {
    "stopped by the client": lambda move, lena, now: moving.cancel_move(move, by=lena, at=now),
    "another time asked for": lambda move, lena, now: moving.ask_other_time(move, by=lena, at=now),
}


@pytest.mark.parametrize("end", ENDS)
def test_it_is_free_again_once_it_is(end, offered, lena, pair_of, person, first, now):
    ENDS[end](offered, lena, now)
    assert not HeldHour.objects.exists()
    assert book(pair_of("kai"), first, by=person("tess"), at=now).starts_at == first


def test_it_is_free_again_once_it_passed_without_a_yes(offered, first):
    moving.lapse_moves(first + HOUR)
    assert not HeldHour.objects.exists()


def test_the_yes_books_it_for_the_one_it_was_held_for(offered, lena, first, now):
    pair = moving.confirm_move(offered, by=lena, at=now)
    assert pair.sessions.get().starts_at == first
    assert not HeldHour.objects.exists()


def test_the_therapist_sees_it_in_their_week_as_busy(offered, browse, first):
    page = browse("tess").get("/desk/week/", {"of": first.date().isoformat()}).content.decode()
    assert "week__row--busy" in page
