"""Everybody's places: for whoever leads; stale ones marked; one click asks; more people than places are not kept."""

import pytest
from django.urls import reverse

from accord.records.accounts.models import Notice

PAGE = reverse("dashboard:places")
OTHERS = ("kai", "tess", "theo", "sana", "rui", "ines", "dora", "vera", "sam", "")


@pytest.fixture
def to(profile_of):
    return lambda route, slug: reverse(f"dashboard:{route}", args=[profile_of(slug).code])


def test_it_tells_how_many_each_sees_by_name_and_marks_the_stale_one(browse, harbour) -> None:
    page = browse("omar").get(PAGE).content.decode()
    assert [page.index(name) for name in ("Tess Carvalho", "Thandi Nkosi", "Theo Brandt", "Tia Rocha")] == sorted(
        page.index(name) for name in ("Tess Carvalho", "Thandi Nkosi", "Theo Brandt", "Tia Rocha")
    )
    for told in ("18 of 20", "20 of 20", "15 of 18", "9 of 10", "Confirmed 40 days ago.", "Ask Thandi to confirm"):
        assert told in page
    assert "Ask Tess to confirm" not in page
    assert not [name for name in ("Kai", "Lena", "Amir") if name in page]


def test_one_click_asks_and_the_public_page_follows_the_answer(browse, to, profile_of, person) -> None:
    omar = browse("omar")
    assert omar.post(to("ask_to_confirm", "thandi"))["Location"] == PAGE
    assert "Asked to confirm, 09:00" in omar.get(PAGE).content.decode()
    assert Notice.objects.filter(user=person("thandi")).count() == 1
    thandi = browse("thandi")
    assert "is this still right?" in thandi.get("/desk/profile/").content.decode()
    thandi.post(reverse("workspace:confirm_places"), {"places": "3"})
    public = browse("").get(reverse("profile", args=[profile_of("thandi").code])).content.decode()
    assert "Open: 3 places" in public
    assert "Ask Thandi" not in omar.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("capacity", "elsewhere", "sentence"),
    [
        ("21", "19", "20 hours a week do not hold 21 people"),
        ("20", "20", "21 people would have 20 places"),
        ("many", "1", "Two whole numbers"),
        ("20", "-1", "Two whole numbers"),
    ],
)
def test_twenty_one_of_twenty_is_refused_and_the_listing_stays_full(
    browse, to, profile_of, capacity, elsewhere, sentence
) -> None:
    answer = browse("omar").post(to("set_places", "theo"), {"capacity": capacity, "elsewhere": elsewhere})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    public = browse("").get(reverse("profile", args=[profile_of("theo").code])).content.decode()
    assert "Full now." in public


def test_fewer_places_hold_at_once(browse, to, profile_of) -> None:
    browse("omar").post(to("set_places", "tess"), {"capacity": "19", "elsewhere": "0"})
    assert "Open: 1 place" in browse("").get(reverse("profile", args=[profile_of("tess").code])).content.decode()


@pytest.mark.parametrize("slug", OTHERS)
def test_nobody_else_sees_or_changes_anything(browse, to, profile_of, slug) -> None:
    other = browse(slug)
    fields = {"capacity": "20", "elsewhere": "10"}
    for answer in (
        other.get(PAGE),
        other.post(to("set_places", "theo"), fields),
        other.post(to("ask_to_confirm", "thandi")),
    ):
        assert answer.status_code == (403 if slug else 302)
    assert (profile_of("theo").elsewhere, profile_of("thandi").asked_at) == (19, None)


def test_the_queries_do_not_grow(browse, harbour, django_assert_max_num_queries) -> None:
    omar = browse("omar")
    omar.get(PAGE)
    with django_assert_max_num_queries(9):
        omar.get(PAGE)
