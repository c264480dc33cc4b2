"""A therapist's openings: theirs alone, in their words, and sent to nobody."""

import pytest
from django.core import mail
from django.urls import reverse

from accord.records.accounts.models import Notice
from accord.records.ruptures.models import Opening

MINE = "Can we go back to Tuesday for a moment?"
PAGE = "/desk/openings/"


def path(name, key="bond-missed"):
    return reverse(f"workspace:{name}", args=[key])


def test_openings_are_for_therapists(cast):
    assert cast("get", PAGE) == {
        "tess": 200,
        "theo": 200,
        "sam": 200,
        "kai": 403,
        "jo": 403,
        "sana": 403,
        "omar": 403,
        "rui": 403,
        "": 302,
    }


@pytest.mark.parametrize("name", ["keep_opening", "hide_opening", "bring_back_opening"])
def test_only_therapists_change_theirs(cast, name):
    found = cast("post", path(name), data={"words": MINE})
    assert {slug for slug, status in found.items() if status == 302} == {"tess", "theo", "sam", ""}
    assert not Opening.objects.exclude(therapist__posts__role="therapist").exists()


def test_an_edited_opening_is_kept_for_tess_only(browse, kais_dip):
    tess = browse("tess")
    tess.post(path("keep_opening"), {"words": MINE})
    assert MINE in tess.get("/desk/").content.decode()
    assert MINE not in browse("theo").get(PAGE).content.decode()


def test_nothing_sends_it_to_anybody(browse, kais_dip):
    before = Notice.objects.count()
    browse("tess").post(path("keep_opening"), {"words": MINE})
    assert (Notice.objects.count(), len(mail.outbox)) == (before, 0)


def test_an_empty_version_brings_ours_back(browse, kais_dip):
    tess = browse("tess")
    tess.post(path("keep_opening"), {"words": MINE})
    tess.post(path("keep_opening"), {"words": ""})
    assert "I think I missed something last time." in tess.get("/desk/").content.decode()


def test_not_my_style_makes_room_for_another_and_can_be_undone(browse, kais_dip):
    tess = browse("tess")
    tess.post(path("hide_opening"), {"back": "/desk/"})
    page = tess.get("/desk/").content.decode()
    assert "I think I missed something last time." not in page
    assert "Was there a moment when you wished" in page
    assert f'action="{path("bring_back_opening")}?back=%2Fdesk%2F"' in page
    tess.post(path("bring_back_opening"), {"back": "/desk/"})
    assert "I think I missed something last time." in tess.get("/desk/").content.decode()


def test_what_was_put_away_can_be_found_again(browse, harbour, text):
    tess = browse("tess")
    tess.post(path("hide_opening"))
    assert "Put away Bring it back" in text(tess.get(PAGE))


def test_all_put_away_leaves_a_card_without_openings(browse, kais_dip, pair_of):
    tess = browse("tess")
    for key in ("bond-missed", "bond-between", "bond-wish", "any-ask", "any-slow"):
        tess.post(path("hide_opening", key))
    assert "data-opening" not in tess.get("/desk/").content.decode()


def test_too_long_is_refused_and_unknown_is_not_found(browse, harbour):
    tess = browse("tess")
    assert tess.post(path("keep_opening"), {"words": "x" * 2001}).status_code == 422
    assert tess.post(path("hide_opening", "no-such")).status_code == 404


def test_words_are_escaped(browse, kais_dip):
    tess = browse("tess")
    tess.post(path("keep_opening"), {"words": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in tess.get("/desk/").content.decode()
