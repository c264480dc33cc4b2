"""The page of both: each side its own part, versions that stay, and a change that the client answers."""

import ast
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accord.records.accounts.models import Notice
from accord.records.audit.models import Entry
from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved
from accord.records.pairs.queries import Seen
from accord.records.ruptures.actions import LONGEST_WORDS, move, raise_flag
from accord.records.ruptures.models import Change, Episode, Passage, Step
from accord.records.ruptures.queries import story
from accord.records.ruptures.repairing import Given, answer_change, write_change, write_passage
from accord.records.ruptures.tests.test_moves import SAID

ACCORD = Path(__file__).parents[3]


@pytest.fixture
def episode(kai, now) -> Episode:
    flag = raise_flag(kai.pair.sessions.get(number=5), dict(SAID), at=now)
    assert flag
    assert flag.episode
    return flag.episode


@pytest.fixture
def sides(kai, tess):
    return {"client": kai, "therapist": tess}


@pytest.fixture
def change(episode, tess, now) -> Change:
    return write_change(episode, "I will ask before I move on.", by=tess, at=now)


@pytest.mark.parametrize("side", ["client", "therapist"])
@pytest.mark.parametrize("field", ["client", "therapist", "try", "again"])
def test_each_side_writes_its_own_part_and_both_the_rest(episode, sides, now, field, side) -> None:
    if field in ("client", "therapist") and field != side:
        with pytest.raises(NotAllowed):
            write_passage(episode, Given(field, "words in your mouth", 0), by=sides[side], at=now)
        assert not Passage.objects.exists()
    else:
        write_passage(episode, Given(field, " as it was ", 0), by=sides[side], at=now)
        passage = Passage.objects.get()
        assert (passage.field, passage.version, passage.words) == (field, 1, "as it was")
        assert passage.by == sides[side].viewer


def test_every_version_stays(episode, kai, now) -> None:
    for version, words in enumerate(("first", "second", "")):
        write_passage(episode, Given("client", words, version), by=kai, at=now + timedelta(minutes=version))
    kept = [(passage.version, passage.words) for passage in Passage.objects.order_by("version")]
    assert kept == [(1, "first"), (2, "second"), (3, None)]


def test_the_same_words_again_are_no_new_version(episode, kai, now) -> None:
    for _ in range(2):
        newest = Passage.objects.count()
        write_passage(episode, Given("try", "slower", newest), by=kai, at=now)
    assert Passage.objects.count() == 1


def test_two_at_once_are_told_and_nothing_is_overwritten(episode, kai, tess, now) -> None:
    write_passage(episode, Given("try", "slower", 0), by=kai, at=now)
    with pytest.raises(StateMoved):
        write_passage(episode, Given("try", "shorter", 0), by=tess, at=now)
    assert [passage.words for passage in Passage.objects.all()] == ["slower"]


def test_when_we_look_again_is_a_day_that_comes(episode, tess, now) -> None:
    write_passage(episode, Given("again", "", 0, date(2024, 5, 13)), by=tess, at=now)
    assert Passage.objects.get().look_on == date(2024, 5, 13)
    with pytest.raises(Refused):
        write_passage(episode, Given("again", "", 1, date(2024, 5, 5)), by=tess, at=now)


def test_what_does_not_fit_is_refused(episode, kai, now) -> None:
    with pytest.raises(Refused):
        write_passage(episode, Given("verdict", "hm", 0), by=kai, at=now)
    with pytest.raises(Refused):
        write_passage(episode, Given("try", "x" * (LONGEST_WORDS + 1), 0), by=kai, at=now)


@pytest.mark.parametrize("end", ["closed", "let-go"])
def test_after_the_end_nothing_is_written(episode, change, kai, tess, now, end) -> None:
    move(episode, end, by=kai, at=now)
    for act in (
        lambda: write_passage(episode, Given("try", "hm", 0), by=kai, at=now),
        lambda: write_change(episode, "more", by=tess, at=now),
        lambda: answer_change(change, "yes", by=kai, at=now),
    ):
        with pytest.raises(StateMoved):
            act()


def test_another_pair_finds_nothing(episode, change, pair_of, person, now) -> None:
    jo = Seen(pair_of("jo"), person("jo"), "client")
    tess_of_jo = Seen(pair_of("jo"), person("tess"), "therapist")
    for act in (
        lambda: write_passage(episode, Given("try", "hm", 0), by=jo, at=now),
        lambda: answer_change(change, "yes", by=jo, at=now),
        lambda: write_change(episode, "hm", by=tess_of_jo, at=now),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_change_is_the_therapists_to_offer_and_the_clients_to_answer(episode, change, kai, tess, now) -> None:
    with pytest.raises(NotAllowed):
        write_change(episode, "You will change.", by=kai, at=now)
    with pytest.raises(NotAllowed):
        answer_change(change, "yes", by=tess, at=now)
    with pytest.raises(Refused):
        answer_change(change, "", by=kai, at=now)
    with pytest.raises(Refused):
        write_change(episode, "  ", by=tess, at=now)
    change.refresh_from_db()
    assert change.answer == ""


def test_the_client_is_told_in_neutral_words(episode, kai, tess, now) -> None:
    before = Notice.objects.filter(user=kai.viewer).count()
    write_change(episode, "I will ask first.", by=tess, at=now)
    notice = Notice.objects.filter(user=kai.viewer).latest("pk")
    assert Notice.objects.filter(user=kai.viewer).count() == before + 1
    for word in ("Tess", "ask first", "Harbour", "therap"):
        assert word not in f"{notice.subject} {notice.body}"


@pytest.mark.parametrize("start", ["noticed", "looked-at", "talked-about"])
def test_yes_is_an_agreement_of_both_and_ends_nothing(episode, change, kai, now, start) -> None:
    Episode.objects.filter(pk=episode.pk).update(state=start)
    answer_change(change, "yes", by=kai, at=now)
    episode.refresh_from_db()
    assert (episode.state, episode.ended_at) == ("agreed", None)
    assert Step.objects.get(state="agreed").by == kai.viewer


def test_yes_to_what_waits_for_the_client_leaves_it_waiting(episode, change, kai, tess, now) -> None:
    move(episode, "addressed", by=tess, at=now)
    answer_change(change, "yes", by=kai, at=now)
    episode.refresh_from_db()
    assert (episode.state, episode.ended_at) == ("addressed", None)


@pytest.mark.parametrize("answer", ["partly", "no"])
@pytest.mark.parametrize("start", ["agreed", "addressed"])
def test_partly_and_no_keep_it_open_and_bring_it_back(episode, change, kai, tess, now, start, answer) -> None:
    move(episode, start, by=tess, at=now)
    assert story(tess, at=now).handled
    told = Notice.objects.filter(user=tess.viewer).count()
    answer_change(change, answer, by=kai, at=now + timedelta(minutes=1), reply="Say it before, not after.")
    episode.refresh_from_db()
    change.refresh_from_db()
    assert (episode.state, episode.ended_at) == ("talked-about", None)
    assert (change.answer, change.reply) == (answer, "Say it before, not after.")
    assert Notice.objects.filter(user=tess.viewer).count() == told + 1
    now_known = story(tess, at=now + timedelta(minutes=2))
    assert now_known.follow_up
    assert now_known.wants_talk


def test_a_new_offer_answers_the_follow_up(episode, change, kai, tess, now) -> None:
    answer_change(change, "partly", by=kai, at=now + timedelta(minutes=1))
    write_change(episode, "I will ask before, and wait.", by=tess, at=now + timedelta(minutes=2))
    assert not story(tess, at=now + timedelta(minutes=3)).follow_up


def test_said_in_new_words_before_the_answer_the_first_ones_stay(episode, change, kai, tess, now) -> None:
    second = write_change(episode, "I will ask, and then wait.", by=tess, at=now + timedelta(minutes=1))
    with pytest.raises(StateMoved):
        answer_change(change, "yes", by=kai, at=now + timedelta(minutes=2))
    answer_change(second, "yes", by=kai, at=now + timedelta(minutes=2))
    assert [one.words for one in Change.objects.all()] == ["I will ask before I move on.", "I will ask, and then wait."]


def test_an_answer_is_given_once(change, kai, now) -> None:
    answer_change(change, "no", by=kai, at=now)
    with pytest.raises(StateMoved):
        answer_change(change, "yes", by=kai, at=now)
    change.refresh_from_db()
    assert change.answer == "no"


def test_only_one_change_waits(episode, change, tess, now) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.create(practice=episode.practice, episode=episode, by=tess.viewer, at=now, words="two")


def test_words_are_sealed_and_in_no_entry(episode, change, kai, now) -> None:
    write_passage(episode, Given("client", "canary-55", 0), by=kai, at=now)
    answer_change(change, "partly", by=kai, at=now, reply="canary-56")
    rows: list[Any] = [Passage.objects.values()[0]["words"], Change.objects.values()[0]["reply"]]
    assert not any(b"canary" in bytes(row) for row in rows)
    assert not [entry for entry in Entry.objects.all() if "canary" in str(entry.detail)]


def test_the_therapist_alone_never_makes_it_repaired(episode, tess, now) -> None:
    """Whatever the therapist can do, in any order, it stays open."""
    write_passage(episode, Given("therapist", "I moved on.", 0), by=tess, at=now)
    write_change(episode, "I will ask first.", by=tess, at=now)
    for to in ("looked-at", "talked-about", "agreed", "addressed"):
        move(episode, to, by=tess, at=now)
    for to in ("closed", "let-go"):
        with pytest.raises(NotAllowed):
            move(episode, to, by=tess, at=now)
    episode.refresh_from_db()
    assert (episode.state, episode.ended_at) == ("addressed", None)


def test_nothing_in_the_house_changes_a_step_or_a_passage() -> None:
    """The log is written forward only. A note taken back unread may undo the opening that it alone had made."""
    found = []
    for path in ACCORD.rglob("*.py"):
        if {"tests", "migrations"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                words = ast.unparse(node.func)
                if words.startswith(("Step.", "Passage.")) and words.endswith((".update", ".delete", ".bulk_update")):
                    found.append(f"{path.name}: {words}")
    assert found == ["saying.py: Step.objects.filter(episode=episode).delete"]
