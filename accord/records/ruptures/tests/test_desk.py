"""The therapist's desk: putting aside, taking back, and first sentences that are theirs alone."""

from datetime import timedelta
from typing import Any

import pytest

from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved
from accord.records.pairs.queries import Seen
from accord.records.ruptures.actions import (
    LONGEST_WORDS,
    SNOOZE_FOR,
    bring_back_opening,
    hide_opening,
    keep_opening,
    move,
    raise_flag,
    snooze,
    undo_snooze,
)
from accord.records.ruptures.models import Episode, Opening, Snooze
from accord.records.ruptures.openings import BY_KEY, PHRASES
from accord.records.ruptures.queries import hidden_openings, openings_by_pillar, openings_for, story
from accord.records.ruptures.tests.test_moves import SAID

MOMENT = timedelta(microseconds=1)
MINE = "I hurried you last time. May we go back?"


@pytest.fixture
def tess(pair_of, person) -> Seen:
    return Seen(pair_of("kai"), person("tess"), "therapist")


@pytest.fixture
def kai(pair_of, person) -> Seen:
    return Seen(pair_of("kai"), person("kai"), "client")


@pytest.fixture
def episode(tess, now) -> Episode:
    flag = raise_flag(tess.pair.sessions.get(number=5), dict(SAID), at=now)
    assert flag
    assert flag.episode
    return flag.episode


def test_what_is_put_aside_comes_back_by_itself(episode, tess, now) -> None:
    assert story(tess, at=now).wants_talk
    snooze(episode, by=tess, at=now)
    assert story(tess, at=now).snoozed_until == now + SNOOZE_FOR
    assert not story(tess, at=now + SNOOZE_FOR - MOMENT).wants_talk
    assert story(tess, at=now + SNOOZE_FOR).wants_talk


def test_it_can_be_taken_back_once(episode, tess, now) -> None:
    snooze(episode, by=tess, at=now)
    undo_snooze(episode, by=tess, at=now)
    assert story(tess, at=now).wants_talk
    with pytest.raises(StateMoved):
        undo_snooze(episode, by=tess, at=now)


def test_putting_aside_again_starts_again(episode, tess, now) -> None:
    snooze(episode, by=tess, at=now)
    snooze(episode, by=tess, at=now + timedelta(hours=2))
    assert Snooze.objects.filter(episode=episode, undone_at=None).count() == 1
    assert story(tess, at=now + timedelta(hours=3)).snoozed_until == now + timedelta(hours=2) + SNOOZE_FOR


def test_the_desk_is_not_the_clients(episode, kai, now) -> None:
    for act in (snooze, undo_snooze):
        with pytest.raises(NotAllowed):
            act(episode, by=kai, at=now)


def test_another_pair_finds_nothing(episode, pair_of, person, now) -> None:
    other = Seen(pair_of("jo"), person("tess"), "therapist")
    for act in (snooze, undo_snooze):
        with pytest.raises(NotFound):
            act(episode, by=other, at=now)


def test_what_is_over_cannot_be_put_aside(episode, tess, kai, now) -> None:
    move(episode, "closed", by=kai, at=now)
    with pytest.raises(StateMoved):
        snooze(episode, by=tess, at=now)


def test_handled_means_talked_about_and_nothing_new_since(episode, tess, now) -> None:
    later = now + timedelta(hours=1)
    move(episode, "talked-about", by=tess, at=later)
    assert story(tess, at=later).handled
    dip = SAID | {"kind": "dip", "pillar": "bond"}
    raise_flag(episode.session, dip, at=later + timedelta(minutes=1))
    assert not story(tess, at=later + timedelta(hours=1)).handled


def test_everybody_starts_with_two_for_each_pillar(person) -> None:
    for pillar, openings in openings_by_pillar(person("tess")).items():
        assert len(openings) == 2
        assert all(BY_KEY[opening.key].pillar in (pillar, "") for opening in openings)


def test_ones_own_words_are_kept_sealed_and_only_for_oneself(person, now) -> None:
    keep_opening("bond-missed", f" {MINE} ", by=person("tess"), at=now)
    assert openings_for(person("tess"), "bond")[0] == ("bond-missed", MINE, True)
    raw: Any = Opening.objects.values()[0]
    assert MINE.encode() not in bytes(raw["words"])
    for slug in ("theo", "thandi", "sana", "sam"):
        assert openings_for(person(slug), "bond")[0].words == BY_KEY["bond-missed"].words


def test_an_empty_version_brings_ours_back(person, now) -> None:
    keep_opening("bond-missed", MINE, by=person("tess"), at=now)
    keep_opening("bond-missed", "  ", by=person("tess"), at=now)
    assert openings_for(person("tess"), "bond")[0] == ("bond-missed", BY_KEY["bond-missed"].words, False)


def test_what_is_not_ones_style_is_left_out_and_can_be_brought_back(person, now) -> None:
    tess = person("tess")
    hide_opening("bond-missed", by=tess, at=now)
    assert "bond-missed" not in {opening.key for opening in openings_for(tess, "bond")}
    assert [opening.key for opening in hidden_openings(tess)] == ["bond-missed"]
    assert not hidden_openings(person("theo"))
    bring_back_opening("bond-missed", by=tess, at=now)
    assert openings_for(tess, "bond")[0].key == "bond-missed"


def test_hiding_keeps_ones_own_words_for_later(person, now) -> None:
    tess = person("tess")
    keep_opening("bond-missed", MINE, by=tess, at=now)
    hide_opening("bond-missed", by=tess, at=now)
    bring_back_opening("bond-missed", by=tess, at=now)
    assert openings_for(tess, "bond")[0].words == MINE


def test_with_a_pillar_all_hidden_the_general_ones_step_in(person, now) -> None:
    for phrase in PHRASES:
        if phrase.pillar == "bond":
            hide_opening(phrase.key, by=person("tess"), at=now)
    assert [opening.key for opening in openings_for(person("tess"), "bond")] == ["any-ask", "any-slow"]


def test_an_unknown_one_is_not_found_and_a_long_one_refused(person, now) -> None:
    tess = person("tess")
    with pytest.raises(NotFound):
        keep_opening("nothing", MINE, by=tess, at=now)
    with pytest.raises(NotFound):
        hide_opening("nothing", by=tess, at=now)
    with pytest.raises(Refused):
        keep_opening("bond-missed", "x" * (LONGEST_WORDS + 1), by=tess, at=now)
    assert not Opening.objects.exists()
