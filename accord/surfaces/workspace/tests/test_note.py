"""A note on the therapist's desk: opening it is reading it; the guide is there and sends nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accord.records.accounts.models import Notice
from accord.records.pairs.queries import Seen
from accord.records.ruptures.models import Note
from accord.records.ruptures.saying import finish, keep_draft

WORDS = "canary-33b2 I felt alone with it."


@pytest.fixture
def note(pair_of, person, now):
    kai = Seen(pair_of("kai"), person("kai"), "client")

    def make(travels="now", **more):
        given = {"about": "bond", "words": WORDS, "travels": travels} | more
        return finish(keep_draft(kai, at=now, **given), by=kai, at=now)

    return make


@pytest.fixture
def path():
    return lambda note: reverse("workspace:note", args=[note.code])


def test_only_tess_opens_it(cast, note, path, only_tess):
    assert cast("get", path(note())) == only_tess


def test_nobody_elses_try_reads_it(cast, browse, note, path):
    sent = note()
    for slug in ("kai", "theo", "sana", "omar", "sam", "dora"):
        browse(slug).get(path(sent))
    sent.refresh_from_db()
    assert sent.read_at is None


def test_opening_it_reads_it(browse, note, path, now, text):
    sent = note()
    read = text(browse("tess").get(path(sent)))
    assert WORDS in read
    assert "Kai sees that you read it: 6 May, 09:00." in read
    sent.refresh_from_db()
    assert sent.read_at is not None
    assert abs(sent.read_at - now) < timedelta(minutes=1)


@pytest.mark.parametrize("travels", ["keep", "myself"])
def test_what_is_private_is_not_there(browse, note, path, travels):
    answer = browse("tess").get(path(note(travels)))
    assert answer.status_code == 404
    assert "canary" not in answer.content.decode()


def test_four_steps_with_sentences_that_go_nowhere(browse, note, path, text):
    tess, sent = browse("tess"), note()
    before = Notice.objects.count()
    read = text(tess.get(path(sent)))
    places = [read.index(step) for step in ("Thank ", "Your part", "Ask ", "Agree a change")]
    assert places == sorted(places)
    keep = reverse("workspace:keep_opening", args=["say-thank"])
    tess.post(keep, {"words": "I am glad you told me.", "back": path(sent)})
    tess.post(reverse("workspace:hide_opening", args=["say-own"]))
    read = text(tess.get(path(sent)))
    assert "I am glad you told me." in read
    assert "I think I missed something last time. I am sorry" not in read
    assert Notice.objects.count() == before
    assert "I am glad you told me." not in browse("kai").get(reverse("portal:said", args=[sent.code])).content.decode()


def test_the_card_says_that_a_note_waits_and_not_what_is_in_it(browse, note, path, text):
    sent = note()
    page = browse("tess").get(reverse("workspace:today"))
    assert "Kai has written you a note, and sees when you read it." in text(page)
    assert "Kai wrote to you about how it feels between you two" in text(page)
    assert path(sent) in page.content.decode()
    assert "canary" not in page.content.decode()


def test_once_read_the_words_are_on_the_card_until_it_was_talked_about(browse, note, path, text, later):
    tess, sent = browse("tess"), note()
    tess.get(path(sent))
    assert WORDS in text(tess.get(reverse("workspace:today")))
    later(minutes=5)
    tess.post(reverse("workspace:move_episode", args=[sent.episode.code]), {"state": "talked-about"})
    read = text(tess.get(reverse("workspace:today")))
    assert WORDS not in read
    assert "You have talked about it. Only Kai can say that it feels repaired." in read


@pytest.mark.parametrize(("about", "told"), [("goal", "where you two are going"), ("other", "Kai wrote to you")])
def test_the_sentence_names_what_it_is_about_and_no_more(browse, note, text, about, told):
    note(about=about)
    assert told in text(browse("tess").get(reverse("workspace:today")))


def test_beside_a_dip_the_number_has_the_sentence(browse, note, kais_dip, text):
    note(about="other")
    read = text(browse("tess").get(reverse("workspace:today")))
    assert "Kai felt less understood last time: 3, usually 8–9" in read
    assert "Kai has written you a note" in read


def test_taken_back_it_is_gone_from_the_desk(browse, note, path, text):
    sent = note()
    browse("kai").post(reverse("portal:take_back_note", args=[sent.code]))
    read = text(browse("tess").get(reverse("workspace:today")))
    assert "written you a note" not in read
    assert "wrote to you" not in read
    assert Note.objects.get().read_at is None


def test_an_answer_that_says_partly_comes_back_to_the_desk(browse, note, text):
    sent = note()
    tess, kai = browse("tess"), browse("kai")
    tess.post(reverse("workspace:write_change", args=[sent.episode.code]), {"words": "I will ask first."})
    change = sent.episode.changes.get()
    kai.post(reverse("portal:answer_change", args=[change.code]), {"answer": "partly"})
    assert "Kai says you did not get it quite right yet." in text(tess.get(reverse("workspace:today")))
