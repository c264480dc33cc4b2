"""Both agree to the very same words, or it is not agreed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accord.records.agreements.actions import Text, add, agree, decline, doubt, reword, withdraw
from accord.records.agreements.models import Reply, Version
from accord.records.agreements.queries import item_of, items_of
from accord.records.audit.models import Entry
from accord.records.errors import NotAllowed, Refused, StateMoved, WordsMoved
from accord.records.pairs.actions import end_pair
from accord.records.pairs.queries import Seen, seen_by

SLEEP = "sleep without dread"


@pytest.fixture
def cleo(new_pair, person, now) -> Seen:
    return seen_by(person("cleo"), new_pair.code, at=now)


@pytest.fixture
def tess(new_pair, person, now) -> Seen:
    return seen_by(person("tess"), new_pair.code, at=now)


@pytest.fixture
def goal(cleo, now):
    return add("goal", Text(SLEEP), by=cleo, at=now)


def held(seen: Seen, item):
    return item_of(seen, item.code)


def asked(seen: Seen, item):
    return held(seen, item).asked.version


def test_what_one_writes_needs_the_others_ok(cleo, tess, goal) -> None:
    for side in (cleo, tess):
        found = held(side, goal)
        assert (found.state, found.needs) == ("needs-ok", ["therapist"])
        assert found.asked.version.words == SLEEP
        assert found.asked.agreed_at is None


def test_it_is_agreed_when_the_other_agrees_and_says_when(cleo, tess, goal, now) -> None:
    agree(asked(tess, goal), by=tess, at=now + timedelta(minutes=3))
    found = held(cleo, goal)
    assert (found.state, found.needs) == ("agreed", [])
    assert found.asked.agreed_at == now + timedelta(minutes=3)


def test_agreeing_twice_is_one_yes(tess, goal, now) -> None:
    for _ in range(2):
        agree(asked(tess, goal), by=tess, at=now)
    assert Reply.objects.filter(version__item=goal, side="therapist").count() == 1


def test_a_suggestion_stands_beside_and_overwrites_nothing(cleo, tess, goal, now) -> None:
    reword(goal, Text("fall asleep without fear"), seen=asked(tess, goal).code, by=tess, at=now)
    found = held(cleo, goal)
    assert found.current.version.words == SLEEP
    assert found.proposed
    assert found.proposed.version.words == "fall asleep without fear"
    assert (found.state, found.needs) == ("needs-ok", ["client"])


def test_a_suggestion_that_is_taken_becomes_the_wording_and_the_first_words_stay_readable(
    cleo, tess, goal, now
) -> None:
    reword(goal, Text("fall asleep without fear"), seen=asked(tess, goal).code, by=tess, at=now)
    agree(asked(cleo, goal), by=cleo, at=now)
    found = held(cleo, goal)
    assert found.agreed
    assert found.current.version.words == "fall asleep without fear"
    assert found.clients_words
    assert found.clients_words.words == SLEEP
    assert [each.version.standing for each in found.wordings] == ["past", "current"]


def test_a_suggestion_that_is_declined_leaves_all_as_it_was(cleo, tess, goal, now) -> None:
    agree(asked(tess, goal), by=tess, at=now)
    reword(goal, Text("other"), seen=asked(tess, goal).code, by=tess, at=now)
    decline(asked(cleo, goal), by=cleo, at=now)
    found = held(tess, goal)
    assert found.agreed
    assert found.current.version.words == SLEEP
    assert found.proposed is None
    assert found.wordings[-1].version.standing == "declined"


def test_answering_a_suggestion_with_other_words_keeps_both(cleo, tess, goal, now) -> None:
    reword(goal, Text("fall asleep without fear"), seen=asked(tess, goal).code, by=tess, at=now)
    reword(goal, Text("sleep, and not dread it"), seen=asked(cleo, goal).code, by=cleo, at=now)
    found = held(tess, goal)
    assert found.proposed is None
    assert found.current.version.words == "sleep, and not dread it"
    assert (found.state, found.needs) == ("needs-ok", ["therapist"])
    assert [each.version.words for each in found.wordings] == [
        SLEEP,
        "fall asleep without fear",
        "sleep, and not dread it",
    ]


@pytest.mark.parametrize("who", ["cleo", "tess"])
def test_any_edit_of_something_agreed_needs_the_other_again(who, cleo, tess, goal, now) -> None:
    agree(asked(tess, goal), by=tess, at=now)
    writer, reader = (cleo, tess) if who == "cleo" else (tess, cleo)
    reword(goal, Text("sleep through"), seen=asked(writer, goal).code, by=writer, at=now)
    found = held(reader, goal)
    assert (found.state, found.needs) == ("needs-ok", [reader.side])
    assert found.current.version.words == SLEEP


def test_how_we_will_know_is_part_of_what_is_agreed(cleo, tess, goal, now) -> None:
    agree(asked(tess, goal), by=tess, at=now)
    reword(goal, Text(SLEEP, how_known="I go to bed at eleven"), seen=asked(cleo, goal).code, by=cleo, at=now)
    assert held(tess, goal).needs == ["therapist"]
    agree(asked(tess, goal), by=tess, at=now)
    assert held(cleo, goal).current.version.how_known == "I go to bed at eleven"


def test_not_sure_is_an_answer_of_its_own_and_a_yes_may_be_taken_back(cleo, tess, goal, now) -> None:
    agree(asked(tess, goal), by=tess, at=now)
    doubt(asked(cleo, goal), "not-sure", by=cleo, at=now, words="something smaller")
    found = held(tess, goal)
    assert found.state == "not-agreed"
    assert found.asked.doubts[0].words == "something smaller"
    agree(asked(cleo, goal), by=cleo, at=now)
    assert held(tess, goal).agreed
    assert Reply.objects.filter(version__item=goal, side="client").count() == 3


def test_an_own_suggestion_can_be_taken_back_and_not_by_the_other(cleo, tess, goal, now) -> None:
    proposal = reword(goal, Text("other"), seen=asked(tess, goal).code, by=tess, at=now)
    with pytest.raises(Refused):
        withdraw(proposal, by=cleo, at=now)
    with pytest.raises(Refused):
        decline(proposal, by=tess, at=now)
    withdraw(proposal, by=tess, at=now)
    assert held(cleo, goal).asked.version.words == SLEEP


def test_nobody_agrees_to_words_that_were_replaced(cleo, tess, goal, now) -> None:
    old = asked(tess, goal)
    reword(goal, Text("sleep at all"), seen=old.code, by=cleo, at=now)
    for say in (agree, decline):
        with pytest.raises(StateMoved):
            say(old, by=tess, at=now)
    with pytest.raises(StateMoved):
        doubt(old, "not-sure", by=tess, at=now)
    assert not held(cleo, goal).agreed


def test_nobody_writes_over_words_they_have_not_seen(cleo, tess, goal, now) -> None:
    old = asked(tess, goal).code
    newer = reword(goal, Text("sleep at all"), seen=old, by=cleo, at=now)
    with pytest.raises(WordsMoved) as refused:
        reword(goal, Text("mine"), seen=old, by=tess, at=now)
    assert refused.value.newest == newer.code
    assert Version.objects.filter(item=goal).count() == 2


def test_the_same_words_again_are_no_edit(cleo, goal, now) -> None:
    with pytest.raises(Refused):
        reword(goal, Text(f" {SLEEP} "), seen=asked(cleo, goal).code, by=cleo, at=now)


@pytest.mark.parametrize("slug", ["tess", "kai", "sana", "omar", "theo", "rui", "sam", "cleo"])
@pytest.mark.parametrize("side", ["client", "therapist"])
def test_nobody_signs_for_another(slug, side, cleo, tess, goal, person, new_pair, now) -> None:
    """A false Seen is made by hand: the action itself looks who it is."""
    if (slug, side) in {("cleo", "client"), ("tess", "therapist")}:
        pytest.skip("that is who they are")
    disguised = Seen(new_pair, person(slug), side)
    newest = asked(cleo, goal)
    acts = [
        lambda: agree(newest, by=disguised, at=now),
        lambda: doubt(newest, "not-sure", by=disguised, at=now),
        lambda: reword(goal, Text("x"), seen=newest.code, by=disguised, at=now),
        lambda: add("goal", Text("x"), by=disguised, at=now),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    found = items_of(cleo)
    assert [(each.state, each.needs) for each in found] == [("needs-ok", ["therapist"])]


def test_the_database_takes_one_yes_a_side_and_a_person(goal, cleo, tess, now) -> None:
    version = asked(cleo, goal)
    fields = {"practice_id": goal.practice_id, "version": version, "answer": "agree", "at": now}
    for by, side in ((cleo.viewer, "therapist"), (tess.viewer, "client")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reply.objects.create(by=by, side=side, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.create(by=tess.viewer, side="owner", **fields)


def test_after_the_end_the_board_is_there_to_read(cleo, tess, goal, now) -> None:
    version = asked(cleo, goal)
    end_pair(cleo.pair, by=tess.viewer, at=now)
    with pytest.raises(Refused):
        agree(version, by=tess, at=now)  # she still holds the pair as it was
    with pytest.raises(Refused):
        add("goal", Text("another"), by=cleo, at=now)
    assert held(cleo, goal).current.version.words == SLEEP


def test_a_thing_of_another_pair_is_not_there(goal, pair_of, person, now) -> None:
    kai = seen_by(person("kai"), pair_of("kai").code, at=now)
    version = Version.objects.get(item=goal)
    with pytest.raises(Exception, match="nothing here"):
        agree(version, by=kai, at=now)
    with pytest.raises(Exception, match="nothing here"):
        reword(goal, Text("x"), seen=version.code, by=kai, at=now)


@pytest.mark.parametrize("words", ["", "   ", "x" * 1001])
def test_words_are_asked_for_and_not_endless(words, cleo, now) -> None:
    with pytest.raises(Refused):
        add("goal", Text(words), by=cleo, at=now)


def test_everything_is_in_the_audit_and_no_words_are(cleo, tess, goal, now) -> None:
    doubt(asked(tess, goal), "not-sure", by=tess, at=now, words="a secret")
    agree(asked(tess, goal), by=tess, at=now)
    entries = Entry.objects.filter(pair=cleo.pair.code, table="agreements.item")
    assert list(entries.order_by("pk").values_list("verb", flat=True)) == [
        "goal added",
        "goal doubted",
        "goal agreed to",
    ]
    assert not any(word in str(entry.detail) for entry in entries for word in ("dread", "secret"))


def test_the_same_thing_sent_twice_is_one(cleo, tess, goal, now) -> None:
    assert add("goal", Text(f"{SLEEP} "), by=cleo, at=now) == goal
    assert add("goal", Text(SLEEP), by=tess, at=now) != goal, "the other may mean the same, and says so for themselves"
    assert add("task", Text(SLEEP), by=cleo, at=now) != goal
    assert len(items_of(cleo)) == 3
