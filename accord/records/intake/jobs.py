"""Somebody begins with a therapist and has told nothing yet: the intake waits for them, and one mail says so."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from accord.records.intake.actions import ask_for_intake
from accord.records.intake.models import Intake
from accord.records.one_by_one import one_by_one
from accord.records.pairs.models import CarePair
from accord.records.sessions.models import TherapySession

LOOK_BACK = timedelta(days=3)  # an outage is made up for; nobody is asked who began long ago


def ask_who_begins(now: datetime, *, address: str) -> int:
    """Who was asked before, by whomever, is not asked again: what they wrote goes with them."""
    begun = CarePair.objects.filter(ended_on=None, started_on__gt=(now - LOOK_BACK).date(), started_on__lte=now.date())
    met = TherapySession.objects.filter(state=TherapySession.State.HELD).values("pair")
    fresh = begun.exclude(pk__in=met).exclude(client__in=Intake.objects.values("client"))
    return one_by_one(fresh.order_by("pk")[:500], partial(_ask, now=now, address=address))


@transaction.atomic
def _ask(pair: CarePair, now: datetime, address: str) -> int:
    """The pair is held until the intake is in: it may have ended since it was looked up."""
    held = CarePair.objects.select_for_update(no_key=True, of=("self",)).select_related("client", "therapist")
    going = held.filter(pk=pair.pk, ended_on=None).first()
    if going is None:
        return 0
    return ask_for_intake(going.client, going.therapist, at=now, pair=going, address=address) is not None


def join_pairs(now: datetime) -> int:
    """An intake that was asked before the two began belongs to their pair from then on."""
    pair = CarePair.objects.filter(client=OuterRef("client"), therapist=OuterRef("therapist")).order_by("-pk")
    begun = Intake.objects.filter(
        pair=None,
        client__pairs_as_client__therapist=F("therapist"),
        client__pairs_as_client__started_on__lte=now.date(),
    )
    return Intake.objects.filter(pk__in=begun.values("pk")).update(pair=Subquery(pair.values("pk")[:1]))
