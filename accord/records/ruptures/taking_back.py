"""Taking back a check-in takes back what was made of it: the estimate, and while nobody has read it, the flags."""

from datetime import datetime
from typing import NamedTuple

from django.db import models, transaction
from django.db.models import ProtectedError, Q

from accord.records.accounts.models import User
from accord.records.alliance.models import Estimate
from accord.records.audit.actions import record
from accord.records.checkins.actions import CLIENT
from accord.records.checkins.models import CheckIn, TakenBack
from accord.records.checkins.taking_back import withdraw
from accord.records.pairs.models import CarePair
from accord.records.ruptures.models import Episode, Flag


class TookBack(NamedTuple):
    gone: TakenBack
    told: bool  # the therapist may have had a neutral notice in between


@transaction.atomic
def take_back(check_in: CheckIn, *, by: User, at: datetime) -> TookBack:
    """All of it, or nothing. Estimates are made again by their job, from what stands then."""
    CarePair.objects.select_for_update(no_key=True).get(
        pk=check_in.session.pair_id
    )  # nobody estimates this pair meanwhile
    said_now = check_in.travels == CheckIn.Travels.NOW
    gone = withdraw(check_in, by=by, at=at)
    if check_in.instrument != CLIENT:
        return TookBack(gone, told=False)
    session = check_in.session
    made = Estimate.objects.filter(pair_id=session.pair_id, session__number__gte=session.number)
    list(made.select_for_update().values_list("pk"))  # wait for whoever is judging them, then they go
    made.delete()
    flags = Flag.objects.filter(session=session, note=None, raised_at__gte=gone.received_at)  # notes go their own way
    flags = flags.exclude(~Q(pillar=""), kind=Flag.Kind.SAID) if said_now else flags.exclude(kind=Flag.Kind.SAID)
    told = flags.filter(kind__in=Flag.TALK).exists()
    if gone.read_at is None:
        _forget(flags, at)
    return TookBack(gone, told=told)


def _forget(flags: models.QuerySet[Flag], at: datetime) -> None:
    """Nobody has seen them. An episode that they opened, and that nobody has touched, goes with them."""
    episodes = Episode.objects.filter(flags__in=flags).distinct()
    found = list(Episode.objects.select_for_update().filter(pk__in=episodes.values("pk")))
    flags.delete()
    for episode in found:
        untouched = episode.state == Episode.State.NOTICED and not episode.flags.exists()
        if not untouched or episode.steps.count() > 1:
            continue
        try:
            with transaction.atomic():
                record(None, "episode forgotten, its cause was taken back", episode, at=at)
                episode.steps.all().delete()
                episode.delete()
        except ProtectedError:
            continue  # somebody has added something of their own to it: it stays
