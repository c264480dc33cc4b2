"""Hours that are offered to somebody who is not a client yet: held, and given back."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.errors import Refused
from accord.records.practices.models import Post
from accord.records.sessions.actions import AS_USUAL
from accord.records.sessions.models import HeldHour
from accord.records.sessions.queries import is_free


@transaction.atomic
def hold_hour(post: Post, client: User, starts_at: datetime, *, by: User, at: datetime) -> HeldHour:
    """As long as a usual session. Refused where the therapist has something else then; of two at once, one gets it."""
    therapist, ends_at = post.user, starts_at + timedelta(minutes=AS_USUAL.minutes)
    list(User.objects.select_for_update(no_key=True).filter(pk=therapist.pk).values_list("pk"))  # as booking does
    if not is_free(therapist, starts_at, ends_at):
        raise Refused(_("You have something else at this time. Choose another one."))
    hour = HeldHour.objects.create(
        practice_id=post.practice_id, therapist=therapist, client=client, starts_at=starts_at, ends_at=ends_at
    )
    record(by, "hour held", hour, at=at)
    return hour


@transaction.atomic
def release_hour(therapist: User, client: User, starts_at: datetime, *, by: User | None, at: datetime) -> None:
    """Free for everybody again; for the one it was held for, too, who may book it now."""
    for hour in HeldHour.objects.filter(therapist=therapist, client=client, starts_at=starts_at):
        record(by, "hour given back", hour, at=at)
        hour.delete()
