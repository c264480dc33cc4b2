"""A therapist's week: seven days, what is in them in order of time, on the therapist's own wall clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from accord.records.accounts.models import User
from accord.records.sessions.models import BusyTime, HeldHour, TherapySession
from accord.surfaces.shared import clock
from accord.surfaces.shared.appointments import Appointment, appointment

DAYS = 7


class Row(NamedTuple):
    """One line of a day: an appointment, or a time that is busy."""

    starts: datetime
    ends: datetime
    one: Appointment | None = None


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    is_today: bool
    is_past: bool
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Week:
    days: list[Day]
    before: date
    after: date
    is_this: bool

    @property
    def first(self) -> date:
        return self.days[0].on

    @property
    def last(self) -> date:
        return self.days[-1].on

    @property
    def sessions(self) -> int:
        """How many are on."""
        return sum(row.one is not None and row.one.state != "cancelled" for day in self.days for row in day.rows)


def monday_of(text: str, today: date) -> date:
    """The week of any day in it; of a day that cannot be read, this week."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    if not 1970 <= day.year <= 2200:
        day = today
    return day - timedelta(days=day.weekday())


def span_of(monday: date, viewer: User) -> tuple[datetime, datetime]:
    """From midnight to midnight where the viewer lives, whatever the clocks do in between."""
    zone = ZoneInfo(viewer.zone)
    start, end = (datetime.combine(day, time(), zone) for day in (monday, monday + timedelta(days=DAYS)))
    return start, end


def lay_out(
    monday: date,
    sessions: Iterable[TherapySession],
    busy: Iterable[BusyTime | HeldHour],
    *,
    viewer: User,
    now: datetime,
) -> Week:
    today = clock.on_the_wall(now, viewer).date()
    days = [_day(monday + timedelta(days=turn), today) for turn in range(DAYS)]
    rows = [_row(session, viewer, now) for session in sessions]
    spans = [(clock.on_the_wall(one.starts_at, viewer), clock.on_the_wall(one.ends_at, viewer)) for one in busy]
    for day in days:
        day.rows.extend(row for row in rows if row.starts.date() == day.on)
        day.rows.extend(row for span in spans for row in _busy_on(day.on, *span))
        day.rows.sort(key=lambda row: row.starts)
    week = timedelta(days=DAYS)
    return Week(days, monday - week, monday + week, is_this=monday == monday_of("", today))


def _day(on: date, today: date) -> Day:
    return Day(on, is_today=on == today, is_past=on < today)


def _row(session: TherapySession, viewer: User, now: datetime) -> Row:
    one = appointment(session, viewer, at=now)
    return Row(one.starts, one.ends, one)


def _busy_on(day: date, starts: datetime, ends: datetime) -> list[Row]:
    """The part of a busy time that falls on a day."""
    first = max(starts, datetime.combine(day, time()))
    last = min(ends, datetime.combine(day + timedelta(days=1), time()))
    return [Row(first, last)] if first < last else []
