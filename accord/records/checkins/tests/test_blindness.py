"""Blind until both are in, the therapist skips, or a day has passed; "tell them now" never waits."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from accord.records.checkins.actions import ANSWERABLE_FOR, skip_rating
from accord.records.checkins.models import CheckIn
from accord.records.checkins.queries import (
    BLIND_FOR,
    answers_for_both,
    answers_of,
    answers_of_pairs,
    revealed_at,
    session_answers,
)
from tests.plugins.making import Asked, asked, given, sheet

T = datetime(2024, 5, 6, 8, 0, tzinfo=timezone.utc)  # noqa: UP017 (one zone is enough here)
HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)
hours = st.none() | st.integers(0, 80)


def check_in(received: int | None = None, skipped: int | None = None) -> CheckIn:
    at = [None if hour is None else T + hour * HOUR for hour in (received, skipped)]
    return CheckIn(received_at=at[0], skipped_at=None if at[0] else at[1], answers={} if at[0] else None)


@pytest.mark.parametrize(
    ("client", "therapist", "opens"),
    [
        (check_in(), check_in(), None),
        (check_in(3), check_in(), 27),
        (check_in(), check_in(3), 27),
        (check_in(3), check_in(5), 5),
        (check_in(5), check_in(3), 5),
        (check_in(3), check_in(40), 27),
        (check_in(40), check_in(3), 27),
        (check_in(3), check_in(skipped=5), 5),
        (check_in(5), check_in(skipped=3), 5),
        (check_in(), check_in(skipped=3), None),
        (check_in(3), None, 27),
        (None, check_in(3), 27),
        (None, None, None),
    ],
)
def test_the_table(client, therapist, opens) -> None:
    assert revealed_at(client, therapist) == (None if opens is None else T + opens * HOUR)


@for_all(hours, hours, hours)
def test_neither_side_is_shown_before_both_are_in_or_skipped_or_a_day_has_passed(one, two, skipped) -> None:
    client, therapist = check_in(one), check_in(two, skipped)
    opens = revealed_at(client, therapist)
    first = min((at for at in (client.received_at, therapist.received_at) if at), default=None)
    if opens is None:
        assert client.received_at is None
        assert therapist.received_at is None
        return
    assert first is not None
    both_in = client.received_at is not None and therapist.received_at is not None
    skip = client.received_at is not None and therapist.skipped_at is not None
    assert opens <= first + BLIND_FOR or skip
    if opens < first + BLIND_FOR:
        assert both_in or skip
        assert all(at <= opens for at in (client.received_at, therapist.received_at, therapist.skipped_at) if at)


def shown(history: tuple[int | None, int | None, int | None], looked: int) -> bool:
    """Whether somebody who looks after so many hours is shown the other's answers."""
    one, two, skipped = (None if hour is None or hour > looked else hour for hour in history)
    opens = revealed_at(check_in(one), check_in(two, skipped))
    return opens is not None and opens <= T + looked * HOUR


# The client's answer, then the therapist's answer or their skipping, never both.
histories = st.tuples(hours, hours, st.none()) | st.tuples(hours, st.none(), hours)


@for_all(histories, st.integers(0, 120))
def test_whoever_looks_is_shown_only_what_the_rule_allows(history, looked) -> None:
    one, two, skipped = (hour is not None and hour <= looked for hour in history)
    day_over = any(hour is not None and hour + 24 <= looked for hour in history[:2])
    assert shown(history, looked) == ((one and (two or skipped)) or day_over)


@for_all(histories, st.integers(0, 120), st.integers(0, 40))
def test_what_was_shown_is_never_hidden_again(history, looked, later) -> None:
    assert shown(history, looked + later) or not shown(history, looked)


@pytest.fixture
def both(new_pair, now) -> Asked:
    return asked(new_pair, now - HOUR)


def views(both: Asked, at: datetime):
    pair = both.session.pair
    (client,), (therapist,) = answers_of(pair, "client", at=at), answers_of(pair, "therapist", at=at)
    assert session_answers(both.session, "therapist", at=at) == therapist
    return client, therapist


def test_nothing_is_in(both, now) -> None:
    client, therapist = views(both, now)
    assert (client.client, client.therapist, client.waiting_for, client.own) == (None, None, "", both.client)
    assert (therapist.client, therapist.waiting_for, therapist.own) == (None, "rate", both.therapist)


def test_only_the_client_is_in(both, now) -> None:
    given(both.client, sheet(3, note="hm", travels="before-next"), at=now)
    client, therapist = views(both, now)
    assert (client.client, client.therapist, client.waiting_for) == (both.client, None, "other")
    assert client.words
    assert client.words.text == "hm"
    assert (therapist.client, therapist.words, therapist.waiting_for) == (None, None, "rate")
    assert therapist.other_is_in
    client, therapist = views(both, now + BLIND_FOR - MOMENT)
    assert (therapist.client, therapist.words) == (None, None)
    client, therapist = views(both, now + BLIND_FOR)
    assert (therapist.client, therapist.waiting_for) == (both.client, "")
    assert therapist.words


def test_only_the_therapist_is_in(both, now) -> None:
    given(both.therapist, sheet(6), at=now)
    client, therapist = views(both, now)
    assert (client.therapist, client.own, client.waiting_for) == (None, both.client, "")
    assert (therapist.therapist, therapist.waiting_for) == (both.therapist, "other")
    assert views(both, now + BLIND_FOR - MOMENT)[0].therapist is None
    assert views(both, now + BLIND_FOR)[0].therapist is None, "the client may still answer, and is not led"
    closes = both.client.asked_at + ANSWERABLE_FOR
    assert views(both, closes - MOMENT)[0].therapist is None
    assert views(both, closes)[0].therapist == both.therapist


def test_both_are_in(both, now) -> None:
    given(both.client, sheet(3), at=now)
    given(both.therapist, sheet(6), at=now + HOUR)
    for view in views(both, now + HOUR):
        assert (view.client, view.therapist, view.waiting_for) == (both.client, both.therapist, "")


def test_a_skipped_rating_opens_the_clients_answers(both, person, now) -> None:
    given(both.client, sheet(3), at=now)
    skip_rating(both.therapist, by=person("tess"), at=now)
    client, therapist = views(both, now)
    assert therapist.client == both.client
    assert client.therapist is None


@pytest.mark.parametrize(
    ("travels", "blind", "open_"),
    [("now", True, True), ("before-next", False, True), ("myself", False, False), ("keep", False, False)],
)
def test_words_travel_as_the_client_chose(both, now, travels, blind, open_) -> None:
    given(both.client, sheet(3, note="hm", travels=travels), at=now)
    client, therapist = views(both, now)
    assert client.words
    assert (therapist.words is not None) is blind
    client, therapist = views(both, now + BLIND_FOR)
    assert client.words
    assert (therapist.words is not None) is open_


def test_what_is_safe_for_both_shows_neither_what_is_blind_nor_what_was_kept(both, now) -> None:
    given(both.client, sheet(3, note="hm", travels="keep"), at=now)
    (view,) = answers_for_both(both.session.pair, at=now)
    assert (view.client, view.therapist, view.words, view.own) == (None, None, None, None)
    given(both.therapist, sheet(6), at=now)
    (view,) = answers_for_both(both.session.pair, at=now)
    assert (view.client, view.therapist, view.words) == (both.client, both.therapist, None)


def test_many_pairs_cost_as_many_queries_as_one(person, now, django_assert_num_queries) -> None:
    everybody = list(person("tess").posts.get().pairs.all())
    assert len(everybody) == 18
    with django_assert_num_queries(2):
        answers_of_pairs(everybody[:1], "therapist", at=now)
    with django_assert_num_queries(2):
        answers_of_pairs(everybody, "therapist", at=now)
