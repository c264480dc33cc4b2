"""SQLite takes one writer at a time; the others wait their turn, and nobody hears that the database is locked."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from accord.records.alliance.jobs import estimate_waiting
from accord.records.checkins.actions import answer
from accord.records.checkins.models import CheckIn
from accord.records.errors import AlreadyAnswered
from accord.records.ruptures.jobs import raise_flags
from accord.records.ruptures.models import Episode
from tests.plugins.making import asked, sheet
from tests.races.at_once import crowd_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite"),
]
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)


def test_four_answers_at_once_are_one_and_nothing_is_locked(new_pair, now) -> None:
    with crowd_of(4) as crowd:
        for week in range(5):
            check_in = asked(new_pair, now + week * WEEK).client
            acts = [
                partial(answer, check_in, sheet(place), by=new_pair.client, key=f"{week}-{place}", at=now)
                for place in range(4)
            ]
            assert Counter(map(type, crowd(*acts))) == {CheckIn: 1, AlreadyAnswered: 3}


def test_answers_come_in_while_two_workers_work(new_pair, now) -> None:
    rounds = [asked(new_pair, now + week * WEEK) for week in range(6)]
    with crowd_of(4) as crowd:
        for week, both in enumerate(rounds):
            at = now + week * WEEK + HOUR
            crowd(
                partial(answer, both.client, sheet(3, tension="yes"), by=new_pair.client, key=f"c{week}", at=at),
                partial(answer, both.therapist, sheet(7), by=new_pair.therapist.user, key=f"t{week}", at=at),
                *[partial(one_round, at)] * 2,
            )
    one_round(now + 7 * WEEK)
    assert Episode.objects.filter(pair=new_pair).count() == 1


def one_round(at) -> None:
    estimate_waiting(at)
    raise_flags(at)
