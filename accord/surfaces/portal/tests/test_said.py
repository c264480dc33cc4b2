"""What became of a note: only what is so. Read with its time, taken back, sent after all, thrown away."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accord.records.pairs.queries import Seen
from accord.records.ruptures.models import Note
from accord.records.ruptures.saying import finish, keep_draft, read

WORDS = "I felt alone with it last week."


@pytest.fixture
def note(pair_of, person, now):
    kai = Seen(pair_of("kai"), person("kai"), "client")

    def make(travels="now", **more):
        given = {"about": "bond", "words": WORDS, "travels": travels} | more
        return finish(keep_draft(kai, at=now, **given), by=kai, at=now)

    return make


@pytest.fixture
def tess(pair_of, person):
    return Seen(pair_of("kai"), person("tess"), "therapist")


def page_of(browse, note, slug="kai"):
    return browse(slug).get(reverse("portal:said", args=[note.code])).content.decode()


def do(browse, name, note, **sent):
    return browse("kai").post(reverse(f"portal:{name}", args=[note.code]), sent)


def test_sent_and_not_read_yet(browse, note):
    page = page_of(browse, note())
    assert "Sent 09:00" in page
    assert "Tess has not read it yet" in page
    assert "Take it back" in page


def test_read_with_its_time_and_then_no_taking_back(browse, note, tess, now):
    sent = note()
    read(sent, by=tess, at=now + timedelta(minutes=4))
    page = page_of(browse, sent)
    assert "Tess read it, 09:04" in page
    assert "Take it back" not in page


def test_later_on_the_day_stands_beside_the_time(browse, note, tess, now, clock_at):
    sent = note()
    read(sent, by=tess, at=now + timedelta(minutes=4))
    kai = browse("kai")
    clock_at(now + timedelta(days=2))
    assert "Tess read it, 6 May, 09:04" in kai.get(reverse("portal:home")).content.decode()


@pytest.mark.parametrize("page", ["workspace:today", "demo_outbox"])
def test_seeing_that_a_note_waits_is_not_reading_it(browse, note, page):
    sent = note()
    assert WORDS not in browse("tess").get(reverse(page)).content.decode()
    assert "Tess has not read it yet" in page_of(browse, sent)


@pytest.mark.parametrize("name", ["prep", "pair", "together"])
def test_nor_is_any_page_without_the_words(browse, note, pair_of, name):
    sent = note()
    page = browse("tess").get(reverse(f"workspace:{name}", args=[pair_of("kai").code])).content.decode()
    assert WORDS not in page
    sent.refresh_from_db()
    assert sent.read_at is None


def test_taken_back(browse, note):
    sent = note()
    assert do(browse, "take_back_note", sent)["Location"] == reverse("portal:said", args=[sent.code])
    page = page_of(browse, sent)
    assert "Taken back 09:00" in page
    assert "Tess had not read it" in page
    assert "only you." in page
    assert browse("tess").get(reverse("workspace:note", args=[sent.code])).status_code == 404


def test_read_a_moment_before_says_so(browse, note, tess, now):
    sent = note()
    read(sent, by=tess, at=now)
    answer = do(browse, "take_back_note", sent)
    assert answer.status_code == 409
    assert "Tess read it, 09:00. So it cannot be taken back any more." in answer.content.decode()
    assert "Taken back" not in answer.content.decode()


def test_taken_back_twice_says_so(browse, note):
    sent = note()
    do(browse, "take_back_note", sent)
    answer = do(browse, "take_back_note", sent)
    assert answer.status_code == 409
    assert "This was taken back already." in answer.content.decode()


@pytest.mark.parametrize("travels", ["keep", "myself"])
def test_kept_and_sent_after_all(browse, note, travels):
    kept = note(travels)
    assert "Sent" not in page_of(browse, kept).split("<main")[1].split("Send it")[0]
    do(browse, "send_note", kept, travels="before-next")
    assert "Tess has not read it yet" in page_of(browse, kept)
    assert do(browse, "send_note", kept, travels="now").status_code == 409


def test_sent_after_all_in_no_way_is_refused(browse, note):
    kept = note("keep")
    assert do(browse, "send_note", kept, travels="keep").status_code == 422
    assert Note.objects.get().state == "kept"


def test_changed_before_it_goes(browse, note):
    kept = note("keep")
    assert do(browse, "change_note", kept)["Location"] == reverse("portal:say_words")
    assert WORDS in browse("kai").get(reverse("portal:say_words")).content.decode()
    assert browse("kai").get(reverse("portal:said", args=[kept.code]))["Location"] == reverse("portal:say")


def test_changed_while_something_else_is_being_written(browse, note, pair_of, person, now):
    kept = note("keep")
    keep_draft(Seen(pair_of("kai"), person("kai"), "client"), at=now, about="goal", words="another thing")
    answer = do(browse, "change_note", kept)
    assert answer.status_code == 409
    assert "Finish that first" in answer.content.decode()


def test_thrown_away(browse, note):
    kept = note("keep")
    assert do(browse, "throw_note_away", kept)["Location"] == reverse("portal:home")
    assert not Note.objects.exists()
    assert do(browse, "throw_note_away", kept).status_code == 404


def test_what_was_sent_is_not_thrown_away(browse, note):
    assert do(browse, "throw_note_away", note()).status_code == 409
    assert Note.objects.get().state == "sent"


def test_the_home_page_lists_them_with_what_became_of_them(browse, note):
    note("keep")
    note("now", words="and this")
    page = browse("kai").get(reverse("portal:home")).content.decode()
    assert "Kept for you, only you see it" in page
    assert "Sent 09:00, Tess has not read it yet" in page


@pytest.mark.parametrize(("slug", "status"), [("jo", 404), ("nia", 404), ("tess", 403), ("omar", 403), ("dora", 403)])
@pytest.mark.parametrize("travels", ["now", "keep"])
def test_nobody_else_gets_at_it(browse, note, slug, status, travels):
    kept = note(travels)
    other = browse(slug)
    assert other.get(reverse("portal:said", args=[kept.code])).status_code == status
    for name in ("take_back_note", "send_note", "change_note", "throw_note_away"):
        assert other.post(reverse(f"portal:{name}", args=[kept.code]), {"travels": "now"}).status_code == status
    before = kept.state
    kept.refresh_from_db()
    assert kept.state == before
