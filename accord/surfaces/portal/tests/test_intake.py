"""The intake in pages: one question a page, kept as it is typed, reviewed, sent by the client's choice only."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accord.records.accounts.models import Link, Notice
from accord.records.intake.actions import read_intake
from accord.records.intake.models import Intake
from accord.records.intake.questions import NAMES

HOME, START, ON, REVIEW, CONSENT, SENT, LINK, BACK = (
    reverse(f"portal:{name}")
    for name in (
        *("home", "intake", "intake_on", "intake_review", "intake_consent", "intake_sent", "intake_link"),
        "take_back_intake",
    )
)
CANARY = "canary-51ab I lie awake"


def question(name: str) -> str:
    return reverse("portal:intake_question", args=[name])


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def cleo(browse, harbour):
    client = browse("cleo")
    client.post(START)
    return client


def give(client, name, words, **more):
    revision = re.search(r'name="revision" value="(\d+)"', client.get(question(name)).content.decode())
    assert revision
    return client.post(question(name), {"answer": words, "revision": revision[1], **more})


def test_it_waits_on_the_page_and_says_first_what_it_is(browse, harbour):
    client = browse("cleo")
    assert "Before you first meet Tess: some questions" in text(client.get(HOME))
    page = text(client.get(START))
    for told in ("about ten minutes", "Why we ask", "Who sees it", "Exit this page", "its history"):
        assert told in page


def test_nothing_is_asked_that_is_known(cleo):
    asked = " ".join(text(cleo.get(question(name))) for name in NAMES)
    for known in ("your name?", "language", "must-have"):
        assert known not in asked
    assert "Cleo Marsh" in text(cleo.get(REVIEW))


def test_one_question_a_page_and_nothing_chosen_beforehand(cleo):
    for place, name in enumerate(NAMES, 1):
        page = cleo.get(question(name))
        assert f"Question {place} of 8" in text(page)
        assert " checked" not in page.content.decode()


@pytest.mark.parametrize("name", ["brings", "before"])
def test_a_blank_that_is_not_optional_is_told_and_the_tab_says_so(cleo, name):
    response = cleo.post(question(name), {"answer": "", "revision": "0"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error:" in page
    assert 'href="#answer"' in page
    assert 'id="answer"' in page


def test_an_optional_blank_is_taken_as_skipped(cleo):
    assert give(cleo, "got-wrong", "")["Location"] == question("body")
    assert text(cleo.get(REVIEW)).count("Not provided") == 8


def test_it_goes_on_at_the_same_question_with_what_was_typed(cleo, browse):
    give(cleo, "brings", CANARY)
    kept = cleo.post(question("week"), {"answer": "Half a sen", "do": "keep", "revision": "0"})
    assert kept.json()["kept"]
    laptop = browse("cleo")
    assert laptop.get(ON)["Location"] == question("week")
    assert "Half a sen" in laptop.get(question("week")).content.decode()
    assert CANARY in laptop.get(question("brings")).content.decode()


def test_stopping_keeps_what_is_typed(cleo):
    assert cleo.post(question("week"), {"answer": "Half a sen", "do": "stop", "revision": "0"})["Location"] == START
    assert "What you wrote so far is kept" in text(cleo.get(START))
    assert cleo.get(ON)["Location"] == question("week")


def test_stopping_loses_nothing_that_another_device_wrote_over(cleo):
    give(cleo, "week", "From the other device.")
    stopped = cleo.post(question("week"), {"answer": "From this one.", "do": "stop", "revision": "0"})
    assert stopped.status_code == 409
    for words in ("From the other device.", "From this one."):
        assert words in stopped.content.decode()
    same = {"answer": "From the other device.", "do": "stop", "revision": "0"}
    assert cleo.post(question("week"), same)["Location"] == START


def test_a_link_by_mail_leads_straight_back_without_a_password(cleo, person):
    give(cleo, "brings", CANARY)
    cleo.post(LINK)
    body = Notice.objects.filter(user=person("cleo")).latest("pk").body or ""
    path = re.search(r"https?://[^/]+(/\S+)", body)
    assert path
    assert "intake" not in body, "the mail says nothing of what it opens"
    laptop = Client()
    assert laptop.post(path[1])["Location"] == ON
    assert laptop.get(ON)["Location"] == question("week")


def test_another_device_is_told_of_both_texts(cleo):
    give(cleo, "week", "From the phone")
    response = cleo.post(question("week"), {"answer": "From the laptop", "revision": "0"})
    assert response.status_code == 409
    assert "From the phone" in text(response)
    assert "From the laptop" in text(response)
    assert give(cleo, "week", "Both")["Location"] == question("better")


def test_change_comes_straight_back_to_the_review(cleo):
    page = cleo.get(REVIEW).content.decode()
    for name in NAMES:
        assert f"{question(name)}?from=review" in page
    assert give(cleo, "body", "Asthma", **{"from": "review"})["Location"] == REVIEW


def test_what_is_known_can_be_put_right(cleo):
    url = reverse("portal:intake_known", args=["name"])
    assert 'value="Cleo Marsh"' in cleo.get(url).content.decode()
    assert cleo.post(url, {"answer": "Clee", "revision": "0"})["Location"] == REVIEW
    assert "Clee" in text(cleo.get(REVIEW))
    assert cleo.get(reverse("portal:intake_known", args=["secret"])).status_code == 404


def test_the_choices_are_separate_and_none_is_ticked(cleo):
    page = cleo.get(CONSENT).content.decode()
    assert set(re.findall(r'type="checkbox" id="\w+" name="(\w+)"', page)) == {"read", "supervise", "research"}
    assert " checked" not in page
    assert "changes nothing in your care" in page


def test_without_leave_nothing_is_sent_and_what_was_ticked_stays(cleo, person):
    response = cleo.post(CONSENT, {"research": "on"})
    assert response.status_code == 422
    assert re.search(r'name="research" checked', response.content.decode())
    assert Intake.objects.get(client=person("cleo")).sent_at is None


def test_sent_says_what_happens_next_and_can_be_taken_back_until_read(cleo, person, now):
    give(cleo, "brings", CANARY)
    assert cleo.post(CONSENT, {"read": "on"})["Location"] == SENT
    page = text(cleo.get(SENT))
    for told in ("What happens next", "Tess can read it now", "No research.", CANARY):
        assert told in page
    assert cleo.post(BACK)["Location"] == REVIEW
    cleo.post(CONSENT, {"read": "on"})
    read_intake(Intake.objects.get(client=person("cleo")), by=person("tess"), at=now)
    assert cleo.post(BACK).status_code == 409
    assert "Tess read it" in text(cleo.get(SENT))


def test_a_second_press_of_send_changes_nothing(cleo, person):
    for _ in range(2):
        assert cleo.post(CONSENT, {"read": "on"})["Location"] in (SENT, START)
    assert Notice.objects.filter(user=person("tess"), subject="Something is waiting for you").count() == 1


def test_where_nothing_waits_it_says_so(browse, harbour):
    kai = browse("kai")
    assert "No questions are waiting" in text(kai.get(START))
    for url in (ON, REVIEW, CONSENT, SENT, question("brings")):
        assert kai.get(url)["Location"] == START


def test_nobody_else_finds_a_word_by_its_addresses(cleo, browse, harbour):
    give(cleo, "brings", CANARY)
    cleo.post(CONSENT, {"read": "on"})
    for slug in ("", "kai", "jo", "theo", "tess", "sana", "omar", "rui", "ines", "dora", "vera", "sam"):
        client = browse(slug)
        for url in (START, ON, REVIEW, CONSENT, SENT, question("brings")):
            assert CANARY not in client.get(url, follow=True).content.decode(), (slug, url)


def test_a_link_in_the_mail_keeps_its_word_in_our_table_only(cleo, person):
    cleo.post(LINK)
    assert Link.objects.filter(user=person("cleo")).latest("pk").about == "intake"
