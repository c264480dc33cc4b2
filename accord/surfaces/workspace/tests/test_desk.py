"""The order of the day: three talk cards at most are pinned, nobody is lost, and nobody stands in two places."""

from datetime import timedelta

import pytest

from accord.records.pairs.queries import caseload
from accord.records.ruptures.actions import raise_flag
from accord.records.ruptures.queries import openings_by_pillar, stories
from accord.records.sessions.queries import sessions_between
from accord.surfaces.workspace.desk import AHEAD, MOST_PINNED, arrange, coming, next_of, span_of_day, status

SAID = {"kind": "said", "version": "flags@1", "params": "", "pillar": "", "readings": [], "cannot_know": "It cannot."}


@pytest.fixture
def desk(harbour, person, now):
    def at(moment=now):
        tess = person("tess")
        pairs = list(caseload(tess, at=moment))
        midnight = span_of_day(moment, tess)[0]
        return arrange(
            stories(pairs, viewer=tess, at=moment),
            list(sessions_between(pairs, midnight, midnight + AHEAD)),
            viewer=tess,
            now=moment,
            openings=openings_by_pillar(tess),
        )

    return at


@pytest.fixture
def something_off(pair_of, now):
    """something_off("jo") lets Jo have said that something is off."""

    def say(slug):
        session = pair_of(slug).sessions.filter(state="held").latest("number")
        return raise_flag(session, dict(SAID), at=now)

    return say


def names(cards):
    return [card.name for card in cards]


def test_the_day_stands_in_order_of_time(desk):
    assert names(desk().day) == ["Kai", "Jo", "Max", "Lou"]


def test_talk_cards_come_first_in_order_of_time(desk, something_off):
    something_off("lou")
    something_off("max")
    assert names(desk().cards) == ["Max", "Lou", "Kai", "Jo"]


def test_no_more_than_three_are_pinned_and_the_rest_wait_below(desk, something_off):
    for slug in ("kai", "jo", "max", "lou"):
        something_off(slug)
    arranged = desk()
    assert names(arranged.cards) == ["Kai", "Jo", "Max"]
    assert len(arranged.cards) == MOST_PINNED
    assert names(arranged.later) == ["Lou"]


def test_who_does_not_come_today_waits_below(desk, something_off):
    something_off("rosa")
    assert names(desk().later) == ["Rosa"]


def test_a_missing_rating_waits_below_its_own_heading(desk):
    assert names(desk().waiting) == ["Nuno"]


def test_everybody_stands_somewhere_once(desk, something_off, person, now):
    something_off("rosa")
    arranged = desk()
    places = [*arranged.cards, *arranged.later, *arranged.waiting, *arranged.rest]
    codes = [one.pair.code for one in places]
    assert len(codes) == len(set(codes)) == caseload(person("tess"), at=now).count()


def test_a_session_that_is_on_is_still_the_one_to_prepare(desk, pair_of, now):
    during = now + timedelta(minutes=30)
    assert desk(during).cards[0].session == pair_of("kai").sessions.get(number=6)


def test_a_session_that_is_over_stays_in_the_day(desk, now):
    assert "Kai" in names(desk(now + timedelta(hours=2)).day)


def test_the_next_session_follows_the_one_that_is_over(harbour, pair_of, person, now):
    sessions = list(sessions_between([pair_of("kai")], now - timedelta(days=10), now + AHEAD))
    assert [session.number for session in sessions] == [5, 6]
    assert next_of(sessions, now) == coming(sessions, now)[pair_of("kai").pk] == sessions[1]
    assert next_of(sessions, now + timedelta(days=1)) is None


def test_the_day_begins_at_midnight_where_the_therapist_is(harbour, person, now):
    start, end = span_of_day(now.replace(hour=0, minute=30), person("tess"))
    assert (start.isoformat(), end - start) == ("2024-05-06T00:00:00+01:00", timedelta(days=1))


def test_status_words_are_those_of_this_pair(harbour, person, pair_of, now):
    told = {
        story.pair.client.first_name: status(story)
        for story in stories(caseload(person("tess"), at=now), viewer=person("tess"), at=now)
    }
    assert told["Jo"] == "All three as usual"
    assert told["Rosa"] == "Still learning (2 of 4)"


def test_a_new_pair_has_no_answers_yet(new_pair, person, now):
    assert status(stories([new_pair], viewer=person("tess"), at=now)[0]) == "No answers yet"
