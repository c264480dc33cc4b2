"""Waiting for a place: where one stands, a place that is kept, yes, no, and leaving. One's own only."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from accord.records.pairs.queries import caseload
from accord.records.profiles.queries import own_profile, places_of
from accord.records.waiting.actions import send_message
from accord.records.waiting.models import PlaceOffer, Wait
from accord.records.waiting.offering import offer_place

PAGE = reverse("portal:wait")


@pytest.fixture
def wait(harbour):
    return Wait.objects.get(client__email="petra@harbour.example")


@pytest.fixture
def tess(person, now):
    return own_profile(person("tess"), at=now)


@pytest.fixture
def offer(wait, tess, person, now):
    return offer_place(wait, tess, by=person("vera"), at=now)


@pytest.fixture
def answer(offer):
    return reverse("portal:answer_place", args=[offer.code])


def words(page) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def test_it_says_where_somebody_stands_and_promises_nothing(browse, wait, person, now) -> None:
    send_message(wait, "You are still on our list.", by=person("vera"), at=now, address="")
    page = words(browse("petra").get(PAGE))
    for told in (
        "You are on the list",
        "You asked on 1 April 2024.",
        "Nobody is before you now.",
        "Nobody can say when it is your turn.",
        "You are still on our list.",
        "What they know of you English",
    ):
        assert told in page
    assert "You wait for a place" in words(browse("petra").get("/me/"))


def test_a_place_that_is_kept_says_with_whom_and_until_when(browse, offer) -> None:
    petra = browse("petra")
    assert "A place is kept for you. You can answer until 9 May, 09:00." in words(petra.get("/me/"))
    page = words(petra.get(PAGE))
    assert "A place with Tess Carvalho It is kept for you until 9 May, 09:00." in page
    offer.refresh_from_db()
    assert offer.seen_at


def test_yes_begins_it(browse, answer, person, tess, now) -> None:
    assert browse("petra").post(answer, {"answer": "yes"})["Location"] == reverse("portal:home")
    assert person("petra") in [pair.client for pair in caseload(person("tess"), at=now)]
    assert "You are on no list" in words(browse("petra").get(PAGE))


def test_no_keeps_them_on_the_list(browse, answer, person, now) -> None:
    petra = browse("petra")
    petra.post(answer, {"answer": "no"})
    assert "You are on the list" in words(petra.get(PAGE))
    free = own_profile(person("tess"), at=now)
    assert free is not None
    assert places_of(free) == 2
    assert petra.post(answer, {"answer": "yes"}).status_code == 409


def test_neither_is_asked_again(browse, answer) -> None:
    assert browse("petra").post(answer).status_code == 422


def test_after_its_time_it_says_so(browse, answer, clock_at, now) -> None:
    petra = browse("petra")
    clock_at(now + timedelta(days=3, minutes=1))
    assert "A place with Tess" not in words(petra.get(PAGE))
    late = petra.post(answer, {"answer": "yes"})
    assert (late.status_code, "You are still on the list." in words(late)) == (409, True)


def test_leaving_is_one_press_and_waits_for_an_answer(browse, wait, tess, person, now) -> None:
    leave = reverse("portal:leave_list", args=[wait.code])
    offer = offer_place(wait, tess, by=person("vera"), at=now)
    petra = browse("petra")
    assert petra.post(leave).status_code == 422
    petra.post(reverse("portal:answer_place", args=[offer.code]), {"answer": "no"})
    petra.post(leave)
    assert "You are on no list" in words(petra.get(PAGE))


@pytest.mark.parametrize("slug", ["kai", "cleo", "tess", "omar", "vera", "sana", "sam", ""])
def test_nobody_else_answers_or_leaves(browse, wait, answer, slug) -> None:
    other = browse(slug)
    expected = 404 if slug in {"kai", "cleo"} else 403 if slug else 302
    assert other.post(answer, {"answer": "yes"}).status_code == expected
    assert other.post(reverse("portal:leave_list", args=[wait.code])).status_code == expected
    assert PlaceOffer.objects.get().state == "open"
    if expected == 404:
        assert "You are on no list" in words(other.get(PAGE))
