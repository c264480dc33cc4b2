"""After a session both sides are asked; the day after the first one, for a first impression."""

from datetime import datetime, timedelta

from accord.records.checkins.actions import CLIENT, FIRST_IMPRESSION, THERAPIST, ask
from accord.records.one_by_one import one_by_one
from accord.records.pairs.queries import pairs_that_go_on
from accord.records.sessions.local_times import is_quiet
from accord.records.sessions.models import TherapySession

LOOK_BACK = timedelta(days=3)  # an outage is made up for; nobody is asked about last month


def ask_after_sessions(now: datetime, *, link_url: str) -> int:
    """Ask for what has not been asked. `link_url` has `{token}` in it."""
    held = TherapySession.objects.filter(
        state=TherapySession.State.HELD,
        starts_at__gt=now - LOOK_BACK,
        starts_at__lt=now,
        pair__in=pairs_that_go_on(on=now.date()),
    ).select_related("pair__client", "pair__therapist__user")

    def ask_both(session: TherapySession) -> int:
        ask(session, THERAPIST, at=now)
        return ask(session, CLIENT, at=now, link_url=link_url) is not None

    def ask_first_impression(session: TherapySession) -> int:
        if is_quiet(now, session.pair.client.zone):
            return 0  # in the morning, where they live
        return ask(session, FIRST_IMPRESSION, at=now, link_url=link_url) is not None

    fresh = held.exclude(check_ins__instrument=CLIENT)
    first = held.filter(number=1, starts_at__lt=now - timedelta(hours=18))
    unasked = first.exclude(check_ins__instrument=FIRST_IMPRESSION)
    asked = one_by_one(fresh.order_by("starts_at")[:500], ask_both)
    return asked + one_by_one(unasked.order_by("starts_at")[:500], ask_first_impression)
