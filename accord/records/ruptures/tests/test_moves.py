"""Every move of an episode by every side; it is over when the client says so."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accord.records.audit.models import Entry
from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved
from accord.records.pairs.queries import Seen
from accord.records.ruptures.actions import LONGEST_WORDS, move, raise_flag
from accord.records.ruptures.models import Episode, Flag, Step
from accord.records.ruptures.queries import episode_of, episodes_of

STATES = list(Episode.State)
OVER = ("closed", "let-go")
# Written down a second time on purpose: (from, to, who may).
ALLOWED = {
    ("noticed", "looked-at"): {"therapist"},
    ("noticed", "talked-about"): {"client", "therapist"},
    ("looked-at", "talked-about"): {"client", "therapist"},
    ("noticed", "agreed"): {"client", "therapist"},
    ("looked-at", "agreed"): {"client", "therapist"},
    ("talked-about", "agreed"): {"client", "therapist"},
    ("agreed", "talked-about"): {"client", "therapist"},
    ("addressed", "talked-about"): {"client", "therapist"},
    **{(start, "addressed"): {"therapist"} for start in ("noticed", "looked-at", "talked-about", "agreed")},
    **{
        (start, end): {"client"}
        for start in ("noticed", "looked-at", "talked-about", "agreed", "addressed")
        for end in ("closed", "let-go")
    },
}
SAID: dict[str, object] = {
    "kind": "said",
    "version": "flags@1",
    "params": "",
    "pillar": "",
    "readings": [5],
    "cannot_know": "why",
}


@pytest.fixture
def sides(pair_of, person) -> dict[str, Seen]:
    pair = pair_of("kai")
    return {"client": Seen(pair, person("kai"), "client"), "therapist": Seen(pair, person("tess"), "therapist")}


@pytest.fixture
def episode(sides, now) -> Episode:
    flag = raise_flag(sides["client"].pair.sessions.get(number=5), dict(SAID), at=now)
    assert flag
    assert flag.episode
    return flag.episode


def put(episode: Episode, state: str, now) -> None:
    Episode.objects.filter(pk=episode.pk).update(state=state, ended_at=now if state in OVER else None)


@pytest.mark.parametrize("side", ["client", "therapist"])
@pytest.mark.parametrize(("start", "to"), list(itertools.product(STATES, STATES)))
def test_every_move_by_every_side(episode, sides, now, start, to, side) -> None:
    put(episode, start, now)
    steps = Step.objects.filter(episode=episode).count()
    if side in ALLOWED.get((start.value, to.value), set()):
        move(episode, to, by=sides[side], at=now)
        expected = to
    else:
        with pytest.raises((NotAllowed, StateMoved, Refused)):
            move(episode, to, by=sides[side], at=now)
        expected = start
    episode.refresh_from_db()
    assert episode.state == expected
    assert (episode.ended_at is not None) == (expected in OVER)
    assert Step.objects.filter(episode=episode).count() == steps + (expected != start)


def test_the_therapist_can_never_end_it_whatever_the_state(episode, sides, now) -> None:
    for start, end in itertools.product(Episode.OPEN, OVER):
        put(episode, start, now)
        with pytest.raises(NotAllowed):
            move(episode, end, by=sides["therapist"], at=now)


def test_a_word_that_is_no_step_is_refused(episode, sides, now) -> None:
    with pytest.raises(Refused):
        move(episode, "resolved", by=sides["client"], at=now)


def test_a_move_leaves_a_step_with_its_words_sealed_and_an_entry_without_them(episode, sides, now) -> None:
    words = "we start slower next time"
    move(episode, "agreed", by=sides["therapist"], at=now, words=f"  {words} ")
    step = Step.objects.get(episode=episode, state="agreed")
    assert (step.by, step.at, step.words) == (sides["therapist"].viewer, now, words)
    raw: Any = Step.objects.filter(pk=step.pk).values()[0]["words"]
    assert words.encode() not in bytes(raw)
    entry = Entry.objects.get(verb="episode agreed", row=episode.code)
    assert (entry.actor, entry.pair) == (sides["therapist"].viewer, sides["client"].pair.code)
    assert words not in str(entry.detail)


def test_no_words_are_no_words(episode, sides, now) -> None:
    move(episode, "agreed", by=sides["client"], at=now, words="   ")
    assert Step.objects.get(episode=episode, state="agreed").words is None


def test_too_many_words_move_nothing(episode, sides, now) -> None:
    with pytest.raises(Refused):
        move(episode, "agreed", by=sides["client"], at=now, words="x" * (LONGEST_WORDS + 1))
    episode.refresh_from_db()
    assert episode.state == "noticed"


@pytest.mark.parametrize("slug", ["jo", "lena"])
def test_another_pair_finds_nothing(episode, pair_of, person, now, slug) -> None:
    stranger = Seen(pair_of(slug), person(slug), "client")
    with pytest.raises(NotFound):
        move(episode, "closed", by=stranger, at=now)
    with pytest.raises(NotFound):
        episode_of(stranger, episode.code)
    assert not episodes_of(stranger).filter(pk=episode.pk).exists()


def test_both_people_see_it_with_its_steps(episode, sides, now) -> None:
    move(episode, "looked-at", by=sides["therapist"], at=now)
    for seen in sides.values():
        assert [step.state for step in episode_of(seen, episode.code).steps.all()] == ["noticed", "looked-at"]


def test_one_is_open_at_a_time_and_a_new_flag_joins_it(episode, sides, now) -> None:
    dip = SAID | {"kind": "dip", "pillar": "bond"}
    flag = raise_flag(sides["client"].pair.sessions.get(number=4), dip, at=now)
    assert flag
    assert flag.episode == episode
    with pytest.raises(IntegrityError), transaction.atomic():
        Episode.objects.create(
            practice_id=episode.practice_id, pair_id=episode.pair_id, session_id=episode.session_id, opened_at=now
        )


def test_after_the_end_a_new_flag_opens_a_new_one(episode, sides, now) -> None:
    move(episode, "closed", by=sides["client"], at=now)
    dip = SAID | {"kind": "dip", "pillar": "bond"}
    flag = raise_flag(sides["client"].pair.sessions.get(number=5), dip, at=now + timedelta(days=1))
    assert flag
    assert flag.episode
    assert flag.episode != episode
    assert Flag.objects.filter(episode=episode).count() == 1


def test_the_database_holds_that_ended_means_ended(episode, now) -> None:
    for wrong in ({"state": "closed"}, {"ended_at": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Episode.objects.filter(pk=episode.pk).update(**wrong)
