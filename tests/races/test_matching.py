"""The fit check is begun once and finished once; a wish is sent once, and taken back or answered, never both."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from accord.records.accounts.models import Notice
from accord.records.audit.models import Entry
from accord.records.errors import StateMoved
from accord.records.matching.actions import answer_fit, begin_fit
from accord.records.matching.meeting import got_in_touch, keep_meet, send_meet, take_back_meet
from accord.records.matching.models import FitCheck, MeetWish
from accord.records.pairs.queries import Seen
from accord.science.instruments import BY_ID
from tests.races.at_once import crowd_of

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="real concurrency needs PostgreSQL"),
]
HOUR = timedelta(hours=1)
ROUNDS = 8


@pytest.fixture
def kai(pair_of, person) -> Seen:
    return Seen(pair_of("kai"), person("kai"), "client")


def test_a_fit_check_is_begun_once_and_finished_once(kai, now) -> None:
    begun = Entry.objects.filter(verb="fit check begun").count()
    with crowd_of(4) as crowd:
        for turn in range(ROUNDS):
            checks = crowd(*[partial(begin_fit, by=kai, at=now) for _ in range(4)])
            assert len({check.pk for check in checks}) == 1
            names = [item.name for item in BY_ID[checks[0].instrument].items]
            answer_fit(checks[0], dict.fromkeys(names[:-2], "skipped"), by=kai, at=now)
            # The last two questions, answered in two windows, each pressed twice: no answer is lost.
            lasts = [{name: "skipped"} for name in names[-2:]] * 2
            acts = [
                partial(answer_fit, checks[0], given, by=kai, at=now + n * HOUR) for n, given in enumerate(lasts, 1)
            ]
            results = crowd(*acts)
            assert {type(one) for one in results} == {FitCheck}
            stored = FitCheck.objects.get(pk=checks[0].pk)
            assert set(stored.answers) == set(names)
            ends = {one.finished_at for one in results} - {None}
            assert ends == {stored.finished_at}, "the first end stands"
            assert Entry.objects.filter(verb="fit check begun").count() == begun + turn + 1


def test_a_wish_is_sent_once_and_taken_back_or_answered_never_both(kai, person, now) -> None:
    vera = person("vera")
    outcomes: Counter[str] = Counter()
    with crowd_of(4) as crowd:
        for turn in range(ROUNDS):
            told = Notice.objects.filter(user=vera).count()
            wish = keep_meet(by=kai, at=now, words=f"words {turn}")
            sent = crowd(*[partial(send_meet, wish, by=kai, at=now + HOUR) for _ in range(3)])
            assert {one.sent_at for one in sent} == {now + HOUR}
            assert Notice.objects.filter(user=vera).count() == told + 1
            back = [partial(take_back_meet, wish, by=kai, at=now + 2 * HOUR) for _ in range(2)]
            touch = [partial(got_in_touch, wish, by=vera, at=now + 2 * HOUR) for _ in range(2)]
            results = crowd(*back, *touch)
            stored = MeetWish.objects.get(pk=wish.pk)
            assert Counter(isinstance(one, StateMoved) for one in results) == {True: 3, False: 1}
            assert (stored.taken_back_at is None) != (stored.answered_at is None)
            assert bool(stored.words) == (stored.taken_back_at is None), "taken back, the words are gone"
            outcomes["back" if stored.taken_back_at else "touch"] += 1
    assert sum(outcomes.values()) == ROUNDS


def test_a_wish_taken_back_while_it_is_sent_again_stays_as_the_last_one_left_it(kai, person, now) -> None:
    with crowd_of(4) as crowd:
        for turn in range(ROUNDS):
            wish = send_meet(keep_meet(by=kai, at=now, words=f"words {turn}"), by=kai, at=now)
            told = Notice.objects.filter(user=person("vera")).count()
            back = partial(take_back_meet, wish, by=kai, at=now + HOUR)
            again = [partial(send_meet, wish, by=kai, at=now + HOUR) for _ in range(2)]
            keep = partial(keep_meet, by=kai, at=now + HOUR, words="others")
            crowd(back, *again, keep)
            stored = MeetWish.objects.get(pk=wish.pk)
            assert (stored.taken_back_at, stored.sent_at, stored.words) == (now + HOUR, now, None)
            assert Notice.objects.filter(user=person("vera")).count() == told, "nobody is told twice"
            MeetWish.objects.filter(taken_back_at=None, answered_at=None).delete()
