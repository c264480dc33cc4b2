"""What time it is for Accord. The demo and the journeys may put it to another day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from accord.records.accounts.models import User
from accord.surfaces.shared.digits import dated


def now() -> datetime:
    return timezone.now() + timedelta(seconds=settings.CLOCK_OFFSET)


def local(moment: datetime, user: User) -> datetime:
    """A moment on the wall clock where this person lives."""
    return moment.astimezone(ZoneInfo(user.zone))


def on_the_wall(moment: datetime, user: User) -> datetime:
    """As their wall clock shows it: without a zone, so that a template prints it as it is."""
    return local(moment, user).replace(tzinfo=None)


def told(moment: datetime, user: User) -> str:
    """ "19:04" on the day itself; later "6 May, 19:04". On this person's clock."""
    here = on_the_wall(moment, user)
    return dated(here, "H:i" if here.date() == local(now(), user).date() else "j F, H:i")
