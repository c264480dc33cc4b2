"""Places come back when a pair has ended; before a confirmation runs out, its therapist is told once."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from accord.records.one_by_one import one_by_one
from accord.records.profiles.letters import tell_something_waits
from accord.records.profiles.models import Place, Profile
from accord.records.profiles.places import release_place
from accord.records.profiles.queries import FRESH, LISTED, places_of, published
from accord.records.sessions.local_times import is_quiet

BEFORE = timedelta(days=2)


def free_ended_places(now: datetime) -> int:
    """Two people have ended: the place is free for somebody else."""
    over = Place.objects.filter(released_at=None, pair__ended_on__isnull=False).order_by("pk")
    return one_by_one(over[:500], partial(release_place, by=None, at=now))


def warn_before_places_turn_stale(now: datetime, *, address: str) -> int:
    """Two days before "open" becomes "ask": one neutral mail a confirmation, not at night."""
    due = {"confirmed_at__lte": now - FRESH + BEFORE, "confirmed_at__gt": now - LISTED}
    old = published(at=now).filter(**due, warned_at=None)
    awake = [one for one in old if places_of(one) and not is_quiet(now, one.post.user.zone)]
    return one_by_one(awake, partial(_warn, now=now, address=address))


@transaction.atomic
def _warn(profile: Profile, now: datetime, address: str) -> int:
    if not Profile.objects.filter(pk=profile.pk, warned_at=None).update(warned_at=now):
        return 0
    tell_something_waits(profile.post.user, at=now, address=address)
    return 1
