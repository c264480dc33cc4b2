"""Whether the search may use a therapist's track record: theirs to allow, and to take back with all its numbers."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.errors import NotAllowed
from accord.records.profiles.models import Profile, UsedRecord
from accord.science.matching import Interval


@transaction.atomic
def allow_record(profile: Profile, *, by: User, at: datetime) -> None:
    """From the next count on; a second time changes nothing."""
    _refuse_others(profile, by)
    fields = {"practice_id": profile.practice_id, "allowed_at": at}
    used, new = UsedRecord.objects.get_or_create(profile=profile, defaults=fields)
    if new:
        record(by, "track record allowed in the search", used, at=at)


@transaction.atomic
def forbid_record(profile: Profile, *, by: User, at: datetime) -> None:
    """At once: the row goes, and its numbers with it."""
    _refuse_others(profile, by)
    used = UsedRecord.objects.select_for_update().filter(profile=profile).first()
    if used is not None:
        record(by, "track record taken out of the search", used, at=at)
        used.delete()


@transaction.atomic
def keep_record(used: UsedRecord, says: Mapping[str, Interval], *, version: str, at: datetime) -> bool:
    """What the cases say now; False where another worker was faster, or it is not allowed any more."""
    same = UsedRecord.objects.filter(pk=used.pk, counted_at=used.counted_at)
    numbers = {need: list(interval) for need, interval in says.items()}
    if not same.update(says=numbers, version=version, counted_at=at):
        return False
    record(None, "track record counted", used, at=at)
    return True


def _refuse_others(profile: Profile, by: User) -> None:
    if profile.post.user_id != by.pk:
        raise NotAllowed(_("A profile is written by its therapist."))
