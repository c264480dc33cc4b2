"""A client's sessions: seen by the client only; "I can't come", reminders, one's own calendar."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from accord.records.audit.models import Entry
from accord.records.sessions.actions import book, cancel
from accord.records.sessions.models import ReminderChoice

PATH = "/me/sessions/"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WORDS = "canary-5d11 I have a cold. Could we meet on Friday?"


@pytest.fixture
def sixth(pair_of):
    return pair_of("kai").sessions.get(number=6)


def plain(response) -> str:
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def statuses(browse, method, path) -> dict[str, int]:
    people = ("kai", "jo", "nia", "tess", "theo", "sana", "omar", "rui", "sam", "")
    return {slug: getattr(browse(slug), method)(path).status_code for slug in people}


STAFF = dict.fromkeys(("tess", "theo", "sana", "omar", "rui", "sam"), 403) | {"": 302}


def test_clients_see_their_own(browse):
    assert statuses(browse, "get", PATH) == STAFF | dict.fromkeys(("kai", "jo", "nia"), 200)
    page = plain(browse("kai").get(PATH))
    assert "Monday 6 May 09:10–10:00 With Tess, in person" in page
    assert "Jo" not in page


@pytest.mark.parametrize("what", ["cannot-come", "appointment.ics", "bring-back"])
def test_nobody_else_gets_at_kais(browse, sixth, what):
    method = "post" if what == "bring-back" else "get"
    tail = what if "." in what else f"{what}/"
    found = statuses(browse, method, f"{PATH}{sixth.code}/{tail}")
    assert {slug: status for slug, status in found.items() if slug != "kai"} == STAFF | {"jo": 404, "nia": 404}


def test_kai_cannot_come_and_leaves_a_few_words(browse, sixth, person):
    kai = browse("kai")
    page = plain(kai.get(f"{PATH}{sixth.code}/cannot-come/"))
    assert "Monday 6 May at 09:10, with Tess" in page
    assert "You owe no reason." in page
    assert "you and Tess." in page
    answer = kai.post(f"{PATH}{sixth.code}/cannot-come/", {"words": WORDS}, follow=True)
    assert "It is cancelled. Your therapist will know." in plain(answer)
    assert "You cancelled this one." in plain(answer)
    sixth.refresh_from_db()
    assert (sixth.state, sixth.cancelled_by, sixth.words) == ("cancelled", person("kai"), WORDS)
    assert WORDS in plain(browse("tess").get(f"/desk/session/{sixth.code}/"))
    assert "canary" not in repr(list(Entry.objects.values()))


def test_kai_can_come_after_all(browse, sixth):
    kai = browse("kai")
    kai.post(f"{PATH}{sixth.code}/cannot-come/")
    answer = kai.post(f"{PATH}{sixth.code}/bring-back/", follow=True)
    assert "It is on again." in plain(answer)
    sixth.refresh_from_db()
    assert (sixth.state, sixth.number) == ("booked", 6)


def test_what_tess_cancelled_kai_does_not_bring_back(browse, sixth, person, now):
    cancel(sixth, by=person("tess"), at=now)
    page = plain(browse("kai").get(PATH))
    assert "Cancelled." in page
    assert "I can come after all" not in page
    assert browse("kai").post(f"{PATH}{sixth.code}/bring-back/").status_code == 403
    assert "This session is not planned any more." in plain(browse("kai").get(f"{PATH}{sixth.code}/cannot-come/"))
    assert browse("kai").post(f"{PATH}{sixth.code}/cannot-come/").status_code == 409


def test_too_many_words_are_kept_in_the_form(browse, sixth):
    answer = browse("kai").post(f"{PATH}{sixth.code}/cannot-come/", {"words": "x" * 2001})
    assert answer.status_code == 422
    assert "at most 2,000 characters" in plain(answer)
    assert "x" * 2001 in answer.content.decode()
    sixth.refresh_from_db()
    assert sixth.state == "booked"


def test_one_session_goes_into_a_calendar(browse, sixth):
    answer = browse("kai").get(f"{PATH}{sixth.code}/appointment.ics")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (str(event["UID"]), str(event["SUMMARY"])) == (f"{sixth.code}@accord", "Appointment")


@pytest.mark.parametrize("when", ["two-hours", "off", "day-before"])
def test_reminders_are_as_chosen(browse, person, when):
    kai = browse("kai")
    assert 'value="day-before" checked' in kai.get(PATH).content.decode(), "who chose nothing"
    assert "Kept." in plain(kai.post(f"{PATH}reminders/", {"when": when}, follow=True))
    assert ReminderChoice.objects.get(user=person("kai")).when == when
    assert f'value="{when}" checked' in kai.get(PATH).content.decode()


def test_a_choice_that_is_none_is_refused(browse):
    assert browse("kai").post(f"{PATH}reminders/", {"when": "hourly"}).status_code == 422
    assert not ReminderChoice.objects.exists()


def test_the_address_is_shown_once(browse, client):
    kai = browse("kai")
    page = kai.post(f"{PATH}address/").content.decode()
    found = re.search(r'value="http://localhost:8000(/calendar/[\w-]+\.ics)"', page)
    assert found
    assert client.get(found[1]).status_code == 200
    assert "There is an address since 6 May 2024." in plain(kai.get(PATH))
    assert found[1] not in kai.get(PATH).content.decode()
    kai.post(f"{PATH}address/end/")
    assert client.get(found[1]).status_code == 404


def test_nothing_planned_is_said(browse):
    assert "No session is planned right now." in plain(browse("cleo").get(PATH))


def test_ten_sessions_cost_as_many_queries_as_one(browse, pair_of, person, now):
    kai = browse("kai")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            kai.get(PATH)
        return len(seen)

    kai.get(PATH)
    few = queries()
    for day in range(10):
        session = book(pair_of("kai"), now + (20 + day) * DAY + 10 * HOUR, by=None, at=now)
        if day % 3 == 0:
            cancel(session, by=person("tess"), at=now)
    assert queries() == few
