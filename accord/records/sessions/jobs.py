"""A booked session whose time is over counts as held, until somebody says otherwise."""

from datetime import datetime

from accord.records.errors import StateMoved
from accord.records.sessions.actions import hold
from accord.records.sessions.models import TherapySession


def hold_past_sessions(now: datetime) -> int:
    booked = TherapySession.objects.filter(state=TherapySession.State.BOOKED, starts_at__lt=now).select_related("pair")
    over = [session for session in booked.order_by("starts_at")[:500] if session.ends_at <= now]
    for session in over:
        try:
            hold(session, by=None, at=now)
        except StateMoved:
            continue  # another worker was faster
    return len(over)
