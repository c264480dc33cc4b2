"""After a session both are asked once; the client by mail, in neutral words, with a link of their own."""

import re
from datetime import timedelta

import pytest

from accord.records.accounts.models import Notice
from accord.records.checkins.actions import CLIENT, FIRST_IMPRESSION, THERAPIST, ask
from accord.records.checkins.jobs import LOOK_BACK, ask_after_sessions
from accord.records.checkins.models import CheckIn
from accord.records.checkins.queries import by_link, waiting_for_client
from accord.records.errors import Gone
from tests.plugins.making import given, held, sheet

URL = "http://localhost:8000/c/{token}/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEVER_IN_A_MAIL = ("therap", "session", "alliance", "check-in", "bond", "tess", "harbour practice", "score", "mental")


@pytest.fixture
def session(new_pair, now):
    """Cleo's first session ended just now; everybody else's questions are out already."""
    ask_after_sessions(now, link_url=URL)
    return held(new_pair, now - HOUR)


def asked_for(session) -> set[str]:
    return set(CheckIn.objects.filter(session=session).values_list("instrument", flat=True))


def test_both_are_asked_once_however_often_the_job_runs(session, now) -> None:
    before = Notice.objects.count()
    assert ask_after_sessions(now, link_url=URL) == 1
    assert ask_after_sessions(now, link_url=URL) == 0
    assert asked_for(session) == {CLIENT, THERAPIST}
    assert Notice.objects.count() == before + 1


def test_what_was_half_asked_is_finished(session, now) -> None:
    ask(session, THERAPIST, at=now)
    assert ask_after_sessions(now, link_url=URL) == 1
    assert asked_for(session) == {CLIENT, THERAPIST}


def test_the_day_after_the_first_session_there_is_one_more_question(session, now) -> None:
    ask_after_sessions(now, link_url=URL)
    assert ask_after_sessions(now + 19 * HOUR, link_url=URL) == 0, "four in the morning where Cleo lives"
    assert ask_after_sessions(now + 23 * HOUR, link_url=URL) == 1
    assert ask_after_sessions(now + 24 * HOUR, link_url=URL) == 0
    assert asked_for(session) == {CLIENT, THERAPIST, FIRST_IMPRESSION}


def test_nobody_is_asked_about_long_ago_or_before_the_time(new_pair, now) -> None:
    session = held(new_pair, now)
    assert ask_after_sessions(now, link_url=URL) == 0
    assert ask_after_sessions(now + LOOK_BACK + HOUR, link_url=URL) == 0
    assert asked_for(session) == set()


def test_a_session_that_was_not_held_asks_nobody(session, now) -> None:
    type(session).objects.filter(pk=session.pk).update(state="cancelled")
    assert ask_after_sessions(now, link_url=URL) == 0


def test_the_mail_is_neutral_and_its_link_opens_the_clients_own_questions(session, now) -> None:
    ask_after_sessions(now, link_url=URL)
    notice = Notice.objects.order_by("-pk")[0]
    assert notice.user == session.pair.client
    written = f"{notice.subject} {notice.body}".lower()
    assert not [word for word in NEVER_IN_A_MAIL if word in written]
    found = re.search(r"/c/([^/\s]+)/", notice.body or "")
    assert found
    assert by_link(found[1], at=now) == CheckIn.objects.get(session=session, instrument=CLIENT)


def test_the_link_outlives_the_week_and_then_runs_out(session, now) -> None:
    ask_after_sessions(now, link_url=URL)
    found = re.search(r"/c/([^/\s]+)/", Notice.objects.order_by("-pk")[0].body or "")
    assert found
    assert by_link(found[1], at=now + 7 * DAY)
    with pytest.raises(Gone):
        by_link(found[1], at=now + 8 * DAY)


def test_the_therapist_gets_no_mail(session, now) -> None:
    before = Notice.objects.count()
    ask(session, THERAPIST, at=now, link_url=URL)
    assert Notice.objects.count() == before


def test_a_client_finds_what_waits_for_them_and_nothing_older(session, person, now) -> None:
    ask_after_sessions(now, link_url=URL)
    cleo = person("cleo")
    (waiting,) = waiting_for_client(cleo, at=now)
    assert waiting.instrument == CLIENT
    assert not waiting_for_client(cleo, at=now + 8 * DAY).exists()
    given(waiting, sheet(), at=now)
    assert not waiting_for_client(cleo, at=now).exists()
    assert [one.session.number for one in waiting_for_client(person("kai"), at=now)] == [5]
