"""The check-in by its link and by its code: who may open it, what is kept, what is refused."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accord.records.accounts.actions import make_link
from accord.records.accounts.models import Link
from accord.records.checkins.actions import ANSWERABLE_FOR, FIRST_IMPRESSION, ask
from accord.records.checkins.models import CheckIn
from accord.records.pairs.actions import end_pair

SHEET = {"bond": "3", "goal": "7", "task": "7", "tension": "a-bit", "note": "I felt missed.", "travels": "before-next"}
JSON = {"Accept": "application/json"}


@pytest.fixture
def waiting(pair_of):
    return CheckIn.objects.get(session__pair=pair_of("kai"), instrument="checkin@1", received_at=None)


@pytest.fixture
def link(waiting, now, clock_at):
    clock_at(now)
    token = make_link(waiting.session.pair.client, Link.Purpose.CHECK_IN, about=waiting.code, at=now)
    return reverse("portal:check_in_by_link", args=[token])


def send(path, client=None, *, key="key-1", **more):
    return (client or Client()).post(path, SHEET | {"idempotency_key": key} | more, headers=JSON)


def test_the_link_opens_without_signing_in_and_says_nothing_about_anybody_else(link):
    page = Client().get(link)
    assert page.status_code == 200
    assert "How safe did it feel" in page.content.decode()
    assert "checked" not in page.content.decode().replace("aria-checked", "")


def test_it_is_received_and_says_when_and_what_comes_next(link, waiting):
    answer = send(link)
    assert answer.status_code == 200
    assert answer.json()["state"] == "sent"
    assert answer.json()["at"].startswith("09:0")
    assert "Tess can see your answers now." in answer.json()["what_next"]  # she has rated the session already
    waiting.refresh_from_db()
    assert waiting.answers == {"bond": 3, "goal": 7, "task": 7, "tension": "a-bit"}
    assert waiting.scores == {"bond": 3, "goal": 7, "task": 7}
    assert waiting.note == "I felt missed."


def test_it_says_that_the_other_side_waits_only_while_it_does(link, waiting):
    CheckIn.objects.filter(session=waiting.session, instrument="checkin-therapist@1").delete()
    assert "Tess sees your answers once both of you have answered" in send(link).json()["what_next"]


def test_the_same_sending_again_is_the_same_answer(link):
    assert send(link).json()["state"] == send(link).json()["state"] == "sent"


def test_the_same_key_with_another_body_is_refused(link, waiting):
    send(link)
    again = send(link, bond="9")
    assert again.status_code == 422
    assert "first ones count" in again.json()["message"]
    waiting.refresh_from_db()
    assert waiting.scores["bond"] == 3


def test_another_sending_does_not_overwrite(link, waiting):
    send(link)
    assert send(link, key="key-2", bond="9").status_code == 409
    waiting.refresh_from_db()
    assert waiting.scores["bond"] == 3


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"bond": "11"}, "bond"), ({"tension": "very"}, "tension"), ({"travels": ""}, "travel"), ({"goal": ""}, "open")],
)
def test_what_does_not_fit_is_refused_by_name_and_nothing_is_stored(link, waiting, wrong, says):
    answer = send(link, **wrong)
    assert answer.status_code == 422
    assert says in answer.json()["message"].lower()
    waiting.refresh_from_db()
    assert waiting.received_at is None


def test_without_javascript_a_refusal_shows_the_form_again_with_what_was_chosen(link):
    page = Client().post(link, SHEET | {"goal": ""})
    assert page.status_code == 422
    assert "I felt missed." in page.content.decode()
    assert "Error:" in page.content.decode()


def test_a_link_that_has_run_out_says_so_and_offers_another_way(link, clock_at, now):
    clock_at(now + timedelta(days=9))
    page = Client().get(link)
    assert page.status_code == 410
    assert reverse("sign_in") in page.content.decode()
    assert send(link).status_code == 410


def test_a_made_up_link_opens_nothing(harbour):
    assert Client().get("/c/nothing-at-all/").status_code == 410


def test_a_link_opens_its_own_check_in_only(link, pair_of, waiting):
    assert waiting.code not in link
    assert Client().get(reverse("portal:check_in", args=[waiting.code])).status_code == 302


@pytest.mark.parametrize(("slug", "status"), [("kai", 200), ("jo", 404), ("sam", 403), ("tess", 403), ("omar", 403)])
def test_by_code_it_is_for_its_client(browse, waiting, slug, status):
    assert browse(slug).get(reverse("portal:check_in", args=[waiting.code])).status_code == status


def test_opening_it_again_says_that_it_was_sent(link):
    send(link)
    assert "Sent 09:0" in Client().get(link).content.decode()


def test_offline_answers_keep_both_times(link, waiting):
    send(link, answered_at="2024-05-06T08:31:00+01:00", zone_offset="60")
    waiting.refresh_from_db()
    assert waiting.answered_at < waiting.received_at
    assert waiting.zone_offset == 60


def test_a_first_impression_is_one_tap_and_stays_with_the_client(pair_of, now, clock_at, browse):
    clock_at(now)
    session = pair_of("kai").sessions.get(number=2)
    asked = ask(session, FIRST_IMPRESSION, at=now)
    assert asked
    path = reverse("portal:check_in", args=[asked.code])
    kai = browse("kai")
    assert "How does this feel so far?" in kai.get(path).content.decode()
    page = kai.post(path, {"impression": "unsure", "idempotency_key": "one"})
    assert "Would it help to say it?" in page.content.decode()
    tess = browse("tess").get(reverse("workspace:pair", args=[pair_of("kai").code])).content.decode()
    assert "nsure" not in tess


def test_the_answer_to_a_program_is_json(link):
    assert json.loads(send(link).content)["state"] == "sent"


def test_it_does_not_say_sent_where_the_two_no_longer_work_together(browse, person, pair_of, waiting, now):
    url = reverse("portal:check_in", args=[waiting.code])
    end_pair(pair_of("kai"), by=person("tess"), at=now)
    kai = browse("kai")
    assert url not in kai.get(reverse("portal:home")).content.decode()
    answer = kai.get(url)
    assert (answer.status_code, "Send to Tess" in answer.content.decode()) == (410, False)
    assert "Tess does not work with you here any more" in answer.content.decode()
    assert kai.post(url, SHEET, headers=JSON).status_code == 410
    waiting.refresh_from_db()
    assert waiting.received_at is None


def test_after_eight_days_an_old_page_no_longer_takes_answers(browse, waiting, clock_at):
    kai = browse("kai")
    clock_at(waiting.asked_at + ANSWERABLE_FOR)
    assert kai.post(reverse("portal:check_in", args=[waiting.code]), SHEET, headers=JSON).status_code == 410
