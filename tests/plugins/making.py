"""Small things that many tests have to make: a session that was held, its two check-ins, an answer."""

from datetime import datetime
from typing import Any, NamedTuple

from accord.records.checkins.actions import CLIENT, THERAPIST, Answers, answer, ask
from accord.records.checkins.models import CheckIn
from accord.records.pairs.models import CarePair
from accord.records.sessions.actions import book, hold
from accord.records.sessions.models import TherapySession


class Asked(NamedTuple):
    session: TherapySession
    client: CheckIn
    therapist: CheckIn


def held(pair: CarePair, starts_at: datetime) -> TherapySession:
    """A session that took place."""
    session = book(pair, starts_at, by=None, at=starts_at)
    hold(session, by=None, at=session.ends_at)
    session.refresh_from_db()
    return session


def asked(pair: CarePair, starts_at: datetime) -> Asked:
    """A session that took place, after which both were asked."""
    session = held(pair, starts_at)
    client, therapist = ask(session, CLIENT, at=session.ends_at), ask(session, THERAPIST, at=session.ends_at)
    assert client
    assert therapist
    return Asked(session, client, therapist)


def sheet(bond: int = 8, goal: int = 8, task: int = 8, **more: Any) -> Answers:
    """What somebody sends; `more` is tension, note, travels, answered_at, zone_offset."""
    tension = more.pop("tension", "no")
    return Answers({"bond": bond, "goal": goal, "task": task, "tension": tension}, **more)


def given(check_in: CheckIn, answers: Answers, *, at: datetime, key: str = "") -> CheckIn:
    """Answered by the person who was asked."""
    pair = check_in.session.pair
    rater = pair.client if check_in.rater == "client" else pair.therapist.user
    return answer(check_in, answers, by=rater, key=key or f"key-{check_in.code}", at=at)
