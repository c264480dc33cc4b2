"""Taking back at the very moment of reading, of estimating, of a late copy: each ends in one truth."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from accord.records.alliance.jobs import estimate_waiting
from accord.records.alliance.models import Estimate
from accord.records.audit.models import Entry
from accord.records.checkins.actions import answer, mark_all_read
from accord.records.checkins.models import CheckIn, TakenBack
from accord.records.errors import AlreadyAnswered, Gone, StateMoved
from accord.records.ruptures.jobs import raise_flags, said_now
from accord.records.ruptures.models import Episode, Flag
from accord.records.ruptures.taking_back import take_back
from tests.plugins.making import asked, given, sheet
from tests.races.at_once import crowd_of

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="real concurrency needs PostgreSQL"),
]
MINUTE, WEEK = timedelta(minutes=1), timedelta(weeks=1)
OFF = {"tension": "a-bit", "note": "hm", "travels": "now"}


def test_reading_and_taking_back_at_once_is_one_or_the_other(new_pair, person, now) -> None:
    kai, tess = new_pair.client, person("tess")
    seen = Counter()
    with crowd_of(2) as crowd:
        for week in range(40):
            check_in = given(asked(new_pair, now + week * WEEK).client, sheet(3, **OFF), at=now + week * WEEK)
            shown, own = CheckIn.objects.get(pk=check_in.pk), CheckIn.objects.get(pk=check_in.pk)
            at = now + week * WEEK + MINUTE
            read, took = crowd(
                partial(mark_all_read, [shown], by=tess, at=at), partial(take_back, own, by=kai, at=at + MINUTE)
            )
            gone = TakenBack.objects.get(check_in=check_in)
            assert CheckIn.objects.get(pk=check_in.pk).read_at is None
            if gone.read_at is None:
                assert isinstance(read, StateMoved), "what is gone was not shown"
                assert (gone.note, gone.answers) == (None, None)
            else:
                # The words were told at once; the numbers were still blind, so nobody has seen them.
                assert (read, gone.note, gone.scores) == (None, "hm", None)
            assert took.gone == gone
            entries = Entry.objects.filter(verb="check-in read", row=check_in.code).count()
            assert entries == (gone.read_at is not None)
            seen[gone.read_at is not None] += 1
    assert sum(seen.values()) == 40


def test_six_at_once_take_it_back_once(new_pair, now) -> None:
    with crowd_of(6) as crowd:
        for week in range(10):
            at = now + week * WEEK
            check_in = given(asked(new_pair, at).client, sheet(3), at=at)
            rows = [CheckIn.objects.get(pk=check_in.pk) for _ in range(6)]
            results = crowd(*[partial(take_back, row, by=new_pair.client, at=at + MINUTE) for row in rows])
            assert Counter(isinstance(result, StateMoved) for result in results) == {True: 5, False: 1}
            assert TakenBack.objects.filter(check_in=check_in).count() == 1


def test_a_late_copy_at_the_same_moment_brings_nothing_back(new_pair, now) -> None:
    with crowd_of(6) as crowd:
        for week in range(20):
            at = now + week * WEEK
            check_in = given(asked(new_pair, at).client, sheet(3), at=at, key=f"letter-{week}")
            rows = [CheckIn.objects.get(pk=check_in.pk) for _ in range(6)]
            late = [
                partial(answer, row, sheet(3), by=new_pair.client, key=f"letter-{week}", at=at + MINUTE)
                for row in rows[1:]
            ]
            results = crowd(partial(take_back, rows[0], by=new_pair.client, at=at + MINUTE), *late)
            assert all(isinstance(result, CheckIn | Gone | AlreadyAnswered) for result in results[1:])
            assert CheckIn.objects.get(pk=check_in.pk).received_at is None


def work(at) -> None:
    estimate_waiting(at)
    raise_flags(at)
    said_now(at)


def test_nothing_is_made_of_what_was_taken_back(pair_of, person, now) -> None:
    """The workers run while it is taken back; after one more round nothing of it is left."""
    pair = pair_of("kai")
    waiting = CheckIn.objects.get(session__pair=pair, instrument="checkin@1", received_at=None)
    with crowd_of(4) as crowd:
        for turn in range(15):
            at = now + turn * MINUTE
            row = CheckIn.objects.get(pk=waiting.pk)
            given(row, sheet(3, 7, 7, **OFF), at=at, key=f"turn-{turn}")
            if turn % 2:
                work(at)
            own = CheckIn.objects.get(pk=waiting.pk)
            _, *_rest = crowd(partial(take_back, own, by=person("kai"), at=at), *[partial(work, at)] * 3)
            work(at)
            assert Estimate.objects.get(session=waiting.session).readings[:3] == [None] * 3, "the therapist's own stay"
            assert not Flag.objects.filter(pair=pair).exists()
            assert not Episode.objects.filter(pair=pair).exists()
