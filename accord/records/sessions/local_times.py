"""Clocks on walls: what somebody means by ten o'clock, and when a mail would disturb.

A time that the clocks skip in spring is refused in words. Of an hour that comes twice in autumn, the first is meant.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accord.records.digits import dated
from accord.records.errors import Refused

QUIET_FROM, QUIET_UNTIL = time(21), time(8)  # on the person's own wall
EVENING_BEFORE = time(20)
AT_LEAST_BEFORE = timedelta(hours=1)  # a reminder later than this before the start is of little use


def moment(wall: datetime, zone: str) -> datetime:
    """What a wall clock shows somewhere, as a moment; refused where no clock ever shows it."""
    here = wall.replace(tzinfo=ZoneInfo(zone), fold=0)
    at = here.astimezone(UTC)
    if at.astimezone(here.tzinfo).replace(tzinfo=None) != wall.replace(tzinfo=None, fold=0):
        raise Refused(
            _("There is no %(time)s on %(day)s: the clocks go forward then. Choose another time.")
            % {"time": dated(wall, "H:i"), "day": dated(wall, "j F Y")}
        )
    return at


def weekly(first: datetime, zone: str, *, count: int, weeks_apart: int = 1) -> list[datetime]:
    """The same time on the wall, week after week, whatever the clocks do in between."""
    return [moment(first + timedelta(weeks=weeks_apart * turn), zone) for turn in range(count)]


def is_quiet(at: datetime, zone: str) -> bool:
    """Whether a mail would come at an hour at which people sleep."""
    here = at.astimezone(ZoneInfo(zone)).time()
    return here >= QUIET_FROM or here < QUIET_UNTIL


def reminder_time(starts_at: datetime, zone: str, *, ahead: timedelta) -> datetime:
    """When to remind of a start. Days are counted on the wall, hours by the clock.

    What would fall into the quiet hours waits until they are over if an hour is left then; else it comes the evening
    before them.
    """
    here = starts_at.astimezone(ZoneInfo(zone))
    days = ahead.days
    wished = (here - timedelta(days=days)).astimezone(UTC) - (ahead - timedelta(days=days))
    if not is_quiet(wished, zone):
        return wished
    return _around_the_quiet_hours(wished, starts_at, zone)


def _around_the_quiet_hours(wished: datetime, starts_at: datetime, zone: str) -> datetime:
    here = wished.astimezone(ZoneInfo(zone))
    morning_of = here.date() if here.time() < QUIET_UNTIL else here.date() + timedelta(days=1)
    after = datetime.combine(morning_of, QUIET_UNTIL, ZoneInfo(zone)).astimezone(UTC)
    if starts_at - after >= AT_LEAST_BEFORE:
        return after
    evening = datetime.combine(morning_of - timedelta(days=1), EVENING_BEFORE, ZoneInfo(zone))
    return evening.astimezone(UTC)
