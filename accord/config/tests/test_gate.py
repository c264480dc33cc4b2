"""The gate: roles as of today, and what no database can store."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accord.records.pairs.actions import begin_pair
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


def test_a_former_colleague_who_is_a_client_now_gets_to_their_own_page(browse, person, now):
    lund = person("vera")
    for post in Post.objects.filter(user=lund):
        end_post(post, on=now.date())
    vera = browse("vera")
    assert vera.get(reverse("portal:home")).status_code == 403
    begin_pair(lund, Post.objects.get(user=person("tess")), by=None, at=now)
    assert vera.get(reverse("portal:home")).status_code == 200
    assert vera.get(reverse("dashboard:contact")).status_code == 403


def test_who_has_no_page_here_any_more_can_sign_out(browse, person, now):
    end_post(Post.objects.get(user=person("tess")), on=now.date())
    tess = browse("tess")
    page = tess.get(reverse("home")).content.decode()
    assert f'action="{reverse("sign_out")}"' in page
    assert "You are signed in as Tess Carvalho" in page
    tess.post(reverse("sign_out"))
    assert f'class="onward" href="{reverse("sign_in")}"' in tess.get(reverse("home")).content.decode()


@pytest.mark.parametrize("origin", ["http://testserver", "https://elsewhere.example"])
def test_a_form_that_was_too_old_gives_the_words_back_and_help(harbour, origin):
    client = Client(enforce_csrf_checks=True, headers={"origin": origin})
    answer = client.post(reverse("portal:say_words"), {"words": "I felt alone <with> it.", "password": "secret words"})
    page = answer.content.decode()
    assert answer.status_code == 403
    for told in ("Nothing was sent", 'href="/help/"', "112"):
        assert told in page
    assert ("I felt alone &lt;with&gt; it." in page) == (origin == "http://testserver")  # from nobody else's page
    assert "secret words" not in page
