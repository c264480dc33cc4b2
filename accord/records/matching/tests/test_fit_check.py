"""The fit check: asked once, a question at a time, the client's alone."""

from datetime import timedelta

import pytest

from accord.records.accounts.models import Notice
from accord.records.audit.models import Entry
from accord.records.errors import NotAllowed, Refused, StateMoved
from accord.records.matching.actions import answer_fit, ask_for_fit, begin_fit
from accord.records.matching.jobs import ask_at_third_visit, tell_of_fit_checks
from accord.records.matching.models import FitCheck
from accord.records.matching.queries import newest_fit
from accord.records.pairs.actions import end_pair
from accord.records.pairs.queries import Seen
from accord.records.sessions.actions import hold
from tests.plugins.making import held

HOUR = timedelta(hours=1)
ALL = {"bond": "yes", "goal": "partly", "task": "skipped", "gut": "not-sure"}
ADDRESS = "http://here/me/fit/"


@pytest.fixture
def third(new_pair, now):
    """Cleo has met Tess three times, the last time yesterday at ten; nothing has been asked."""
    ask_at_third_visit(now)  # those of the cast who have
    FitCheck.objects.update(told_at=now)
    last = now - timedelta(hours=23)
    for weeks in (2, 1):
        held(new_pair, last - weeks * timedelta(weeks=1))
    return held(new_pair, last)


def test_it_is_asked_after_the_third_visit_and_once(third, now):
    asked_before = FitCheck.objects.count()
    assert ask_at_third_visit(now) == 1
    assert ask_at_third_visit(now) == 0
    assert FitCheck.objects.count() == asked_before + 1
    assert FitCheck.objects.get(about=third.pair).begun_at is None


def test_not_before_it_was_held_nor_long_after(third, now):
    third.pair.sessions.filter(pk=third.pk).update(state="booked")
    assert ask_at_third_visit(now) == 0
    hold(third, by=None, at=now)
    assert ask_at_third_visit(now + timedelta(days=4)) == 0
    assert ask_at_third_visit(now) == 1


def test_whoever_came_by_themselves_is_not_asked(third, now):
    third.pair.refresh_from_db()
    begin_fit(by=Seen(third.pair, third.pair.client, "client"), at=now)
    assert ask_at_third_visit(now) == 0
    assert ask_for_fit(third.pair, at=now) is None


def test_one_neutral_mail_on_the_next_day_by_day(third, now):
    ask_at_third_visit(now)
    before = Notice.objects.count()
    assert tell_of_fit_checks(now + HOUR, address=ADDRESS) == 0  # the mail about the session itself went out just now
    assert tell_of_fit_checks(now + 19 * HOUR, address=ADDRESS) == 0  # four in the morning
    assert tell_of_fit_checks(now + 26 * HOUR, address=ADDRESS) == 1
    assert tell_of_fit_checks(now + 27 * HOUR, address=ADDRESS) == 0
    mail = Notice.objects.latest("pk")
    assert Notice.objects.count() == before + 1
    assert mail.user == third.pair.client
    text = f"{mail.subject} {mail.body}"
    assert ADDRESS in text
    for word in ("fit?", "Tess", "Harbour", "therap"):
        assert word not in text


def test_no_mail_once_it_was_begun(third, now):
    ask_at_third_visit(now)
    begin_fit(by=Seen(third.pair, third.pair.client, "client"), at=now)
    assert tell_of_fit_checks(now + 26 * HOUR, address=ADDRESS) == 0


def test_it_is_finished_with_the_last_answer_and_can_be_changed_then(lena, now):
    check = begin_fit(by=lena, at=now)
    assert check.answers == {}  # nothing is chosen beforehand
    for name, given in ALL.items():
        assert check.finished_at is None
        check = answer_fit(check, {name: given}, by=lena, at=now)
    assert (check.answers, check.finished_at) == (ALL, now)
    again = answer_fit(check, {"gut": "right"}, by=lena, at=now + HOUR)
    assert (again.answers["gut"], again.finished_at) == ("right", now)


def test_begun_twice_it_is_the_same_and_after_the_end_a_new_one(lena, now):
    first = begin_fit(by=lena, at=now)
    assert begin_fit(by=lena, at=now).pk == first.pk
    answer_fit(first, ALL, by=lena, at=now)
    second = begin_fit(by=lena, at=now + HOUR)
    assert second.pk != first.pk
    assert newest_fit(lena) == second
    with pytest.raises(StateMoved):
        answer_fit(first, {"gut": "right"}, by=lena, at=now + HOUR)


@pytest.mark.parametrize("answers", [{"gut": "yes"}, {"bond": "7"}, {"other": "yes"}])
def test_an_answer_that_there_is_not_is_refused(lena, now, answers):
    check = begin_fit(by=lena, at=now)
    with pytest.raises(Refused):
        answer_fit(check, answers, by=lena, at=now)
    check.refresh_from_db()
    assert check.answers == {}


def test_the_therapist_has_no_way_in(lena, theo, now):
    check = begin_fit(by=lena, at=now)
    with pytest.raises(NotAllowed):
        begin_fit(by=theo, at=now)
    with pytest.raises(NotAllowed):
        answer_fit(check, ALL, by=theo, at=now)
    assert newest_fit(theo) is None


def test_the_audit_names_no_pair_and_no_answer(lena, now):
    answer_fit(begin_fit(by=lena, at=now), ALL, by=lena, at=now)
    entries = Entry.objects.filter(table="matching.fitcheck")
    assert entries.filter(verb="fit check answered").count() == 1
    assert {(entry.pair, str(entry.detail)) for entry in entries} == {("", "{}")}


def test_after_the_end_it_is_closed(lena, now):
    end_pair(lena.pair, by=lena.viewer, at=now)
    lena.pair.refresh_from_db()
    with pytest.raises(Refused):
        begin_fit(by=lena, at=now)
