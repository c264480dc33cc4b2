"""Today: who may open it, what comes first, and what each of the five clients' cards says."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accord.records.audit.models import Entry
from accord.records.pairs.actions import begin_pair
from accord.records.sessions.actions import Terms, book
from accord.surfaces.workspace.tests.conftest import WORDS

TODAY = "/desk/"


def article(page, code):
    found = re.findall(rf'<article[^>]*id="card-{code}".*?</article>', page.content.decode(), re.DOTALL)
    assert len(found) == 1
    return found[0]


def test_each_of_the_cast_sees_what_is_theirs(cast):
    assert cast("get", TODAY) == {
        "tess": 200,
        "theo": 200,
        "sana": 200,
        "sam": 200,
        "kai": 403,
        "jo": 403,
        "omar": 403,
        "rui": 403,
        "": 302,
    }


def test_another_therapist_finds_none_of_tesss_clients(browse, kais_dip, text):
    for slug in ("theo", "sam"):
        read = text(browse(slug).get(TODAY))
        assert not [name for name in ("Kai", "Jo ", "Max", "Lou", WORDS) if name in read], slug


def test_a_supervisor_is_told_that_nothing_was_shared(browse, kais_dip, text):
    read = text(browse("sana").get(TODAY))
    assert "Nothing has been shared with you yet" in read
    assert "Kai" not in read


def test_kais_card_comes_first_and_says_it_in_one_sentence(browse, kais_dip, pair_of, text):
    page = browse("tess").get(TODAY)
    cards = re.findall(r'<article[^>]*id="card-(\w+)"', page.content.decode())
    assert cards[0] == pair_of("kai").code
    assert "Kai felt less understood last time: 3, usually 8–9" in text(page)


def test_kais_card_names_the_pillar_his_words_and_two_openings(browse, kais_dip, pair_of):
    card = article(browse("tess").get(TODAY), pair_of("kai").code)
    assert re.findall(r'class="pillar (\w+)"', card) == ["bond"]
    assert "Goals 7 and Tasks 7: within the usual." in card
    assert WORDS in card
    assert card.count("data-opening") == 2
    assert "I think I missed something last time." in card
    assert "Look at this together" in card


def test_a_talk_card_is_first_even_when_its_session_is_last(browse, kais_dip, pair_of, now, person):
    early = begin_pair(person("cleo"), pair_of("kai").therapist, by=None, at=now - timedelta(days=8))
    book(early, now + timedelta(minutes=5), by=None, at=now, terms=Terms(minutes=5))
    page = browse("tess").get(TODAY).content.decode()
    assert page.index(f'id="card-{pair_of("kai").code}"') < page.index(f'id="card-{early.code}"')


def test_jo_has_a_quiet_line_only(browse, pair_of):
    card = article(browse("tess").get(TODAY), pair_of("jo").code)
    assert "Nothing stands out" in card
    assert not [part for part in ("flag--", "pillar ", "data-opening", "Why this") if part in card]


def test_max_is_a_private_hint(browse, pair_of):
    card = article(browse("tess").get(TODAY), pair_of("max").code)
    assert "Only full marks in all 5 check-ins. Worth asking once what could be even a little better." in card
    assert "flag--note" in card


def test_lou_is_low_and_not_a_rupture(browse, pair_of):
    card = article(browse("tess").get(TODAY), pair_of("lou").code)
    assert "Steady but low: around 5. Worth asking. Not a rupture." in card
    assert "flag--talk" not in card


def test_rosa_is_still_being_learned(browse, text):
    assert "Rosa Almeida Tue 7 May, 10:00 Still learning (2 of 4)" in text(browse("tess").get(TODAY))


def test_times_are_those_on_the_therapists_wall(browse, text):
    assert "09:10 Kai" in text(browse("tess").get(TODAY))  # Lisbon in May is an hour ahead of UTC


def test_nothing_is_called_what_it_must_not_be_called(browse, kais_dip, text):
    read = text(browse("tess").get(TODAY)).lower()
    assert not [word for word in ("score", "alert", "detect", "predict", "risk", "fail") if word in read]


def test_a_session_that_waits_for_the_rating_keeps_the_answers_out_of_the_source(browse, pair_of, text):
    page = browse("tess").get(TODAY)
    assert "Nuno has answered. Rate session 3 first (20 seconds), or skip" in text(page)
    assert f"spark-{pair_of('nuno').code}" not in page.content.decode()


def test_why_this_lays_the_arithmetic_open(browse, kais_dip, pair_of):
    card = article(browse("tess").get(TODAY), pair_of("kai").code)
    for part in (
        "flags@2",
        "alliance@1-default",
        "Limit",
        "Expected false alarms",
        "0.25 in 10 sessions",
        "cannot know",
    ):
        assert part in card, part
    readings = re.findall(r'<tr><th scope="row">Rating</th>(.*?)</tr>', card, re.DOTALL)
    assert re.findall(r"<td>(\w+)</td>", readings[-1]) == ["8", "8", "9", "8", "3"]


def test_a_snoozed_card_is_no_longer_pinned_and_can_come_back(browse, kais_dip, episode_of, pair_of):
    tess = browse("tess")
    tess.post(reverse("workspace:snooze", args=[episode_of("kai").code]), {"back": TODAY})
    page = tess.get(TODAY)
    assert "flag--talk" not in article(page, pair_of("kai").code)
    assert "Put aside until tomorrow." in article(page, pair_of("kai").code)
    assert "Nothing stands out" not in article(page, pair_of("kai").code)
    undo = f"{reverse('workspace:undo_snooze', args=[episode_of('kai').code])}?back=%2Fdesk%2F"
    assert f'action="{undo}"' in page.content.decode()
    tess.post(undo)
    assert "flag--talk" in article(tess.get(TODAY), pair_of("kai").code)


def test_looking_is_written_down_for_what_was_shown_only(browse, kais_dip, pair_of):
    browse("tess").get(TODAY)
    looked = set(Entry.objects.filter(kind="read", actor__email="tess@harbour.example").values_list("pair", flat=True))
    assert looked == {pair_of(slug).code for slug in ("kai", "max", "lou")}


def test_kai_learns_that_his_answers_were_read(browse, kais_dip):
    browse("tess").get(TODAY)
    kais_dip.refresh_from_db()
    assert kais_dip.read_at is not None


def test_a_therapist_without_clients_sees_what_will_be_here(browse, text):
    assert "When you begin to work with a client" in text(browse("tia").get(TODAY))


@pytest.fixture
def queries():
    def count(client, path):
        client.get(path)  # what is read for the first time is marked as read once
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        return len(seen)

    return count


def test_a_caseload_of_thirty_costs_no_more_queries_than_eighteen(browse, kais_dip, pair_of, newcomers, now, queries):
    tess, post = browse("tess"), pair_of("kai").therapist
    few = queries(tess, TODAY)
    for place, client in enumerate(newcomers(12)):
        pair = begin_pair(client, post, by=None, at=now - timedelta(days=20))
        book(pair, now + timedelta(hours=5, minutes=10 * place), by=None, at=now, terms=Terms(minutes=10))
    assert queries(tess, TODAY) == few
    assert few <= 15


@pytest.mark.parametrize("clients", [1, 200])
def test_two_hundred_clients_cost_no_more_than_one(browse, kais_dip, caseload_of, queries, clients):
    caseload_of(clients)
    assert queries(browse("tess"), TODAY) <= 15
