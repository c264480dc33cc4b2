"""A note: whose it is, how it travels, that it is read or taken back and never both."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accord.records.accounts.models import Notice
from accord.records.audit.models import Entry
from accord.records.checkins.models import CheckIn
from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved
from accord.records.pairs.actions import end_pair
from accord.records.pairs.queries import Seen
from accord.records.practices.actions import end_post
from accord.records.ruptures import saying
from accord.records.ruptures.actions import LONGEST_WORDS, move, raise_flag, snooze
from accord.records.ruptures.jobs import join_early_notes, said_now, tell_before_sessions
from accord.records.ruptures.models import Episode, Flag, Note, Step
from accord.records.ruptures.queries import draft_of, episodes_of, note_for, notes_of, stories
from accord.records.ruptures.tests.conftest import WORDS
from accord.records.ruptures.tests.test_moves import SAID
from accord.records.sessions.actions import book
from accord.records.sessions.models import TherapySession
from tests.plugins.making import given, sheet

PRIVATE = ["myself", "keep"]
SENT = ["now", "before-next"]


def told(user) -> int:
    return Notice.objects.filter(user=user, subject="You have a note waiting").count()


def story_of(seen, at):
    return stories([seen.pair], viewer=seen.viewer, at=at)[0]


def test_a_draft_is_one_and_keeps_what_it_has(kai, draft, now) -> None:
    first = draft(words="one", travels="")
    again = saying.keep_draft(kai, at=now + timedelta(hours=1), travels="keep")
    assert (again.pk, again.words, again.about, again.travels) == (first.pk, "one", "bond", "keep")
    assert draft_of(kai) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.create(practice=first.practice, pair=first.pair, started_at=now)


def test_words_are_sealed_and_in_no_entry(note, now) -> None:
    sent = note()
    raw: Any = Note.objects.filter(pk=sent.pk).values()[0]["words"]
    assert WORDS.encode() not in bytes(raw)
    assert not [entry for entry in Entry.objects.all() if "canary" in str(entry.detail)]


@pytest.mark.parametrize("travels", PRIVATE)
def test_what_is_kept_tells_nobody_and_opens_nothing(note, kai, tess, now, travels) -> None:
    before = told(tess.viewer)
    kept = note(travels=travels)
    assert (kept.state, kept.sent_at, kept.episode) == ("kept", None, None)
    assert list(notes_of(kai)) == [kept]
    assert list(notes_of(tess)) == []
    assert story_of(tess, now).notes == ()
    assert (told(tess.viewer), Episode.objects.count(), Flag.objects.filter(kind="said").count()) == (before, 0, 0)


@pytest.mark.parametrize("travels", [*PRIVATE, ""])
def test_what_is_private_is_absent_for_the_therapist_and_the_try_is_kept(note, draft, tess, now, travels) -> None:
    private = note(travels=travels) if travels else draft(travels="now")
    with pytest.raises(NotFound):
        note_for(tess.viewer, private.code, at=now)
    with pytest.raises(NotFound):
        saying.read(private, by=tess, at=now)
    assert draft_of(tess) is None
    private.refresh_from_db()
    assert private.read_at is None
    assert Entry.objects.filter(kind="denied", actor=tess.viewer, row=private.code).count() == 1


@pytest.mark.parametrize("travels", SENT)
def test_what_is_sent_lies_on_the_desk_at_once_and_opens_an_episode(note, tess, now, travels) -> None:
    sent = note(travels=travels)
    assert sent.state == "sent"
    flag = Flag.objects.get(note=sent)
    assert (flag.kind, flag.pillar, flag.episode, flag.session.number) == ("said", "bond", sent.episode, 5)
    story = story_of(tess, now + timedelta(minutes=2))
    assert story.notes == (sent,)
    assert story.wants_talk


def test_now_tells_the_therapist_at_once_and_once(note, tess, now) -> None:
    before = told(tess.viewer)
    note(travels="now")
    assert told(tess.viewer) == before + 1
    assert tell_before_sessions(now + timedelta(minutes=2)) == 0
    assert told(tess.viewer) == before + 1


@pytest.mark.parametrize(("hours", "expected"), [(25, 0), (24, 1), (1, 1)])
def test_before_the_next_session_tells_a_day_before(note, tess, now, hours, expected) -> None:
    TherapySession.objects.filter(pair=tess.pair, state="booked").update(starts_at=now + timedelta(hours=hours))
    before = told(tess.viewer)
    note(travels="before-next")
    assert told(tess.viewer) == before
    assert tell_before_sessions(now) == expected
    assert told(tess.viewer) == before + expected
    assert tell_before_sessions(now) == 0


def test_without_a_session_there_is_no_day_to_wait_for(note, tess, now) -> None:
    TherapySession.objects.filter(pair=tess.pair, state="booked").update(state="cancelled")
    note(travels="before-next")
    assert tell_before_sessions(now) == 1


def test_what_was_read_before_needs_no_notice(note, tess, now) -> None:
    sent = note(travels="before-next")
    saying.read(sent, by=tess, at=now + timedelta(minutes=2))
    assert tell_before_sessions(now + timedelta(minutes=3)) == 0


def test_asking_to_be_asked_sends_only_that(draft, kai, now) -> None:
    asked = saying.finish(draft(asks=True), by=kai, at=now)
    assert (asked.state, asked.asks, asked.about, asked.words) == ("sent", True, "", None)
    assert Flag.objects.get(note=asked).pillar == ""


@pytest.mark.parametrize(
    "chosen", [{"words": " "}, {"travels": ""}, {"asks": True, "travels": "keep"}, {"asks": True, "travels": "myself"}]
)
def test_what_is_not_finished_is_not_sent(draft, kai, now, chosen) -> None:
    unfinished = draft(**chosen)
    with pytest.raises(Refused):
        saying.finish(unfinished, by=kai, at=now)
    assert Note.objects.get(pk=unfinished.pk).state == "draft"


@pytest.mark.parametrize(
    "chosen", [{"about": "weather"}, {"travels": "by-pigeon"}, {"words": "x" * (LONGEST_WORDS + 1)}]
)
def test_what_makes_no_sense_is_refused(draft, chosen) -> None:
    with pytest.raises(Refused):
        draft(**chosen)


def test_what_goes_out_is_what_was_looked_at(draft, kai, now) -> None:
    looked_at = draft()
    draft(words="typed in another tab")
    with pytest.raises(StateMoved):
        saying.finish(looked_at, by=kai, at=now)
    assert Note.objects.get(pk=looked_at.pk).state == "draft"


def test_a_second_press_sends_nothing_more(draft, kai, now) -> None:
    looked_at = draft()
    saying.finish(looked_at, by=kai, at=now)
    stale = Note.objects.get(pk=looked_at.pk)
    stale.state = "draft"
    with pytest.raises(StateMoved):
        saying.finish(stale, by=kai, at=now)
    assert Flag.objects.filter(note__isnull=False).count() == 1


def test_reading_is_once_and_looks_at_the_episode(note, tess, now) -> None:
    sent, first = note(), now + timedelta(minutes=5)
    saying.read(sent, by=tess, at=first)
    saying.read(sent, by=tess, at=first + timedelta(hours=1))
    sent.refresh_from_db()
    assert sent.read_at == first
    assert Entry.objects.filter(verb="note read", row=sent.code).count() == 1
    assert Episode.objects.get().state == "looked-at"


def test_nobody_but_the_therapist_reads_it(note, kai, pair_of, person, now) -> None:
    sent = note()
    with pytest.raises(NotAllowed):
        saying.read(sent, by=kai, at=now)
    with pytest.raises(NotFound):
        saying.read(sent, by=Seen(pair_of("jo"), person("tess"), "therapist"), at=now)
    sent.refresh_from_db()
    assert sent.read_at is None


def test_taken_back_while_unread_leaves_nothing_on_the_desk(note, kai, tess, now) -> None:
    sent = note()
    saying.take_back(sent, by=kai, at=now + timedelta(minutes=3))
    assert (sent.state, sent.travels, sent.words) == ("kept", "keep", WORDS)
    assert (Flag.objects.filter(kind="said").count(), Episode.objects.count(), Step.objects.count()) == (0, 0, 0)
    assert not story_of(tess, now + timedelta(minutes=4)).wants_talk
    with pytest.raises(NotFound):
        saying.read(sent, by=tess, at=now + timedelta(minutes=4))


def test_what_was_read_stays_and_so_does_the_time(note, kai, tess, now) -> None:
    sent = note()
    saying.read(sent, by=tess, at=now + timedelta(minutes=2))
    with pytest.raises(StateMoved):
        saying.take_back(sent, by=kai, at=now + timedelta(minutes=3))
    sent.refresh_from_db()
    assert (sent.state, sent.read_at) == ("sent", now + timedelta(minutes=2))


def test_an_episode_that_stood_before_stands_after_it_is_taken_back(note, kai, tess, now) -> None:
    flag = raise_flag(kai.pair.sessions.get(number=5), dict(SAID), at=now)
    assert flag
    sent = note()
    assert sent.episode == flag.episode
    saying.take_back(sent, by=kai, at=now + timedelta(minutes=3))
    assert Episode.objects.get() == flag.episode
    assert list(Flag.objects.filter(kind="said")) == [flag]


def test_an_episode_in_which_somebody_did_something_stands_too(note, kai, tess, now) -> None:
    sent = note()
    move(sent.episode, "talked-about", by=tess, at=now)
    saying.take_back(sent, by=kai, at=now + timedelta(minutes=3))
    assert Episode.objects.get().state == "talked-about"


def test_being_put_aside_does_not_hold_it(note, kai, tess, now) -> None:
    sent = note()
    snooze(sent.episode, by=tess, at=now)
    saying.take_back(sent, by=kai, at=now + timedelta(minutes=3))
    assert not Episode.objects.exists()


def test_what_was_kept_or_taken_back_is_sent_later(note, kai, tess, now) -> None:
    kept = note(travels="keep")
    sent = saying.send_kept(kept, "before-next", by=kai, at=now + timedelta(days=1))
    assert (sent.state, sent.travels, Flag.objects.get(note=sent).episode) == ("sent", "before-next", sent.episode)
    with pytest.raises(StateMoved):
        saying.send_kept(kept, "now", by=kai, at=now + timedelta(days=1))
    saying.take_back(sent, by=kai, at=now + timedelta(days=2))
    again = saying.send_kept(sent, "now", by=kai, at=now + timedelta(days=3))
    assert (again.state, again.taken_back_at) == ("sent", None)
    assert Flag.objects.filter(note=again).count() == 1


@pytest.mark.parametrize("travels", [*PRIVATE, "", "loudly"])
def test_sending_after_all_needs_a_way_that_sends(note, kai, now, travels) -> None:
    with pytest.raises(Refused):
        saying.send_kept(note(travels="keep"), travels, by=kai, at=now)


def test_words_are_changed_before_they_go(note, draft, kai, now) -> None:
    kept = note(travels="keep")
    saying.reopen(kept, by=kai)
    assert draft_of(kai) == kept
    changed = draft(words="other words", travels="now")
    assert (changed.pk, changed.words) == (kept.pk, "other words")


def test_reopening_does_not_push_another_draft_away(note, draft, kai) -> None:
    kept, other = note(travels="keep"), draft(words="something else")
    with pytest.raises(StateMoved):
        saying.reopen(kept, by=kai)
    assert draft_of(kai) == other


def test_thrown_away_is_gone_and_what_was_sent_is_not(note, draft, kai) -> None:
    for private in (note(travels="keep"), draft()):
        saying.throw_away(private, by=kai)
    assert not Note.objects.exists()
    with pytest.raises(StateMoved):
        saying.throw_away(note(), by=kai)


@pytest.mark.parametrize("how", ["pair", "post"])
def test_nothing_says_sent_that_nobody_can_open(draft, note, kai, tess, now, how) -> None:
    kept, looked_at = note(travels="keep"), draft()
    if how == "pair":
        end_pair(kai.pair, by=tess.viewer, at=now)
    else:
        end_post(kai.pair.therapist, on=now.date())
    kai.pair.refresh_from_db()
    kai.pair.therapist.refresh_from_db()
    for send in (
        lambda: saying.finish(looked_at, by=kai, at=now),
        lambda: saying.send_kept(kept, "now", by=kai, at=now),
    ):
        with pytest.raises(Refused, match="Your words are kept"):
            send()
    assert set(Note.objects.values_list("state", flat=True)) == {"draft", "kept"}


def test_the_therapist_writes_and_settles_none_of_it(note, tess, now) -> None:
    kept = note(travels="keep")
    for act in (
        lambda: saying.keep_draft(tess, at=now, words="as if I were Kai"),
        lambda: saying.send_kept(kept, "now", by=tess, at=now),
        lambda: saying.take_back(kept, by=tess, at=now),
        lambda: saying.reopen(kept, by=tess),
        lambda: saying.throw_away(kept, by=tess),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Note.objects.get().state == "kept"


def test_another_client_finds_nothing(note, pair_of, person, now) -> None:
    sent, jo = note(), Seen(pair_of("jo"), person("jo"), "client")
    with pytest.raises(NotFound):
        saying.take_back(sent, by=jo, at=now)
    with pytest.raises(NotFound):
        note_for(jo.viewer, sent.code, at=now)


def test_a_check_in_said_now_is_flagged_beside_a_note(note, kai, now) -> None:
    note()
    waiting = CheckIn.objects.get(session__pair=kai.pair, instrument="checkin@1", received_at=None)
    given(waiting, sheet(3, tension="yes", note="and this", travels="now"), at=now + timedelta(minutes=2))
    assert said_now(now + timedelta(minutes=3)) == 1
    assert said_now(now + timedelta(minutes=4)) == 0
    assert Episode.objects.count() == 1
    assert Flag.objects.filter(kind="said").count() == 2


def test_a_second_note_opens_anew_after_the_client_has_closed(note, kai, now) -> None:
    first = note()
    move(first.episode, "closed", by=kai, at=now + timedelta(minutes=5))
    second = note(words="there is one more thing")
    assert second.episode != first.episode
    assert set(episodes_of(kai)) == {second.episode, first.episode}


def test_before_the_first_session_it_is_sent_and_joins_once_there_is_one(new_pair, now) -> None:
    cleo = Seen(new_pair, new_pair.client, "client")
    looked_at = saying.keep_draft(cleo, at=now, about="goal", words="about what I want", travels="now")
    sent = saying.finish(looked_at, by=cleo, at=now)
    assert (sent.state, sent.episode) == ("sent", None)
    assert told(new_pair.therapist.user) == 1
    assert join_early_notes(now) == 0
    book(new_pair, now + timedelta(days=1), by=None, at=now)
    assert [join_early_notes(now), join_early_notes(now)] == [1, 0]
    sent.refresh_from_db()
    assert sent.episode is not None


def test_the_database_holds_that_private_is_neither_sent_nor_read(note, now) -> None:
    kept = note(travels="keep")
    for wrong in ({"sent_at": now}, {"read_at": now}, {"state": "sent"}, {"state": "sent", "sent_at": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Note.objects.filter(pk=kept.pk).update(**wrong)
