"""After the third visit the fit check waits on the client's page; the next day one neutral mail says so."""

from datetime import datetime, timedelta

from accord.records.matching.actions import ask_for_fit, tell_of_fit
from accord.records.matching.models import FitCheck
from accord.records.sessions.local_times import is_quiet
from accord.records.sessions.models import TherapySession

VISIT = 3
LOOK_BACK = timedelta(days=3)  # an outage is made up for; nobody is asked about last month
LATER = timedelta(hours=18)  # not beside the mail about the session itself


def ask_at_third_visit(now: datetime) -> int:
    held = TherapySession.objects.filter(
        state=TherapySession.State.HELD, number=VISIT, starts_at__gt=now - LOOK_BACK, starts_at__lt=now
    )
    known = FitCheck.objects.values("about")  # asked, or begun by the client: nobody is asked twice
    fresh = held.filter(pair__ended_on=None).exclude(pair__in=known).select_related("pair")
    return sum(ask_for_fit(session.pair, at=now) is not None for session in fresh.order_by("starts_at")[:500])


def tell_of_fit_checks(now: datetime, *, address: str) -> int:
    waiting = FitCheck.objects.filter(
        told_at=None, begun_at=None, asked_at__gt=now - LOOK_BACK, asked_at__lt=now - LATER, about__ended_on=None
    ).select_related("about__client")
    awake = [check for check in waiting.order_by("asked_at")[:500] if not is_quiet(now, check.about.client.zone)]
    return sum(tell_of_fit(check, at=now, address=address) for check in awake)
