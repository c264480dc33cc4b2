"""Somebody begins with a therapist and has told nothing yet: the intake waits for them, and one mail says so."""

from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Subquery

from accord.records.intake.actions import ask_for_intake
from accord.records.intake.models import Intake
from accord.records.pairs.models import CarePair
from accord.records.sessions.models import TherapySession

LOOK_BACK = timedelta(days=3)  # an outage is made up for; nobody is asked who began long ago


def ask_who_begins(now: datetime, *, address: str) -> int:
    """Who was asked before, by whomever, is not asked again: what they wrote goes with them."""
    begun = CarePair.objects.filter(ended_on=None, started_on__gt=(now - LOOK_BACK).date(), started_on__lte=now.date())
    met = TherapySession.objects.filter(state=TherapySession.State.HELD).values("pair")
    fresh = begun.exclude(pk__in=met).exclude(client__in=Intake.objects.values("client"))
    pairs = fresh.select_related("client", "therapist").order_by("pk")[:500]
    return sum(ask_for_intake(p.client, p.therapist, at=now, pair=p, address=address) is not None for p in pairs)


def join_pairs(now: datetime) -> int:
    """An intake that was asked before the two began belongs to their pair from then on."""
    pair = CarePair.objects.filter(client=OuterRef("client"), therapist=OuterRef("therapist")).order_by("-pk")
    begun = Intake.objects.filter(
        pair=None,
        client__pairs_as_client__therapist=F("therapist"),
        client__pairs_as_client__started_on__lte=now.date(),
    )
    return Intake.objects.filter(pk__in=begun.values("pk")).update(pair=Subquery(pair.values("pk")[:1]))
