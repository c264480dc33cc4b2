"""Two people at one board at the same moment: never agreed on different words, never written over unseen."""

from collections import Counter
from functools import partial

import pytest
from django.db import connection

from accord.records.agreements.actions import Text, add, agree, agree_to_end, doubt, end, go_on, reword
from accord.records.agreements.models import Board, Ending, Reply, Version
from accord.records.agreements.queries import item_of, number_of
from accord.records.errors import RecordsError, StateMoved, WordsMoved
from accord.records.pairs.queries import Seen, seen_by
from tests.races.at_once import crowd_of

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="real concurrency needs PostgreSQL"),
]
ROUNDS = 25


@pytest.fixture
def cleo(new_pair, person, now) -> Seen:
    return seen_by(person("cleo"), new_pair.code, at=now)


@pytest.fixture
def tess(new_pair, person, now) -> Seen:
    return seen_by(person("tess"), new_pair.code, at=now)


def test_agreeing_while_the_other_edits_never_joins_different_words(cleo, tess, now) -> None:
    outcomes: Counter[str] = Counter()
    with crowd_of(4) as crowd:
        for turn in range(ROUNDS):
            item = add("task", Text(f"diary {turn}"), by=tess, at=now)
            version = item_of(cleo, item.code).asked.version
            results = crowd(
                partial(agree, version, by=cleo, at=now),
                partial(agree, version, by=cleo, at=now),
                partial(reword, item, Text(f"ten minutes {turn}"), seen=version.code, by=tess, at=now),
                partial(reword, item, Text(f"a walk {turn}"), seen=version.code, by=cleo, at=now),
            )
            held = item_of(cleo, item.code)
            written = [result for result in results[2:] if isinstance(result, Version)]
            assert len(written) == 1
            assert isinstance(next(r for r in results[2:] if r not in written), WordsMoved)
            assert len(held.wordings) == 2
            # Cleo said yes to the first words or to nothing; the newer words have their writer's yes alone.
            assert held.asked.version.pk == written[0].pk
            assert (held.state, len(held.needs)) == ("needs-ok", 1)
            first = held.wordings[0]
            assert any(result is None for result in results[:2]) == first.agrees("client")
            outcomes["agreed first" if first.agrees("client") else "worded first"] += 1
    assert sum(outcomes.values()) == ROUNDS


def test_both_edit_at_once_and_one_is_told(cleo, tess, now) -> None:
    with crowd_of(6) as crowd:
        for turn in range(ROUNDS):
            item = add("goal", Text(f"sleep {turn}"), by=cleo, at=now)
            seen = item_of(cleo, item.code).asked.version.code
            acts = [
                partial(reword, item, Text(f"{turn} {who.side} {n}"), seen=seen, by=who, at=now)
                for who in (cleo, tess)
                for n in range(3)
            ]
            results = crowd(*acts)
            assert Counter(type(result) for result in results) == {Version: 1, WordsMoved: 5}
            newest = item_of(cleo, item.code).asked.version.code
            assert {result.newest for result in results if isinstance(result, WordsMoved)} == {newest}


def test_a_yes_and_a_doubt_at_once_leave_one_standing_answer(cleo, tess, now) -> None:
    with crowd_of(6) as crowd:
        for turn in range(ROUNDS):
            item = add("task", Text(f"diary {turn}"), by=tess, at=now)
            version = item_of(cleo, item.code).asked.version
            results = crowd(
                *[partial(agree, version, by=cleo, at=now)] * 3,
                *[partial(doubt, version, "not-sure", by=cleo, at=now)] * 3,
            )
            assert not [result for result in results if isinstance(result, RecordsError)]
            assert Reply.objects.filter(version=version, side="client", ended_at=None).count() == 1


def test_the_two_take_a_suggestion_and_take_it_back_at_once(cleo, tess, now) -> None:
    with crowd_of(3) as crowd:
        for turn in range(ROUNDS):
            item = add("goal", Text(f"sleep {turn}"), by=cleo, at=now)
            seen = item_of(tess, item.code).asked.version.code
            proposal = reword(item, Text(f"rest {turn}"), seen=seen, by=tess, at=now)
            crowd(
                partial(agree, proposal, by=cleo, at=now),
                partial(reword, item, Text(f"calm {turn}"), seen=proposal.code, by=tess, at=now),
                partial(reword, item, Text(f"peace {turn}"), seen=proposal.code, by=cleo, at=now),
            )
            held = item_of(cleo, item.code)
            standing = Counter(each.version.standing for each in held.wordings)
            assert standing["current"] == 1
            assert standing["proposed"] <= 1
            for each in held.wordings:  # whoever agreed, agreed to a row that says one thing
                assert len({reply.version_id for reply in each.standing.values()}) == 1


def test_an_ending_needs_both_however_fast(cleo, tess, now) -> None:
    with crowd_of(6) as crowd:
        for turn in range(ROUNDS):
            item = add("task", Text(f"diary {turn}"), by=tess, at=now)
            crowd(*[partial(end, item, "finished", by=who, at=now) for who in (cleo, tess) for _ in range(3)])
            ending = Ending.objects.get(item=item)
            assert ending.agreed_by is None
            other = tess if ending.side == "client" else cleo
            results = crowd(
                *[partial(agree_to_end, item, by=other, at=now)] * 3, *[partial(go_on, item, by=other, at=now)] * 3
            )
            assert all(result is None or isinstance(result, StateMoved) for result in results)
            ending.refresh_from_db()
            assert ending.agreed_by_id in (None, other.viewer.pk)


def test_no_change_is_lost_from_the_count_and_there_is_one_board(cleo, tess, now) -> None:
    before = number_of(cleo)
    with crowd_of(8) as crowd:
        crowd(*[partial(add, "goal", Text(f"goal {n}"), by=who, at=now) for who in (cleo, tess) for n in range(4)])
    assert number_of(cleo) == before + 8
    assert Board.objects.filter(pair=cleo.pair).count() == 1
