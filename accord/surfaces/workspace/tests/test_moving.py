"""Somebody would like to move here, or moves on: what each therapist sees, and when."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accord.records.audit.models import Entry
from accord.records.matching import moving as actions
from accord.records.matching.moving import Farewell
from accord.records.matching.moving_queries import Line
from accord.records.pairs.queries import Seen
from accord.records.profiles.models import Profile

NOTE, BYE = "canary-note-11", "canary-bye-12"
TODAY = reverse("workspace:today")


@pytest.fixture
def lena(pair_of):
    pair = pair_of("lena")
    return Seen(pair, pair.client, "client")


@pytest.fixture
def move(lena, person, now):
    move = actions.begin_move(by=lena, at=now)
    actions.keep_lines(move, [Line("own", NOTE)], by=lena)
    actions.choose_person(move, Profile.objects.get(post__user=person("tess")).code, by=lena, at=now)
    actions.choose_goodbye(move, Farewell("message", BYE), by=lena)
    actions.ask_new(move, by=lena, at=now)
    return move


def asked(move) -> str:
    return reverse("workspace:asked_move", args=[move.code])


def test_the_one_who_was_asked_sees_wishes_and_no_note(move, browse):
    tess = browse("tess")
    assert asked(move) in tess.get(TODAY).content.decode()
    page = tess.get(asked(move)).content.decode()
    assert "Lena Vogt would like to move to you" in page
    assert NOTE not in page
    assert BYE not in page


@pytest.mark.parametrize(
    ("slug", "status"), [*((slug, 403) for slug in ("theo", "thandi", "omar", "sana", "vera", "lena")), ("sam", 404)]
)
def test_nobody_else_opens_it_and_the_try_is_kept(slug, status, move, browse, person):
    assert browse(slug).get(asked(move)).status_code == status
    assert Entry.objects.filter(kind="denied", actor=person(slug)).count() == 1


def test_a_first_time_is_offered_within_the_limit(move, browse, now):
    tess, url = browse("tess"), reverse("workspace:answer_move", args=[move.code])
    for typed in ("", "2024-08-01T10:00", "2020-01-01T10:00"):
        assert tess.post(url, {"do": "yes", "first_at": typed}).status_code == 422
    tess.post(url, {"do": "yes", "first_at": "2024-05-14T07:30"})
    assert "The place is held until Lena says yes" in tess.get(asked(move)).content.decode()


def test_a_no_needs_no_reason(move, browse):
    browse("tess").post(reverse("workspace:answer_move", args=[move.code]), {"do": "no"})
    move.refresh_from_db()
    assert move.state == "begun"


def test_the_one_before_is_told_after_the_step_and_in_neutral_words(move, lena, browse, person, now):
    theo, url = browse("theo"), reverse("workspace:leaving", args=[move.code])
    actions.offer_first(move, now + timedelta(days=8), by=person("tess"), at=now)
    assert theo.get(url).status_code == 403
    assert "is moving" not in theo.get(TODAY).content.decode()
    actions.confirm_move(move, by=lena, at=now)
    assert url in theo.get(TODAY).content.decode()
    page = theo.get(url).content.decode()
    assert "Lena is moving to another therapist" in page
    assert BYE in page
    for word in (NOTE, "score", "Tess"):
        assert word not in page
    for slug, status in (("tess", 403), ("omar", 403), ("sam", 404)):
        assert browse(slug).get(url).status_code == status


def test_the_new_one_has_the_note_and_the_goals(move, lena, browse, person, now):
    actions.offer_first(move, now + timedelta(days=8), by=person("tess"), at=now)
    pair = actions.confirm_move(move, by=lena, at=now)
    tess, url = browse("tess"), reverse("workspace:brought", args=[pair.code])
    assert NOTE in tess.get(url).content.decode()
    for name in ("pair", "prep"):
        assert url in tess.get(reverse(f"workspace:{name}", args=[pair.code])).content.decode()
    assert browse("theo").get(url).status_code == 403
    assert browse("omar").get(url).status_code == 403


def test_the_lead_sees_that_it_happened_and_nobody(move, lena, browse, person, now):
    actions.offer_first(move, now + timedelta(days=8), by=person("tess"), at=now)
    actions.confirm_move(move, by=lena, at=now)
    page = browse("omar").get(reverse("dashboard:practice")).content.decode()
    assert "moved to another therapist here" in page
    for name in ("Lena", "Theo", "Tess"):
        assert name not in page
