"""What time it is for Accord. The demo and the journeys may put it to another day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from accord.records.accounts.models import User


def now() -> datetime:
    return timezone.now() + timedelta(seconds=settings.CLOCK_OFFSET)


def local(moment: datetime, user: User) -> datetime:
    """A moment on the wall clock where this person lives."""
    return moment.astimezone(ZoneInfo(user.zone))
