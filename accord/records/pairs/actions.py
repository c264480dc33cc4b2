"""Writes about pairs."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.errors import Refused, StateMoved
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Post
from accord.records.practices.queries import posts_of


@transaction.atomic
def begin_pair(client: User, therapist: Post, *, by: User | None, at: datetime) -> CarePair:
    """Two people start to work together. Who works here would not get in as a client by the same address."""
    if posts_of(client, on=at.date()).exists():
        raise Refused(_("%(name)s works here. To be a client here they need another address.") % {"name": client.name})
    if not _lasts(therapist, at=at):
        raise Refused(_("%(name)s does not work here any more.") % {"name": therapist.user.first_name})
    pair = CarePair.objects.create(
        practice=therapist.practice, client=client, therapist=therapist, started_on=at.date()
    )
    record(by, "pair begun", pair, at=at)
    return pair


def _lasts(post: Post, *, at: datetime) -> bool:
    """As it stands in the database now: whoever holds it may have left since it was read."""
    held = Q(until=None) | Q(until__gt=at.date())
    return Post.objects.filter(held, pk=post.pk, user__is_active=True).exists()


@transaction.atomic
def end_pair(pair: CarePair, *, by: User | None, at: datetime) -> None:
    """From now on the therapist no longer sees this pair."""
    if not CarePair.objects.filter(pk=pair.pk, ended_on=None).update(ended_on=at.date()):
        raise StateMoved(_("This has ended already."))
    record(by, "pair ended", pair, at=at)
