"""The prep card alone: for the pair's therapist, blind where it must be, and never more than twelve queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accord.records.audit.models import Entry
from accord.records.pairs.actions import end_pair
from accord.records.practices.actions import end_post
from accord.records.ruptures.models import Flag
from accord.surfaces.workspace.tests.conftest import WORDS


@pytest.fixture
def prep(pair_of):
    return lambda slug: reverse("workspace:prep", args=[pair_of(slug).code])


def test_only_the_pairs_therapist_opens_it(cast, prep, only_tess, kais_dip):
    assert cast("get", prep("kai")) == only_tess


def test_refused_tries_are_written_down(browse, prep, pair_of):
    for slug in ("sana", "omar", "sam"):
        browse(slug).get(prep("kai"))
    assert Entry.objects.filter(kind="denied", pair=pair_of("kai").code).count() >= 2


def test_an_ended_pair_is_gone_on_the_next_request(browse, prep, pair_of, person, now):
    path, tess = prep("kai"), browse("tess")
    end_pair(pair_of("kai"), by=person("tess"), at=now)
    assert tess.get(path).status_code == 403


def test_a_departed_therapist_sees_nothing_any_more(browse, prep, pair_of, now):
    path, tess = prep("kai"), browse("tess")
    end_post(pair_of("kai").therapist, on=now.date())
    assert tess.get(path).status_code in (403, 404)


def test_it_is_the_same_card_with_the_next_session(browse, prep, kais_dip, text):
    read = text(browse("tess").get(prep("kai")))
    assert "Kai 09:10 · session 6" in read
    assert "Kai felt less understood last time: 3, usually 8–9" in read
    assert WORDS in read


def test_no_other_clients_name_is_on_it(browse, prep, kais_dip, text):
    read = text(browse("tess").get(prep("kai")))
    assert not [name for name in ("Jo ", "Max", "Lou", "Rosa", "Nuno") if name in read]


def test_two_check_ins_are_still_being_learned_and_have_no_band(browse, prep, text):
    page = browse("tess").get(prep("rosa"))
    assert "Still learning (2 of 4)" in text(page)
    assert "chart__band" not in page.content.decode()


def test_blind_answers_are_absent_from_the_source(browse, prep, pair_of, text):
    page = browse("tess").get(prep("nuno"))
    assert "Nuno has answered. Rate session 3 first (20 seconds), or skip" in text(page)
    assert "/desk/rate/" in page.content.decode()
    assert not [part for part in ("spark", "chart", "<td>") if part in page.content.decode().split("<main")[1]]


def test_what_was_sent_now_does_not_wait_for_the_rating(browse, prep, check_in, work, pair_of, text, now):
    """Nuno has no open questions; Kai's rating is taken away to make the newest session blind."""
    session = pair_of("kai").sessions.get(number=5)
    session.check_ins.filter(rater="therapist").update(
        received_at=None, answers=None, scores=None, answered_at=None, idempotency_key=None
    )
    check_in("kai", bond=3, tension="yes", note=WORDS, travels="now")
    work(timedelta(seconds=1))
    read = text(browse("tess").get(prep("kai")))
    assert "Kai wants you to know that something felt off last time" in read
    assert WORDS in read
    assert "Rate session 5 first" in read
    assert "3, usually" not in read


def test_words_kept_private_never_reach_the_desk(browse, prep, check_in, work):
    check_in("kai", bond=3, tension="a-bit", note=WORDS, travels="keep")
    work(timedelta(seconds=1))
    assert WORDS not in browse("tess").get(prep("kai")).content.decode()


def test_while_the_session_is_on_last_time_is_still_the_one_before(browse, prep, kais_dip, later, text):
    tess = browse("tess")
    later(minutes=12)
    assert "Kai felt less understood last time: 3, usually 8–9" in text(tess.get(prep("kai")))


def test_said_without_a_low_number_is_one_sentence_without_a_number(browse, prep, check_in, work, text):
    check_in("kai", bond=8, goal=8, task=8, tension="a-bit")
    work(timedelta(seconds=1))
    read = text(browse("tess").get(prep("kai")))
    assert "Kai said that something was a bit off between you two last time" in read
    assert "Something felt a little off last time. I am glad you said so." in read


def test_after_talking_it_says_that_only_kai_can_close(browse, prep, kais_dip, episode_of, text):
    tess = browse("tess")
    tess.post(reverse("workspace:move_episode", args=[episode_of("kai").code]), {"state": "talked-about"})
    read = text(tess.get(prep("kai")))
    assert "You have talked about it. Only Kai can say that it feels repaired." in read
    assert "Snooze" not in read
    assert "Nothing stands out" not in read


def test_something_new_after_talking_comes_back_as_a_talk_card(browse, prep, kais_dip, episode_of, later, pair_of, now):
    tess = browse("tess")
    tess.post(reverse("workspace:move_episode", args=[episode_of("kai").code]), {"state": "talked-about"})
    session, episode = pair_of("kai").sessions.get(number=5), episode_of("kai")
    Flag.objects.create(
        practice_id=session.practice_id,
        pair_id=session.pair_id,
        session=session,
        episode=episode,
        kind="dip",
        version="flags@1",
        params="alliance@1-default",
        pillar="task",
        cannot_know="It cannot know why.",
        raised_at=now + timedelta(hours=1),
    )
    assert "flag--talk" in tess.get(prep("kai")).content.decode()


def test_the_look_is_written_down_once_a_visit(browse, prep, pair_of):
    browse("tess").get(prep("kai"))
    entries = Entry.objects.filter(pair=pair_of("kai").code, kind="read")
    assert [entry.verb for entry in entries] == ["opened a prep card"]


@pytest.mark.parametrize("clients", [1, 200])
def test_it_costs_at_most_twelve_queries_whatever_the_caseload(browse, prep, kais_dip, caseload_of, pair_of, clients):
    caseload_of(clients)
    tess, path = browse("tess"), prep("kai")
    tess.get(path)
    with CaptureQueriesContext(connection) as seen:
        tess.get(path)
    assert len(seen) <= 12, "\n".join(query["sql"] for query in seen)
