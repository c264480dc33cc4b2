"""The client's own page: what waits, both sides over time, one's own words; nobody else's."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accord.records.alliance.jobs import estimate_waiting
from accord.records.checkins.actions import Answers, answer
from accord.records.checkins.models import CheckIn
from accord.records.pairs.actions import begin_pair, end_pair
from accord.records.ruptures.jobs import raise_flags
from accord.surfaces.portal.words import greeting

HOME = reverse("portal:home")
WORDS = "I left feeling a bit missed."


def read(client) -> str:
    page = client.get(HOME)
    assert page.status_code == 200
    return str(page.content.decode())


@pytest.fixture
def sent(pair_of, now):
    """Kai has answered, as he chose it to travel; the background work has run."""

    def send(travels: str) -> None:
        asked = CheckIn.objects.get(session__pair=pair_of("kai"), instrument="checkin@1", received_at=None)
        sheet = Answers({"bond": 3, "goal": 7, "task": 7, "tension": "a-bit"}, note=WORDS, travels=travels)
        answer(asked, sheet, by=asked.session.pair.client, key="k", at=now - timedelta(minutes=1))
        soon = now + timedelta(seconds=1)
        estimate_waiting(soon)
        raise_flags(soon)

    return send


def test_what_waits_comes_first_and_times_are_on_the_clients_wall(browse):
    page = read(browse("kai"))
    assert "How was session 5 with Tess?" in page
    assert "Monday 6 May at 09:10" in page


def test_a_rating_of_the_therapist_does_not_lead_a_client_who_has_not_answered(browse):
    assert "Session 5, 29 April: you: no answer, Tess: no answer" in read(browse("kai")) or "29 Apr" not in read(
        browse("kai")
    )


def test_after_both_have_answered_both_sides_are_there(browse, sent):
    sent("before-next")
    page = read(browse("kai"))
    assert "Session 5, 29 April: you 3, Tess 8" in page
    assert "Something was off" in page


@pytest.mark.parametrize("travels", ["now", "before-next", "myself", "keep"])
def test_own_words_are_always_there_for_oneself(browse, sent, travels):
    sent(travels)
    assert WORDS in read(browse("kai"))


@pytest.mark.parametrize("travels", ["myself", "keep"])
def test_kept_words_are_nowhere_on_the_desk(browse, sent, pair_of, travels):
    sent(travels)
    tess = browse("tess")
    code = pair_of("kai").code
    for path in ("/desk/", f"/desk/{code}/", f"/desk/{code}/prep/", f"/desk/{code}/together/"):
        assert WORDS not in tess.get(path).content.decode()


def test_new_people_learn_what_will_be_here(browse, person, now):
    begin_pair(person("petra"), person("tess").posts.get(), by=None, at=now)
    assert "Two lines will run here" in read(browse("petra"))
    assert "2\n" in read(browse("rosa")) or "2 of 4" in read(browse("rosa"))


@pytest.mark.parametrize(
    ("slug", "status"), [("", 302), ("tess", 403), ("sana", 403), ("omar", 403), ("rui", 403), ("sam", 403)]
)
def test_it_is_for_clients(browse, slug, status):
    assert browse(slug).get(HOME).status_code == status


def test_jo_reads_nothing_of_kai(browse, sent):
    sent("now")
    assert WORDS not in read(browse("jo"))


@pytest.mark.parametrize(
    ("hour", "word"), [(4, "Hello"), (5, "Good morning"), (12, "Good afternoon"), (18, "Good evening")]
)
def test_it_greets_by_the_clock(hour, word):
    assert greeting(hour) == word


def test_what_was_just_sent_is_a_press_away_while_it_can_be_taken_back(browse, sent, clock_at, now):
    words = "can still be taken back"
    assert words not in read(browse("kai"))
    sent("keep")
    assert f"What you sent at 08:59 {words}" in read(browse("kai"))
    clock_at(now + timedelta(minutes=15))
    assert words not in read(browse("kai"))


@pytest.mark.parametrize("slug", ["petra", "cleo"])
def test_who_works_with_nobody_yet_reads_nothing_about_two(browse, slug):
    page = read(browse(slug))
    for words in ("You two over time", "No session is planned"):
        assert words not in page


def test_who_has_moved_on_finds_the_new_work_first_and_the_old_one_too(browse, person, pair_of, now):
    old = pair_of("kai")
    end_pair(old, by=person("tess"), at=now)
    new = begin_pair(person("kai"), person("theo").posts.get(role="therapist"), by=None, at=now)
    kai = browse("kai")
    page = kai.get(HOME).content.decode()
    assert "This page is about you and Theo" in page
    assert reverse("portal:agreement", args=[new.code]) in page
    assert f"?with={old.code}" in page
    page = kai.get(f"{HOME}?with={old.code}").content.decode()
    assert "This page is about you and Tess" in page
    assert "This page is about you and Tess" in kai.get(HOME).content.decode(), "it stays until one turns back"
    assert "Theo" in kai.get(reverse("portal:say")).content.decode(), "what can be said goes to who is there"


def test_an_address_cannot_turn_to_somebody_elses_pair(browse, pair_of):
    page = browse("kai").get(f"{HOME}?with={pair_of('jo').code}").content.decode()
    assert reverse("portal:agreement", args=[pair_of("kai").code]) in page


def test_who_has_one_therapist_is_not_asked_to_choose(browse, harbour):
    assert "This page is about" not in browse("kai").get(HOME).content.decode()
