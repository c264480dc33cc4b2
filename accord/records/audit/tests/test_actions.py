"""The one way into the audit: who, what, about which pair; never what was said."""

import json

import pytest
from django.db import transaction

from accord.records.audit.actions import record, record_denial, record_read, record_reads
from accord.records.audit.models import Entry
from accord.records.audit.queries import who_looked
from tests.plugins.making import asked, given, sheet

CANARY = "canary-7f3a91"


def newest() -> Entry:
    return Entry.objects.order_by("-pk")[0]


def test_it_names_the_actor_the_thing_the_practice_and_the_pair(pair_of, person, now) -> None:
    pair = pair_of("kai")
    record(person("tess"), "looked after", pair, at=now, how="kindly")
    entry = newest()
    assert (entry.kind, entry.actor, entry.verb) == ("write", person("tess"), "looked after")
    assert (entry.table, entry.row, entry.pair) == ("pairs.carepair", pair.code, pair.code)
    assert (entry.practice, entry.at, entry.detail) == (pair.practice, now, {"how": "kindly"})


def test_it_names_the_pair_of_what_belongs_to_a_pair(new_pair, now) -> None:
    check_in = asked(new_pair, now).client
    record(None, "asked", check_in, at=now)
    assert newest().pair == new_pair.code


def test_it_happens_with_the_action_or_not_at_all(pair_of, now) -> None:
    before = Entry.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        record(None, "looked after", pair_of("kai"), at=now)
        raise RuntimeError
    assert Entry.objects.count() == before


def test_it_never_holds_what_somebody_said(new_pair, now) -> None:
    check_in = asked(new_pair, now).client
    given(check_in, sheet(3, note=CANARY, travels="now", tension="a-bit"), at=now)
    written = json.dumps(list(Entry.objects.filter(row=check_in.code).values()), default=str)
    assert "check-in answered" in written
    assert CANARY not in written
    assert "a-bit" not in written


def test_a_client_sees_looks_and_refused_tries_but_not_writes(pair_of, person, now) -> None:
    pair = pair_of("kai")
    record_read(person("tess"), "looked at", pair, at=now)
    record_denial(person("omar"), "tried to open", pair, at=now)
    record(person("tess"), "changed", pair, at=now)
    assert [entry.verb for entry in who_looked(pair.code)] == ["tried to open", "looked at"]


def test_several_looks_cost_one_statement(pair_of, person, now, django_assert_num_queries) -> None:
    pairs, tess = [pair_of("kai"), pair_of("jo"), pair_of("max")], person("tess")
    with django_assert_num_queries(1):
        record_reads(tess, "looked at", pairs, at=now)
    assert [who_looked(pair.code)[0].actor for pair in pairs] == [tess] * 3
