"""The therapist's desk with several workers and several windows at once: told once, kept once, nothing overwritten."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from accord.records.accounts.models import Notice
from accord.records.audit.models import Entry
from accord.records.desk.actions import About, choose, keep_reflection, mute
from accord.records.desk.jobs import MOST_A_DAY, tell_therapists
from accord.records.desk.models import Quiet, Reflection, Telling
from accord.records.errors import StateMoved
from accord.records.pairs.queries import Seen
from accord.records.ruptures.actions import raise_flag
from tests.cells import OFF
from tests.races.at_once import crowd_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
SLUGS = ("kai", "jo", "max", "lou", "rosa")


@pytest.fixture
def tess(pair_of, person) -> Seen:
    return Seen(pair_of("kai"), person("tess"), "therapist")


def test_many_workers_tell_each_thing_once_and_never_more_than_the_days_number(pair_of, person, now) -> None:
    with crowd_of(6) as crowd:
        for slug in SLUGS:
            raise_flag(pair_of(slug).sessions.get(number=2), OFF, at=now)
            crowd(*[partial(tell_therapists, now)] * 6)
        assert Notice.objects.filter(user=person("tess")).count() == MOST_A_DAY
        assert Counter(Telling.objects.values_list("how", flat=True)) == {"at-once": 3, "digest": 2}
        crowd(*[partial(tell_therapists, now + timedelta(days=1))] * 6)
    assert Notice.objects.filter(user=person("tess")).count() == MOST_A_DAY + 1


def test_a_morning_comes_once(pair_of, person, now) -> None:
    choose({"notices": "morning"}, by=person("tess"), at=now)
    with crowd_of(6) as crowd:
        for slug in SLUGS:
            raise_flag(pair_of(slug).sessions.get(number=2), OFF, at=now)
        crowd(*[partial(tell_therapists, now)] * 6)
        crowd(*[partial(tell_therapists, now + timedelta(days=1))] * 6)
    (mail,) = Notice.objects.filter(user=person("tess"))
    assert "5 notes" in (mail.body or "")


@pytest.mark.parametrize("version", [0, 1])
def test_of_several_windows_one_keeps_its_text_and_the_others_are_told(tess, now, version) -> None:
    if version:
        keep_reflection("before", by=tess, at=now, version=0)
    with crowd_of(5) as crowd:
        answers = crowd(*[partial(keep_reflection, f"window {n}", by=tess, at=now, version=version) for n in range(5)])
    lost = [answer for answer in answers if isinstance(answer, StateMoved)]
    assert len(lost) == 4
    assert Reflection.objects.get().version == version + 1
    assert Entry.objects.filter(verb="reflection kept").count() == version + 1


def test_muted_once(tess, now) -> None:
    with crowd_of(5) as crowd:
        crowd(*[partial(mute, About(kind="low"), by=tess, at=now)] * 5)
    assert Quiet.objects.filter(undone_at=None).count() == 1
