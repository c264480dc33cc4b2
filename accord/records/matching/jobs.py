"""After the third visit the fit check waits on the client's page; the next day one neutral mail says so.

Letters to people without an account leave here: claimed by a conditional UPDATE, sent once, tried again if it fails.
"""

from datetime import datetime, timedelta
from functools import partial
from time import monotonic

from django.db.models import Q

from accord.records.accounts.jobs import RETRY_AFTER, mailed
from accord.records.matching.actions import ask_for_fit, tell_of_fit
from accord.records.matching.models import FitCheck, Letter
from accord.records.one_by_one import one_by_one
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
    pairs = [session.pair for session in fresh.order_by("starts_at")[:500]]
    return one_by_one(pairs, lambda pair: ask_for_fit(pair, at=now) is not None)


def tell_of_fit_checks(now: datetime, *, address: str) -> int:
    waiting = FitCheck.objects.filter(
        told_at=None, begun_at=None, asked_at__gt=now - LOOK_BACK, asked_at__lt=now - LATER, about__ended_on=None
    ).select_related("about__client")
    awake = [check for check in waiting.order_by("asked_at")[:500] if not is_quiet(now, check.about.client.zone)]
    return one_by_one(awake, partial(tell_of_fit, at=now, address=address))


def send_letters(now: datetime) -> int:
    """A letter is kept, sealed, as long as its link works or its search is there; then it is gone."""
    free = Letter.objects.filter(Q(claimed_at=None) | Q(claimed_at__lt=now - RETRY_AFTER), sent_at=None)
    began, sent = monotonic(), 0
    for letter in free.order_by("made_at")[:50]:
        turn = now + timedelta(seconds=monotonic() - began)
        if not free.filter(pk=letter.pk).update(claimed_at=turn):
            continue  # another worker has it
        if mailed(letter.subject, letter.body or "", letter.address or ""):
            sent += Letter.objects.filter(pk=letter.pk).update(sent_at=now)
    Letter.objects.filter(expires_at__lt=now).delete()
    return sent
