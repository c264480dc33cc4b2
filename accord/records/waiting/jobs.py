"""Offers that nobody answered pass on; each person is told once, in neutral words, not at night."""

from datetime import datetime

from django.db import transaction

from accord.records.errors import StateMoved
from accord.records.profiles.letters import tell_something_waits
from accord.records.sessions.local_times import is_quiet
from accord.records.waiting.models import PlaceOffer
from accord.records.waiting.offering import pass_on

State = PlaceOffer.State


def pass_on_unanswered(now: datetime) -> int:
    over = PlaceOffer.objects.filter(state=State.OPEN, reply_by__lte=now).select_related("place", "wait")
    return sum(_pass_on(offer, now) for offer in over.order_by("reply_by")[:200])


def _pass_on(offer: PlaceOffer, now: datetime) -> int:
    try:
        pass_on(offer, at=now)
    except StateMoved:  # answered at this moment, or another worker was faster
        return 0
    return 1


def tell_of_places(now: datetime, *, address: str) -> int:
    """A place is kept for somebody: one mail."""
    fresh = PlaceOffer.objects.filter(state=State.OPEN, told_at=None, seen_at=None).select_related("wait__client")
    awake = [one for one in fresh.order_by("pk")[:200] if not is_quiet(now, one.wait.client.zone)]
    return sum(_tell(one, now, address) for one in awake)


@transaction.atomic
def _tell(offer: PlaceOffer, now: datetime, address: str) -> int:
    if not PlaceOffer.objects.filter(pk=offer.pk, told_at=None, state=State.OPEN).update(told_at=now):
        return 0
    tell_something_waits(offer.wait.client, at=now, address=address)
    return 1
