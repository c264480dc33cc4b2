"""Stored estimates: one session at a time gives the same numbers as whole histories at once, whatever comes late."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.db.models import Max
from django.test.utils import CaptureQueriesContext

from accord.records.alliance.actions import estimate
from accord.records.alliance.jobs import estimate_waiting
from accord.records.alliance.models import Estimate
from accord.records.alliance.queries import estimates_of, estimates_of_pairs
from accord.records.audit.models import Entry
from accord.records.checkins.actions import skip_rating
from accord.records.checkins.models import CheckIn
from accord.records.checkins.queries import answers_of
from accord.records.pairs.models import CarePair
from accord.science.alliance import DEFAULT, filter_pairs
from tests.plugins.making import asked, given, sheet

DAY, WEEK, HOUR = timedelta(days=1), timedelta(weeks=1), timedelta(hours=1)
SIDES = ("client", "therapist")
ORDER = ("goal", "task", "bond")
SHAPES = {"forecast_mean": 6, "forecast_sd": 6, "forecast_shared": 3, "z": 6, "tail": 6, "level_mean": 3, "level_sd": 3}


def numbers(values: Iterable[float | None]) -> list[float]:
    return [np.nan if value is None else value for value in values]


def whole_history(pair: CarePair, at: datetime) -> tuple[list[int], Any]:
    """Sessions with answers that may be seen, and filter_pairs over all of them, read from the check-ins alone."""
    first = pair.sessions.earliest("starts_at").starts_at
    sessions, days, readings = [], [], []
    for seen in answers_of(pair, "therapist", at=at):
        if seen.waiting_for or not (seen.client or seen.therapist):
            continue
        scores: list[dict[str, Any]] = [(side.scores or {}) if side else {} for side in (seen.client, seen.therapist)]
        sessions.append(seen.session.pk)
        days.append((seen.session.starts_at - first) / DAY)
        readings.append(numbers(score.get(pillar) for score in scores for pillar in ORDER))
    return sessions, filter_pairs(DEFAULT, days=np.array([days]), readings=np.array([readings]))


def assert_as_whole(pair: CarePair, at: datetime) -> None:
    sessions, whole = whole_history(pair, at)
    stored = estimates_of(pair)
    assert list(stored) == sessions
    for place, pk in enumerate(sessions):
        for field, size in SHAPES.items():
            found, expected = numbers(getattr(stored[pk], field)), getattr(whole, field)[0, place]
            assert len(found) == size
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12, err_msg=f"{field}, session {place + 1}")


def test_every_pair_of_the_fixture_is_as_if_read_at_once(person, now) -> None:
    pairs = CarePair.objects.all()
    assert len(pairs) == 21
    for pair in pairs:
        assert_as_whole(pair, now)


def test_a_new_session_continues_from_the_stored_belief(pair_of, now) -> None:
    pair, later = pair_of("jo"), now + WEEK
    settle(later)
    both = asked(pair, later)
    given(both.client, sheet(6, 7, 8), at=later + HOUR)
    given(both.therapist, sheet(7, 7, 7), at=later + HOUR)
    CheckIn.objects.filter(session__number=1, session__pair=pair).update(scores={"bond": 0, "goal": 0, "task": 0})
    before = numbers(estimates_of(pair)[pair.sessions.get(number=5).pk].level_mean)
    assert estimate_waiting(later + HOUR) == 1
    after = numbers(estimates_of(pair)[both.session.pk].level_mean)
    assert np.abs(np.subtract(before, after)).max() < 2, "the first session was read again"


def test_the_job_is_done_once(pair_of, now) -> None:
    assert estimate_waiting(now) == 0
    given(unanswered(pair_of("kai")), sheet(3, 7, 7), at=now)
    assert estimate_waiting(now) == 1
    assert estimate_waiting(now) == 0


def unanswered(pair: CarePair) -> CheckIn:
    return CheckIn.objects.get(session__pair=pair, instrument="checkin@1", received_at=None)


def test_what_is_blind_waits(new_pair, now) -> None:
    both = asked(new_pair, now - HOUR)
    given(both.client, sheet(3), at=now)
    assert estimate_waiting(now) == 0
    settle(now + DAY - HOUR)
    assert not estimates_of(new_pair)
    estimate_waiting(now + DAY)
    assert list(estimates_of(new_pair)) == [both.session.pk]


def test_a_skipped_rating_ends_the_waiting(new_pair, person, now) -> None:
    both = asked(new_pair, now - HOUR)
    given(both.client, sheet(3), at=now)
    skip_rating(both.therapist, by=person("tess"), at=now)
    assert estimate_waiting(now) == 1
    assert estimates_of(new_pair)[both.session.pk].readings == [8, 8, 3, None, None, None]


def test_an_answer_that_comes_late_is_taken_in(pair_of, now) -> None:
    """Kai's fifth session was estimated from his therapist's rating alone, a day after it."""
    pair = pair_of("kai")
    fifth = pair.sessions.get(number=5)
    assert estimates_of(pair)[fifth.pk].readings[:3] == [None] * 3
    given(unanswered(pair), sheet(3, 7, 7), at=now)
    estimate_waiting(now)
    assert estimates_of(pair)[fifth.pk].readings[:3] == [7, 7, 3]
    assert_as_whole(pair, now)


@pytest.mark.parametrize("late", SIDES)
def test_a_late_rating_of_an_earlier_session_reaches_all_later_ones(new_pair, now, late) -> None:
    rounds = [asked(new_pair, now + week * 5 * DAY) for week in range(3)]
    for week, both in enumerate(rounds):
        for side in SIDES:
            if (week, side) != (1, late):
                given(getattr(both, side), sheet(8 - week, 7, 6), at=now + week * 5 * DAY + HOUR)
        estimate_waiting(now + week * 5 * DAY + DAY + HOUR)
    end = now + 12 * DAY
    given(getattr(rounds[1], late), sheet(2, 2, 2), at=end)
    settle(end)
    assert_as_whole(new_pair, end)


def test_a_session_that_had_no_estimate_yet_reaches_all_later_ones(new_pair, person, now) -> None:
    """The therapist skipped, the client answered only after the next session: its estimate comes second."""
    first, second = asked(new_pair, now), asked(new_pair, now + WEEK)
    skip_rating(first.therapist, by=person("tess"), at=now + HOUR)
    for side in SIDES:
        given(getattr(second, side), sheet(8), at=now + WEEK + HOUR)
    settle(now + WEEK + HOUR)
    given(first.client, sheet(2, 2, 2), at=now + WEEK + 2 * HOUR)
    settle(now + WEEK + 2 * HOUR)
    assert_as_whole(new_pair, now + WEEK + 2 * HOUR)


def settle(at: datetime) -> None:
    """Let the job run until it finds nothing; it must come to an end."""
    for _ in range(10):
        if not estimate_waiting(at):
            return
    raise AssertionError("the job never comes to rest")


def test_a_second_worker_with_the_same_answers_does_nothing(pair_of, now) -> None:
    pair = pair_of("kai")
    given(unanswered(pair), sheet(3, 7, 7), at=now)
    answers = answers_of(pair, "therapist", at=now)[-1]
    assert estimate(answers, at=now)
    assert estimate(answers, at=now) is None
    assert Entry.objects.filter(verb="alliance estimated", row=estimates_of(pair)[answers.session.pk].code).exists()


def test_one_pair_that_cannot_be_estimated_does_not_stop_the_others(pair_of, now) -> None:
    """Ratings that the model refuses must be fixed by a person; until then everybody else goes on."""
    settle(now + WEEK)
    lou, jo = pair_of("lou"), pair_of("jo")
    for pair in (lou, jo):
        both = asked(pair, now + WEEK)
        for side in SIDES:
            given(getattr(both, side), sheet(), at=now + WEEK + HOUR)
    broken = min((lou, jo), key=lambda pair: pair.pk)
    CheckIn.objects.filter(session__pair=broken, session__number__gt=6).update(scores={"bond": 99})
    assert estimate_waiting(now + WEEK + HOUR) == 1


def test_many_blind_sessions_do_not_crowd_out_those_that_can_be_taken_in(pair_of, now, monkeypatch) -> None:
    settle(now + WEEK)
    monkeypatch.setattr("accord.records.alliance.jobs.AT_MOST", 1)
    first, second = sorted((pair_of("lou"), pair_of("jo")), key=lambda pair: pair.pk)
    given(asked(first, now + WEEK).client, sheet(), at=now + WEEK + HOUR)  # blind for a day
    both = asked(second, now + WEEK)
    for side in SIDES:
        given(getattr(both, side), sheet(), at=now + WEEK + HOUR)
    assert estimate_waiting(now + WEEK + HOUR) == 1


def test_estimates_can_be_rebuilt_from_the_check_ins(pair_of, now) -> None:
    before = {one.session_id: one.level_mean for one in Estimate.objects.all()}
    Estimate.objects.all().delete()
    settle(now)
    assert {one.session_id: one.level_mean for one in Estimate.objects.all()} == before


def test_an_estimate_names_its_parameters_and_its_newest_input(pair_of, now) -> None:
    newest = list(estimates_of(pair_of("jo")).values())[-1]
    assert newest.params == DEFAULT.id
    assert newest.as_of == newest.session.check_ins.aggregate(newest=Max("received_at"))["newest"]


def test_reading_many_pairs_costs_one_query(person) -> None:
    pairs = list(person("tess").posts.get().pairs.all())
    for some in (pairs[:1], pairs):
        with CaptureQueriesContext(connection) as seen:
            estimates_of_pairs(some)
        assert len(seen) == 1
