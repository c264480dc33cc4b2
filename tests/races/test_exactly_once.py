"""Everything that may happen once happens once, however many try at the same moment."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from accord.records.accounts.actions import make_link, send_notice, use_link
from accord.records.accounts.jobs import send_waiting_notices
from accord.records.accounts.models import Notice
from accord.records.alliance.jobs import estimate_waiting
from accord.records.alliance.models import Estimate
from accord.records.audit.models import Entry
from accord.records.checkins.actions import answer
from accord.records.checkins.jobs import ask_after_sessions
from accord.records.checkins.models import CheckIn
from accord.records.desk.jobs import tell_therapists
from accord.records.errors import AlreadyAnswered, Gone, StateMoved, Taken
from accord.records.pairs.queries import Seen
from accord.records.ruptures.actions import keep_opening, move, raise_flag, snooze
from accord.records.ruptures.jobs import raise_flags, said_now
from accord.records.ruptures.models import Episode, Flag, Judgement, Opening, Snooze, Step
from accord.records.sessions.actions import book
from accord.records.sessions.models import TherapySession
from tests.cells import OFF
from tests.plugins.making import asked, given, held, sheet
from tests.races.at_once import crowd_of
from tests.with_postgres import free_port

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="real concurrency needs PostgreSQL"),
]
DAY, WEEK, HOUR = timedelta(days=1), timedelta(weeks=1), timedelta(hours=1)
THREADS, ROUNDS = 12, 40


def test_twelve_answers_at_once_are_one_answer(new_pair, now) -> None:
    with crowd_of(THREADS) as crowd:
        for week in range(ROUNDS):
            check_in = asked(new_pair, now + week * WEEK).client
            acts = [
                partial(answer, check_in, sheet(place % 11), by=new_pair.client, key=f"{week}-{place}", at=now)
                for place in range(THREADS)
            ]
            results = crowd(*acts)
            assert Counter(type(result) for result in results) == {CheckIn: 1, AlreadyAnswered: THREADS - 1}
            accepted = next(result for result in results if isinstance(result, CheckIn))
            stored: Any = CheckIn.objects.get(pk=check_in.pk)
            assert stored.scores["bond"] == accepted.scores["bond"]
            assert Entry.objects.filter(verb="check-in answered", row=check_in.code).count() == 1


def test_the_same_sending_twelve_times_is_one_row_and_no_error(new_pair, now) -> None:
    with crowd_of(THREADS) as crowd:
        for week in range(10):
            check_in = asked(new_pair, now + week * WEEK).client
            same = partial(answer, check_in, sheet(3), by=new_pair.client, key=f"same-{week}", at=now)
            results = crowd(*[same] * THREADS)
            assert {type(result) for result in results} == {CheckIn}
            assert {result.received_at for result in results} == {now}
            assert Entry.objects.filter(verb="check-in answered", row=check_in.code).count() == 1


def test_a_session_is_asked_about_once(new_pair, now) -> None:
    session = held(new_pair, now - HOUR)
    with crowd_of(6) as crowd:
        crowd(*[partial(ask_after_sessions, now, link_url="http://localhost/c/{token}/")] * 6)
    assert Counter(CheckIn.objects.filter(session=session).values_list("instrument", flat=True)) == {
        "checkin@1": 1,
        "checkin-therapist@1": 1,
    }
    mails = Notice.objects.filter(user=new_pair.client, subject="A few short questions for you")
    assert mails.count() == 1


def one_round(at) -> None:
    estimate_waiting(at)
    raise_flags(at)
    said_now(at)
    tell_therapists(at)


def test_many_workers_make_one_estimate_one_episode_and_one_notice(pair_of, person, now) -> None:
    pair = pair_of("kai")
    waiting = CheckIn.objects.get(session__pair=pair, instrument="checkin@1", received_at=None)
    given(waiting, sheet(3, 7, 7, tension="a-bit", note="hm", travels="now"), at=now)
    with crowd_of(6) as crowd:
        crowd(*[partial(one_round, now + HOUR)] * 6)
    one_round(now + 2 * HOUR)
    assert Episode.objects.filter(pair=pair).count() == 1
    assert Counter(Flag.objects.filter(pair=pair).values_list("kind", flat=True)) == {"said": 1, "dip": 1}
    assert Notice.objects.filter(user=person("tess")).count() == 1
    assert Estimate.objects.filter(session__pair=pair, session__number=5).count() == 1
    assert Judgement.objects.filter(estimate__pair=pair).count() == 5


def test_two_flags_of_two_sessions_open_one_episode(pair_of, now) -> None:
    with crowd_of(4) as crowd:
        for slug in ("kai", "jo", "max", "lou"):
            pair = pair_of(slug)
            sessions = list(pair.sessions.order_by("number")[:4])
            crowd(*[partial(raise_flag, session, OFF, at=now) for session in sessions])
            assert Episode.objects.filter(pair=pair).count() == 1
            assert Flag.objects.filter(pair=pair, episode__pair=pair, kind="said").count() == 4
            assert Step.objects.filter(episode__pair=pair).count() == 1


class Sink:
    """A mail server that keeps what arrives."""

    def __init__(self) -> None:
        self.subjects: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        lines = envelope.content.decode().splitlines()
        self.subjects += [line.removeprefix("Subject: ") for line in lines if line.startswith("Subject: ")]
        return "250 OK"


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    handler = Sink()
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
    yield handler
    server.stop()


def test_each_mail_leaves_once_whoever_sends(person, now, sink) -> None:
    Notice.objects.all().delete()
    for place in range(30):
        send_notice(person("kai"), f"notice {place}", "there is a note waiting for you", at=now)
    with crowd_of(5) as crowd:
        assert sum(crowd(*[partial(send_waiting_notices, now)] * 5)) == 30
    assert Counter(sink.subjects) == {f"notice {place}": 1 for place in range(30)}
    assert not Notice.objects.filter(sent_at=None).exists()


def test_a_sign_in_link_is_spent_once(person, now) -> None:
    with crowd_of(THREADS) as crowd:
        for _ in range(10):
            token = make_link(person("kai"), "sign-in", at=now)
            results = crowd(*[partial(use_link, token, "sign-in", at=now)] * THREADS)
            assert Counter(isinstance(result, Gone) for result in results) == {True: THREADS - 1, False: 1}


def test_two_bookings_never_share_a_number(new_pair, now) -> None:
    with crowd_of(8) as crowd:
        for week in range(10):
            results = crowd(*[partial(book, new_pair, now + week * WEEK, by=None, at=now)] * 8)
            assert sum(isinstance(result, TherapySession) for result in results) == 1
            assert {type(result) for result in results} <= {TherapySession, Taken}
    assert list(new_pair.sessions.order_by("number").values_list("number", flat=True)) == list(range(1, 11))


def test_the_client_closes_while_the_therapist_moves(pair_of, person, now) -> None:
    pair = pair_of("kai")
    kai, tess = Seen(pair, person("kai"), "client"), Seen(pair, person("tess"), "therapist")
    session = pair.sessions.get(number=5)
    with crowd_of(5) as crowd:
        for turn in range(20):
            flag = raise_flag(session, OFF | {"pillar": f"p{turn}"}, at=now)
            assert flag
            episode = flag.episode
            moves = [partial(move, episode, to, by=tess, at=now) for to in ("looked-at", "talked-about", "agreed")]
            results = crowd(*moves, *[partial(move, episode, "closed", by=kai, at=now)] * 2)
            episode.refresh_from_db()
            assert (episode.state, episode.ended_at) == ("closed", now)
            assert Counter(map(type, results[3:])) == {type(None): 1, StateMoved: 1}
            steps = Counter(Step.objects.filter(episode=episode).values_list("state", flat=True))
            assert set(steps.values()) == {1}
            assert sum(steps.values()) == 1 + sum(result is None for result in results)


def test_a_flag_never_joins_what_the_client_is_closing(pair_of, person, now) -> None:
    pair = pair_of("kai")
    kai, session = Seen(pair, person("kai"), "client"), pair.sessions.get(number=5)
    with crowd_of(2) as crowd:
        for turn in range(20):
            first = raise_flag(session, OFF | {"pillar": f"a{turn}"}, at=now)
            assert first
            close = partial(move, first.episode, "closed", by=kai, at=now)
            second = partial(raise_flag, session, OFF | {"pillar": f"b{turn}"}, at=now + HOUR)
            closed, flag = crowd(close, second)
            assert closed is None
            flag.refresh_from_db()
            before = flag.episode_id == first.episode_id  # then it was there before the client closed
            assert before or flag.episode.ended_at is None
            Episode.objects.filter(pair=pair, ended_at=None).update(state="closed", ended_at=now)


def test_a_double_click_at_the_desk_is_no_error(pair_of, person, now) -> None:
    pair = pair_of("kai")
    tess = Seen(pair, person("tess"), "therapist")
    flag = raise_flag(pair.sessions.get(number=5), OFF, at=now)
    assert flag
    with crowd_of(6) as crowd:
        for turn in range(5):
            crowd(*[partial(snooze, flag.episode, by=tess, at=now + turn * HOUR)] * 6)
            crowd(*[partial(keep_opening, "bond-wish", f"words {turn}", by=person("tess"), at=now)] * 6)
    assert Snooze.objects.filter(episode=flag.episode, undone_at=None).count() == 1
    assert Opening.objects.get(therapist=person("tess")).words == "words 4"


def test_late_answers_and_many_workers_still_end_at_the_whole_history(new_pair, now) -> None:
    """Workers that overlap leave no estimate that stands on an older belief."""
    for week in range(4):
        both = asked(new_pair, now + week * WEEK)
        for check_in in (both.client, both.therapist):
            given(check_in, sheet(8 - week), at=now + week * WEEK + HOUR)
    with crowd_of(4) as crowd:
        crowd(*[partial(estimate_waiting, now + 5 * WEEK)] * 4)
    while estimate_waiting(now + 5 * WEEK):
        pass
    made = {one.session.number: one.level_mean for one in Estimate.objects.filter(pair=new_pair)}
    Estimate.objects.filter(pair=new_pair).delete()
    while estimate_waiting(now + 5 * WEEK):
        pass
    assert made == {one.session.number: one.level_mean for one in Estimate.objects.filter(pair=new_pair)}
    assert len(made) == 4
