"""Finding someone, signed out: one question a page, nothing pre-selected, a few people with reasons."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from accord.records.matching.models import Enquiry, Letter, Search
from accord.records.matching.queries import answers_of
from accord.records.matching.searching import keep_contact
from accord.records.matching.wishes import QUESTIONS, SLUGS
from accord.records.profiles.queries import own_profile
from accord.surfaces.portal.views import find
from accord.surfaces.shared import search_words

pytestmark = pytest.mark.usefixtures("no_search_before")
FIND, PEOPLE, CLEAR, LET_GO = (reverse(f"portal:{name}") for name in ("find", "find_people", "clear_search", "let_go"))
LIST, MAIL = reverse("portal:find_questions"), reverse("portal:find_mail")
CLEOS: dict[str, dict[str, Any]] = {
    "needs": {"picks": ["anxiety"], "strength": "much"},
    "language": {"picks": ["language:es"], "strength": "must"},
    "way": {"picks": ["video"], "strength": "much"},
    "times": {"picks": ["evenings"]},
    "structure": {"picks": ["right-much"]},
    "homework": {"picks": ["left"]},
}


def question(slug: str) -> str:
    return reverse("portal:find_question", args=[slug])


def text(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


@pytest.fixture
def cleo(browse):
    """Signed out, and begun."""
    client = browse("")
    client.post(FIND)
    return client


@pytest.fixture
def told(cleo):
    """She has answered as in the scenario."""
    for slug in SLUGS:
        cleo.post(question(slug), CLEOS.get(slug, {"do": "skip"}))
    return cleo


def test_the_front_door_has_one_clear_action_help_in_sight_and_no_wall(browse):
    page = browse("").get("/").content.decode()
    assert re.findall(r'class="button"[^>]*>([^<]+)<', page) == ["Find someone who fits"]
    assert "Not safe right now? Get help now" in page
    assert "password" not in page
    assert browse("").get(FIND).status_code == 200


def test_a_look_leaves_nothing_behind_a_press_does(browse):
    client = browse("")
    page = client.get(FIND)
    assert "about three minutes" in text(page)
    assert not Search.objects.exists()
    assert client.post(FIND)["Location"] == question("needs")
    cookie = client.cookies["search"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert int(cookie["max-age"]) > 30 * 24 * 60 * 60
    assert "search" not in client.session


def test_on_a_shared_device_it_goes_with_the_browser(browse):
    client = browse("")
    client.post(FIND, {"shared": "yes"})
    assert client.cookies["search"]["max-age"] == ""


def test_each_question_is_a_page_with_a_why_and_nothing_chosen(cleo):
    for place, slug in enumerate(SLUGS, 1):
        page = cleo.get(question(slug))
        html = page.content.decode()
        words = search_words.page(slug)
        assert f"Question {place} of {len(SLUGS)}" in text(page)
        assert words.question in text(page)
        assert words.why in text(page)
        assert " checked" not in html
        assert 'value="skip"' in html
        assert 'value="not-sure"' in html
        assert "data-leave" in html
        assert html.count("<h1") == 1
        following = question(SLUGS[place]) if place < len(SLUGS) else PEOPLE
        assert cleo.post(question(slug), {"do": "not-sure"})["Location"] == following


def test_every_pick_has_words(harbour, now):
    for each in QUESTIONS:
        for choice in search_words.choices(each, frozenset({"language:es", "place:lisbon", "insurer:x"}), {}):
            assert choice.text
            assert choice.text != choice.pick or choice.pick == "insurer:x" or choice.text == "x"


def test_skipped_and_not_sure_are_not_the_same(cleo):
    cleo.post(question("needs"), {"do": "skip"})
    cleo.post(question("kind"), {"do": "not-sure"})
    held = answers_of(Search.objects.get())
    assert [held[slug]["picks"] for slug in ("needs", "kind")] == [["skipped"], ["not-sure"]]
    assert "You skipped this one" in text(cleo.get(question("needs")))


@pytest.mark.parametrize("sent", [{}, {"strength": "must"}, {"picks": "riches"}])
def test_an_empty_or_broken_answer_is_asked_again_with_the_error_first(cleo, sent):
    again = cleo.post(question("needs"), sent)
    assert again.status_code == 422
    assert "<title>Error:" in again.content.decode()


def test_stopped_in_the_middle_it_goes_on_there(cleo):
    cleo.post(question("needs"), CLEOS["needs"])
    assert f'href="{question("kind")}"' in cleo.get(FIND).content.decode()
    assert 'value="anxiety" checked' in cleo.get(question("needs")).content.decode()
    assert cleo.post(FIND)["Location"] == question("kind")
    assert Search.objects.count() == 1


def test_without_a_search_every_page_leads_to_the_start(browse):
    for path in (question("needs"), PEOPLE, MAIL):
        assert browse("").get(path)["Location"] == FIND
    assert browse("").post(LET_GO, {"slug": "needs"})["Location"] == FIND
    assert browse("").get(question("nothing")).status_code == 404


def test_a_cookie_that_was_not_signed_here_opens_nothing(told, browse):
    other = browse("")
    other.cookies["search"] = Search.objects.get().code
    assert other.get(PEOPLE)["Location"] == FIND


def test_tess_comes_with_each_reason_in_words_and_what_does_not_fit(told):
    page = told.get(PEOPLE)
    for words in ("Tess Carvalho", "Speaks Spanish: your must-have", "Likes structure, like you", "Open: 2 places"):
        assert words in text(page)
    assert "What does not fit Gives more to do at home than you asked for" in text(page)
    assert "Theo" not in text(page)
    assert not re.search(r"★|stars?\b|score|rank|match(es)? %|\d+ ?%", text(page))
    assert "One more may fit." in text(page)


def test_thandi_and_theo_are_shown_by_choice_as_they_are(told):
    page = text(told.get(f"{PEOPLE}?also=stale&also=full"))
    assert page.index("Tess Carvalho") < page.index("Thandi Nkosi") < page.index("Theo Brandt")
    assert "Not confirmed lately, ask" in page
    assert "Full" in page[page.index("Theo Brandt") :]
    assert "Ask for a free first call : Theo" not in page


def test_nobody_fits_is_said_plainly_and_what_to_let_go_of(told):
    told.post(question("times"), {"picks": "weekends", "strength": "must", "then": "people"})
    page = told.get(f"{PEOPLE}?also=stale&also=full")
    assert "Nobody here fits all of it" in text(page)
    assert "If “Weekends” need not be: 3 more." in text(page)
    assert told.post(LET_GO, {"slug": "times", "pick": "weekends"})["Location"] == PEOPLE
    assert "Tess Carvalho" in text(told.get(PEOPLE))
    assert "Not on their page: Weekends" in text(told.get(PEOPLE))


def test_where_only_the_law_stands_between_the_answers_can_be_changed(cleo):
    cleo.post(question("home"), {"picks": "elsewhere"})
    page = cleo.get(PEOPLE)
    assert "Nobody here fits all of it" in text(page)
    assert f"{question('home')}?then=people" in page.content.decode()
    assert cleo.post(question("home"), {"picks": "licence:PT", "then": "people"})["Location"] == PEOPLE


def test_more_people_on_asking(told, monkeypatch):
    monkeypatch.setattr(find, "FIRST", 1)
    page = told.get(f"{PEOPLE}?also=stale&also=full")
    assert "Show more people" in text(page)
    assert "Thandi" not in text(page)
    assert "Thandi" in text(told.get(f"{PEOPLE}?shown=3&also=stale&also=full"))
    assert told.get(f"{PEOPLE}?shown=many").status_code == 200


def test_a_signed_in_client_finds_their_search_elsewhere_and_nobody_elses(browse, person):
    kai = browse("kai")
    kai.post(FIND)
    kai.post(question("needs"), CLEOS["needs"])
    again = browse("kai")
    assert 'value="anxiety" checked' in again.get(question("needs")).content.decode()
    lou = browse("lou")
    lou.cookies["search"] = kai.cookies["search"]
    assert lou.get(PEOPLE)["Location"] == FIND


@pytest.fixture
def tess_page(person, now):
    profile = own_profile(person("tess"), at=now)
    assert profile
    return reverse("portal:find_contact", args=[profile.code])


@pytest.fixture
def signed_out(browse):
    """Lena has looked for somebody, told her number, and signed out. Returns her browser and the cookie it had."""
    lena = browse("lena")
    lena.post(FIND)
    search = Search.objects.get()
    keep_contact(search, {"reach": "canary-555", "words": "canary-words"}, at=search.begun_at)
    cookie = lena.cookies["search"].value
    lena.post(reverse("sign_out"))
    return lena, cookie


def test_signing_out_takes_the_search_with_it(signed_out, tess_page):
    browser, _cookie = signed_out
    assert browser.cookies["search"].value == ""
    assert "canary" not in browser.get(tess_page).content.decode()


def test_a_cookie_that_outlives_the_session_opens_nothing_of_a_client(signed_out, tess_page, browse):
    browser, cookie = signed_out
    for other in (browser, browse("tess")):
        other.cookies["search"] = cookie
        assert "canary" not in other.get(tess_page).content.decode()
        assert other.get(PEOPLE)["Location"] == FIND
    assert browser.post(FIND).status_code == 302  # and the next person can begin
    assert Search.objects.filter(client=None).count() == 1


def test_a_link_to_the_search_of_a_client_leads_to_the_door_first(browse, person, now):
    lena = browse("lena")
    lena.post(FIND)
    lena.post(MAIL, {"address": "lena@example.org"})
    token = re.search(r"/find/back/([^/]+)/", Letter.objects.get().body or "")
    assert token
    path = reverse("portal:find_back", args=[token[1]])
    assert browse("").post(path)["Location"] == f"{reverse('sign_in')}?next=%2Ffind%2F"
    assert browse("lena").post(path)["Location"] == FIND


def test_clear_takes_everything_away_at_once(told):
    told.post(LIST, {"own": "How long?"})
    assert told.post(CLEAR)["Location"].startswith(FIND)
    assert not (Search.objects.exists() or Letter.objects.exists() or Enquiry.objects.exists())
    assert told.cookies["search"].value == ""
    assert "Your answers are gone" in text(told.get(f"{FIND}?cleared=yes"))


def test_a_list_of_questions_takes_ideas_own_words_and_gives_them_up(cleo):
    idea = str(search_words.ASK_THEM[0])
    cleo.post(LIST, {"keep": idea})
    cleo.post(LIST, {"own": "Do you take notes?"})
    page = text(cleo.get(LIST))
    assert idea in page
    assert "Do you take notes?" in page
    cleo.post(LIST, {"drop": idea})
    assert f"Take off : {idea}" not in text(cleo.get(LIST))
    assert cleo.post(LIST, {"own": "x" * 301}).status_code == 422


def test_a_question_kept_first_begins_a_search_and_leads_back(browse):
    client = browse("")
    answer = client.post(LIST, {"keep": "How long?", "next": "/help/"})
    assert (answer["Location"], Search.objects.count()) == ("/help/", 1)
    assert "How long?" in text(client.get(LIST))


def test_a_link_by_mail_brings_it_to_another_device(told, browse):
    assert told.post(MAIL, {"address": "c.marsh@example.org"})["Location"].startswith(MAIL)
    token = re.search(r"/find/back/([^/]+)/", Letter.objects.get().body or "")
    assert token
    other, path = browse(""), reverse("portal:find_back", args=[token[1]])
    assert "Go on here" in text(other.get(path))
    assert "search" not in other.cookies
    assert other.post(path)["Location"] == FIND
    assert "Tess Carvalho" in text(other.get(PEOPLE))
    assert browse("").get(reverse("portal:find_back", args=["nothing"])).status_code == 404


def test_a_wrong_address_gets_no_link(told):
    assert told.post(MAIL, {"address": "nonsense"}).status_code == 422
    assert not Letter.objects.exists()


def test_machines_are_stopped_and_help_is_not(browse, monkeypatch):
    cache.clear()
    monkeypatch.setattr(find, "BEGINNINGS", 2)
    assert [browse("").post(FIND).status_code for _ in range(3)] == [302, 302, 429]
    assert browse("").get("/help/").status_code == 200
    assert browse("").post(FIND, REMOTE_ADDR="192.0.2.9").status_code == 302
    cache.clear()


@pytest.mark.parametrize("language", ["es", "ar"])
def test_it_speaks_other_languages(told, language):
    told.cookies["language"] = language
    for path in (FIND, question("needs"), PEOPLE, LIST):
        page = told.get(path).content.decode()
        assert f'lang="{language}"' in page
        assert "What would you like help with?" not in page


def test_the_people_cost_a_fixed_number_of_queries(told, django_assert_max_num_queries):
    told.get(PEOPLE)
    with django_assert_max_num_queries(16):
        told.get(f"{PEOPLE}?also=stale&also=full")
