"""A reflection: sealed, for its author alone, never overwritten from another window."""

from typing import Any

import pytest

from accord.records.audit.models import Entry
from accord.records.desk.actions import LONGEST_REFLECTION, choose, keep_reflection
from accord.records.desk.models import Reflection
from accord.records.desk.queries import preference_of, reflected, reflection_of
from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved
from accord.records.pairs.queries import Seen

MINE = "I noticed that I hurried when he spoke of his father."


def test_it_is_kept_sealed_and_read_by_its_author(at_desk, now) -> None:
    kept = keep_reflection(f" {MINE} ", by=at_desk("kai"), at=now, version=0)
    assert (kept.words, kept.version) == (MINE, 1)
    raw: Any = Reflection.objects.values()[0]
    assert MINE.encode() not in bytes(raw["words"])
    found = reflection_of(at_desk("kai"))
    assert found
    assert found.words == MINE


def test_nobody_else_gets_it(at_desk, pair_of, person, as_client, now) -> None:
    keep_reflection(MINE, by=at_desk("kai"), at=now, version=0)
    assert reflection_of(Seen(pair_of("kai"), person("theo"), "therapist")) is None
    assert not reflected(Seen(pair_of("kai"), person("sana"), "therapist")).exists()
    with pytest.raises(NotAllowed):
        reflection_of(as_client("kai"))
    with pytest.raises(NotAllowed):
        keep_reflection(MINE, by=as_client("kai"), at=now, version=0)


def test_each_session_has_its_own_and_the_pair_one(at_desk, pair_of, now) -> None:
    session = pair_of("kai").sessions.get(number=5)
    keep_reflection("about us", by=at_desk("kai"), at=now, version=0)
    keep_reflection("about five", by=at_desk("kai"), at=now, version=0, session=session)
    found = reflection_of(at_desk("kai"), session)
    assert found
    assert found.words == "about five"
    assert [one.session.number if one.session else 0 for one in reflected(at_desk("kai"))] in ([0, 5], [5, 0])


def test_another_pairs_session_is_not_found(at_desk, pair_of, now) -> None:
    with pytest.raises(NotFound):
        keep_reflection(MINE, by=at_desk("kai"), at=now, version=0, session=pair_of("jo").sessions.get(number=5))


def test_the_second_window_overwrites_nothing(at_desk, now) -> None:
    keep_reflection("first", by=at_desk("kai"), at=now, version=0)
    assert keep_reflection("second", by=at_desk("kai"), at=now, version=1).version == 2
    for version in (0, 1, 7):
        with pytest.raises(StateMoved):
            keep_reflection("from the other window", by=at_desk("kai"), at=now, version=version)
    found = reflection_of(at_desk("kai"))
    assert found
    assert found.words == "second"


def test_it_can_be_emptied_and_is_then_nowhere(at_desk, now) -> None:
    keep_reflection(MINE, by=at_desk("kai"), at=now, version=0)
    keep_reflection("  ", by=at_desk("kai"), at=now, version=1)
    assert Reflection.objects.get().words is None
    assert not reflected(at_desk("kai")).exists()


def test_too_long_is_refused(at_desk, now) -> None:
    with pytest.raises(Refused):
        keep_reflection("x" * (LONGEST_REFLECTION + 1), by=at_desk("kai"), at=now, version=0)
    assert not Reflection.objects.exists()


def test_the_audit_knows_that_it_was_kept_and_nothing_of_it(at_desk, now) -> None:
    keep_reflection(MINE, by=at_desk("kai"), at=now, version=0)
    entry = Entry.objects.get(verb="reflection kept")
    assert MINE not in str(entry.detail)
    with pytest.raises(StateMoved):
        keep_reflection(MINE, by=at_desk("kai"), at=now, version=0)
    assert Entry.objects.filter(verb="reflection kept").count() == 1


def test_a_desk_is_arranged_bit_by_bit(person, now) -> None:
    tess = person("tess")
    assert preference_of(tess).notices == "at-once"
    choose({"density": "close"}, by=tess, at=now)
    choose({"single_keys": False}, by=tess, at=now)
    kept = preference_of(tess)
    assert (kept.notices, kept.density, kept.single_keys) == ("at-once", "close", False)


@pytest.mark.parametrize("wishes", [{"notices": "often"}, {"colour": "red"}, {"single_keys": "yes"}])
def test_a_choice_that_is_none_is_refused(person, now, wishes) -> None:
    with pytest.raises(Refused):
        choose(wishes, by=person("tess"), at=now)
