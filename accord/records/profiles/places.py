"""A place is taken by one conditional UPDATE, so that the last one goes to exactly one.

The caseload is counted in the same statement: `held`, which the row lock guards, and the open pairs that have no
`Place`. A pair that began from a place keeps it, so the sum is the same before and after it begins, in whichever
snapshot a waiting UPDATE counts the pairs. No join in these statements: with one, Django would compare in an inner
SELECT, which PostgreSQL does not look at again after it has waited.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.errors import Full, StateMoved
from accord.records.pairs.actions import begin_pair
from accord.records.pairs.models import CarePair
from accord.records.profiles.models import Place, Profile
from accord.records.profiles.queries import with_places


@transaction.atomic
def take_place(profile: Profile, *, by: User | None, at: datetime, client: User | None = None) -> Place:
    """One place less, or Full. Accepted enquiries, moves and offers of the queue all come through here."""
    free = with_places(Profile.objects.filter(pk=profile.pk)).filter(places__gt=0)
    if not free.update(held=F("held") + 1):
        raise Full(_("The last place has just gone."))
    place = Place.objects.create(practice_id=profile.practice_id, profile=profile, client=client, taken_at=at)
    record(by, "place taken", place, at=at)
    return place


@transaction.atomic
def release_place(place: Place, *, by: User | None, at: datetime) -> None:
    """Free again, once. One that became a pair is given back by the end of that pair (`jobs.free_ended_places`)."""
    mine = Place.objects.filter(pk=place.pk, released_at=None)
    if not mine.filter(pair=None).update(released_at=at) and not _of_an_ended_pair(place, at=at):
        raise StateMoved(_("This place was given back already."))
    Profile.objects.filter(pk=place.profile_id).update(held=F("held") - 1)
    record(by, "place given back", place, at=at)


def _of_an_ended_pair(place: Place, *, at: datetime) -> bool:
    ended = CarePair.objects.filter(place=place.pk, ended_on__isnull=False).values("pk")
    return bool(Place.objects.filter(pk=place.pk, released_at=None, pair__in=ended).update(released_at=at))


@transaction.atomic
def begin_in_place(place: Place, client: User, *, by: User | None, at: datetime) -> CarePair:
    """The two begin to work together, in the place that was kept for it."""
    pair = begin_pair(client, place.profile.post, by=by, at=at)
    if not Place.objects.filter(pk=place.pk, released_at=None, pair=None).update(pair=pair, client=client):
        raise StateMoved(_("This place was given back or used already."))
    return pair
