"""Meet someone else: to the named contact, and to nobody else."""

from datetime import timedelta

import pytest

from accord.records.accounts.models import Notice
from accord.records.audit.models import Entry
from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved
from accord.records.matching import meeting
from accord.records.matching.models import MeetWish
from accord.records.matching.queries import newest_meet, wish_for, wishes_for
from accord.records.practices.actions import appoint, end_post

WORDS = "canary-61b0 Someone who asks less."
LATER = timedelta(minutes=1)


@pytest.fixture
def wish(lena, now):
    kept = meeting.keep_meet(by=lena, at=now, words=WORDS, reach="555 0102")
    return meeting.send_meet(kept, by=lena, at=now)


def test_it_needs_no_words(lena, now, person):
    meeting.send_meet(meeting.keep_meet(by=lena, at=now), by=lena, at=now)
    assert [one.words for one in wishes_for(person("vera"), at=now)] == [None]


def test_before_it_is_sent_nobody_has_it(lena, now, person):
    kept = meeting.keep_meet(by=lena, at=now, words=WORDS)
    assert (kept.words, kept.sent_at) == (WORDS, None)
    assert list(wishes_for(person("vera"), at=now)) == []
    assert not Notice.objects.filter(user=person("vera")).exists()
    assert not Entry.objects.filter(table="matching.meetwish").exists()


def test_each_contact_gets_one_neutral_notice_and_nobody_else_any(wish, lena, now, person):
    meeting.send_meet(wish, by=lena, at=now)  # pressed twice
    mails = list(Notice.objects.filter(made_at=now))
    assert [mail.user for mail in mails] == [person("vera")]
    for word in ("Lena", "Theo", "therap", "fit", "meet"):
        assert word not in f"{mails[0].subject} {mails[0].body}"


def test_there_is_one_open_wish(wish, lena, now):
    again = meeting.keep_meet(by=lena, at=now, words=WORDS, reach="555 0102")  # pressed twice
    assert (again.pk, again.words) == (wish.pk, WORDS)
    with pytest.raises(StateMoved):  # what was sent is not written over, and new words are not dropped unsaid
        meeting.keep_meet(by=lena, at=now, words="other words")
    wish.refresh_from_db()
    assert wish.words == WORDS
    assert MeetWish.objects.count() == 1


def test_the_contact_sees_it_and_the_client_is_told_when(wish, now, person):
    meeting.read_wishes(list(wishes_for(person("vera"), at=now)), by=person("vera"), at=now + LATER)
    meeting.read_wishes(list(wishes_for(person("vera"), at=now)), by=person("vera"), at=now + 2 * LATER)
    wish.refresh_from_db()
    assert wish.read_at == now + LATER
    assert Entry.objects.filter(verb="read a wish", actor=person("vera")).count() == 2


def test_i_have_got_in_touch_is_said_once(wish, lena, now, person):
    meeting.got_in_touch(wish, by=person("vera"), at=now)
    with pytest.raises(StateMoved):
        meeting.got_in_touch(wish, by=person("vera"), at=now)
    with pytest.raises(StateMoved):
        meeting.take_back_meet(wish, by=lena, at=now)
    wish.refresh_from_db()
    assert (newest_meet(lena), wish.answered_by) == (wish, person("vera"))
    assert meeting.keep_meet(by=lena, at=now, words="again").pk != wish.pk


def test_taken_back_it_is_gone_from_the_contact_and_its_words_from_everywhere(wish, lena, now, person):
    meeting.take_back_meet(wish, by=lena, at=now)
    assert list(wishes_for(person("vera"), at=now)) == []
    wish.refresh_from_db()
    assert (wish.words, wish.reach) == (None, None)
    with pytest.raises(StateMoved):
        meeting.got_in_touch(wish, by=person("vera"), at=now)
    with pytest.raises(StateMoved):
        meeting.take_back_meet(wish, by=lena, at=now)


@pytest.mark.parametrize("slug", ["theo", "tess", "sana", "omar", "rui", "ines", "dora", "kai", "sam", "nia"])
def test_nobody_else_finds_it(wish, now, person, slug):
    assert list(wishes_for(person(slug), at=now)) == []
    with pytest.raises(NotFound if slug in {"kai", "sam", "nia"} else NotAllowed):
        wish_for(person(slug), wish.code, at=now)
    assert Entry.objects.filter(kind="denied", actor=person(slug)).count() == 1


def test_a_contact_gets_none_about_their_own_work(lena, theo, now, person):
    appoint(lena.pair.practice, person("theo"), "contact", since=now.date())
    kept = meeting.keep_meet(by=lena, at=now)
    meeting.send_meet(kept, by=lena, at=now)
    assert not Notice.objects.filter(user=theo.viewer, made_at=now).exists()
    assert list(wishes_for(theo.viewer, at=now)) == []


def test_where_nobody_is_named_it_is_not_sent_and_says_so(lena, now, person):
    end_post(person("vera").posts.get(), on=now.date())
    kept = meeting.keep_meet(by=lena, at=now, words=WORDS)
    with pytest.raises(Refused, match="nothing was sent"):
        meeting.send_meet(kept, by=lena, at=now)
    kept.refresh_from_db()
    assert (kept.sent_at, kept.words) == (None, WORDS)


def test_the_audit_names_no_pair(wish, lena, now):
    meeting.take_back_meet(wish, by=lena, at=now)
    entries = Entry.objects.filter(table="matching.meetwish")
    assert {entry.pair for entry in entries} == {""}
    assert not Entry.objects.filter(pair=lena.pair.code, actor=lena.viewer, at=now).exists()


def test_the_therapist_cannot_wish_for_the_client(wish, theo, now):
    with pytest.raises(NotAllowed):
        meeting.keep_meet(by=theo, at=now)
    with pytest.raises(NotAllowed):
        meeting.take_back_meet(wish, by=theo, at=now)
    assert newest_meet(theo) is None


def test_too_long_is_refused(lena, now):
    with pytest.raises(Refused):
        meeting.keep_meet(by=lena, at=now, words="x" * 1001)
