"""Who may let the search use a track record: its therapist, and nobody else."""

from datetime import timedelta

import pytest

from accord.records.audit.models import Entry
from accord.records.errors import NotAllowed
from accord.records.profiles.models import UsedRecord
from accord.records.profiles.queries import own_profile
from accord.records.profiles.recording import allow_record, forbid_record, keep_record
from accord.science.matching import Interval

SAYS = {"need:sleep": Interval(0.1, 0.4, 0.7, 20)}


@pytest.fixture
def profile(person, now):
    return own_profile(person("tess"), at=now)


@pytest.mark.parametrize("slug", ["theo", "omar", "sana", "kai", "sam"])
def test_nobody_else_allows_or_forbids_it(profile, person, now, slug):
    for action in (allow_record, forbid_record):
        with pytest.raises(NotAllowed):
            action(profile, by=person(slug), at=now)
    assert not UsedRecord.objects.exists()


def test_allowing_twice_is_allowing_once(profile, person, now):
    for _ in range(2):
        allow_record(profile, by=person("tess"), at=now)
    assert UsedRecord.objects.get().says == {}
    assert Entry.objects.filter(verb="track record allowed in the search").count() == 1


def test_forbidding_what_was_never_allowed_says_nothing(profile, person, now):
    forbid_record(profile, by=person("tess"), at=now)
    assert not Entry.objects.filter(verb__contains="track record").exists()


def test_a_slower_worker_changes_nothing(profile, person, now):
    allow_record(profile, by=person("tess"), at=now)
    first, second = UsedRecord.objects.get(), UsedRecord.objects.get()
    assert keep_record(first, SAYS, version="track-record@1", at=now)
    assert not keep_record(second, {}, version="track-record@1", at=now + timedelta(seconds=1))
    assert UsedRecord.objects.get().says == {"need:sleep": [0.1, 0.4, 0.7, 20]}


def test_a_count_that_comes_after_the_no_is_lost(profile, person, now):
    allow_record(profile, by=person("tess"), at=now)
    used = UsedRecord.objects.get()
    forbid_record(profile, by=person("tess"), at=now)
    assert not keep_record(used, SAYS, version="track-record@1", at=now)
