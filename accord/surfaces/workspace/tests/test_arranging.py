"""How a desk tells, looks and listens: each therapist's own choice, kept where they next sign in."""

import pytest

from accord.records.desk.models import Preference

PAGE = "/desk/yours/"
CHOSEN = {"notices": "morning", "density": "close"}  # the box for keys is not ticked


def test_it_is_for_therapists(cast):
    found = cast("get", PAGE)
    assert {slug for slug, status in found.items() if status == 200} == {"tess", "theo", "sam"}
    assert {slug for slug, status in cast("post", PAGE, data=CHOSEN).items() if status == 302} == {
        "tess",
        "theo",
        "sam",
        "",
    }


def test_what_is_chosen_holds_at_once_and_after_the_next_sign_in(browse):
    tess = browse("tess")
    assert 'data-keys="on"' in tess.get("/desk/").content.decode()
    tess.post(PAGE, CHOSEN)
    for client in (tess, browse("tess")):
        page = client.get("/desk/").content.decode()
        assert 'data-keys="off"' in page
        assert "desk-page--close" in page
        assert 'value="morning" checked' in client.get(PAGE).content.decode()


def test_it_is_ones_own(browse):
    browse("tess").post(PAGE, CHOSEN)
    assert "desk-page--close" not in browse("theo").get("/desk/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{}, {"notices": "often", "density": "close"}, {"notices": "none", "density": "tiny"}]
)
def test_what_is_no_choice_is_refused(browse, wrong):
    assert browse("tess").post(PAGE, wrong).status_code == 422
    assert not Preference.objects.exists()


def test_the_budget_is_stated_with_true_numbers(browse, text):
    read = text(browse("tess").get(PAGE))
    assert "at most 3 a day. What comes after waits for 07:30" in read
    assert "about 1 in 40 sessions brings one by chance" in read


def test_the_card_says_how_often_such_a_note_comes_by_chance(browse, kais_dip, text):
    assert "A note like this comes by chance in about 1 of 40 sessions, even if nothing changed." in text(
        browse("tess").get("/desk/")
    )
