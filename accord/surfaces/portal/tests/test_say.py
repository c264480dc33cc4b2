"""Help me say it: one question a page, a preview that is the very thing, and nothing lost on the way back."""

import re

import pytest
from django.urls import reverse

from accord.records.pairs.actions import end_pair
from accord.records.ruptures import saying
from accord.records.ruptures.models import Note
from accord.surfaces.portal.saying import starters

PAGES = ("say", "say_words", "say_travels", "say_check")
SAY, HOW, TRAVELS, CHECK = (reverse(f"portal:{page}") for page in PAGES)
OWN = "I felt alone with it last week."
ASKING = "There is something I find hard to say. Please ask me about it."


@pytest.fixture
def kai(browse, harbour):
    return browse("kai")


def walk(kai, *, words=OWN, travels="now", about="bond"):
    kai.post(SAY, {"about": about})
    kai.post(HOW, {"do": "go", "words": words})
    kai.post(TRAVELS, {"travels": travels})
    return kai.get(CHECK).content.decode()


def press(kai, page, **more):
    hidden = dict(re.findall(r'name="(code|looked_at)" value="([^"]*)"', page))
    return kai.post(CHECK, hidden | more)


def preview(page):
    """What stands in the frame."""
    return re.findall(r'<div class="said-note flow">.*?</blockquote>\s*</div>', page, re.DOTALL)[0]


def test_it_goes_page_by_page(kai):
    assert kai.post(SAY, {"about": "task"})["Location"] == HOW
    assert kai.post(HOW, {"do": "go", "words": OWN})["Location"] == TRAVELS
    assert kai.post(TRAVELS, {"travels": "keep"})["Location"] == CHECK


def test_nothing_is_chosen_beforehand_and_all_is_kept_on_the_way_back(kai):
    assert "checked" not in kai.get(SAY).content.decode()
    walk(kai, travels="before-next")
    assert re.search(r'value="bond" checked', kai.get(SAY).content.decode())
    assert OWN in kai.get(HOW).content.decode()
    assert re.search(r'value="before-next" checked', kai.get(TRAVELS).content.decode())


@pytest.mark.parametrize("about", ["bond", "goal", "task", "other"])
def test_three_sentences_to_start_from(kai, about):
    kai.post(SAY, {"about": about})
    page = kai.get(HOW).content.decode()
    assert len(re.findall(r'name="do" value="start-\d"', page)) == 3
    assert kai.post(HOW, {"do": "start-1", "words": ""})["Location"] == HOW
    assert Note.objects.get().words == starters(about)[1]


def test_a_sentence_is_put_before_what_was_typed_and_loses_none_of_it(kai):
    kai.post(SAY, {"about": "bond"})
    kai.post(HOW, {"do": "start-0", "words": OWN})
    assert Note.objects.get().words == f"{starters('bond')[0]}\n\n{OWN}"


def test_asking_to_be_asked_needs_no_words_and_sends_only_that(kai, browse):
    kai.post(SAY, {"about": "task"})
    kai.post(HOW, {"do": "go", "words": OWN})
    assert kai.post(HOW, {"do": "ask", "words": OWN})["Location"] == TRAVELS
    assert re.findall(r'name="travels" value="([\w-]+)"', kai.get(TRAVELS).content.decode()) == ["now", "before-next"]
    kai.post(TRAVELS, {"travels": "now"})
    page = kai.get(CHECK).content.decode()
    assert ASKING in preview(page)
    assert OWN not in page
    press(kai, page)
    seen = browse("tess").get(reverse("workspace:note", args=[Note.objects.get().code])).content.decode()
    assert ASKING in seen
    assert OWN not in seen
    assert "How you two work" not in seen


def test_from_the_first_page_too(kai):
    assert kai.post(SAY, {"about": "ask"})["Location"] == TRAVELS


@pytest.mark.parametrize("about", ["bond", "goal", "task", "other"])
def test_the_preview_is_what_the_therapist_sees_to_the_letter(kai, browse, about):
    page = walk(kai, about=about)
    shown = preview(page)
    note = press(kai, page)["Location"].split("/")[-2]
    assert preview(browse("tess").get(reverse("workspace:note", args=[note])).content.decode()) == shown


@pytest.mark.parametrize(("travels", "label"), [("now", "Send to Tess"), ("keep", "Keep it here")])
def test_the_button_says_what_it_does(kai, travels, label):
    assert f">{label}</button>" in walk(kai, travels=travels)


def test_pressed_twice_there_is_one_and_no_error(kai):
    page = walk(kai)
    first, second = press(kai, page), press(kai, page)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert Note.objects.count() == 1


def test_what_changed_since_it_was_looked_at_is_shown_again_instead_of_sent(kai):
    page = walk(kai)
    kai.post(HOW, {"do": "go", "words": "typed in another tab"})
    answer = press(kai, page)
    assert answer.status_code == 409
    assert "typed in another tab" in answer.content.decode()
    assert Note.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        (SAY, {}),
        (SAY, {"about": ""}),
        (HOW, {"do": "go", "words": "  "}),
        (HOW, {"do": "start-9", "words": ""}),
        (HOW, {"do": "go", "words": "x" * 2001}),
    ],
)
def test_an_empty_or_broken_page_is_asked_again_with_the_error_first(kai, path, sent):
    kai.post(SAY, {"about": "bond"})
    answer = kai.post(path, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert 'href="#answer"' in page
    assert 'id="answer"' in page
    assert (sent.get("words", "") or "Something") in page


def test_a_way_that_is_not_offered_is_refused(kai):
    walk(kai)
    for travels in ("", "loudly"):
        assert kai.post(TRAVELS, {"travels": travels}).status_code == 422


@pytest.mark.parametrize("path", [HOW, TRAVELS, CHECK])
def test_a_page_that_comes_too_early_leads_to_the_first(kai, path):
    assert kai.get(path)["Location"] == SAY
    assert kai.post(path, {"do": "go", "words": "", "travels": "now"})["Location"] == SAY


def test_what_felt_wrong_or_unsafe_leaves_this_path_and_no_draft(kai):
    assert kai.post(SAY, {"about": "unsafe"})["Location"] == reverse("portal:concern")
    assert not Note.objects.exists()


def test_a_draft_is_thrown_away_by_one_button(kai):
    walk(kai)
    assert kai.post(reverse("portal:drop_note"))["Location"] == reverse("portal:home")
    assert not Note.objects.exists()


def test_the_way_out_and_help_are_on_every_page(kai):
    walk(kai)
    for path in (SAY, HOW, TRAVELS, CHECK):
        page = kai.get(path).content.decode()
        assert "data-leave" in page
        assert reverse("help") in page


def test_without_a_therapist_it_says_so(browse):
    page = browse("cleo").get(SAY).content.decode()
    assert "There is nobody here to send it to" in page
    assert "<textarea" not in page


def test_after_the_two_have_ended_nothing_is_offered_that_cannot_be(kai, pair_of, person, now):
    walk(kai)
    end_pair(pair_of("kai"), by=person("tess"), at=now)
    assert "There is nobody here to send it to" in kai.get(SAY).content.decode()
    assert kai.get(CHECK)["Location"] == SAY


def test_each_has_a_draft_of_their_own(browse, kai):
    walk(kai)
    assert OWN not in browse("jo").get(HOW, follow=True).content.decode()


@pytest.mark.parametrize("slug", ["tess", "sana", "omar", "dora", "sam"])
def test_it_is_for_clients(browse, harbour, slug):
    for path in (SAY, HOW, TRAVELS, CHECK):
        assert browse(slug).get(path).status_code == 403


def test_what_a_second_tab_typed_after_the_note_was_sent_begins_a_new_one(kai):
    press(kai, walk(kai))
    late = kai.post(HOW, {"do": "go", "words": "And one more thing."})
    assert late.status_code == 409
    assert "kept. What is it about?" in late.content.decode()
    kai.post(SAY, {"about": "goal"})
    assert "And one more thing." in kai.get(HOW).content.decode()
    assert sorted(note.words or "" for note in Note.objects.all()) == sorted([OWN, "And one more thing."])


def test_a_draft_that_is_sent_at_this_very_moment_keeps_the_other_tabs_words_on_the_page(kai, monkeypatch):
    walk(kai)
    seal = saying._sealed

    def meanwhile(note, words):
        Note.objects.update(state=Note.State.KEPT)
        return seal(note, words)

    monkeypatch.setattr(saying, "_sealed", meanwhile)
    late = kai.post(HOW, {"do": "go", "words": "And one more thing."})
    assert (late.status_code, "And one more thing.</textarea>" in late.content.decode()) == (409, True)
    assert Note.objects.get().words == OWN


def test_a_new_line_counts_once_as_on_the_page(kai):
    words = "\n".join(["x" * 99] * 20)  # 1,999 characters, 19 of them new lines
    kai.post(SAY, {"about": "bond"})
    assert kai.post(HOW, {"do": "go", "words": words.replace("\n", "\r\n")})["Location"] == TRAVELS
    assert Note.objects.get().words == words
