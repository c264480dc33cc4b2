"""What stands on a board: endings that need both, ratings of the client's, the wish to agree anew, and who is here."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accord.records.agreements import actions
from accord.records.agreements.actions import Text, add, agree, end, rate, reword
from accord.records.agreements.models import Ending, Item, Rating, Visitor
from accord.records.agreements.queries import (
    agreed_goals,
    glances,
    here_now,
    item_of,
    items_of,
    number_of,
    tallies,
)
from accord.records.errors import NotAllowed, Refused, StateMoved
from accord.records.pairs.actions import end_pair
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen, seen_by
from accord.records.practices.actions import end_post

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def cleo(new_pair, person, now) -> Seen:
    return seen_by(person("cleo"), new_pair.code, at=now)


@pytest.fixture
def tess(new_pair, person, now) -> Seen:
    return seen_by(person("tess"), new_pair.code, at=now)


@pytest.fixture
def both(cleo, tess, now):
    """both("goal", "words"): something that the two agree on."""

    def agreed(kind: str, words: str, **more) -> Item:
        item = add(kind, Text(words, **more), by=cleo, at=now)
        agree(item_of(tess, item.code).asked.version, by=tess, at=now)
        return item

    return agreed


def state(seen: Seen, item: Item) -> str:
    return item_of(seen, item.code).state


@pytest.mark.parametrize("kind", ["finished", "aside"])
def test_a_thing_ends_when_both_say_so(kind, both, cleo, tess, now) -> None:
    goal = both("goal", "sleep")
    end(goal, kind, by=tess, at=now)
    assert state(cleo, goal) == "agreed"
    with pytest.raises(StateMoved):
        actions.agree_to_end(goal, by=tess, at=now)
    with pytest.raises(StateMoved):
        end(goal, kind, by=cleo, at=now)
    actions.agree_to_end(goal, by=cleo, at=now)
    assert state(tess, goal) == kind


def test_an_ending_may_be_waved_aside(both, cleo, tess, now) -> None:
    goal = both("goal", "sleep")
    end(goal, "finished", by=tess, at=now)
    actions.go_on(goal, by=cleo, at=now)
    assert (state(tess, goal), item_of(tess, goal.code).ending) == ("agreed", None)


def test_what_is_taken_up_again_is_agreed_anew(both, cleo, tess, now) -> None:
    goal = both("goal", "sleep")
    end(goal, "aside", by=cleo, at=now)
    actions.agree_to_end(goal, by=tess, at=now)
    with pytest.raises(StateMoved):
        reword(goal, Text("x"), seen=item_of(cleo, goal.code).asked.version.code, by=cleo, at=now)
    actions.go_on(goal, by=tess, at=now)
    assert (state(cleo, goal), item_of(cleo, goal.code).needs) == ("again", ["client", "therapist"])


def test_the_database_lets_nobody_end_a_thing_alone(both, cleo, now) -> None:
    goal = both("goal", "sleep")
    fields = {"practice_id": goal.practice_id, "item": goal, "kind": "finished", "side": "client", "at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        Ending.objects.create(by=cleo.viewer, agreed_by=cleo.viewer, agreed_at=now, **fields)


def test_ones_own_can_be_taken_off_until_the_other_said_yes(cleo, tess, now) -> None:
    goal = add("goal", Text("a slip"), by=cleo, at=now)
    with pytest.raises(Refused):
        actions.take_back(goal, by=tess, at=now)
    actions.take_back(goal, by=cleo, at=now)
    assert state(tess, goal) == "taken-back"
    second = add("goal", Text("sleep"), by=cleo, at=now)
    agree(item_of(tess, second.code).asked.version, by=tess, at=now)
    with pytest.raises(Refused):
        actions.take_back(second, by=cleo, at=now)


def test_only_the_client_rates_and_every_number_is_kept(both, cleo, tess, now) -> None:
    goal, task = both("goal", "sleep"), both("task", "a walk")
    for day, value in enumerate((2, 5, 4)):
        rate(goal, "progress", value, by=cleo, at=now + timedelta(days=day))
    rate(goal, "importance", 9, by=cleo, at=now)
    found = item_of(tess, goal.code)
    assert [rating.value for rating in found.progress] == [2, 5, 4]
    importance = found.newest_rating("importance")
    assert importance is not None
    assert importance.value == 9
    with pytest.raises(NotAllowed):
        rate(goal, "progress", 10, by=tess, at=now)
    for wrong in ((goal, "progress", 11), (goal, "mood", 3), (task, "progress", 3)):
        with pytest.raises(Refused):
            rate(*wrong, by=cleo, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(
            practice_id=goal.practice_id, item=goal, what="progress", value=11, by=cleo.viewer, at=now
        )


def test_a_rating_does_not_touch_the_agreement(both, cleo, now) -> None:
    goal = both("goal", "sleep")
    rate(goal, "importance", 9, by=cleo, at=now)
    assert state(cleo, goal) == "agreed"


def test_the_client_can_ask_to_agree_on_the_tasks_anew(both, cleo, tess, now) -> None:
    goal, one, two = both("goal", "sleep"), both("task", "a walk"), both("task", "a diary")
    waiting = add("task", Text("breathing"), by=tess, at=now)
    with pytest.raises(NotAllowed):
        actions.ask_to_agree_again(by=tess, at=now)
    assert actions.ask_to_agree_again(by=cleo, at=now + MINUTE) == 2
    assert [state(cleo, each) for each in (goal, one, two, waiting)] == ["agreed", "again", "again", "needs-ok"]
    agree(item_of(tess, one.code).asked.version, by=tess, at=now + 2 * MINUTE)
    assert state(cleo, one) == "needs-ok"
    agree(item_of(cleo, one.code).asked.version, by=cleo, at=now + 3 * MINUTE)
    assert state(cleo, one) == "agreed"


def test_a_task_serves_goals_of_its_own_board(both, cleo, pair_of, now) -> None:
    goal = both("goal", "sleep")
    task = add("task", Text("a walk", why="it calms", serves=(goal.code,)), by=cleo, at=now)
    assert [each.code for each in item_of(cleo, task.code).current.version.serves.all()] == [goal.code]
    kais = Item.objects.filter(pair=pair_of("kai"), kind="goal")[0]
    for wrong in (Text("x", serves=(kais.code,)), Text("x", serves=(task.code,))):
        with pytest.raises(Refused):
            add("task", wrong, by=cleo, at=now)
    with pytest.raises(Refused):
        add("goal", Text("x", serves=(goal.code,)), by=cleo, at=now)


def test_only_goals_that_both_agree_on_now_are_named(both, cleo, tess, new_pair, now) -> None:
    both("goal", "sleep without dread")
    other = both("goal", "laugh again")
    add("goal", Text("not yet"), by=cleo, at=now)
    both("task", "a walk")
    assert agreed_goals(new_pair) == ["sleep without dread", "laugh again"]
    reword(other, Text("laugh"), seen=item_of(tess, other.code).asked.version.code, by=tess, at=now)
    assert agreed_goals(new_pair) == ["sleep without dread"]


def test_a_board_in_numbers(both, cleo, tess, new_pair, now) -> None:
    both("goal", "sleep")
    add("goal", Text("one"), by=cleo, at=now)
    task = add("task", Text("two"), by=tess, at=now)
    assert tallies([new_pair])[new_pair.pk] == (1, 1, 1, 0, 0)
    actions.doubt(item_of(cleo, task.code).asked.version, "not-for-me", by=cleo, at=now)
    assert tallies([new_pair])[new_pair.pk]._asdict() == {
        "agreed": 1,
        "needs_client": 0,
        "needs_therapist": 1,
        "doubted": 1,
        "again": 0,
    }


def queries(act) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        act()
    return len(caught)


def test_ten_times_as_much_takes_no_more_queries(both, cleo, tess, person, new_pair, now) -> None:
    goal = both("goal", "sleep")
    both("task", "a walk", serves=(goal.code,))
    rate(goal, "progress", 3, by=cleo, at=now)
    once = queries(lambda: items_of(cleo)), queries(lambda: tallies([new_pair]))
    for number in range(10):
        both("task", f"walk {number}", serves=(goal.code,))
        rate(both("goal", f"goal {number}"), "progress", 3, by=cleo, at=now)
    everybody = list(CarePair.objects.all())
    assert (queries(lambda: items_of(cleo)), queries(lambda: tallies(everybody))) == once
    assert once[0] <= 6


def test_every_change_counts_on_and_a_refused_one_does_not(both, cleo, tess, now) -> None:
    before = number_of(cleo)
    goal = add("goal", Text("sleep"), by=cleo, at=now)
    assert number_of(cleo) == before + 1
    with pytest.raises(StateMoved):
        reword(goal, Text("x"), seen="not this", by=tess, at=now)
    assert number_of(cleo) == before + 1


def test_who_is_here_is_known_for_half_a_minute(cleo, tess, now) -> None:
    visit = actions.arrive(cleo, at=now)
    second = actions.arrive(cleo, at=now)
    assert here_now(tess, at=now + 29 * SECOND) == {"client"}
    assert here_now(tess, at=now + 31 * SECOND) == frozenset()
    actions.still_here([visit], at=now + 30 * SECOND)
    actions.leave(second)
    assert here_now(tess, at=now + 55 * SECOND) == {"client"}
    actions.leave(visit)
    assert here_now(tess, at=now + 30 * SECOND) == frozenset()


def test_visits_that_nobody_ended_are_swept_away(cleo, tess, now) -> None:
    actions.arrive(cleo, at=now)
    later = actions.arrive(tess, at=now + 6 * MINUTE)
    actions.still_here([later], at=now + 6 * MINUTE)
    assert list(Visitor.objects.values_list("side", flat=True)) == ["therapist"]


def test_one_glance_is_two_queries_for_all_open_pages(cleo, tess, pair_of, person, now) -> None:
    for seen in (cleo, tess):
        actions.arrive(seen, at=now)
    kai = seen_by(person("kai"), pair_of("kai").code, at=now)
    looking = {f"page {number}": (seen.pair.pk, seen.viewer.pk) for number, seen in enumerate([cleo, tess, kai] * 5)}
    with CaptureQueriesContext(connection) as caught:
        found = glances(looking, at=now)
    assert len(caught) == 2
    assert len(found) == 15
    assert found["page 0"].here == {"client", "therapist"}
    assert found["page 2"].here == frozenset()


def test_who_may_not_look_any_more_gets_no_glance(cleo, tess, person, now) -> None:
    actions.arrive(cleo, at=now)
    looking = {seen.side: (seen.pair.pk, seen.viewer.pk) for seen in (cleo, tess)}
    looking |= {slug: (cleo.pair.pk, person(slug).pk) for slug in ("kai", "sana", "omar", "sam", "theo")}
    assert set(glances(looking, at=now)) == {"client", "therapist"}
    with transaction.atomic():
        end_post(person("tess").posts.get(), on=now.date())
        assert set(glances(looking, at=now)) == {"client"}
        transaction.set_rollback(True)
    end_pair(cleo.pair, by=tess.viewer, at=now)
    assert set(glances(looking, at=now)) == {"client"}
    person("cleo").__class__.objects.filter(pk=cleo.viewer.pk).update(is_active=False)
    assert glances(looking, at=now) == {}
