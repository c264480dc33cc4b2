"""The page of one person who helps: the same for everybody, and only what was published."""

import re
from html import unescape

import pytest
from django.urls import reverse

from accord.records.profiles.actions import unpublish
from accord.records.profiles.places import take_place

EVERYBODY = ("", "kai", "cleo", "tess", "theo", "sana", "omar", "rui", "ines", "dora", "vera", "sam", "nia")


@pytest.fixture
def address(profile_of):
    return lambda slug: reverse("profile", args=[profile_of(slug).code])


@pytest.fixture
def read(browse, address):
    def words(slug, by=""):
        html = browse(by).get(address(slug)).content.decode()
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())

    return words


@pytest.mark.parametrize("slug", EVERYBODY)
def test_it_is_the_same_for_everybody(browse, address, slug) -> None:
    answer = browse(slug).get(address("tess"))
    assert answer.status_code == 200
    assert "Open: 2 places" in answer.content.decode()


def test_it_says_in_plain_words_what_there_is(read) -> None:
    page = read("tess")
    for told in (
        "The first time you talk",
        "Nobody decides anything in that call",
        "Spanish",
        "in person in Lisbon · by video",
        "afternoons · evenings",
        "€70 a session · €40 for people with little money",
        "Tagus Health as of 24 April 2024. Where this is from: their list of people, on their site",
        "Questions to ask Tess",
        "How do I tell you that something is off?",
        "Confirmed today.",
        "Works with a clear plan.",
    ):
        assert told in page, page


def test_it_says_how_each_stands(read) -> None:
    assert "Full now. Nobody can say for how long" in read("theo")
    assert "Not confirmed lately, ask Confirmed 40 days ago." in read("thandi")
    assert "Therapist in training, supervised by Sana Qureshi" in read("tia")
    assert not [word for word in ("score", "star", "rank") if word in read("tess").split()]


def test_a_place_that_goes_is_gone_from_the_page_at_once(read, profile_of, now) -> None:
    take_place(profile_of("tess"), by=None, at=now)
    assert "Open: 1 place Confirmed" in read("tess")


def test_it_is_not_there_once_it_was_taken_down(browse, address, profile_of, person, now) -> None:
    unpublish(profile_of("tess"), by=person("tess"), at=now)
    for slug in ("", "kai", "omar", "tess"):
        assert browse(slug).get(address("tess")).status_code == 404


def test_it_puts_nothing_on_the_phone(browse, address) -> None:
    answer = browse("").get(address("tess"))
    assert set(answer.cookies) == {"csrftoken"}  # for the button that keeps a question
    assert "service-worker" not in answer.content.decode()
