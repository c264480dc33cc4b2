"""Offers that nobody answered pass on; each person is told once, in neutral words, not at night. Whoever has begun
with somebody here waits no more."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef

from accord.records.audit.actions import record
from accord.records.one_by_one import one_by_one
from accord.records.pairs.models import CarePair
from accord.records.profiles.letters import tell_something_waits
from accord.records.sessions.local_times import is_quiet
from accord.records.waiting.ending import end_wait, has_offer, hold_wait
from accord.records.waiting.models import PlaceOffer, Wait
from accord.records.waiting.offering import pass_on

State = PlaceOffer.State


def pass_on_unanswered(now: datetime) -> int:
    over = PlaceOffer.objects.filter(state=State.OPEN, reply_by__lte=now).select_related("place", "wait")
    return one_by_one(over.order_by("reply_by")[:200], partial(pass_on, at=now))


def tell_of_places(now: datetime, *, address: str) -> int:
    """A place is kept for somebody: one mail."""
    fresh = PlaceOffer.objects.filter(state=State.OPEN, told_at=None, seen_at=None).select_related("wait__client")
    awake = [one for one in fresh.order_by("pk")[:200] if not is_quiet(now, one.wait.client.zone)]
    return one_by_one(awake, partial(_tell, now=now, address=address))


@transaction.atomic
def _tell(offer: PlaceOffer, now: datetime, address: str) -> int:
    if not PlaceOffer.objects.filter(pk=offer.pk, told_at=None, state=State.OPEN).update(told_at=now):
        return 0
    tell_something_waits(offer.wait.client, at=now, address=address)
    return 1


def end_waits_of_begun(now: datetime) -> int:
    """By a search, a move or a call: they have a place here. Somebody with an open offer answers that first."""
    here = CarePair.objects.filter(client=OuterRef("client"), practice=OuterRef("practice"), ended_on=None)
    offers = PlaceOffer.objects.filter(wait=OuterRef("pk"), state=State.OPEN)
    begun = Exists(here.filter(started_on__gte=OuterRef("since__date")))
    waits = Wait.objects.filter(begun, ~Exists(offers), ended_at=None)
    return one_by_one(waits.order_by("pk")[:200], partial(_end, now=now))


@transaction.atomic
def _end(wait: Wait, now: datetime) -> bool:
    hold_wait(wait)  # an offer of this very moment comes first
    if has_offer(wait) or not end_wait(wait, Wait.End.PLACED, at=now):
        return False
    record(None, "wait ended with a start", wait, at=now)
    return True
