"""Runs inside the application (`manage shell`): Harbour Practice, and many more pairs whose client was just asked."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from accord.records.accounts.actions import make_link
from accord.records.accounts.models import Link, User
from accord.records.alliance.jobs import estimate_waiting
from accord.records.checkins.actions import CLIENT, THERAPIST, Answers, answer, ask
from accord.records.pairs.actions import begin_pair
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Post
from accord.records.ruptures.jobs import raise_flags
from accord.records.sessions.actions import book, hold
from accord.records.sessions.models import TherapySession
from accord.surfaces.shared import clock

EARLIER = 4  # sessions that are behind each pair
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
STEADY: dict[str, int | str] = {"bond": 8, "goal": 8, "task": 7, "tension": "no"}
RATED: dict[str, int | str] = {
    "bond": 7,
    "goal": 7,
    "task": 7,
    "tension": "no",
    "predicted-bond": 8,
    "predicted-goal": 8,
    "predicted-task": 8,
}


def prepare(out: str, pairs: int) -> None:
    """Writes the tokens of `pairs` check-ins that wait for their clients, as JSON."""
    call_command("harbour", no_serve=True)
    now = clock.now()
    with transaction.atomic():
        therapists = list(Post.objects.filter(role="therapist", practice__name="Harbour Practice").order_by("pk"))
        tokens = [_waiting(f"client-{n}", therapists[n % len(therapists)], now) for n in range(pairs)]
    while estimate_waiting(now) + raise_flags(now):
        continue
    Path(out).write_text(json.dumps(tokens), encoding="utf-8")


def _waiting(slug: str, therapist: Post, now: datetime) -> str:
    """A pair with earlier check-ins, and today's, which the therapist has answered and the client has not."""
    client = User.objects.create_user(f"{slug}@harbour.example", f"Client {slug}", zone="Europe/Lisbon")
    first = now - EARLIER * WEEK - 2 * HOUR
    pair = begin_pair(client, therapist, by=None, at=first)
    for week in range(EARLIER):
        _rate(_held(pair, first + week * WEEK), client=True)
    last = _held(pair, first + EARLIER * WEEK)
    _rate(last, client=False)
    asked = ask(last, CLIENT, at=last.ends_at)
    if asked is None:
        raise RuntimeError(f"{slug} was asked already")
    return make_link(client, Link.Purpose.CHECK_IN, about=asked.code, at=last.ends_at)


def _held(pair: CarePair, starts_at: datetime) -> TherapySession:
    session = book(pair, starts_at, by=None, at=starts_at)
    hold(session, by=None, at=session.ends_at)
    return session


def _rate(session: TherapySession, *, client: bool) -> None:
    sides = [(THERAPIST, RATED, session.pair.therapist.user)]
    if client:
        sides.append((CLIENT, STEADY, session.pair.client))
    for instrument, answers, person in sides:
        asked = ask(session, instrument, at=session.ends_at)
        if asked:
            answer(asked, Answers(answers), by=person, key=f"key-{asked.code}", at=session.ends_at)
