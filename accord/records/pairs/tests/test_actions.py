"""Beginning and ending a pair."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accord.records.audit.models import Entry
from accord.records.errors import StateMoved
from accord.records.pairs.actions import begin_pair, end_pair
from accord.records.pairs.models import CarePair


def test_two_people_begin_in_the_therapists_practice(person, now) -> None:
    pair = begin_pair(person("cleo"), person("theo").posts.get(), by=person("theo"), at=now)
    assert (pair.client, pair.practice.name, pair.started_on) == (person("cleo"), "Harbour Practice", now.date())
    assert Entry.objects.get(verb="pair begun", pair=pair.code).actor == person("theo")


def test_the_same_two_have_one_open_pair(pair_of, person, now) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        begin_pair(person("kai"), person("tess").posts.get(), by=None, at=now)


def test_they_may_begin_again_after_an_end(pair_of, person, now) -> None:
    end_pair(pair_of("kai"), by=person("tess"), at=now)
    begin_pair(person("kai"), person("tess").posts.get(), by=None, at=now)
    assert CarePair.objects.filter(client=person("kai"), ended_on=None).count() == 1


def test_it_ends_once(pair_of, person, now) -> None:
    pair = pair_of("kai")
    end_pair(pair, by=person("tess"), at=now)
    with pytest.raises(StateMoved):
        end_pair(pair, by=person("tess"), at=now + timedelta(days=3))
    pair.refresh_from_db()
    assert pair.ended_on == now.date()
    assert Entry.objects.filter(verb="pair ended", pair=pair.code).count() == 1


def test_it_cannot_end_before_it_began(pair_of) -> None:
    pair = pair_of("kai")
    with pytest.raises(IntegrityError), transaction.atomic():
        CarePair.objects.filter(pk=pair.pk).update(ended_on=pair.started_on - timedelta(days=1))


def test_its_code_counts_nothing(pair_of) -> None:
    codes = [pair_of(slug).code for slug in ("kai", "jo", "max")]
    assert len({code[:4] for code in codes}) == 3
    assert all(len(code) == 12 for code in codes)
