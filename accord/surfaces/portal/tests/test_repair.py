"""The client's side of a repair: only the client ends it, and sees each step."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accord.records.alliance.jobs import estimate_waiting
from accord.records.checkins.actions import Answers, answer
from accord.records.checkins.models import CheckIn
from accord.records.pairs.queries import seen_by
from accord.records.ruptures.actions import move
from accord.records.ruptures.jobs import raise_flags
from accord.records.ruptures.models import Episode


@pytest.fixture
def episode(pair_of, now):
    asked = CheckIn.objects.get(session__pair=pair_of("kai"), instrument="checkin@1", received_at=None)
    sheet = Answers({"bond": 3, "goal": 7, "task": 7, "tension": "yes"})
    answer(asked, sheet, by=asked.session.pair.client, key="k", at=now - timedelta(minutes=1))
    soon = now + timedelta(seconds=1)
    estimate_waiting(soon)
    raise_flags(soon)
    return Episode.objects.get(pair=pair_of("kai"))


@pytest.fixture
def here(episode):
    return reverse("portal:repair", args=[episode.code])


@pytest.fixture
def end(episode):
    return reverse("portal:move_repair", args=[episode.code])


def test_it_tells_the_steps_and_who_took_them(browse, episode, here, person, now):
    seen = seen_by(person("tess"), episode.pair.code, at=now)
    move(episode, "agreed", by=seen, at=now, words="We start with you, not with the diary.")
    text = browse("kai").get(here).content.decode()
    assert "Something agreed, noted by Tess" in text
    assert "6 May, 09:00" in text
    assert "We start with you" in text


@pytest.mark.parametrize(("to", "page"), [("closed", "home"), ("let-go", "repair")])
def test_kai_ends_it_either_way(browse, episode, here, end, to, page):
    answer = browse("kai").post(end, {"to": to})
    assert answer["Location"] == (here if page == "repair" else reverse("portal:home"))
    episode.refresh_from_db()
    assert episode.state == to
    assert episode.ended_at is not None


def test_after_the_end_there_is_nothing_to_press(browse, episode, here, end):
    kai = browse("kai")
    kai.post(end, {"to": "closed"})
    assert "<button" not in kai.get(here).content.decode().split("<main")[1].split("</main>")[0]
    assert kai.post(end, {"to": "let-go"}).status_code == 409


def test_saying_that_you_talked_keeps_it_open(browse, episode, here, end):
    assert browse("kai").post(end, {"to": "talked-about"})["Location"] == here
    episode.refresh_from_db()
    assert (episode.state, episode.ended_at) == ("talked-about", None)


@pytest.mark.parametrize("to", ["looked-at", "nowhere", ""])
def test_steps_that_are_not_the_clients_are_refused(browse, episode, end, to):
    assert browse("kai").post(end, {"to": to}).status_code in {403, 422}
    episode.refresh_from_db()
    assert episode.state == "noticed"


@pytest.mark.parametrize(("slug", "status"), [("jo", 404), ("tess", 403), ("theo", 403), ("omar", 403), ("sam", 403)])
def test_nobody_else_sees_or_ends_it(browse, episode, here, end, slug, status):
    other = browse(slug)
    assert other.get(here).status_code == status
    assert other.post(end, {"to": "closed"}).status_code == status
    episode.refresh_from_db()
    assert episode.ended_at is None
