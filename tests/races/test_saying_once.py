"""A note is read or taken back, never both; what the client closes is closed, whatever else happens at that moment."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from accord.records.accounts.models import Notice
from accord.records.audit.models import Entry
from accord.records.errors import NotFound, RecordsError, StateMoved
from accord.records.pairs.queries import Seen
from accord.records.ruptures.actions import move, raise_flag
from accord.records.ruptures.jobs import tell_before_sessions
from accord.records.ruptures.models import Change, Episode, Flag, Note, Passage, Step
from accord.records.ruptures.repairing import Given, answer_change, write_change, write_passage
from accord.records.ruptures.saying import finish, keep_draft, read, send_kept, take_back
from tests.cells import OFF
from tests.races.at_once import crowd_of

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="real concurrency needs PostgreSQL"),
]
HOUR = timedelta(hours=1)
ROUNDS = 25


@pytest.fixture
def kai(pair_of, person) -> Seen:
    return Seen(pair_of("kai"), person("kai"), "client")


@pytest.fixture
def tess(pair_of, person) -> Seen:
    return Seen(pair_of("kai"), person("tess"), "therapist")


def written(kai: Seen, now: Any, words: str, travels: str = "now") -> Note:
    return keep_draft(kai, at=now, about="bond", words=words, travels=travels)


def fresh(note: Note) -> Note:
    """As another request has it."""
    return Note.objects.select_related("pair__therapist__user", "pair__client").get(pk=note.pk)


def test_read_or_taken_back_and_never_both(kai, tess, now) -> None:
    outcomes: Counter[str] = Counter()
    with crowd_of(4) as crowd:
        for turn in range(ROUNDS):
            sent = finish(written(kai, now, f"words {turn}"), by=kai, at=now)
            acts = [partial(take_back, fresh(sent), by=kai, at=now + HOUR) for _ in range(2)]
            looks = [partial(read, fresh(sent), by=tess, at=now + HOUR) for _ in range(2)]
            results = crowd(*acts, *looks)
            stored = Note.objects.get(pk=sent.pk)
            taken = Counter(map(type, results[:2]))
            if stored.state == "kept":  # then nobody got the words
                assert taken == {type(None): 1, StateMoved: 1}
                assert {type(one) for one in results[2:]} == {NotFound}
                assert (stored.read_at, Flag.objects.filter(note=sent).count()) == (None, 0)
            else:
                assert taken == {StateMoved: 2}
                assert {type(one) for one in results[2:]} == {Note}
                assert stored.read_at == now + HOUR
                assert Entry.objects.filter(verb="note read", row=sent.code).count() == 1
            outcomes[stored.state] += 1
            Episode.objects.filter(pair=kai.pair, ended_at=None).update(state="closed", ended_at=now)
    assert sum(outcomes.values()) == ROUNDS


def test_a_note_is_sent_once_however_often_it_is_pressed(kai, tess, now) -> None:
    told = Notice.objects.filter(user=tess.viewer).count()
    with crowd_of(6) as crowd:
        for turn in range(10):
            draft = written(kai, now, f"words {turn}")
            results = crowd(*[partial(finish, fresh(draft), by=kai, at=now) for _ in range(6)])
            assert Counter(map(type, results)) == {Note: 1, StateMoved: 5}
            assert Flag.objects.filter(note=draft).count() == 1
    assert Notice.objects.filter(user=tess.viewer).count() == told + 10
    assert Episode.objects.filter(pair=kai.pair).count() == 1


def test_what_was_kept_is_sent_once_and_told_once(kai, tess, now) -> None:
    kept = finish(written(kai, now, "hm", "keep"), by=kai, at=now)
    with crowd_of(6) as crowd:
        results = crowd(*[partial(send_kept, fresh(kept), "before-next", by=kai, at=now) for _ in range(6)])
        assert Counter(map(type, results)) == {Note: 1, StateMoved: 5}
        told = Notice.objects.filter(user=tess.viewer).count()
        assert sum(crowd(*[partial(tell_before_sessions, now)] * 6)) == 1
    assert Notice.objects.filter(user=tess.viewer).count() == told + 1


def test_two_tabs_make_one_draft(kai, now) -> None:
    with crowd_of(6) as crowd:
        crowd(*[partial(keep_draft, kai, at=now, words=f"tab {tab}") for tab in range(6)])
    assert Note.objects.filter(pair=kai.pair, state="draft").count() == 1


def test_a_note_never_joins_what_the_client_is_closing(kai, now) -> None:
    session = kai.pair.sessions.get(number=5)
    with crowd_of(2) as crowd:
        for turn in range(ROUNDS):
            flag = raise_flag(session, OFF | {"pillar": f"a{turn}"}, at=now)
            assert flag
            draft = written(kai, now, f"words {turn}")
            close = partial(move, flag.episode, "closed", by=kai, at=now)
            closed, sent = crowd(close, partial(finish, fresh(draft), by=kai, at=now + HOUR))
            assert closed is None
            sent.refresh_from_db()
            before = sent.episode_id == flag.episode_id  # then it was there before the client closed
            assert before or sent.episode.ended_at is None
            Episode.objects.filter(pair=kai.pair, ended_at=None).update(state="closed", ended_at=now)


def test_taken_back_while_another_flag_comes_in_leaves_that_flag_an_open_episode(kai, now) -> None:
    session = kai.pair.sessions.get(number=5)
    with crowd_of(2) as crowd:
        for turn in range(ROUNDS):
            sent = finish(written(kai, now, f"words {turn}"), by=kai, at=now)
            raised = partial(raise_flag, session, OFF | {"pillar": f"b{turn}"}, at=now)
            back, flag = crowd(partial(take_back, fresh(sent), by=kai, at=now), raised)
            assert back is None
            flag.refresh_from_db()
            assert flag.episode.ended_at is None
            assert Step.objects.filter(episode=flag.episode, state="noticed").count() == 1
            Episode.objects.filter(pair=kai.pair, ended_at=None).update(state="closed", ended_at=now)


def test_two_sides_that_write_at_once_lose_nothing(kai, tess, now) -> None:
    flag = raise_flag(kai.pair.sessions.get(number=5), OFF, at=now)
    assert flag
    assert flag.episode
    with crowd_of(4) as crowd:
        for version in range(10):
            acts = [
                partial(
                    write_passage, flag.episode, Given("try", f"{side.side} {turn} {version}", version), by=side, at=now
                )
                for side in (kai, tess)
                for turn in range(2)
            ]
            results = crowd(*acts)
            assert Counter(map(type, results)) == {Passage: 1, StateMoved: 3}
    versions = Passage.objects.filter(episode=flag.episode, field="try").values_list("version", flat=True)
    assert sorted(versions) == list(range(1, 11))


def test_one_change_waits_and_is_answered_once(kai, tess, now) -> None:
    flag = raise_flag(kai.pair.sessions.get(number=5), OFF, at=now)
    assert flag
    assert flag.episode
    with crowd_of(4) as crowd:
        for turn in range(10):
            crowd(*[partial(write_change, flag.episode, f"{turn} {tab}", by=tess, at=now) for tab in range(4)])
            waiting = Change.objects.get(episode=flag.episode, answered_at=None, replaced_at=None)
            answers = [partial(answer_change, waiting, word, by=kai, at=now) for word in ("yes", "partly", "no", "no")]
            assert Counter(map(type, crowd(*answers))) == {type(None): 1, StateMoved: 3}
    assert Change.objects.filter(episode=flag.episode).count() == 40


def test_after_the_client_has_closed_nothing_more_is_written(kai, tess, now) -> None:
    session = kai.pair.sessions.get(number=5)
    with crowd_of(3) as crowd:
        for turn in range(ROUNDS):
            flag = raise_flag(session, OFF | {"pillar": f"c{turn}"}, at=now)
            assert flag
            episode: Any = flag.episode
            close = partial(move, episode, "closed", by=kai, at=now)
            write = partial(write_passage, episode, Given("therapist", "hm", 0), by=tess, at=now)
            closed, *others = crowd(close, write, partial(write_change, episode, "hm", by=tess, at=now))
            episode.refresh_from_db()
            assert (closed, episode.state) == (None, "closed")
            done = [one for one in others if not isinstance(one, RecordsError)]
            assert len(done) == episode.passages.count() + episode.changes.count()
