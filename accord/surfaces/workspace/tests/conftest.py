"""Kai's fifth session, as the scenario tells it: three for the bond, a few words, sent before the next session."""

import re
from datetime import timedelta
from html import unescape

import pytest

from accord.records.accounts.models import User
from accord.records.alliance.jobs import estimate_waiting
from accord.records.checkins.actions import CLIENT, Answers, answer
from accord.records.checkins.models import CheckIn
from accord.records.pairs.actions import begin_pair, end_pair
from accord.records.pairs.models import CarePair
from accord.records.ruptures.jobs import raise_flags, said_now
from accord.records.ruptures.models import Episode
from accord.records.sessions.models import TherapySession

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


@pytest.fixture
def cast(browse):
    """cast("get", path) is what happens to each of the cast, by name; "" is signed out."""

    def tries(method, path, **kwargs):
        people = ("tess", "kai", "jo", "theo", "sana", "omar", "rui", "sam", "")
        return {slug: getattr(browse(slug), method)(path, **kwargs).status_code for slug in people}

    return tries


ONLY_TESS = {
    "tess": 200,
    "kai": 403,  # the client has pages of his own
    "jo": 403,
    "theo": 403,  # a colleague is refused
    "sana": 403,  # nothing was shared with her
    "omar": 403,
    "rui": 403,
    "sam": 404,  # for another practice it does not exist
    "": 302,  # to the sign-in
}


@pytest.fixture
def only_tess():
    return dict(ONLY_TESS)


@pytest.fixture
def caseload_of(pair_of, person, now):
    """caseload_of(1): Tess has Kai alone; caseload_of(200): so many more, each with a session today."""

    def make(clients):
        post = pair_of("kai").therapist
        if clients == 1:
            for pair in CarePair.objects.filter(therapist=post, ended_on=None).exclude(client=person("kai")):
                end_pair(pair, by=person("tess"), at=now)
        for number in range(clients if clients > 1 else 0):
            client = User.objects.create_user(f"client-{number}@harbour.example", f"Client {number}")
            pair = begin_pair(client, post, by=None, at=now - timedelta(days=20))
            start = now + timedelta(hours=2)  # all at once, which no action would book
            TherapySession.objects.create(practice=pair.practice, pair=pair, number=1, starts_at=start)

    return make


@pytest.fixture
def text():
    """What a person reads on a page: words only, spaces made single."""

    def read(page):
        html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page.content.decode(), flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())

    return read
