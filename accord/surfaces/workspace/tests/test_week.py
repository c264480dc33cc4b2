"""The week and booking: what is in it, who may see it, and what is refused in words."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accord.records.pairs.actions import begin_pair
from accord.records.sessions.actions import Terms, book, cancel
from accord.records.sessions.calendar_actions import keep_busy_times
from accord.records.sessions.models import TherapySession

WEEK, BOOK = "/desk/week/", "/desk/week/book/"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ONLY_THERAPISTS = {"tess": 200, "theo": 200, "sam": 200, "": 302}


def asked(pair, **more):
    return {
        "pair": pair.code,
        "day": "2024-05-08",
        "clock": "18:00",
        "minutes": "50",
        "place": "video",
        "times": "1",
        "weeks_apart": "1",
        **more,
    }


@pytest.mark.parametrize("path", [WEEK, BOOK, "/desk/calendar/"])
def test_each_therapist_sees_only_their_own(cast, path, browse):
    assert cast("get", path) == dict.fromkeys(("kai", "jo", "sana", "omar", "rui"), 403) | ONLY_THERAPISTS
    for slug in ("theo", "sam"):
        assert "Kai" not in browse(slug).get(path).content.decode()


def test_the_week_shows_each_day_in_order(browse, text):
    page = text(browse("tess").get(WEEK))
    assert "6 May to 12 May 2024" in page
    in_order = ("Monday 6 May today", "09:10 Kai Moreno session 6", "10:25 Jo", "Tuesday", "Sunday")
    places = [page.index(words) for words in in_order]
    assert places == sorted(places)
    assert "Book on Monday" in page


def test_another_week_is_as_far_as_one_link(browse, text):
    tess = browse("tess")
    page = tess.get(WEEK)
    after = re.search(r'href="(\?of=2024-05-13)"', page.content.decode())
    assert after
    assert "13 May to 19 May 2024" in text(tess.get(WEEK + after[1]))
    assert "Nothing planned" in text(tess.get(WEEK + "?of=2024-06-13"))


@pytest.mark.parametrize("of", ["nonsense", "0001-01-01", "9999-12-31", "2024-13-45"])
def test_a_week_that_is_none_is_this_one(browse, text, of):
    assert "6 May to 12 May 2024" in text(browse("tess").get(f"{WEEK}?of={of}"))


def test_busy_and_cancelled_are_told_apart_by_words(browse, text, person, pair_of, now):
    keep_busy_times(person("tess"), [(now + 14 * HOUR, now + 17 * HOUR)], at=now)  # over midnight
    cancel(pair_of("lou").sessions.get(number=6), by=person("lou"), at=now, words="canary")
    book(pair_of("kai"), now + 8 * HOUR, by=None, at=now, terms=Terms(minutes=30, place="phone"))
    page = text(browse("tess").get(WEEK))
    assert "23:00–00:00 busy" in page
    assert "00:00–02:00 busy" in page
    assert "Lou Ferreira cancelled by Lou · with words" in page
    assert "17:00 Kai Moreno session 7 · 30 min, by phone" in page
    assert "canary" not in page


def test_a_session_is_booked_from_the_page(browse, pair_of, text):
    tess, pair = browse("tess"), pair_of("rosa")
    assert "Rosa Almeida" in text(tess.get(f"{BOOK}?pair={pair.code}&day=2024-05-08"))
    answer = tess.post(BOOK, asked(pair), follow=True)
    assert "Booked." in text(answer)
    assert "18:00 Rosa Almeida session 4 · 50 min, by video" in text(answer)
    session = pair.sessions.get(starts_at="2024-05-08T17:00Z")
    assert (session.minutes, session.place, session.state) == (50, "video", "booked")
    assert "Cancelled." in text(tess.post(f"/desk/session/{session.code}/cancel/", follow=True)), (
        "the undo of a booking"
    )


def test_a_series_keeps_its_hour_over_the_change_of_clocks(browse, pair_of, text):
    pair = pair_of("rosa")
    form = asked(pair, day="2024-10-16", times="3", weeks_apart="1")
    assert "3 sessions booked." in text(browse("tess").post(BOOK, form, follow=True))
    starts = pair.sessions.filter(place="video").order_by("starts_at").values_list("starts_at", flat=True)
    assert [f"{start:%m-%d %H:%M}" for start in starts] == ["10-16 17:00", "10-23 17:00", "10-30 18:00"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"day": "2024-05-05"}, "This time is over."),
        ({"day": "2024-05-06", "clock": "10:30"}, "Taken for one of the two: Monday 6 May 2024, 10:30."),
        ({"day": "2025-03-30", "clock": "01:30"}, "the clocks go forward"),
        ({"day": "soon"}, "Day: Enter a valid date."),
        ({"minutes": "1000"}, "Minutes:"),
        ({"times": "0"}, "How many:"),
        ({"place": "roof"}, "Where:"),
    ],
)
def test_what_cannot_be_booked_is_said_and_nothing_is_lost(browse, pair_of, text, change, says):
    pair = pair_of("rosa")
    answer = browse("tess").post(BOOK, asked(pair, **change))
    assert answer.status_code == 422
    assert says in text(answer)
    assert f'value="{pair.code}" selected' in answer.content.decode()
    assert not pair.sessions.filter(place="video").exists()


def test_somebody_elses_client_cannot_be_booked(browse, pair_of):
    count = TherapySession.objects.count()
    for slug in ("theo", "sam"):
        assert browse(slug).post(BOOK, asked(pair_of("rosa"))).status_code == 422
    assert TherapySession.objects.count() == count


def test_a_therapist_without_clients_is_told_so(browse, text):
    assert "You have no clients here yet." in text(browse("tia").get(BOOK))


def test_a_full_week_costs_as_many_queries_as_an_empty_one(browse, pair_of, newcomers, now):
    tess, post = browse("tess"), pair_of("kai").therapist

    def queries(path):
        with CaptureQueriesContext(connection) as seen:
            tess.get(path)
        return len(seen)

    queries(WEEK)  # the first page of a stay writes down that it began
    few = queries(WEEK + "?of=2024-06-03")
    for place, client in enumerate(newcomers(10)):
        pair = begin_pair(client, post, by=None, at=now - DAY)
        session = book(pair, now + 28 * DAY + place * HOUR, by=None, at=now)
        if place % 2:
            cancel(session, by=pair.client, at=now, words="hm")
    assert queries(WEEK + "?of=2024-06-03") == few
    assert few <= 9
