"""Something felt wrong or unsafe: who gets it, what happens next, and what is so where nobody is named."""

import pytest
from django.urls import reverse

from accord.records.pairs.actions import begin_pair, end_pair
from accord.records.practices.actions import end_post
from accord.records.ruptures.concerns import mark_seen
from accord.records.ruptures.models import Concern

PAGE = reverse("portal:concern")
WORDS = "Something was said that was not right."


@pytest.fixture
def nobody_named(person, now):
    end_post(person("dora").posts.get(), on=now.date())


def test_it_names_the_person_and_what_happens_next(browse, harbour):
    page = browse("kai").get(PAGE).content.decode()
    assert "does not go to Tess" in page
    assert "Dora Pinto" in page
    assert "Nobody reads this day and night" in page
    assert reverse("help") in page


def test_it_names_the_ways_outside(browse, harbour):
    page = browse("kai").get(PAGE).content.decode()
    for told in ("Health and Care Professions Council", "Entidade Reguladora", "Samaritans", 'href="tel:116123"'):
        assert told in page


def test_sent_it_says_so_and_not_more(browse, harbour):
    kai = browse("kai")
    assert kai.post(PAGE, {"words": WORDS, "reach": "after six"})["Location"] == PAGE
    page = kai.get(PAGE).content.decode()
    assert "Sent 09:00" in page
    assert "Not seen yet" in page
    assert WORDS in page


def test_seen_it_says_by_whom_and_when(browse, person, now):
    kai = browse("kai")
    kai.post(PAGE, {"words": WORDS})
    mark_seen(Concern.objects.get(), by=person("dora"), at=now)
    assert "Dora Pinto has seen it, 09:00" in kai.get(PAGE).content.decode()


def test_an_empty_one_is_asked_again_and_keeps_how_to_reach(browse, harbour):
    answer = browse("kai").post(PAGE, {"words": " ", "reach": "after six"})
    assert answer.status_code == 422
    assert 'value="after six"' in answer.content.decode()
    assert "Sent" not in answer.content.decode().split("<main")[1].split("<form")[0]


def test_where_nobody_is_named_it_says_so_and_has_no_form(browse, harbour, nobody_named):
    page = browse("kai").get(PAGE).content.decode()
    assert "Nobody is named for this right now" in page
    assert "<textarea" not in page
    assert "Health and Care Professions Council" in page


def test_named_no_more_between_reading_and_sending(browse, harbour, nobody_named):
    answer = browse("kai").post(PAGE, {"words": WORDS})
    assert answer.status_code == 422
    assert "nothing was sent" in answer.content.decode()
    assert not Concern.objects.exists()


def test_without_a_practice_the_ways_outside_are_there(browse, harbour):
    page = browse("cleo").get(PAGE).content.decode()
    assert "<textarea" not in page
    assert "Samaritans" in page
    assert browse("cleo").post(PAGE, {"words": WORDS}).status_code == 200
    assert not Concern.objects.exists()


def test_another_client_sees_none_of_it(browse, harbour):
    browse("kai").post(PAGE, {"words": WORDS})
    assert WORDS not in browse("jo").get(PAGE).content.decode()


@pytest.mark.parametrize("slug", ["tess", "sana", "omar", "rui", "ines", "dora", "vera", "sam"])
def test_it_is_the_clients_page(browse, harbour, slug):
    assert browse(slug).get(PAGE).status_code == 403


@pytest.fixture
def moved(person, pair_of, now):
    """Kai has moved from Tess to Theo."""
    end_pair(pair_of("kai"), by=person("tess"), at=now)
    return begin_pair(person("kai"), person("theo").posts.get(role="therapist"), by=None, at=now)


def test_with_more_than_one_therapist_it_asks_whom_it_is_about(browse, moved):
    kai = browse("kai")
    page = kai.get(PAGE).content.decode()
    assert "Whom is it about?" in page
    assert "<textarea" not in page
    assert "Tess Carvalho" in page
    assert kai.post(PAGE, {"words": WORDS}).status_code == 200
    assert not Concern.objects.exists()
    about_theo = f"{PAGE}?about={moved.code}"
    assert "does not go to Theo" in kai.get(about_theo).content.decode()
    assert kai.post(PAGE, {"words": WORDS, "about": moved.code})["Location"] == about_theo
    assert Concern.objects.get().about == moved
