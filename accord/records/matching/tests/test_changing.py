"""Change how we work: a private draft, then a note in the client's words and the agreed tasks open again."""

from datetime import timedelta

import pytest

from accord.records.accounts.models import Notice
from accord.records.agreements.actions import agree
from accord.records.agreements.queries import AGAIN, AGREED, items_of
from accord.records.errors import NotAllowed, Refused, StateMoved
from accord.records.matching import changing
from accord.records.matching.models import WayWish
from accord.records.matching.queries import agreed_tasks, way_draft, way_notes
from accord.records.pairs.actions import end_pair
from accord.records.ruptures import saying
from accord.records.ruptures.models import Episode, Note

TEXT = "I would like less homework. I would like more structure when we meet.\n\nThe worksheets eat my evenings."
LATER = timedelta(minutes=1)


@pytest.fixture
def draft(lena, now):
    changing.keep_way(by=lena, at=now, picks=["less-homework", "more-structure"])
    return changing.keep_way(by=lena, at=now, words="The worksheets eat my evenings.")


@pytest.fixture
def note(draft, lena, now):
    return changing.send_way(draft, TEXT, by=lena, at=now)


def states(seen, kind="task"):
    return [held.state for held in items_of(seen) if held.item.kind == kind]


def test_what_was_picked_and_written_is_kept(draft, lena, now):
    assert (draft.picks, draft.words) == (["less-homework", "more-structure"], "The worksheets eat my evenings.")
    assert changing.keep_way(by=lena, at=now).pk == draft.pk
    assert WayWish.objects.count() == 1


def test_a_draft_is_told_to_nobody(draft, lena, theo):
    assert way_draft(theo) is None
    assert not Note.objects.filter(pair=lena.pair).exists()
    assert states(lena) == [AGREED, AGREED]


def test_it_arrives_in_the_clients_words_with_one_neutral_notice(note, theo, now):
    assert (note.words, note.state, note.about, note.sent_at) == (TEXT, "sent", "task", now)
    mails = Notice.objects.filter(user=theo.viewer, made_at=now)
    assert [mail.subject for mail in mails] == ["You have a note waiting"]
    assert [one.pk for one in way_notes(theo)] == [note.pk]
    assert Episode.objects.get(pair=theo.pair, ended_at=None) == note.episode


def test_the_agreed_tasks_wait_for_both_again_and_the_goals_stand(note, lena, theo):
    assert states(lena) == [AGAIN, AGAIN]
    assert states(lena, "goal") == [AGREED]
    assert agreed_tasks(lena) == 0


def test_sent_twice_there_is_one(draft, note, lena, now):
    with pytest.raises(StateMoved):
        changing.send_way(draft, TEXT, by=lena, at=now)
    assert Note.objects.filter(pair=lena.pair).count() == 1


def test_what_changed_since_it_was_looked_at_is_not_sent(draft, lena, now):
    changing.keep_way(by=lena, at=now, words="typed in another tab")
    with pytest.raises(StateMoved):
        changing.send_way(draft, TEXT, by=lena, at=now)
    assert not Note.objects.filter(pair=lena.pair).exists()


def test_a_note_that_is_being_written_stays_as_it_is(lena, draft, now):
    begun = saying.keep_draft(lena, at=now, about="bond", words="half a sentence")
    changing.send_way(draft, TEXT, by=lena, at=now)
    begun.refresh_from_db()
    assert (begun.state, begun.words) == ("draft", "half a sentence")


def test_taken_back_unread_all_is_as_before(note, lena, theo, now):
    changing.take_back_note(note, by=lena, at=now + LATER)
    assert states(lena) == [AGREED, AGREED]
    assert list(way_notes(theo)) == []
    assert not Episode.objects.filter(pair=lena.pair, ended_at=None).exists()


def test_a_task_that_was_touched_since_keeps_what_happened(note, lena, theo, now):
    first = next(held for held in items_of(theo) if held.item.kind == "task")
    agree(first.asked.version, by=theo, at=now + LATER)
    changing.take_back_note(note, by=lena, at=now + 2 * LATER)
    assert sorted(states(lena)) == sorted(["needs-ok", AGREED])


def test_once_read_it_stays(note, lena, theo, now):
    saying.read(note, by=theo, at=now)
    with pytest.raises(StateMoved):
        changing.take_back_note(note, by=lena, at=now)
    assert states(lena) == [AGAIN, AGAIN]


def test_sent_after_all_it_opens_the_tasks_again(note, lena, now):
    changing.take_back_note(note, by=lena, at=now)
    changing.send_note(note, "now", by=lena, at=now + LATER)
    assert states(lena) == [AGAIN, AGAIN]
    changing.take_back_note(note, by=lena, at=now + 2 * LATER)
    assert states(lena) == [AGREED, AGREED]


def test_taken_back_it_can_be_changed_on_its_own_pages(note, draft, lena, now):
    changing.take_back_note(note, by=lena, at=now)
    assert changing.change_note(note, by=lena, at=now) is True
    again = way_draft(lena)
    assert again is not None
    assert (again.pk, again.words) == (draft.pk, "The worksheets eat my evenings.")
    assert not Note.objects.filter(pk=note.pk).exists()


def test_what_was_sent_is_not_changed(note, lena, now):
    with pytest.raises(StateMoved):
        changing.change_note(note, by=lena, at=now)
    with pytest.raises(StateMoved):
        changing.throw_note_away(note, by=lena)
    assert WayWish.objects.get().note == note


def test_taken_back_and_thrown_away_nothing_stays(note, lena, now):
    changing.take_back_note(note, by=lena, at=now)
    changing.throw_note_away(note, by=lena)
    assert not WayWish.objects.exists()
    assert not Note.objects.filter(pk=note.pk).exists()


def test_other_notes_go_as_before(lena, now):
    kept = saying.finish(saying.keep_draft(lena, at=now, about="bond", words="hm", travels="keep"), by=lena, at=now)
    assert changing.change_note(kept, by=lena, at=now) is False
    kept.refresh_from_db()
    assert kept.state == "draft"


def test_a_draft_is_thrown_away(draft, lena):
    changing.drop_way(draft, by=lena)
    assert not WayWish.objects.exists()


def test_the_therapist_cannot_wish_for_the_client(draft, theo, now):
    for tried in (
        lambda: changing.keep_way(by=theo, at=now, picks=["slower"]),
        lambda: changing.send_way(draft, TEXT, by=theo, at=now),
        lambda: changing.drop_way(draft, by=theo),
    ):
        with pytest.raises(NotAllowed):
            tried()
    assert way_draft(theo) is None


def test_too_long_or_after_the_end_it_is_refused_and_kept(draft, lena, now):
    with pytest.raises(Refused):
        changing.keep_way(by=lena, at=now, words="x" * 1401)
    end_pair(lena.pair, by=lena.viewer, at=now)
    lena.pair.refresh_from_db()
    with pytest.raises(Refused):
        changing.send_way(draft, TEXT, by=lena, at=now)
    assert WayWish.objects.get().words == "The worksheets eat my evenings."
