"""An answer is stored exactly once, as it was given, whatever is sent again."""

from datetime import timedelta
from typing import Any

import pytest

from accord.records.audit.models import Entry
from accord.records.checkins.actions import (
    CLOCK_SLACK,
    LONGEST_NOTE,
    Answers,
    answer,
    mark_all_read,
    mark_opened,
    mark_read,
    skip_rating,
)
from accord.records.checkins.models import CheckIn
from accord.records.errors import AlreadyAnswered, KeyReused, NotAllowed, Refused, StateMoved
from tests.plugins.making import Asked, asked, given, sheet

MINUTE = timedelta(minutes=1)


@pytest.fixture
def both(new_pair, now) -> Asked:
    """Cleo's first session was just now; both were asked."""
    return asked(new_pair, now - timedelta(hours=1))


def fresh(check_in: CheckIn) -> Any:
    return CheckIn.objects.get(pk=check_in.pk)


def test_it_stores_what_was_said_with_scores_and_both_clocks(both, now) -> None:
    phone = now - timedelta(minutes=40)
    answers = sheet(3, 7, 7, tension="a-bit", note=" hm ", travels="now", answered_at=phone, zone_offset=60)
    stored = fresh(given(both.client, answers, at=now))
    assert stored.answers == {"bond": 3, "goal": 7, "task": 7, "tension": "a-bit"}
    assert stored.scores == {"bond": 3, "goal": 7, "task": 7}
    assert (stored.note, stored.travels, stored.zone_offset) == ("hm", "now", 60)
    assert (stored.answered_at, stored.received_at) == (phone, now)


def test_a_skipped_item_stays_apart_from_not_sure_and_has_no_score(both, now) -> None:
    said = Answers({"bond": "skipped", "goal": "not-sure", "task": 7, "tension": "not-sure"})
    stored = fresh(given(both.client, said, at=now))
    assert stored.answers["bond"] != stored.answers["goal"]
    assert stored.scores == {"bond": None, "goal": None, "task": 7}


def test_the_same_sending_again_is_the_same_answer(both, now) -> None:
    first = given(both.client, sheet(3, note="hm", travels="now"), at=now)
    again = given(both.client, sheet(3, note="hm", travels="now"), at=now + MINUTE)
    assert again.received_at == first.received_at == now
    assert Entry.objects.filter(verb="check-in answered", row=first.code).count() == 1


@pytest.mark.parametrize(
    "other",
    [sheet(4), sheet(3, tension="yes"), sheet(3, note="hm", travels="now"), sheet(3, travels="keep")],
    ids=["score", "tension", "note", "travels"],
)
def test_the_same_key_with_another_body_is_refused(both, now, other) -> None:
    given(both.client, sheet(3), at=now)
    with pytest.raises(KeyReused):
        given(both.client, other, at=now + MINUTE)
    assert fresh(both.client).scores["bond"] == 3


def test_another_key_is_told_that_the_answers_are_in(both, now) -> None:
    given(both.client, sheet(3), at=now, key="first")
    with pytest.raises(AlreadyAnswered):
        given(both.client, sheet(3), at=now, key="second")


def test_a_key_belongs_to_one_check_in(both, now) -> None:
    given(both.client, sheet(3), at=now, key="one")
    with pytest.raises(KeyReused):
        given(both.therapist, sheet(3), at=now, key="one")
    assert fresh(both.therapist).received_at is None


@pytest.mark.parametrize("slug", ["tess", "jo", "theo", "sana", "omar", "sam"])
def test_nobody_else_answers_for_the_client(both, person, now, slug) -> None:
    with pytest.raises(NotAllowed):
        answer(both.client, sheet(), by=person(slug), key="k", at=now)
    assert fresh(both.client).received_at is None


@pytest.mark.parametrize("slug", ["cleo", "theo", "sana"])
def test_nobody_else_rates_for_the_therapist(both, person, now, slug) -> None:
    with pytest.raises(NotAllowed):
        answer(both.therapist, sheet(), by=person(slug), key="k", at=now)


@pytest.mark.parametrize(
    "wrong",
    [
        sheet(11),
        sheet(-1),
        sheet(tension="maybe"),
        Answers({"mood": 3}),
        Answers({"bond": "eight"}),
        Answers({"bond": 7.5}),  # type: ignore[dict-item]
        Answers({"bond": True}),
        sheet(note="x" * (LONGEST_NOTE + 1), travels="now"),
        sheet(note="hm"),
        sheet(note="hm", travels="by pigeon"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_stored(both, now, wrong) -> None:
    with pytest.raises(Refused):
        given(both.client, wrong, at=now)
    assert fresh(both.client).received_at is None


def test_a_way_to_travel_that_does_not_exist_is_refused_without_words_too(both, now) -> None:
    with pytest.raises(Refused):
        given(both.client, sheet(travels="by pigeon"), at=now)


def test_a_clock_on_the_phone_cannot_put_an_answer_into_the_future(both, now) -> None:
    slightly, far = now + CLOCK_SLACK - MINUTE, now + timedelta(days=400)
    assert fresh(given(both.client, sheet(answered_at=slightly), at=now)).answered_at == now
    assert fresh(given(both.therapist, sheet(answered_at=far), at=now)).answered_at == now


def test_skipping_is_for_the_therapist_once_and_ends_answering(both, person, now) -> None:
    tess = person("tess")
    skip_rating(both.therapist, by=tess, at=now)
    assert fresh(both.therapist).skipped_at == now
    with pytest.raises(StateMoved):
        skip_rating(both.therapist, by=tess, at=now)
    with pytest.raises(AlreadyAnswered):
        given(both.therapist, sheet(), at=now)


def test_what_is_answered_cannot_be_skipped(both, person, now) -> None:
    given(both.therapist, sheet(), at=now)
    with pytest.raises(StateMoved):
        skip_rating(both.therapist, by=person("tess"), at=now)


@pytest.mark.parametrize("slug", ["cleo", "theo"])
def test_nobody_else_skips(both, person, now, slug) -> None:
    with pytest.raises(NotAllowed):
        skip_rating(both.therapist, by=person(slug), at=now)
    with pytest.raises(NotAllowed):
        skip_rating(both.client, by=person(slug), at=now)


def test_the_first_opening_and_the_first_reading_count(both, person, now) -> None:
    tess = person("tess")
    for moment in (now, now + MINUTE):
        mark_opened(both.client, at=moment)
        mark_read(both.client, by=tess, at=moment)
        mark_all_read([fresh(both.client)], by=tess, at=moment)
    stored = fresh(both.client)
    assert (stored.opened_at, stored.read_at) == (now, now)
    entry = Entry.objects.get(verb="check-in read", row=stored.code)
    assert (entry.actor, entry.pair) == (tess, both.session.pair.code)


def test_every_answer_of_the_fixture_is_in_the_audit(harbour) -> None:
    answered = CheckIn.objects.exclude(received_at=None).count()
    assert Entry.objects.filter(verb="check-in answered").count() == answered
