"""Writes about sessions."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.errors import StateMoved
from accord.records.pairs.models import CarePair
from accord.records.sessions.models import TherapySession


@transaction.atomic
def book(pair: CarePair, starts_at: datetime, *, by: User | None, at: datetime) -> TherapySession:
    """The pair's next session. Two bookings at once cannot both take a number: the database refuses one."""
    last = pair.sessions.exclude(state=TherapySession.State.CANCELLED).aggregate(last=Max("number"))["last"] or 0
    session = TherapySession.objects.create(
        practice_id=pair.practice_id, pair=pair, number=last + 1, starts_at=starts_at
    )
    record(by, "session booked", session, at=at)
    return session


@transaction.atomic
def hold(session: TherapySession, *, by: User | None, at: datetime) -> None:
    """It took place."""
    booked = TherapySession.objects.filter(pk=session.pk, state=TherapySession.State.BOOKED)
    if not booked.update(state=TherapySession.State.HELD):
        raise StateMoved("This session is not booked any more.")
    record(by, "session held", session, at=at)
