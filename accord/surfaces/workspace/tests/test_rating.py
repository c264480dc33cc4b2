"""The therapist's own rating: blind before, side by side after, sent exactly once, skipped without a word."""

import re

import pytest
from django.urls import reverse

from accord.records.checkins.models import CheckIn

SHEET = {"bond": "6", "goal": "7", "task": "8", "predicted-bond": "7", "predicted-goal": "7", "tension": "no"}


@pytest.fixture
def asked(pair_of):
    return CheckIn.objects.get(session__pair=pair_of("nuno"), rater="therapist", received_at=None)


@pytest.fixture
def path(asked):
    return reverse("workspace:rate", args=[asked.code])


def test_only_the_therapist_who_was_asked_opens_it(cast, path, only_tess):
    assert cast("get", path) == only_tess


def test_nobody_else_can_answer_or_skip(cast, path, asked, only_tess):
    others = {slug: status for slug, status in only_tess.items() if slug != "tess"}
    for tried in (path, f"{path}skip/"):
        found = cast("post", tried, data=SHEET | {"key": "k"})
        assert {slug: status for slug, status in found.items() if slug != "tess"} == others
        CheckIn.objects.filter(pk=asked.pk).update(
            received_at=None, answers=None, answered_at=None, skipped_at=None, idempotency_key=None
        )


def test_a_clients_check_in_is_not_the_therapists_to_answer(browse, pair_of, harbour):
    theirs = CheckIn.objects.get(session__pair=pair_of("kai"), rater="client", received_at=None)
    assert browse("tess").get(reverse("workspace:rate", args=[theirs.code])).status_code == 403


def test_nothing_of_the_answers_is_in_the_source_before(browse, path, pair_of, text):
    CheckIn.objects.filter(session__pair=pair_of("nuno"), rater="client").update(scores={"bond": 9.25})
    page = browse("tess").get(path)
    assert "Session 3 with Nuno" in text(page)
    assert "9.25" not in page.content.decode()
    assert "checked" not in page.content.decode()


def test_three_views_three_guesses_and_tension_are_asked(browse, path):
    html = browse("tess").get(path).content.decode()
    names = list(dict.fromkeys(re.findall(r'type="radio" name="([\w-]+)"', html)))
    assert names == ["bond", "goal", "task", "predicted-bond", "predicted-goal", "predicted-task", "tension"]
    assert html.count('name="bond"') == 11


def test_after_sending_both_stand_side_by_side(browse, path, asked, text):
    tess = browse("tess")
    sent = tess.post(path, SHEET | {"key": "one"})
    assert (sent.status_code, sent["Location"]) == (302, path)
    read = text(tess.get(path))
    assert "Both of you have answered." in read
    theirs = CheckIn.objects.get(session=asked.session, instrument="checkin@1").answers or {}
    assert f"Bond 6 7 {theirs['bond']}" in read


def test_what_is_left_out_is_stored_as_skipped(browse, path, asked):
    browse("tess").post(path, SHEET | {"key": "one"})
    asked.refresh_from_db()
    assert asked.answers["predicted-task"] == "skipped"
    assert asked.scores["predicted-task"] is None


def test_the_same_sending_twice_is_one_answer(browse, path, asked):
    tess = browse("tess")
    assert [tess.post(path, SHEET | {"key": "one"}).status_code for _ in range(2)] == [302, 302]
    assert tess.post(path, SHEET | {"key": "two", "bond": "1"}).status_code == 409
    asked.refresh_from_db()
    assert asked.answers["bond"] == 6


@pytest.mark.parametrize("sheet", [{}, {"bond": "11"}, {"tension": "maybe"}])
def test_an_empty_or_impossible_sheet_is_asked_again(browse, path, asked, sheet, text):
    page = browse("tess").post(path, sheet | {"key": "one"})
    assert page.status_code == 422
    assert "Something needs another look" in text(page)
    asked.refresh_from_db()
    assert asked.received_at is None


def test_skipping_opens_the_answers(browse, path, pair_of, asked):
    tess = browse("tess")
    answer = tess.post(f"{path}skip/")
    assert answer["Location"] == reverse("workspace:prep", args=[pair_of("nuno").code])
    asked.refresh_from_db()
    assert asked.skipped_at is not None
    assert "Rate session 3" not in tess.get(answer["Location"]).content.decode()


def test_sending_before_the_client_says_that_nothing_shows_yet(browse, pair_of, text, harbour):
    mine = CheckIn.objects.get(session__pair=pair_of("kai"), session__number=5, rater="therapist")
    read = text(browse("tess").get(reverse("workspace:rate", args=[mine.code])))
    assert "Kai has not answered yet; nothing of yours shows until then." in read
    assert "not yet" in read
