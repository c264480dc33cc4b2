"""The practice in numbers: for its lead, about groups, never about somebody."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accord.records.checkins.counts import last_monday, practice_counts
from accord.records.checkins.models import CheckIn
from accord.records.pairs.models import CarePair
from accord.records.sessions.models import TherapySession

PAGE = "/practice/"


@pytest.fixture
def counted(harbour, person, now):
    return lambda: practice_counts(person("omar"), at=now)[0]


def test_the_page_is_the_leads(cast, only):
    assert cast(PAGE) == only("omar")


def test_it_names_no_client_and_no_therapist(browse, harbour):
    page = browse("omar").get(PAGE).content.decode()
    assert not [name for name in ("Tess", "Theo", "Thandi", "Kai", "Jo ", "Lena", "Rosa") if name in page]


def test_the_numbers_agree_with_counting_by_hand(counted, now):
    """One after the other, in plain Python, over every row."""
    counts = counted()
    pairs = [pair for pair in CarePair.objects.filter(practice=counts.practice) if not pair.ended_on]
    begun = [pair for pair in pairs if pair.started_on < counts.until.date()]
    held = [
        session
        for session in TherapySession.objects.filter(practice=counts.practice)
        if session.state != "cancelled" and counts.since <= session.starts_at < counts.until
    ]
    asked = [
        one
        for one in CheckIn.objects.filter(practice=counts.practice, instrument="checkin@1")
        if counts.since <= one.asked_at < counts.until
    ]
    answered = [one for one in asked if one.received_at]
    assert counts.open_pairs == 5 * round(len(begun) / 5)
    assert counts.sessions == 5 * round(len(held) / 5)
    assert counts.answered_percent == 5 * round(100 * len(answered) / len(asked) / 5)


def test_under_eleven_clients_is_too_few(counted, browse):
    some = CarePair.objects.filter(practice=counted().practice).values_list("pk", flat=True)[:10]
    CarePair.objects.filter(practice=counted().practice).exclude(pk__in=list(some)).update(ended_on=date(2024, 5, 1))
    assert counted().open_pairs is None
    assert "How many clients are in care: too few to show." in browse("omar").get(PAGE).content.decode()


def test_fewer_than_three_therapists_is_too_few(counted, person):
    tess = person("tess").posts.get()
    CarePair.objects.filter(practice=counted().practice).update(therapist=tess)
    counts = counted()
    assert (counts.open_pairs, counts.sessions, counts.answered_percent) == (None, None, None)


def test_numbers_stand_still_until_monday(harbour, person, now, counted):
    before = counted()
    CheckIn.objects.filter(received_at=None).update(asked_at=now + timedelta(minutes=1))
    later = practice_counts(person("omar"), at=now + timedelta(days=6))[0]
    assert later[1:] == before[1:]


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        (datetime(2024, 5, 6, 9, tzinfo=ZoneInfo("Europe/Lisbon")), (2024, 5, 6)),
        (datetime(2024, 5, 12, 23, 30, tzinfo=ZoneInfo("UTC")), (2024, 5, 13)),  # Monday already, in Lisbon
        (datetime(2024, 4, 1, 0, 30, tzinfo=ZoneInfo("Europe/Lisbon")), (2024, 4, 1)),  # the clocks changed yesterday
    ],
)
def test_the_week_begins_where_the_practice_is(moment, monday):
    found = last_monday(moment, "Europe/Lisbon")
    assert (found.year, found.month, found.day, found.hour) == (*monday, 0)


def test_another_practice_is_not_counted(counted, person, now):
    assert [counts.practice.name for counts in practice_counts(person("omar"), at=now)] == ["Harbour Practice"]
    assert practice_counts(person("tess"), at=now) == []


def test_the_span_is_named_in_the_practices_days(browse, harbour):
    assert "Four weeks, from 8 April up to 6 May 2024." in browse("omar").get(PAGE).content.decode()
