"""A free first call: exactly what one person will see, what is true of it after, and who comes next."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accord.records.matching import replying
from accord.records.matching.jobs import send_letters
from accord.records.matching.models import Enquiry, Letter, Search
from accord.records.matching.queries import told_to
from accord.records.matching.searching import ask_too
from accord.records.profiles.queries import own_profile
from accord.surfaces.portal.tests.test_find import CLEOS, FIND, PEOPLE, question, text
from accord.surfaces.shared import search_words

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("no_search_before")
CONTACT = {
    "name": "Cleo",
    "address": "c.marsh@example.org",
    "reach": "555 0104",
    "words": "canary-77 It is the nights.",
    "tells": "yes",
}
LINK = "http://localhost/find/back/{token}/"


@pytest.fixture
def code_of(person, now):
    def code(slug: str) -> str:
        found = own_profile(person(slug), at=now)
        assert found
        return found.code

    return code


@pytest.fixture
def cleo(browse):
    client = browse("")
    client.post(FIND)
    for slug, sent in CLEOS.items():
        client.post(question(slug), sent)
    return client


@pytest.fixture
def asked(cleo, code_of) -> Enquiry:
    """She has sent it to Tess."""
    send(cleo, code_of("tess"))
    return Enquiry.objects.get()


def contact(code: str) -> str:
    return reverse("portal:find_contact", args=[code])


def check(code: str) -> str:
    return reverse("portal:find_check", args=[code])


def send(client, code, **changed):
    client.post(contact(code), CONTACT | changed)
    page = client.get(check(code)).content.decode()
    return client.post(check(code), dict(re.findall(r'name="(looked_at)" value="([^"]*)"', page)))


def page_of(client, enquiry, **answer):
    path = reverse("portal:answer_enquiry" if answer else "portal:enquiry", args=[enquiry.code])
    return client.post(path, answer) if answer else client.get(path)


def test_who_one_is_is_asked_only_now_and_for_this_one_person(cleo, code_of):
    page = cleo.get(contact(code_of("tess")))
    assert "Tess, once you send it. Nobody else." in text(page)
    assert " checked" not in page.content.decode()
    assert Search.objects.get().contact is None


@pytest.mark.parametrize("wrong", [{"name": ""}, {"address": "", "reach": ""}, {"address": "x"}, {"tells": ""}])
def test_what_is_missing_is_asked_again_and_what_was_typed_stays(cleo, code_of, wrong):
    again = cleo.post(contact(code_of("tess")), CONTACT | wrong)
    assert again.status_code == 422
    assert CONTACT["words"] in text(again)


def test_the_preview_is_what_is_sent_and_says_until_when(cleo, code_of, browse):
    cleo.post(contact(code_of("tess")), CONTACT)
    preview = cleo.get(check(code_of("tess"))).content.decode()
    shown = re.search(r'<div class="preview">(.*?)</div>\s*<p>', preview, re.S)
    assert shown
    assert "Tess has until 8 May, 09:00 to answer." in text(cleo.get(check(code_of("tess"))))
    assert send(cleo, code_of("tess")).status_code == 302
    desk = browse("tess").get(reverse("workspace:enquiry", args=[Enquiry.objects.get().code])).content.decode()
    assert shown[1].strip() in desk


def test_answers_kept_back_are_not_in_the_preview(cleo, code_of):
    cleo.post(contact(code_of("tess")), CONTACT | {"tells": "no"})
    page = text(cleo.get(check(code_of("tess"))))
    assert "No answers go with it." in page
    assert "Worry, fear or panic" not in page


def test_it_says_sent_until_when_and_what_then(cleo, asked):
    page = text(page_of(cleo, asked))
    for words in (
        "Sent",
        "Tess has not read it yet, and can answer until 8 May, 09:00",
        "we tell you here and by mail",
    ):
        assert words in page


def test_what_changed_in_another_tab_is_looked_at_again(cleo, code_of):
    cleo.post(contact(code_of("tess")), CONTACT)
    old = cleo.get(check(code_of("tess"))).content.decode()
    cleo.post(contact(code_of("tess")), CONTACT | {"words": "Something else."})
    answer = cleo.post(check(code_of("tess")), dict(re.findall(r'name="(looked_at)" value="([^"]*)"', old)))
    assert answer.status_code == 409
    assert not Enquiry.objects.exists()


def test_a_second_press_leads_to_the_same_one(cleo, asked, code_of):
    assert send(cleo, code_of("tess"))["Location"] == reverse("portal:enquiry", args=[asked.code])
    assert Enquiry.objects.count() == 1


def test_a_machine_that_fills_in_everything_sends_nothing(cleo, code_of):
    cleo.post(contact(code_of("tess")), CONTACT)
    page = cleo.get(check(code_of("tess"))).content.decode()
    fields = dict(re.findall(r'name="(looked_at)" value="([^"]*)"', page))
    assert cleo.post(check(code_of("tess")), fields | {"website": "http://x.example"}).status_code == 429
    assert not Enquiry.objects.exists()


def test_without_a_name_there_is_nothing_to_check(cleo, code_of, browse):
    assert cleo.get(check(code_of("tess")))["Location"] == contact(code_of("tess"))
    assert cleo.get(check("thereisnone2")).status_code == 404
    assert browse("").get(check(code_of("tess")))["Location"] == contact(code_of("tess"))


def test_nobody_else_opens_it(cleo, asked, browse):
    for slug in ("", "kai", "tess", "thandi", "omar"):
        assert page_of(browse(slug), asked).status_code == 404


def test_past_the_time_she_is_told_and_offered_the_next_without_entering_anything(cleo, asked, clock_at, now):
    after = now + 2 * DAY + timedelta(minutes=1)
    clock_at(after)
    assert (replying.pass_over(after, link_url=LINK), send_letters(after)) == (1, 1)
    page = page_of(cleo, asked)
    assert "No answer in time" in text(page)
    assert "Who comes next Thandi Nkosi" in text(page)
    assert "Speaks Spanish: your must-have" in text(page)
    letter = Letter.objects.get()
    assert letter.sent_at is not None
    assert not [word for word in ("Tess", "Cleo", "therap") if word in f"{letter.subject} {letter.body}"]
    form = cleo.get(re.findall(r'class="button" href="(/find/ask/[^"]+)"', page.content.decode())[0]).content.decode()
    for typed in ("c.marsh@example.org", "555 0104", CONTACT["words"]):
        assert typed in form


def test_a_no_is_told_in_neutral_words(cleo, asked, person, now):
    replying.decline(asked, by=person("tess"), at=now, link_url=LINK)
    page = text(page_of(cleo, asked))
    assert "Tess can not take this on now. That says nothing about you." in page
    assert "Who comes next" in page


def test_the_call_page_has_the_time_how_and_her_own_questions(cleo, asked, person, now):
    ask_too(Search.objects.get(), "canary-88 How long?", at=now)
    replying.see(asked, by=person("tess"), at=now)
    assert "Tess has read it" in text(page_of(cleo, asked))
    replying.offer_call(asked, [now + DAY], how="I call you.", by=person("tess"), at=now, link_url=LINK)
    page = page_of(cleo, asked)
    assert "7 May, 09:00" in text(page)
    assert page_of(cleo, asked, time="").status_code == 422
    page_of(cleo, asked, time=asked.times[0])
    page = text(page_of(cleo, asked))
    for words in ("Your first call", "7 May, 09:00", "I call you.", "canary-88 How long?"):
        assert words in page


def test_times_that_are_over_can_be_asked_for_again(cleo, asked, person, now, clock_at):
    replying.offer_call(asked, [now + DAY], how="I call you.", by=person("tess"), at=now, link_url=LINK)
    clock_at(now + 2 * DAY)
    assert "These times are over." in text(page_of(cleo, asked))
    page_of(cleo, asked, do="other-times")
    assert Enquiry.objects.get().state == "sent"


def test_taken_back_it_is_gone_and_a_second_press_says_so(cleo, asked):
    page_of(cleo, asked, do="withdraw")
    assert "What you sent is gone from the page of Tess." in text(page_of(cleo, asked))
    assert page_of(cleo, asked, do="withdraw").status_code == 409


def test_whom_one_asked_stands_under_the_people(cleo, asked):
    page = cleo.get(PEOPLE).content.decode()
    assert reverse("portal:enquiry", args=[asked.code]) in page
    assert "See what became of your question" in text(cleo.get(FIND))


def test_what_was_needed_is_known_in_the_intake_to_this_very_therapist(cleo, asked, person, now, browse):
    replying.see(asked, by=person("tess"), at=now)
    urls = ("http://localhost/sign-in/", LINK)
    pair = replying.start(asked, CONTACT["address"], by=person("tess"), at=now, urls=urls)
    assert search_words.needed(told_to(pair.client, pair.therapist)) == "Spanish"
    thandi = own_profile(person("thandi"), at=now)
    assert thandi
    assert told_to(pair.client, thandi.post) == {}


def test_after_a_start_her_question_is_behind_the_door(cleo, asked, person, now):
    replying.see(asked, by=person("tess"), at=now)
    urls = ("http://localhost/sign-in/", LINK)
    pair = replying.start(asked, CONTACT["address"], by=person("tess"), at=now, urls=urls)
    path = reverse("portal:enquiry", args=[asked.code])
    for answer in (page_of(cleo, asked), page_of(cleo, asked, do="withdraw")):
        assert answer["Location"] == f"{reverse('sign_in')}?next={path.replace('/', '%2F')}"
    cleo.force_login(pair.client)
    assert "You two start" in text(page_of(cleo, asked))
