"""After a session both sides are asked; the day after the first one, for a first impression."""

from datetime import datetime, timedelta

from accord.records.checkins.actions import CLIENT, FIRST_IMPRESSION, THERAPIST, ask
from accord.records.sessions.local_times import is_quiet
from accord.records.sessions.models import TherapySession

LOOK_BACK = timedelta(days=3)  # an outage is made up for; nobody is asked about last month


def ask_after_sessions(now: datetime, *, link_url: str) -> int:
    """Ask for what has not been asked. `link_url` has `{token}` in it."""
    held = TherapySession.objects.filter(
        state=TherapySession.State.HELD, starts_at__gt=now - LOOK_BACK, starts_at__lt=now
    ).select_related("pair__client", "pair__therapist__user")
    fresh = held.exclude(check_ins__instrument=CLIENT)
    asked = 0
    for session in fresh.order_by("starts_at")[:500]:
        ask(session, THERAPIST, at=now)
        asked += ask(session, CLIENT, at=now, link_url=link_url) is not None
    first = held.filter(number=1, starts_at__lt=now - timedelta(hours=18))
    for session in first.exclude(check_ins__instrument=FIRST_IMPRESSION).order_by("starts_at")[:500]:
        if is_quiet(now, session.pair.client.zone):
            continue  # in the morning, where they live
        asked += ask(session, FIRST_IMPRESSION, at=now, link_url=link_url) is not None
    return asked
