"""The gate: roles as of today, and what no database can store."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accord.records.practices.actions import end_post
from accord.records.practices.models import Post


@pytest.mark.parametrize("route", ["workspace:today", "portal:home"])
def test_a_colleague_who_has_left_is_nobody_here_on_the_next_request(browse, person, now, route):
    tess = browse("tess")
    assert tess.get(reverse("workspace:today")).status_code == 200
    end_post(Post.objects.get(user=person("tess")), on=now.date())
    assert tess.get(reverse(route)).status_code == 403
    assert tess.get(reverse("home")).status_code == 200


def test_a_post_that_ends_tomorrow_is_held_today(browse, person, now):
    end_post(Post.objects.get(user=person("tess")), on=now.date() + timedelta(days=1))
    assert browse("tess").get(reverse("workspace:today")).status_code == 200


def test_somebody_new_without_a_therapist_is_a_client(browse):
    assert browse("cleo").get(reverse("portal:home")).status_code == 200


def test_a_character_that_no_database_stores_is_refused_plainly(browse):
    answer = browse("tess").post(reverse("workspace:keep_opening", args=["bond-missed"]), {"words": "a\x00b"})
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.content.decode()
