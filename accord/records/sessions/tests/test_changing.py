"""Sessions are moved, cancelled, brought back; nobody is in two at once; numbers go with time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from accord.records.accounts.models import Notice
from accord.records.audit.models import Entry
from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved, Taken
from accord.records.pairs.actions import begin_pair, end_pair
from accord.records.pairs.models import CarePair
from accord.records.sessions.actions import (
    MOST_AT_ONCE,
    Terms,
    book,
    book_series,
    bring_back,
    cancel,
    cancel_from,
    hold,
    move,
    undo_move,
)
from accord.records.sessions.calendar_actions import keep_busy_times
from accord.records.sessions.jobs import cancel_after_endings
from accord.records.sessions.models import TherapySession
from accord.records.sessions.queries import session_for

DAY, WEEK, HOUR, MINUTE = timedelta(days=1), timedelta(weeks=1), timedelta(hours=1), timedelta(minutes=1)
WORDS = "canary-7f21 I have a cold"


@pytest.fixture
def evening(now):
    """Eight in the evening: nobody of the cast has a session then."""
    return now + 11 * HOUR


@pytest.fixture
def series(new_pair, person, now, evening):
    """Cleo comes to Tess on four evenings, a week apart."""
    return book_series(new_pair, [evening + week * WEEK for week in range(4)], by=person("tess"), at=now)


def numbers(pair) -> list[tuple[int, str]]:
    return [(one.number, one.state) for one in pair.sessions.exclude(state="cancelled").order_by("starts_at")]


def in_order(pair) -> bool:
    found = [number for number, _state in numbers(pair)]
    return found == list(range(1, len(found) + 1))


def test_a_series_it_books_together(series, new_pair) -> None:
    assert numbers(new_pair) == [(1, "booked"), (2, "booked"), (3, "booked"), (4, "booked")]
    assert len({one.series for one in series}) == 1
    assert series[0].series
    assert Entry.objects.filter(verb="session booked", pair=new_pair.code).count() == 4


@pytest.mark.parametrize("count", [0, MOST_AT_ONCE + 1])
def test_a_series_of_no_size_it_refuses(new_pair, now, evening, count) -> None:
    with pytest.raises(Refused):
        book_series(new_pair, [evening + week * WEEK for week in range(count)], by=None, at=now)


def test_of_a_series_it_books_all_or_none_and_names_what_is_taken(pair_of, new_pair, now, evening) -> None:
    book(pair_of("lou"), evening + WEEK, by=None, at=now)
    with pytest.raises(Taken, match="Monday 13 May 2024, 20:00") as told:
        book_series(new_pair, [evening + week * WEEK for week in range(3)], by=None, at=now)
    assert "Lou" not in str(told.value)
    assert numbers(new_pair) == []


@pytest.mark.parametrize("minutes", [-49, -1, 0, 1, 49])
def test_a_therapist_it_books_for_one_at_a_time(pair_of, new_pair, now, evening, minutes) -> None:
    book(pair_of("lou"), evening, by=None, at=now)
    with pytest.raises(Taken):
        book(new_pair, evening + minutes * MINUTE, by=None, at=now)
    assert numbers(new_pair) == []


@pytest.mark.parametrize("minutes", [-50, 50])
def test_back_to_back_it_books(pair_of, new_pair, now, evening, minutes) -> None:
    book(pair_of("lou"), evening, by=None, at=now)
    assert book(new_pair, evening + minutes * MINUTE, by=None, at=now).number == 1


def test_a_long_session_it_sees_from_its_middle(pair_of, new_pair, now, evening) -> None:
    book(pair_of("lou"), evening - 5 * HOUR, by=None, at=now, terms=Terms(minutes=320))
    with pytest.raises(Taken):
        book(new_pair, evening, by=None, at=now)


def test_a_client_of_two_therapists_it_books_for_one_at_a_time(new_pair, person, now, evening) -> None:
    other = begin_pair(new_pair.client, person("sam").posts.get(), by=None, at=now - DAY)  # even of another practice
    book(new_pair, evening, by=None, at=now)
    with pytest.raises(Taken):
        book(other, evening + 20 * MINUTE, by=None, at=now)


def test_a_therapist_who_is_a_client_elsewhere_it_keeps_to_one_place(new_pair, person, now, evening) -> None:
    own = begin_pair(new_pair.client, person("sam").posts.get(), by=None, at=now - DAY)
    CarePair.objects.filter(pk=own.pk).update(client=person("tess"))  # as somebody who was a client before working here
    own.refresh_from_db()
    book(own, evening, by=None, at=now)
    with pytest.raises(Taken):
        book(new_pair, evening, by=None, at=now)


def test_what_has_begun_it_writes_down_as_it_was_but_not_twice(pair_of, new_pair, now) -> None:
    assert book(new_pair, now - HOUR, by=None, at=now).number == 1, "although Kai was there then, says the calendar"
    with pytest.raises(Taken):
        book(new_pair, now - HOUR + MINUTE, by=None, at=now)


def test_a_cancelled_hour_it_gives_to_the_next(pair_of, new_pair, now, evening) -> None:
    cancel(book(pair_of("lou"), evening, by=None, at=now), by=None, at=now)
    assert book(new_pair, evening, by=None, at=now).number == 1


def test_an_hour_of_a_pair_that_ended_it_gives_to_the_next(pair_of, new_pair, person, now, evening) -> None:
    pair = pair_of("lou")
    left = book(pair, evening, by=None, at=now)
    end_pair(pair, by=person("tess"), at=now)
    assert book(new_pair, evening, by=None, at=now).number == 1
    assert cancel_after_endings(now) == 2
    assert cancel_after_endings(now) == 0
    left.refresh_from_db()
    assert (left.state, left.cancelled_by) == ("cancelled", None)
    with pytest.raises(Refused, match="do not work together"):
        book(pair, evening + DAY, by=None, at=now)


def test_where_the_therapist_is_busy_it_does_not_book(new_pair, person, now, evening) -> None:
    keep_busy_times(person("tess"), [(evening - HOUR, evening + MINUTE)], at=now)
    with pytest.raises(Taken):
        book(new_pair, evening, by=None, at=now)
    assert book(new_pair, evening + MINUTE, by=None, at=now)


@pytest.mark.parametrize("terms", [Terms(minutes=4), Terms(minutes=481), Terms(place="roof")])
def test_terms_that_make_no_sense_it_refuses(new_pair, now, evening, terms) -> None:
    with pytest.raises(Refused):
        book(new_pair, evening, by=None, at=now, terms=terms)


def test_what_is_too_long_the_database_refuses_too(pair_of, now, evening) -> None:
    pair = pair_of("kai")
    with pytest.raises(IntegrityError):
        TherapySession.objects.create(practice=pair.practice, pair=pair, number=9, starts_at=evening, minutes=1000)


def test_one_that_is_booked_before_others_gets_the_earlier_number(series, new_pair, now, evening) -> None:
    assert book(new_pair, evening + DAY, by=None, at=now).number == 2
    assert in_order(new_pair)
    series[1].refresh_from_db()
    assert series[1].number == 3


def test_moved_behind_others_it_counts_anew(series, new_pair, person, now, evening) -> None:
    tess = person("tess")
    moved = move(series[0], evening + 2 * WEEK + DAY, by=tess, at=now)
    assert moved.number == 3
    assert in_order(new_pair)
    assert (moved.moved_from, moved.moved_by, moved.moved_at, moved.revision) == (evening, tess, now, 1)
    assert Entry.objects.filter(verb="session moved", row=moved.code, actor=tess).count() == 1
    assert undo_move(moved, by=tess, at=now).starts_at == evening
    assert in_order(new_pair)


def test_held_ones_keep_their_numbers(pair_of, now) -> None:
    pair = pair_of("kai")
    before = list(pair.sessions.filter(state="held").order_by("pk").values_list("pk", "number"))
    sixth = pair.sessions.get(number=6)
    later = book(pair, now + 2 * DAY + 11 * HOUR, by=None, at=now)
    cancel(sixth, by=None, at=now)
    later.refresh_from_db()
    assert later.number == 6
    sixth.refresh_from_db()
    bring_back_as = move(later, later.starts_at + DAY, by=None, at=now)
    assert bring_back_as.number == 6
    assert list(pair.sessions.filter(state="held").order_by("pk").values_list("pk", "number")) == before
    with pytest.raises(Refused, match="later session"):
        book(pair, now - 8 * DAY, by=None, at=now)


def test_any_order_of_changes_leaves_numbers_in_order(new_pair, person, now, evening) -> None:
    tess = person("tess")
    days = [5, 1, 3, 9, 2]
    booked = [book(new_pair, evening + day * DAY, by=tess, at=now) for day in days]
    for one, day in zip(booked, [6, 7, 0, 4, 8], strict=True):
        one.refresh_from_db()
        move(one, evening + day * DAY + HOUR, by=tess, at=now)
        assert in_order(new_pair)
    for one in booked[1:4]:
        one.refresh_from_db()
        cancel(one, by=tess, at=now)
        assert in_order(new_pair)
    for one in booked[1:4]:
        one.refresh_from_db()
        bring_back(one, by=tess, at=now)
        assert in_order(new_pair)


def test_into_itself_it_may_be_moved_and_into_another_not(series, pair_of, now, evening) -> None:
    book(pair_of("lou"), evening + HOUR, by=None, at=now)
    moved = move(series[0], evening - 10 * MINUTE, by=None, at=now)
    assert moved.starts_at == evening - 10 * MINUTE
    with pytest.raises(Taken):
        move(moved, evening + 20 * MINUTE, by=None, at=now)


def test_length_and_place_it_changes_without_a_move(series, now, evening) -> None:
    changed = move(series[0], evening, by=None, at=now, terms=Terms(minutes=30, place="video"))
    assert (changed.minutes, changed.place, changed.revision, changed.moved_from) == (30, "video", 1, None)


def test_what_somebody_else_has_changed_it_does_not_overwrite(series, now, evening) -> None:
    stale = TherapySession.objects.select_related("pair__therapist").get(pk=series[0].pk)
    move(series[0], evening + HOUR, by=None, at=now)
    for act in (
        lambda: move(stale, evening + 2 * HOUR, by=None, at=now),
        lambda: cancel(stale, by=None, at=now),
    ):
        with pytest.raises(StateMoved):
            act()
    stale.refresh_from_db()
    assert stale.starts_at == evening + HOUR


def test_neither_into_the_past_nor_out_of_it(series, now, evening) -> None:
    with pytest.raises(Refused, match="over"):
        move(series[0], now, by=None, at=now)
    with pytest.raises(Refused, match="over"):
        move(series[0], evening + DAY, by=None, at=evening)


def test_only_a_move_of_ones_own_it_undoes(series, person, now, evening) -> None:
    with pytest.raises(StateMoved):
        undo_move(series[0], by=person("tess"), at=now)
    moved = move(series[0], evening + HOUR, by=person("tess"), at=now)
    with pytest.raises(StateMoved):
        undo_move(moved, by=person("cleo"), at=now)


@pytest.mark.parametrize("slug", ["cleo", "tess"])
def test_either_of_the_two_cancels_and_brings_back(series, person, now, slug) -> None:
    who = person(slug)
    gone = cancel(series[0], by=who, at=now, words=WORDS)
    assert (gone.state, gone.cancelled_by, gone.cancelled_at, gone.words) == ("cancelled", who, now, WORDS)
    assert gone.revision == 1
    assert numbers(series[0].pair) == [(1, "booked"), (2, "booked"), (3, "booked")]
    with pytest.raises(StateMoved):
        cancel(gone, by=who, at=now)
    back = bring_back(gone, by=who, at=now)
    assert (back.state, back.number, back.cancelled_by, back.cancelled_at, back.words) == (
        "booked",
        1,
        None,
        None,
        None,
    )
    assert in_order(series[0].pair)
    verbs = Entry.objects.filter(row=gone.code).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["session booked", "session cancelled", "session brought back"]


def test_only_who_cancelled_it_brings_it_back(series, person, now) -> None:
    gone = cancel(series[0], by=person("cleo"), at=now)
    with pytest.raises(NotAllowed):
        bring_back(gone, by=person("tess"), at=now)


def test_into_an_hour_that_is_gone_it_does_not_bring_back(series, pair_of, person, now, evening) -> None:
    gone = cancel(series[0], by=person("cleo"), at=now)
    book(pair_of("lou"), evening, by=None, at=now)
    with pytest.raises(Taken):
        bring_back(gone, by=person("cleo"), at=now)
    other = cancel(series[1], by=person("cleo"), at=now)
    with pytest.raises(Refused, match="over"):
        bring_back(other, by=person("cleo"), at=other.starts_at)


def test_until_it_is_over_it_can_be_cancelled(series, person, now, evening) -> None:
    with pytest.raises(Refused, match="over"):
        cancel(series[0], by=person("tess"), at=series[0].ends_at)
    cancel(series[0], by=person("tess"), at=series[0].ends_at - MINUTE)


def test_a_held_one_it_does_not_cancel(series, person, now) -> None:
    hold(series[0], by=None, at=now)
    with pytest.raises(StateMoved):
        cancel(series[0], by=person("tess"), at=now)


def test_with_the_ones_after_it_it_cancels_its_own_series_only(series, new_pair, person, now, evening) -> None:
    extra = book(new_pair, evening + 2 * WEEK + DAY, by=None, at=now)
    series[1].refresh_from_db()
    gone = cancel_from(series[1], by=person("tess"), at=now)
    assert [one.starts_at for one in gone] == [evening + week * WEEK for week in (1, 2, 3)]
    extra.refresh_from_db()
    assert (extra.state, extra.number) == ("booked", 2)
    assert [one.pk for one in cancel_from(extra, by=person("tess"), at=now)] == [extra.pk]


def test_words_it_keeps_sealed_and_short(series, person, now) -> None:
    with pytest.raises(Refused):
        cancel(series[0], by=person("cleo"), at=now, words="x" * 2001)
    gone = cancel(series[0], by=person("cleo"), at=now, words=WORDS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM therapy_sessions_therapysession WHERE id = %s", [gone.pk])
        assert b"canary" not in bytes(cursor.fetchone()[0])
    assert not Entry.objects.filter(detail__icontains="canary").exists()
    assert not Notice.objects.filter(subject__icontains="canary").exists()


def test_a_session_only_its_two_people_find(series, person, now) -> None:
    code = series[0].code
    assert session_for(person("tess"), code, at=now).seen.side == "therapist"
    assert session_for(person("cleo"), code, at=now).seen.side == "client"
    for slug, error in (("theo", NotAllowed), ("omar", NotAllowed), ("kai", NotFound), ("sam", NotFound)):
        with pytest.raises(error):
            session_for(person(slug), code, at=now)
    with pytest.raises(NotFound):
        session_for(person("tess"), "thereisnone2", at=now)
