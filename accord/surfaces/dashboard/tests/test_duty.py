"""The duty person's page: the client's words, "I have seen this", contact. Nobody else's."""

import pytest
from django.urls import reverse

from accord.records.audit.models import Entry
from accord.records.pairs.queries import Seen
from accord.records.ruptures.concerns import raise_concern
from accord.records.ruptures.models import Concern

PAGE = reverse("dashboard:duty")
WORDS = "canary-44e1 it felt wrong"
EVERYBODY = ("kai", "jo", "tess", "theo", "sana", "omar", "rui", "ines", "vera", "sam", "")


@pytest.fixture
def concern(pair_of, person, now):
    kai = Seen(pair_of("kai"), person("kai"), "client")
    return raise_concern(WORDS, by=kai, at=now, reach="555 0101, after six")


@pytest.fixture
def seen(concern):
    return reverse("dashboard:see_concern", args=[concern.code])


def test_it_shows_the_words_and_how_to_reach_and_the_look_is_written_down(browse, concern, person):
    page = browse("dora").get(PAGE).content.decode()
    for told in (WORDS, "Kai Moreno", "555 0101, after six", "Tess Carvalho"):
        assert told in page
    assert Entry.objects.get(verb="read a concern", row=concern.code).actor == person("dora")


def test_without_a_way_there_is_the_mail_address(browse, concern):
    Concern.objects.update(reach=None)
    assert "mailto:kai@harbour.example" in browse("dora").get(PAGE).content.decode()


def test_i_have_seen_this_is_said_once(browse, concern, seen, person):
    dora = browse("dora")
    assert dora.post(seen)["Location"] == PAGE
    assert "Seen by Dora Pinto, 09:00" in dora.get(PAGE).content.decode()
    assert dora.post(seen).status_code == 409


def test_looking_is_not_saying_so(browse, concern):
    browse("dora").get(PAGE)
    concern.refresh_from_db()
    assert concern.seen_at is None


@pytest.mark.parametrize("slug", EVERYBODY)
def test_nobody_else_sees_or_marks_anything(browse, concern, seen, slug):
    other = browse(slug)
    for answer in (other.get(PAGE), other.post(seen)):
        assert answer.status_code == (403 if slug else 302)
        assert "canary" not in answer.content.decode()
    concern.refresh_from_db()
    assert concern.seen_at is None


def test_a_code_that_leads_nowhere_is_not_found(browse, concern):
    assert browse("dora").post(reverse("dashboard:see_concern", args=["thereisnone2"])).status_code == 404


def test_without_concerns_it_says_so(browse, harbour):
    assert "Nothing is waiting." in browse("dora").get(PAGE).content.decode()


def test_the_queries_do_not_grow(browse, concern, pair_of, person, now, django_assert_num_queries):
    dora = browse("dora")
    dora.get(PAGE)
    for _ in range(10):
        raise_concern(WORDS, by=Seen(pair_of("jo"), person("jo"), "client"), at=now)
    with django_assert_num_queries(5):
        dora.get(PAGE)


def test_the_front_door_leads_there(browse, harbour):
    assert browse("dora").get("/")["Location"] == PAGE
    assert browse("vera").get("/")["Location"] == reverse("dashboard:contact")


def test_the_named_contact_is_told_what_clients_are_told(browse, harbour):
    page = browse("vera").get(reverse("dashboard:contact")).content.decode()
    assert "vera@harbour.example" in page
    assert "or write to you themselves" in page
