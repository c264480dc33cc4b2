"""The practice's queue: for whoever leads and the named contact; a person decides; no answer of a client is near."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from accord.records.accounts.models import User
from accord.records.audit.models import Entry
from accord.records.practices.actions import appoint, open_practice
from accord.records.profiles.queries import places_of
from accord.records.waiting.jobs import pass_on_unanswered
from accord.records.waiting.models import PlaceOffer, Touch, Wait

PAGE, ADD = reverse("dashboard:queue"), reverse("dashboard:add_waiting")
OTHERS = ("kai", "petra", "tess", "theo", "sana", "rui", "ines", "dora", "sam", "")


@pytest.fixture
def to(wait_of):
    return lambda route, slug: reverse(f"dashboard:{route}", args=[wait_of(slug).code])


def words(page) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


@pytest.mark.parametrize("slug", ["omar", "vera"])
def test_it_tells_who_waits_and_what_is_suggested(browse, harbour, slug) -> None:
    page = words(browse(slug).get(PAGE))
    assert "5 people wait. 2 have heard nothing for more than three weeks." in page
    order = [page.index(name) for name in ("Petra Simic", "Noor Saleh", "Silas Krämer", "Ravi Menon", "Olga Teixeira")]
    assert order == sorted(order)
    for told in (
        "Suggested: Tess Carvalho Fits: English",
        "Suggested: Tia Rocha",
        "Must: Arabic",
        "Would fit, not confirmed lately: Thandi Nkosi.",
        "Would fit, but is full: Theo Brandt.",
        "9 weeks",
        "Three weeks without a word",
        "Soon",
        "Too few to show.",
    ):
        assert told in page
    assert not [name for name in ("Kai", "Lena", "Amir") if name in page]
    assert Entry.objects.filter(verb="read the queue").count() == 5


def test_a_person_confirms_the_suggestion_and_the_place_is_kept(browse, to, profile_of, wait_of) -> None:
    vera = browse("vera")
    page = words(vera.get(to("waiting_person", "petra")))
    assert "the place goes on by itself, to Ravi Menon" in page
    fields = {"profile": profile_of("tess").code, "days": "3", "passes": "yes"}
    assert vera.post(to("offer_place", "petra"), fields)["Location"] == PAGE
    offer = PlaceOffer.objects.get()
    assert (offer.wait, offer.line[0], places_of(profile_of("tess"))) == (wait_of("petra"), wait_of("ravi").code, 1)
    assert "place with Tess Carvalho offered, answer by 9 May, 09:00" in words(vera.get(PAGE))
    assert vera.post(to("offer_place", "petra"), fields).status_code in (409, 422)


def test_it_says_what_it_costs_to_take_somebody_else(browse, to) -> None:
    page = words(browse("omar").get(to("waiting_person", "petra")))
    assert "Tia Rocha Instead of the suggestion: then somebody else would lose their place" in page


def test_each_step_is_dated(browse, to, profile_of, now) -> None:
    vera = browse("vera")
    fields = {"profile": profile_of("tess").code, "days": "2", "passes": "yes"}
    vera.post(to("offer_place", "petra"), fields)
    pass_on_unanswered(now + timedelta(days=2, minutes=1))
    page = words(vera.get(to("waiting_person", "petra")))
    assert "09:00: place with Tess Carvalho offered. 8 May, 09:01: no answer in time, passed on" in page


def test_the_ready_message_says_the_real_position_and_is_sent_as_it_was_left(browse, to, wait_of) -> None:
    vera = browse("vera")
    page = words(vera.get(to("waiting_person", "noor")))
    for told in (
        "You have waited 9 weeks for a place with us.",
        "About 1 person is before you.",
        "In the last 12 weeks nobody from this list got a place.",
        "We can not say when it will be your turn.",
    ):
        assert told in page
    vera.post(to("write_waiting", "noor"), {"words": "You are second. I ring on Friday."})
    assert "You are second. I ring on Friday." in words(vera.get(to("waiting_person", "noor")))
    assert "1 has heard nothing" in words(vera.get(PAGE))
    vera.post(to("write_waiting", "silas"), {"do": "spoke"})
    assert Touch.objects.filter(wait=wait_of("silas")).order_by("-pk")[0].words is None
    assert vera.post(to("write_waiting", "noor"), {"words": ""}).status_code == 422


def test_an_offer_is_taken_back(browse, to, profile_of) -> None:
    vera = browse("vera")
    vera.post(to("offer_place", "petra"), {"profile": profile_of("tess").code})
    vera.post(to("withdraw_place", "petra"))
    assert places_of(profile_of("tess")) == 2
    assert vera.post(to("withdraw_place", "petra")).status_code == 302


@pytest.mark.parametrize("fields", [{}, {"profile": "thereisnone2"}, {"days": "soon"}])
def test_an_odd_offer_is_told(browse, to, fields) -> None:
    answer = browse("vera").post(to("offer_place", "petra"), fields)
    assert (answer.status_code, "Choose whose place it is." in answer.content.decode()) == (422, True)


def test_a_full_therapist_cannot_be_offered(browse, to, profile_of) -> None:
    assert browse("vera").post(to("offer_place", "petra"), {"profile": profile_of("theo").code}).status_code == 409


def test_urgency_moves_somebody_up(browse, to) -> None:
    vera = browse("vera")
    vera.post(to("set_urgency", "olga"), {"urgency": "2"})
    page = words(vera.get(PAGE))
    assert page.index("Olga") < page.index("Petra")
    assert vera.post(to("set_urgency", "olga"), {"urgency": "x"}).status_code == 422


def test_somebody_who_rang_is_added_with_their_yes(browse, harbour) -> None:
    vera = browse("vera")
    fields = {"name": "Ana Reis", "email": "ana@mail.example", "language": ["es"], "need": ["sleep"]}
    assert "tick that they said yes" in words(vera.post(ADD, fields))
    assert "not a mail address" in words(vera.post(ADD, fields | {"email": "ana"}))
    answer = vera.post(ADD, fields | {"agreed": "yes"})
    page = words(vera.get(answer["Location"]))
    assert "Must: Spanish Nice: Sleep" in page


def test_somebody_with_an_account_elsewhere_shows_by_the_name_that_was_typed(browse, harbour) -> None:
    User.objects.create_user("known@elsewhere.example", "Anna Realname")
    fields = {"name": "A. R.", "email": "known@elsewhere.example", "agreed": "yes"}
    answer = browse("vera").post(ADD, fields, follow=True)
    for page in (words(answer), words(browse("vera").get(PAGE))):
        assert "A. R." in page
        assert "Realname" not in page
        assert "Hello Anna" not in page


def test_whoever_looks_after_two_lists_chooses_whose(browse, person, now) -> None:
    other = open_practice("Another Practice")
    appoint(other, person("vera"), "contact", since=now.date())
    vera = browse("vera")
    fields = {"name": "Ana Reis", "email": "ana@mail.example", "agreed": "yes"}
    assert "Another Practice" in words(vera.get(ADD))
    assert "Choose whose list it is." in words(vera.post(ADD, fields))
    vera.post(ADD, fields | {"practice": other.code})
    assert Wait.objects.get(client__email="ana@mail.example").practice == other


@pytest.mark.parametrize("slug", OTHERS)
def test_nobody_else_sees_or_does_anything(browse, to, slug) -> None:
    other = browse(slug)
    answers = [other.get(PAGE), other.get(ADD), other.get(to("waiting_person", "noor"))]
    answers += [
        other.post(to(route, "noor")) for route in ("offer_place", "withdraw_place", "write_waiting", "set_urgency")
    ]
    assert {answer.status_code for answer in answers} == {403 if slug else 302}


def test_a_code_that_leads_nowhere_is_not_found(browse, harbour) -> None:
    assert browse("vera").get(reverse("dashboard:waiting_person", args=["thereisnone2"])).status_code == 404


def test_the_queries_do_not_grow(browse, harbour, django_assert_max_num_queries) -> None:
    vera = browse("vera")
    vera.get(PAGE)
    with django_assert_max_num_queries(16):
        vera.get(PAGE)
