"""Writes about sessions."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.errors import Refused, StateMoved
from accord.records.pairs.models import CarePair
from accord.records.sessions.models import TherapySession


@transaction.atomic
def book(pair: CarePair, starts_at: datetime, *, by: User | None, at: datetime) -> TherapySession:
    """The pair's next session. Two bookings at once cannot both take a number: the database refuses one."""
    last = _last(pair)
    if last is not None and starts_at <= last.starts_at:
        raise Refused("There is a later session already. A new one comes after the last one.")
    number = last.number + 1 if last else 1
    try:
        with transaction.atomic():
            session = TherapySession.objects.create(
                practice_id=pair.practice_id, pair=pair, number=number, starts_at=starts_at
            )
    except IntegrityError as error:
        raise StateMoved("Somebody booked a session at the same moment. Look again.") from error
    record(by, "session booked", session, at=at)
    return session


def _last(pair: CarePair) -> TherapySession | None:
    return pair.sessions.exclude(state=TherapySession.State.CANCELLED).order_by("number").last()


@transaction.atomic
def hold(session: TherapySession, *, by: User | None, at: datetime) -> None:
    """It took place."""
    booked = TherapySession.objects.filter(pk=session.pk, state=TherapySession.State.BOOKED)
    if not booked.update(state=TherapySession.State.HELD):
        raise StateMoved("This session is not booked any more.")
    record(by, "session held", session, at=at)
