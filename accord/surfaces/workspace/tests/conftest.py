"""Kai's fifth session, as the scenario tells it: three for the bond, a few words, sent before the next session."""

from datetime import timedelta

import pytest

from accord.records.alliance.jobs import estimate_waiting
from accord.records.checkins.actions import CLIENT, Answers, answer
from accord.records.checkins.models import CheckIn
from accord.records.ruptures.jobs import raise_flags, said_now
from accord.records.ruptures.models import Episode

WORDS = "I left feeling a bit missed. Can we go back to it?"


@pytest.fixture
def work(now):
    """The background work, so much later."""

    def do(after=timedelta(0)):
        estimate_waiting(now + after)
        raise_flags(now + after)
        said_now(now + after)

    return do


@pytest.fixture
def check_in(pair_of, now):
    """check_in("kai", bond=3, …) answers what is waiting for Kai, a moment before now."""

    def send(slug, *, bond=8, goal=7, task=7, tension="no", note="", travels="", at=None):
        waiting = CheckIn.objects.get(session__pair=pair_of(slug), instrument=CLIENT, received_at=None)
        sheet = {"bond": bond, "goal": goal, "task": task, "tension": tension}
        given = Answers(sheet, note=note, travels=travels)
        moment = at or now - timedelta(minutes=1)
        return answer(waiting, given, by=waiting.session.pair.client, key=f"test-{slug}", at=moment)

    return send


@pytest.fixture
def kais_dip(check_in, work, harbour):
    """Kai checked in: bond 3, "a bit", with words; the jobs have run."""
    sent = check_in("kai", bond=3, tension="a-bit", note=WORDS, travels="before-next")
    work(timedelta(seconds=1))
    return sent


@pytest.fixture
def episode_of(pair_of):
    return lambda slug: Episode.objects.get(pair=pair_of(slug), ended_at=None)


@pytest.fixture
def later(clock_at, now):
    """later(minutes=1) puts the clock on."""
    return lambda **span: clock_at(now + timedelta(**span))
