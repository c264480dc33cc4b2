"""Sessions: booked in order of time, held once, over by themselves."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from accord.records.audit.models import Entry
from accord.records.errors import Refused, StateMoved
from accord.records.sessions.actions import book, hold
from accord.records.sessions.jobs import hold_past_sessions
from accord.records.sessions.models import TherapySession
from accord.records.sessions.queries import next_session, sessions_between, sessions_of

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
MOMENT = timedelta(microseconds=1)


def test_the_next_one_gets_the_next_number(pair_of, person, now) -> None:
    pair = pair_of("kai")
    session = book(pair, now + WEEK, by=person("tess"), at=now)
    assert (session.number, session.state, session.practice) == (7, "booked", pair.practice)
    entry = Entry.objects.get(verb="session booked", row=session.code)
    assert (entry.actor, entry.pair) == (person("tess"), pair.code)


def test_a_cancelled_one_gives_its_number_back(pair_of, now) -> None:
    pair = pair_of("kai")
    pair.sessions.filter(number=6).update(state="cancelled")
    assert book(pair, now + WEEK, by=None, at=now).number == 6


def test_a_number_counts_from_one_and_once(pair_of, now) -> None:
    pair = pair_of("kai")
    with pytest.raises(IntegrityError):
        TherapySession.objects.create(practice=pair.practice, pair=pair, number=6, starts_at=now)


def test_numbers_go_with_time(pair_of, now) -> None:
    """A session before the last one would mix up every line over time, and the model behind it."""
    with pytest.raises(Refused):
        book(pair_of("kai"), now - 8 * DAY, by=None, at=now)


def test_it_is_held_once(pair_of, now) -> None:
    session = pair_of("kai").sessions.get(number=6)
    hold(session, by=None, at=now)
    with pytest.raises(StateMoved):
        hold(session, by=None, at=now)
    assert Entry.objects.filter(verb="session held", row=session.code).count() == 1


def test_the_job_holds_what_is_over_and_leaves_what_is_on(pair_of, now) -> None:
    session = pair_of("kai").sessions.get(number=6)
    assert hold_past_sessions(session.ends_at - MOMENT) == 0
    assert hold_past_sessions(session.ends_at) == 1
    assert hold_past_sessions(session.ends_at) == 0
    session.refresh_from_db()
    assert session.state == "held"


def test_the_job_leaves_cancelled_sessions_alone(pair_of, now) -> None:
    pair_of("kai").sessions.filter(number=6).update(state="cancelled")
    assert hold_past_sessions(now + timedelta(hours=1)) == 0


def test_the_next_session_is_the_one_that_is_on_or_comes(pair_of, now) -> None:
    pair = pair_of("kai")
    sixth = pair.sessions.get(number=6)
    assert next_session(pair, at=now) == sixth
    assert next_session(pair, at=sixth.ends_at - MOMENT) == sixth
    assert next_session(pair, at=sixth.ends_at) is None


def test_the_sessions_of_a_day_are_in_order_and_of_these_pairs_only(pair_of, now) -> None:
    pairs = [pair_of(slug) for slug in ("lou", "jo", "kai")]
    day = sessions_between(pairs, now, now + timedelta(hours=12))
    assert [session.pair.client.first_name for session in day] == ["Kai", "Jo", "Lou"]
    assert not sessions_between(pairs, now + timedelta(hours=12), now + DAY).exists()


def test_cancelled_sessions_are_not_shown(pair_of, now) -> None:
    pair = pair_of("kai")
    pair.sessions.filter(number=6).update(state="cancelled")
    assert [session.number for session in sessions_of(pair)] == [1, 2, 3, 4, 5]
    assert next_session(pair, at=now) is None
    assert not sessions_between([pair], now, now + DAY).exists()
