"""The secret address: neutral, exact, marked, gone when it is revoked; whoever left reads nothing."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from accord.records.accounts.models import User
from accord.records.pairs.actions import end_pair
from accord.records.practices.actions import end_post
from accord.records.sessions.actions import book, bring_back, cancel, move
from accord.records.sessions.calendar_actions import make_address, revoke_address
from accord.surfaces.shared.calendars.reading import busy_times

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NEVER = ("Kai", "Moreno", "Tess", "Carvalho", "Harbour", "session", "therap", "video", "phone", "canary")


@pytest.fixture
def read(browse, person, now):
    """read("kai") is what Kai's calendar program gets, by UID."""
    tokens = {}
    anybody = browse("")

    def get(slug, **headers):
        if slug not in tokens:
            tokens[slug] = make_address(person(slug), at=now)
        return anybody.get(f"/calendar/{tokens[slug]}.ics", **headers)

    return get


def events(response) -> dict[str, Any]:
    assert response.status_code == 200
    return {str(event["UID"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}


def test_a_client_reads_their_own_and_a_therapist_theirs(read, pair_of, harbour):
    kai, tess, sam = (events(read(slug)) for slug in ("kai", "tess", "sam"))
    mine = {f"{one.code}@accord" for one in pair_of("kai").sessions.all()}
    assert set(kai) == mine
    assert mine < set(tess)
    assert not set(tess) & set(sam)
    assert set(events(read("cleo"))) == set()
    assert not set(events(read("lena"))) & set(tess)


def test_words_in_it_are_neutral(read, pair_of, person, now):
    cancel(pair_of("kai").sessions.get(number=6), by=person("kai"), at=now, words="canary")
    for slug in ("kai", "tess"):
        content = read(slug).content.decode()
        assert [word for word in NEVER if word in content] == []
        assert content.count("SUMMARY:Appointment") == content.count("BEGIN:VEVENT") > 5


def test_moments_are_in_utc_on_both_sides_of_a_change_of_clocks(read, pair_of, now):
    summer = pair_of("kai").sessions.get(number=6)
    winter = book(pair_of("kai"), now.replace(month=11, hour=18), by=None, at=now)
    content = read("kai").content.decode()
    assert "DTSTART:20240506T081000Z" in content
    assert "DTEND:20240506T090000Z" in content
    assert "DTSTART:20241106T180000Z" in content
    found = events(read("kai"))
    for session in (summer, winter):
        event = found[f"{session.code}@accord"]
        assert event["DTSTART"].dt == session.starts_at.astimezone(UTC)
        assert event["DTEND"].dt == session.ends_at.astimezone(UTC)


def test_a_change_keeps_the_uid_and_counts_the_sequence(read, pair_of, person, now):
    session = pair_of("kai").sessions.get(number=6)
    uid, told = f"{session.code}@accord", []

    def look():
        event = events(read("kai"))[uid]
        told.append((event["SEQUENCE"], str(event["STATUS"])))

    look()
    moved = move(session, now + DAY + 10 * HOUR, by=person("tess"), at=now)
    look()
    gone = cancel(moved, by=person("kai"), at=now)
    look()
    bring_back(gone, by=person("kai"), at=now)
    look()
    assert told == [(0, "CONFIRMED"), (1, "CONFIRMED"), (2, "CANCELLED"), (3, "CONFIRMED")]


def test_the_same_calendar_has_the_same_mark(read, pair_of, person, now):
    first = read("kai")
    mark = first.headers["ETag"]
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    again = read("kai", headers={"If-None-Match": mark})
    assert (again.status_code, again.content) == (304, b"")
    cancel(pair_of("kai").sessions.get(number=6), by=person("kai"), at=now)
    changed = read("kai", headers={"If-None-Match": mark})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != mark


def test_a_revoked_or_renewed_address_opens_nothing(read, person, now, client):
    assert read("kai").status_code == 200
    newer = make_address(person("kai"), at=now)
    assert read("kai").status_code == 404
    assert client.get(f"/calendar/{newer}.ics").status_code == 200
    revoke_address(person("kai"), at=now)
    assert client.get(f"/calendar/{newer}.ics").status_code == 404
    assert client.get("/calendar/nothing.ics").status_code == 404


def test_a_therapist_who_left_reads_nothing(read, person, now, pair_of):
    mine = {f"{one.code}@accord" for one in pair_of("kai").sessions.all()}
    end_pair(pair_of("kai"), by=person("tess"), at=now)
    assert not mine & set(events(read("tess")))
    assert mine == set(events(read("kai"))), "a client keeps their own"
    end_post(person("tess").posts.get(), on=now.date())
    assert read("tess").status_code == 404


def test_a_person_who_is_switched_off_reads_nothing(read, person):
    read("kai")
    User.objects.filter(pk=person("kai").pk).update(is_active=False)
    assert read("kai").status_code == 404


def test_our_own_appointments_are_no_busy_times_when_they_come_back(read, now):
    content = read("tess").content
    assert b"BEGIN:VEVENT" in content
    assert busy_times(content, zone="Europe/Lisbon", at=now) == []


def test_every_line_is_one_that_we_would_read_ourselves(read):
    lines = read("tess").content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert lines[0] == b"BEGIN:VCALENDAR"


def test_it_costs_as_many_queries_for_ten_as_for_one(read, person, now, pair_of, django_assert_max_num_queries):
    read("kai")
    for day in range(10):
        book(pair_of("kai"), now + (20 + day) * DAY + 10 * HOUR, by=None, at=now)
    with django_assert_max_num_queries(5):
        assert len(events(read("kai"))) == 16
