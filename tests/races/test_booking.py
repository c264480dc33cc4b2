"""Two people who want the same hour at the same moment, and workers who all want to send the same reminder."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from accord.records.accounts.jobs import send_waiting_notices
from accord.records.accounts.models import Notice
from accord.records.errors import Conflict, StateMoved, Taken
from accord.records.pairs.actions import begin_pair
from accord.records.sessions.actions import Terms, book, book_series, bring_back, cancel, move
from accord.records.sessions.calendar_actions import make_address
from accord.records.sessions.jobs import remind_of_sessions, tell_of_changes
from accord.records.sessions.models import CalendarAddress, Reminder, TherapySession
from tests.races.at_once import crowd_of
from tests.races.test_exactly_once import sink  # noqa: F401 (a mail server that keeps what arrives)

pytestmark = [pytest.mark.django_db(transaction=True)]
POSTGRES = connection.vendor == "postgresql"
THREADS, ROUNDS = (12, 40) if POSTGRES else (4, 6)
DAY, WEEK, HOUR, MINUTE = timedelta(days=1), timedelta(weeks=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def pairs(new_pair, pair_of, person, now):
    """Tess with three clients; Sam, of another practice, with one of the three."""
    kai, lou = pair_of("kai"), pair_of("lou")
    return [new_pair, kai, lou, begin_pair(kai.client, person("sam").posts.get(), by=None, at=now - DAY)]


def overlapping() -> list[tuple[int, int]]:
    """Pairs of booked sessions that one person would have at once."""
    booked = list(TherapySession.objects.filter(state="booked").select_related("pair__therapist"))
    people = {one.pk: {one.pair.client_id, one.pair.therapist.user_id} for one in booked}
    return [
        (one.pk, other.pk)
        for one in booked
        for other in booked
        if one.pk < other.pk
        and people[one.pk] & people[other.pk]
        and one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
    ]


def counted(pair) -> bool:
    found = list(pair.sessions.exclude(state="cancelled").order_by("starts_at").values_list("number", flat=True))
    return found == list(range(1, len(found) + 1))


def test_of_many_who_want_the_same_hour_exactly_one_gets_it(pairs, now) -> None:
    tess = pairs[:3]
    with crowd_of(THREADS) as crowd:
        for turn in range(ROUNDS):
            start = now + WEEK + turn * DAY + 12 * HOUR
            results = crowd(*[partial(book, tess[place % 3], start, by=None, at=now) for place in range(THREADS)])
            assert Counter(map(type, results)) == {TherapySession: 1, Taken: THREADS - 1}
    assert all(map(counted, tess))


def test_of_hours_that_overlap_only_those_apart_are_booked(pairs, now) -> None:
    """Starts ten minutes apart, of two therapists who share a client."""
    with crowd_of(THREADS) as crowd:
        for turn in range(ROUNDS // 2):
            start = now + WEEK + turn * DAY + 12 * HOUR
            acts = [
                partial(book, pairs[place % 4], start + (place % 6) * 10 * MINUTE, by=None, at=now)
                for place in range(THREADS)
            ]
            results = crowd(*acts)
            assert {type(result) for result in results} == {TherapySession, Taken}
            assert overlapping() == []
    assert all(map(counted, pairs))


def test_moves_series_and_bookings_at_once_leave_nobody_in_two_places(pairs, now) -> None:
    evening = now + WEEK + 12 * HOUR
    with crowd_of(6) as crowd:
        for turn in range(ROUNDS // 4):
            day = evening + turn * 5 * WEEK
            mine = book(pairs[0], day, by=None, at=now)
            theirs = book(pairs[2], day + 2 * HOUR, by=None, at=now)
            goal = day + HOUR
            crowd(
                partial(move, mine, goal, by=None, at=now),
                partial(move, theirs, goal, by=None, at=now),
                partial(book_series, pairs[1], [goal + week * WEEK for week in range(3)], by=None, at=now),
                partial(book, pairs[3], goal + 20 * MINUTE, by=None, at=now),
                partial(cancel, mine, by=None, at=now),
                partial(move, theirs, day + 3 * HOUR, by=None, at=now, terms=Terms(minutes=30)),
            )
            assert overlapping() == []
            assert all(map(counted, pairs))


def test_one_session_is_moved_or_cancelled_once(pairs, person, now) -> None:
    tess = person("tess")
    with crowd_of(THREADS) as crowd:
        for turn in range(ROUNDS // 2):
            start = now + WEEK + turn * DAY + 12 * HOUR
            code = book(pairs[0], start, by=tess, at=now).code
            copies = [TherapySession.objects.select_related("pair__therapist").get(code=code) for _ in range(THREADS)]
            acts = [
                partial(cancel, one, by=tess, at=now)
                if place % 2
                else partial(move, one, start + HOUR, by=tess, at=now)
                for place, one in enumerate(copies)
            ]
            results = crowd(*acts)
            assert Counter(map(type, results)) == {TherapySession: 1, StateMoved: THREADS - 1}


def test_a_freed_hour_is_given_away_or_taken_back_never_both(pairs, person, now) -> None:
    tess = person("tess")
    with crowd_of(2) as crowd:
        for turn in range(ROUNDS):
            start = now + WEEK + turn * DAY + 12 * HOUR
            gone = cancel(book(pairs[0], start, by=tess, at=now), by=tess, at=now)
            results = crowd(partial(bring_back, gone, by=tess, at=now), partial(book, pairs[2], start, by=tess, at=now))
            assert Counter(map(type, results)) == {TherapySession: 1, Taken: 1}


def work(now) -> None:
    """One round of a worker, as far as it concerns sessions."""
    tell_of_changes(now, client_address="/me/", therapist_address="/desk/")
    remind_of_sessions(now, address="/me/")
    send_waiting_notices(now)


@pytest.fixture
def quiet_house(harbour):
    """Nobody of the cast has anything coming, and no mail waits."""
    TherapySession.objects.filter(state="booked").update(state="held")
    Notice.objects.all().delete()


def test_many_workers_send_each_mail_once(quiet_house, pairs, person, now, sink) -> None:  # noqa: F811
    for place, pair in enumerate(pairs[:3]):
        book(pair, now + 2 * DAY + place * HOUR, by=None, at=now)
    with crowd_of(5) as crowd:
        crowd(*[partial(work, now + HOUR)] * 5)  # new appointments
        crowd(*[partial(work, now + DAY + 3 * HOUR)] * 5)  # reminders
        crowd(*[partial(work, now + DAY + 4 * HOUR)] * 5)  # nothing more
    work(now + DAY + 5 * HOUR)
    assert Counter(sink.subjects) == {"A change to your appointments": 3, "Your appointment": 3}
    assert Reminder.objects.count() == 3


def test_a_cancellation_and_a_reminder_at_once_agree(quiet_house, pairs, now) -> None:
    """Either the reminder was never written, or it was taken back: a cancelled session reminds nobody."""
    with crowd_of(3) as crowd:
        for turn in range(ROUNDS):
            start = now + WEEK + turn * DAY
            session = book(pairs[0], start, by=None, at=now)
            crowd(
                partial(cancel, session, by=None, at=start - HOUR),
                *[partial(remind_of_sessions, start - HOUR, address="/me/")] * 2,
            )
            assert not Notice.objects.filter(subject="Your appointment").exists()


def test_a_person_has_one_secret_address(person, now) -> None:
    kai = person("kai")
    with crowd_of(THREADS) as crowd:
        results = crowd(*[partial(make_address, kai, at=now)] * THREADS)
    assert {type(result) for result in results} <= {str, StateMoved}
    assert CalendarAddress.objects.filter(user=kai, revoked_at=None).count() == 1
    assert issubclass(StateMoved, Conflict)
