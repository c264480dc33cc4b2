"""The fit check in pages: one question a page, three doors, a wish in the client's words, a wish past the therapist."""

import re

import pytest
from django.urls import reverse

from accord.records.accounts.models import Notice
from accord.records.agreements.queries import items_of
from accord.records.audit.models import Entry
from accord.records.checkins.actions import Answers, answer, ask
from accord.records.matching.models import FitCheck, MeetWish, WayWish
from accord.records.pairs.actions import end_pair
from accord.records.pairs.queries import Seen
from accord.records.practices.actions import end_post
from accord.records.ruptures.models import Note
from tests.plugins.making import held

HOME, FIT, DOORS, MEET = (reverse(f"portal:{name}") for name in ("home", "fit", "fit_doors", "meet"))
WAY, WORDS, CHECK = (reverse(f"portal:{name}") for name in ("way", "way_words", "way_check"))
ALL = {"bond": "no", "goal": "partly", "task": "not-sure", "gut": "not-right"}
CANARY = "canary-7d20"
OTHERS = ("theo", "tess", "sana", "omar", "rui", "ines", "dora")


def question(name: str) -> str:
    return reverse("portal:fit_question", args=[name])


@pytest.fixture
def lena(browse, harbour):
    return browse("lena")


@pytest.fixture
def tasks(pair_of, person):
    def now_on_the_board() -> list[str]:
        pair = pair_of("lena")
        return [one.state for one in items_of(Seen(pair, pair.client, "client")) if one.item.kind == "task"]

    return now_on_the_board


def answered(lena) -> None:
    lena.post(FIT)
    for name, given in ALL.items():
        lena.post(question(name), {"answer": given})


def to_the_preview(lena, words=f"{CANARY} The worksheets eat my evenings.") -> str:
    lena.post(WAY, {"picks": ["less-homework", "more-structure"]})
    lena.post(WORDS, {"words": words})
    return str(lena.get(CHECK).content.decode())


def send(lena, page: str):
    return lena.post(CHECK, dict(re.findall(r'name="(looked_at)" value="([^"]*)"', page)))


def test_after_three_visits_it_waits_on_the_page_and_is_there_any_time(lena, browse):
    page = lena.get(HOME).content.decode()
    assert "You have met three times. Do you and Theo fit?" in page
    kai = browse("kai").get(HOME).content.decode()
    assert "You have met three times" not in kai
    assert FIT in kai


def test_it_says_what_it_is_and_what_it_is_not(lena):
    page = lena.get(FIT).content.decode()
    for told in ("Trust can take months", "You do not rate Theo", "not a validated test", "Theo is not told"):
        assert told in page


def test_at_most_four_questions_one_a_page_and_nothing_chosen_beforehand(lena):
    assert lena.post(FIT)["Location"] == question("bond")
    places = ["bond", "goal", "task", "gut"]
    for place, name in enumerate(places, 1):
        page = lena.get(question(name)).content.decode()
        assert f"Question {place} of 4" in page
        assert " checked" not in page
        assert "Not sure" in page
        assert 'value="skip"' in page
        assert "data-leave" in page
        following = question(places[place]) if place < 4 else DOORS
        assert lena.post(question(name), {"answer": "not-sure"})["Location"] == following


def test_skipped_and_not_sure_are_not_the_same(lena):
    lena.post(FIT)
    lena.post(question("bond"), {"do": "skip"})
    lena.post(question("goal"), {"answer": "not-sure"})
    assert FitCheck.objects.get(begun_at__isnull=False).answers == {"bond": "skipped", "goal": "not-sure"}


@pytest.mark.parametrize("sent", [{}, {"answer": "7"}])
def test_an_empty_or_broken_answer_is_asked_again_with_the_error_first(lena, sent):
    lena.post(FIT)
    again = lena.post(question("bond"), sent)
    assert again.status_code == 422
    assert "<title>Error:" in again.content.decode()


def test_back_and_stopped_in_the_middle_nothing_is_lost(lena):
    lena.post(FIT)
    lena.post(question("bond"), {"answer": "partly"})
    assert re.search(r'value="partly" checked', lena.get(question("bond")).content.decode())
    assert "Go on where you stopped" in lena.get(FIT).content.decode()
    assert lena.post(FIT)["Location"] == question("goal")


def test_an_answer_is_changed_from_the_doors_and_leads_back_there(lena):
    answered(lena)
    page = lena.get(DOORS).content.decode()
    assert "It does not feel right" in page
    assert lena.post(question("bond"), {"answer": "yes"})["Location"] == DOORS


def test_the_doors_are_the_same_whatever_was_answered(lena):
    found = [lena.get(DOORS)]
    answered(lena)
    found.append(lena.get(DOORS))
    lists = [re.findall(r'<ul class="three-doors">.*?</ul>', one.content.decode(), re.DOTALL)[0] for one in found]
    assert lists[0] == lists[1]
    assert re.findall(r'class="fit-door" href="([^"]+)"', lists[0]) == [
        reverse("portal:say"),
        WAY,
        reverse("portal:moving"),
    ]
    assert "why" not in lists[0].lower()


def test_unknown_questions_and_ones_too_early(lena):
    assert lena.get(question("other")).status_code == 404
    assert lena.get(question("gut"))["Location"] == FIT


def test_a_wish_is_previewed_sent_to_the_letter_and_opens_the_tasks(lena, browse, tasks):
    page = to_the_preview(lena)
    text = "I would like less homework. I would like more structure when we meet."
    assert text in page
    assert "2 tasks that you two agreed on then need a new yes" in page
    shown = re.findall(r'<div class="said-note flow">.*?</blockquote>\s*</div>', page, re.DOTALL)[0]
    assert tasks() == ["agreed", "agreed"]
    receipt = send(lena, page)["Location"]
    note = Note.objects.get(pair__client__email="lena@harbour.example")
    assert receipt == reverse("portal:said", args=[note.code])
    assert "wait for a new yes from you both" in lena.get(receipt).content.decode()
    assert tasks() == ["again", "again"]
    theo = browse("theo")
    board = reverse("workspace:agreement", args=[note.pair.code])
    assert "Lena asked to change how you two work" in theo.get(board).content.decode()
    assert CANARY not in theo.get(board).content.decode()  # opening the note is reading it
    pair = theo.get(reverse("workspace:pair", args=[note.pair.code])).content.decode()
    assert reverse("workspace:note", args=[note.code]) in pair
    opened = theo.get(reverse("workspace:note", args=[note.code])).content.decode()
    assert shown in opened
    assert "Lena asks to change how you two work" in opened
    assert CANARY in theo.get(board).content.decode()
    assert "Theo read it" in lena.get(receipt).content.decode()


def test_pressed_twice_there_is_one(lena):
    page = to_the_preview(lena)
    first, second = send(lena, page), send(lena, page)
    assert first["Location"] == second["Location"]
    assert Note.objects.filter(pair__client__email="lena@harbour.example").count() == 1


def test_what_changed_since_the_preview_is_shown_again(lena):
    page = to_the_preview(lena)
    lena.post(WORDS, {"words": "typed in another tab"})
    again = send(lena, page)
    assert again.status_code == 409
    assert "typed in another tab" in again.content.decode()
    assert not Note.objects.filter(pair__client__email="lena@harbour.example").exists()


def test_it_is_taken_back_while_unread_and_can_be_changed(lena, tasks):
    receipt = send(lena, to_the_preview(lena))["Location"]
    code = receipt.split("/")[-2]
    lena.post(reverse("portal:take_back_note", args=[code]))
    assert tasks() == ["agreed", "agreed"]
    assert "stand as before" in lena.get(receipt).content.decode()
    assert lena.post(reverse("portal:change_note", args=[code]))["Location"] == WAY
    assert re.search(r'value="less-homework" checked', lena.get(WAY).content.decode())


def test_going_back_loses_nothing(lena):
    assert lena.post(WAY, {"picks": ["slower"], "do": "back"})["Location"] == DOORS
    assert re.search(r'value="slower" checked', lena.get(WAY).content.decode())
    assert lena.post(WORDS, {"words": "half a thought", "do": "back"})["Location"] == WAY
    assert lena.post(MEET, {"words": "half a wish", "do": "back"})["Location"] == DOORS
    assert "half a thought" in lena.get(WORDS).content.decode()
    assert "half a wish" in lena.get(MEET).content.decode()
    assert MeetWish.objects.get().sent_at is None


def test_without_a_pick_or_a_word_it_asks_again(lena):
    assert lena.get(WORDS)["Location"] == WAY
    lena.post(WAY, {"picks": ["no-such-wish"]})
    assert lena.post(WORDS, {"words": " "}).status_code == 422
    assert lena.get(CHECK)["Location"] == WAY
    assert lena.post(WORDS, {"words": "x" * 1401}).status_code == 422


def test_a_draft_is_thrown_away(lena):
    to_the_preview(lena)
    assert lena.post(reverse("portal:drop_way"))["Location"] == DOORS
    assert not WayWish.objects.exists()


def test_meet_someone_else_says_who_reads_it_and_what_stays(lena):
    page = lena.get(MEET).content.decode()
    for told in ("Vera Lund", "Theo is not told", "Your place with Theo is kept", "no reason is needed"):
        assert told in page
    assert lena.post(MEET, {"words": CANARY, "reach": "555 0103"})["Location"] == MEET
    sent = lena.get(MEET).content.decode()
    assert "Not read yet" in sent
    assert "no set time" in sent
    assert "Sent 09:00, not read yet" in lena.get(HOME).content.decode()


def test_the_contact_sees_it_and_says_when_they_got_in_touch(lena, browse):
    lena.post(MEET, {"words": CANARY, "reach": "555 0103"})
    vera = browse("vera")
    page = vera.get(reverse("dashboard:contact")).content.decode()
    for told in (CANARY, "Lena Vogt", "Theo Brandt", "555 0103"):
        assert told in page
    assert "It was read, 09:00" in lena.get(MEET).content.decode()
    done = reverse("dashboard:got_in_touch", args=[MeetWish.objects.get().code])
    assert vera.post(done).status_code == 302
    assert vera.post(done).status_code == 409
    assert "Vera Lund noted: I have got in touch, 09:00" in lena.get(MEET).content.decode()


def test_words_typed_in_a_second_tab_after_it_was_sent_are_told_and_shown(lena):
    lena.post(MEET, {"words": CANARY})
    assert lena.post(MEET, {"words": CANARY})["Location"] == MEET  # the same again changes nothing
    late = lena.post(MEET, {"words": "And please no Mondays.", "reach": "555 0103"})
    page = late.content.decode()
    assert late.status_code == 409
    for told in ("in another tab", "Your words, not sent", "And please no Mondays.", "555 0103"):
        assert told in page
    assert MeetWish.objects.get().words == CANARY


def test_a_wish_is_taken_back(lena, browse):
    lena.post(MEET, {"words": CANARY})
    assert lena.post(reverse("portal:take_back_wish"))["Location"] == MEET
    page = lena.get(MEET).content.decode()
    assert "Nobody had read it" in page
    assert CANARY not in page
    assert "Lena" not in browse("vera").get(reverse("dashboard:contact")).content.decode()
    assert lena.post(reverse("portal:take_back_wish")).status_code == 409


def test_where_nobody_is_named_it_says_so_and_has_no_form(lena, person, now):
    end_post(person("vera").posts.get(), on=now.date())
    page = lena.get(MEET).content.decode()
    assert "has named nobody for this" in page
    assert "<textarea" not in page
    assert lena.post(MEET, {"words": "hm"}).status_code == 422
    assert "nothing was sent" in lena.post(MEET, {"words": "hm"}).content.decode()


def pages_of(client, pair) -> dict[str, str]:
    """Every page of the desk and the practice that could say something about Lena."""
    names = ("prep", "pair", "together", "agreement", "agreement_history", "pair_guesses", "reflection")
    paths = [reverse(f"workspace:{name}", args=[pair.code]) for name in names]
    paths += [reverse(f"workspace:{name}") for name in ("today", "week", "find", "guesses", "put_aside")]
    paths += [reverse(f"dashboard:{name}") for name in ("practice", "research", "operation", "duty", "contact")]
    texts = {}
    for path in paths:
        main = client.get(path).content.decode().partition("<main")[2].partition("</main>")[0]
        texts[path] = "" if "operation" in path else re.sub(r'value="[^"]{40,}"', "", main)
    return texts


@pytest.mark.parametrize("slug", OTHERS)
def test_nobody_else_sees_that_there_was_a_fit_check_or_a_wish(lena, browse, pair_of, slug):
    """Their pages are the same, to the letter, with and without."""
    other = browse(slug)
    pages_of(other, pair_of("lena"))  # what is new is read by now
    before = pages_of(other, pair_of("lena"))
    answered(lena)
    lena.post(WAY, {"picks": ["slower"]})
    lena.post(WORDS, {"words": CANARY})
    lena.post(MEET, {"words": CANARY})
    assert pages_of(other, pair_of("lena")) == before


def test_no_entry_of_the_pair_tells_of_it(lena, pair_of):
    answered(lena)
    lena.post(MEET, {"words": CANARY})
    about = Entry.objects.filter(pair=pair_of("lena").code)
    assert not about.filter(table__startswith="matching.").exists()
    assert not about.filter(verb__contains="wish").exists()


@pytest.mark.parametrize("slug", [*OTHERS, "vera", "sam", ""])
def test_the_pages_are_for_clients(browse, harbour, slug):
    other = browse(slug)
    for path in (FIT, question("bond"), DOORS, WAY, WORDS, CHECK, MEET):
        for reply in (other.get(path), other.post(path)):
            assert reply.status_code in ({302} if not slug else {403, 405})


def test_each_has_their_own(lena, browse):
    answered(lena)
    to_the_preview(lena)
    lena.post(MEET, {"words": CANARY})
    kai = browse("kai")
    for path in (HOME, FIT, DOORS, WAY, WORDS, CHECK, MEET):
        page = kai.get(path, follow=True).content.decode()
        assert CANARY not in page
        assert "It does not feel right" not in page


def test_without_a_therapist_it_says_so(lena, browse, pair_of, person, now):
    assert "You do not have a therapist" in browse("cleo").get(FIT).content.decode()
    end_pair(pair_of("lena"), by=person("theo"), at=now)
    for path in (FIT, DOORS, WAY, MEET):
        assert "You do not have a therapist" in lena.get(path).content.decode()
    assert "Do you and Theo fit?" not in lena.get(HOME).content.decode()


@pytest.mark.parametrize("impression", ["good", "unsure", "not-for-me"])
def test_a_first_impression_is_the_clients_and_offers_help(new_pair, browse, now, impression):
    session = held(new_pair, now - 25 * (now - now.replace(hour=8)))
    check_in = ask(session, "first-impression@1", at=now)
    assert check_in
    before = Notice.objects.count()
    answer(check_in, Answers({"impression": impression}), by=new_pair.client, key="k", at=now)
    page = browse("cleo").get(reverse("portal:check_in", args=[check_in.code])).content.decode()
    offered = impression != "good"
    assert (reverse("portal:say") in page) == offered
    assert ("vera@harbour.example" in page) == offered
    assert ("no one at the practice is told" in page) == offered
    assert Notice.objects.count() == before
    tess, omar = browse("tess"), browse("omar")
    told = [omar.get("/practice/"), tess.get("/desk/"), tess.get(reverse("workspace:pair", args=[new_pair.code]))]
    for one in told:
        assert "mpression" not in one.content.decode()
        assert "not-for-me" not in one.content.decode()


def test_where_nobody_is_named_the_thank_you_page_says_so(new_pair, browse, person, now):
    end_post(person("vera").posts.get(), on=now.date())
    check_in = ask(held(new_pair, now - (now - now.replace(hour=7))), "first-impression@1", at=now)
    assert check_in
    answer(check_in, Answers({"impression": "unsure"}), by=new_pair.client, key="k", at=now)
    page = browse("cleo").get(reverse("portal:check_in", args=[check_in.code])).content.decode()
    assert "Harbour Practice has named nobody for this" in page
