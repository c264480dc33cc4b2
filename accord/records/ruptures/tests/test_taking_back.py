"""Taking back: unread it is gone with all that was made of it; read, it stays, and says that it was taken back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accord.records.alliance.jobs import estimate_waiting
from accord.records.alliance.models import Estimate
from accord.records.audit.models import Entry
from accord.records.checkins.actions import mark_all_read
from accord.records.checkins.models import CheckIn, TakenBack
from accord.records.checkins.queries import session_answers
from accord.records.checkins.taking_back import WITHIN, corrections_of
from accord.records.errors import Gone, NotAllowed, StateMoved
from accord.records.ruptures.actions import raise_flag
from accord.records.ruptures.jobs import raise_flags, said_now
from accord.records.ruptures.models import Episode, Flag, Step
from accord.records.ruptures.taking_back import take_back
from tests.cells import OFF
from tests.plugins.making import asked, given, sheet

MINUTE = timedelta(minutes=1)
LOW: dict[str, Any] = {"tension": "a-bit", "note": "hm", "travels": "now"}


@pytest.fixture
def sent(pair_of, now) -> CheckIn:
    """Kai's fifth, low, and told at once. Tess has rated, so both are in."""
    waiting = CheckIn.objects.get(session__pair=pair_of("kai"), instrument="checkin@1", received_at=None)
    return given(waiting, sheet(3, 7, 7, **LOW), at=now)


def work(at) -> None:
    estimate_waiting(at)
    raise_flags(at)
    said_now(at)


def test_unread_it_is_gone_with_all_that_was_made_of_it(sent, person, now) -> None:
    work(now + MINUTE)
    pair = sent.session.pair
    assert {flag.kind for flag in pair.flags.all()} == {"said", "dip"}
    took = take_back(sent, by=person("kai"), at=now + 2 * MINUTE)
    assert (took.told, took.gone.read_at, took.gone.answers, took.gone.note) == (True, None, None, None)
    row = CheckIn.objects.get(pk=sent.pk)
    assert (row.received_at, row.answers, row.note, row.withdrawn_at) == (None, None, None, now + 2 * MINUTE)
    assert not pair.flags.exists()
    assert not Episode.objects.filter(pair=pair).exists()
    assert not Step.objects.filter(episode__pair=pair).exists()
    assert not Estimate.objects.filter(session=sent.session).exists()
    work(now + 3 * MINUTE)
    assert not pair.flags.exists()
    seen = session_answers(sent.session, "therapist", at=now + 3 * MINUTE)
    assert (seen.client, seen.words, seen.other_is_in) == (None, None, False)


def test_it_can_be_answered_again_and_judged_again(sent, person, now) -> None:
    work(now)
    take_back(sent, by=person("kai"), at=now + MINUTE)
    sent.refresh_from_db()
    given(sent, sheet(8, 8, 8), at=now + 2 * MINUTE, key="second")
    work(now + 3 * MINUTE)
    assert Estimate.objects.get(session=sent.session).readings[2] == 8
    assert not sent.session.pair.flags.exists()


def test_what_was_read_stays_and_says_that_it_was_taken_back(sent, person, now) -> None:
    work(now)
    mark_all_read([sent], by=person("tess"), at=now + MINUTE)
    took = take_back(sent, by=person("kai"), at=now + 2 * MINUTE)
    assert took.gone.scores
    assert (took.gone.read_at, took.gone.scores["bond"], took.gone.note) == (now + MINUTE, 3, "hm")
    assert Flag.objects.filter(session=sent.session).exists(), "what was raised and seen stays"
    assert not Estimate.objects.filter(session=sent.session).exists()
    assert list(corrections_of(sent.session.pair)) == [took.gone]


def test_a_late_copy_of_the_same_letter_brings_nothing_back(sent, person, now) -> None:
    key = sent.idempotency_key
    take_back(sent, by=person("kai"), at=now + MINUTE)
    sent.refresh_from_db()
    with pytest.raises(Gone):
        given(sent, sheet(3, 7, 7, **LOW), at=now + 2 * MINUTE, key=key)
    assert CheckIn.objects.get(pk=sent.pk).received_at is None


def test_after_fifteen_minutes_it_stays(sent, person, now) -> None:
    with pytest.raises(Gone):
        take_back(sent, by=person("kai"), at=now + WITHIN)
    assert CheckIn.objects.get(pk=sent.pk).received_at == now


def test_twice_is_once(sent, person, now) -> None:
    stale = CheckIn.objects.get(pk=sent.pk)
    take_back(sent, by=person("kai"), at=now + MINUTE)
    for row in (sent, stale):
        with pytest.raises(StateMoved):
            take_back(row, by=person("kai"), at=now + MINUTE)
    assert TakenBack.objects.count() == 1


@pytest.mark.parametrize("slug", ["tess", "sana", "omar", "rui", "jo", "sam"])
def test_nobody_takes_back_for_another(sent, person, now, slug) -> None:
    with pytest.raises(NotAllowed):
        take_back(sent, by=person(slug), at=now)


def test_a_page_never_shows_what_was_taken_back_while_it_was_made(sent, person, now) -> None:
    shown = CheckIn.objects.get(pk=sent.pk)
    take_back(sent, by=person("kai"), at=now + MINUTE)
    with pytest.raises(StateMoved):
        mark_all_read([shown], by=person("tess"), at=now + MINUTE)
    assert CheckIn.objects.get(pk=sent.pk).read_at is None


def test_two_pages_at_once_are_no_error(sent, person, now) -> None:
    one, two = (CheckIn.objects.get(pk=sent.pk) for _ in range(2))
    mark_all_read([one], by=person("tess"), at=now + MINUTE)
    mark_all_read([two], by=person("tess"), at=now + 2 * MINUTE)
    assert Entry.objects.filter(verb="check-in read", row=sent.code).count() == 1


def test_an_episode_with_another_cause_stays(sent, person, now) -> None:
    raise_flag(sent.session.pair.sessions.get(number=4), OFF, at=now - MINUTE)
    work(now)
    take_back(sent, by=person("kai"), at=now + MINUTE)
    (flag,) = sent.session.pair.flags.all()
    assert flag.session.number == 4
    assert flag.episode


def test_the_database_keeps_nothing_that_nobody_read(sent, person, now) -> None:
    took = take_back(sent, by=person("kai"), at=now + MINUTE)
    with pytest.raises(IntegrityError), transaction.atomic():
        TakenBack.objects.filter(pk=took.gone.pk).update(answers={"bond": 3})


def test_a_first_impression_can_be_taken_back_too(pair_of, person, now) -> None:
    impression = CheckIn.objects.get(session__pair=pair_of("kai"), instrument="first-impression@1")
    assert impression.received_at
    took = take_back(impression, by=person("kai"), at=impression.received_at + MINUTE)
    assert not took.told
    assert Estimate.objects.filter(pair=pair_of("kai")).count() == 5


def test_it_is_written_down(sent, person, now) -> None:
    take_back(sent, by=person("kai"), at=now + MINUTE)
    entry = Entry.objects.get(verb="check-in taken back")
    assert (entry.row, entry.actor, entry.detail) == (sent.code, person("kai"), {"read": False})


def test_what_was_still_blind_is_not_kept(new_pair, person, now) -> None:
    """Only his words had travelled ahead; the ratings nobody had seen are gone."""
    check_in = given(asked(new_pair, now).client, sheet(3, **LOW), at=now)
    mark_all_read([check_in], by=person("tess"), at=now + MINUTE)
    gone = take_back(check_in, by=new_pair.client, at=now + 2 * MINUTE).gone
    assert (gone.note, gone.answers, gone.scores) == ("hm", None, None)


def test_words_that_were_kept_stay_unseen(sent, person, now) -> None:
    take_back(sent, by=person("kai"), at=now)
    sent.refresh_from_db()
    given(sent, sheet(3, tension="yes", note="mine", travels="keep"), at=now, key="second")
    mark_all_read([sent], by=person("tess"), at=now + MINUTE)
    gone = take_back(sent, by=person("kai"), at=now + 2 * MINUTE).gone
    assert gone.scores
    assert (gone.scores["bond"], gone.note, gone.travels) == (3, None, "")
