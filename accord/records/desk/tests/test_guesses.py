"""Guesses beside answers: only what both may see, only what was guessed blind, only for who guessed."""

from datetime import timedelta

import pytest

from accord.records.checkins.models import CheckIn
from accord.records.desk.guesses import NEEDED, guesses_of, last_sessions, lean_of
from accord.records.desk.queries import by_chance
from accord.records.pairs.queries import caseload
from tests.plugins.making import asked, given, sheet

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def found(pair_of, person, now):
    return lambda slug, at=None: guesses_of([pair_of(slug)], viewer=person("tess"), at=at or now)


def test_jos_five_sessions_give_fifteen_guesses_oldest_first(found) -> None:
    guesses = found("jo")
    assert len(guesses) == 15
    assert [one.session.number for one in guesses] == sorted(one.session.number for one in guesses)
    first = guesses[0]
    assert (first.pillar, first.guess, first.answer, first.difference) == ("bond", 8, 8, 0)


def test_what_is_still_blind_is_not_among_them(found) -> None:
    assert {one.session.number for one in found("kai")} == {1, 2, 3, 4}


def test_a_guess_made_after_the_answers_opened_does_not_count(found, pair_of) -> None:
    late = CheckIn.objects.get(session__pair=pair_of("jo"), session__number=5, rater="therapist")
    client = CheckIn.objects.get(session__pair=pair_of("jo"), session__number=5, rater="client")
    assert client.received_at
    CheckIn.objects.filter(pk=late.pk).update(received_at=client.received_at + DAY)
    assert {one.session.number for one in found("jo")} == {1, 2, 3, 4}


def test_skipped_guesses_and_skipped_answers_leave_a_gap(new_pair, person, now) -> None:
    both = asked(new_pair, now - 2 * HOUR)
    own = sheet(8)
    given(both.therapist, own._replace(answers={**own.answers, "predicted-bond": 9}), at=now)
    given(both.client, sheet(7), at=now)
    guesses = guesses_of([new_pair], viewer=person("tess"), at=now)
    assert [(one.pillar, one.guess, one.answer) for one in guesses] == [("bond", 9, 7)]


def test_nobody_reads_anothers_guesses(pair_of, person, now) -> None:
    for slug in ("theo", "sana", "omar"):
        assert guesses_of([pair_of("jo")], viewer=person(slug), at=now) == []


def test_all_pairs_cost_two_queries(person, now, django_assert_num_queries) -> None:
    tess = person("tess")
    pairs = list(caseload(tess, at=now))
    with django_assert_num_queries(2):
        assert len(guesses_of(pairs, viewer=tess, at=now)) > 100


def test_too_few_say_nothing(found) -> None:
    guesses = [one for one in found("jo") if one.pillar == "bond"]
    assert lean_of(guesses[: NEEDED - 1]) is None
    told = lean_of(guesses)
    assert told
    assert told.n == 5


def test_only_the_last_sessions_are_looked_back_on(found) -> None:
    assert {one.session.number for one in last_sessions(found("jo"), 2)} == {4, 5}


def test_chance_is_counted_over_sessions_that_could_be_judged(person, pair_of, now) -> None:
    chance = by_chance([pair_of("jo")], at=now)
    assert (chance.one_in, chance.sessions, chance.expected) == (40, 1, 0.025)
    assert by_chance(caseload(person("tess"), at=now), at=now).sessions > 5
