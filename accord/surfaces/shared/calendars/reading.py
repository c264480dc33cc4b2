"""Busy times out of an iCalendar file. Nothing but the times leaves this module: no title, no place, no guest.

What repeats is laid out over a horizon. A file that cannot be read is refused with its first bad line.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from time import monotonic
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.utils.translation import gettext as _
from icalendar import Calendar

from accord.records.errors import Refused
from accord.surfaces.shared.calendars.writing import DOMAIN
from accord.surfaces.shared.digits import numeral

LARGEST = 2_000_000  # bytes
HORIZON = timedelta(days=180)
OLDEST = timedelta(days=365 * 30)  # an event that began earlier is no event
MOST_OF_ONE = 2_000  # occurrences of one event within the horizon
LINE = re.compile(r"[A-Za-z0-9-]+(;[^:\"]*(\"[^\"]*\"[^:\"]*)*)*:")
UNTIL = re.compile(r"UNTIL=(\d{8}T\d{6}Z)")
NO_INTERVAL = re.compile(r"INTERVAL=0*(;|$)")  # the rule would never go on
PATIENCE = 5.0  # seconds for a whole file; some rules never come true, and looking for them takes long
A_DAY = timedelta(days=1)
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)  # what a strange property leads to
TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")

Part = Any  # an event as the library reads it: anything may be in it
Span = tuple[datetime, datetime]


class Line(NamedTuple):
    number: int  # in the file, counted from one
    text: str


class View(NamedTuple):
    """From when to when we look, and whose clock a time without a zone is meant on."""

    start: datetime
    end: datetime
    zone: ZoneInfo


def busy_times(content: bytes, *, zone: str, at: datetime) -> list[Span]:
    """When the owner of this calendar cannot, from `at` to the horizon, in UTC; what touches or overlaps is one."""
    view = View(at.astimezone(UTC), at.astimezone(UTC) + HORIZON, ZoneInfo(zone))
    lines = _lines(content)
    try:
        calendars = Calendar.from_ical("\r\n".join(line.text for line in lines), multiple=True)
    except UNREADABLE as error:
        raise Refused(_("This file cannot be read as a calendar.")) from error
    begins = iter([line.number for line in lines if line.text.upper() == "BEGIN:VEVENT"])
    events = [(event, next(begins)) for calendar in calendars for event in calendar.walk("VEVENT")]
    elsewhere, began = _replaced(events), monotonic()
    found: list[Span] = []
    for event, line in events:
        found += _spans(event, line, view, elsewhere)
        if monotonic() - began > PATIENCE:
            raise Refused(_("This calendar repeats in too many ways. Export a shorter span."))
    return _merged(found)


def _lines(content: bytes) -> list[Line]:
    """The file's lines, unfolded and checked, each with the number that an editor shows."""
    if len(content) > LARGEST:
        raise Refused(_("This file is larger than 2 MB. Export a shorter span."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content[: error.start].count(b"\n") + 1
        raise Refused(_("Line %(line)s is not in UTF-8.") % {"line": numeral(number)}) from error
    lines: list[Line] = []
    for number, raw in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if raw[:1] in (" ", "\t") and lines:
            lines[-1] = Line(lines[-1].number, lines[-1].text + raw[1:])
        elif raw.strip():
            lines.append(Line(number, raw.rstrip()))
    _check(lines)
    return lines


def _check(lines: list[Line]) -> None:
    """Every line is a property, and what begins ends, in order."""
    if not lines or lines[0].text.upper() != "BEGIN:VCALENDAR":
        raise Refused(_("Line 1 should say BEGIN:VCALENDAR: this is no calendar file."))
    open_parts: list[Line] = []
    for line in lines:
        if not LINE.match(line.text):
            raise Refused(_("Line %(line)s is no calendar line.") % {"line": numeral(line.number)})
        name, _colon, value = line.text.upper().partition(":")
        if name == "BEGIN":
            open_parts.append(Line(line.number, value))
        elif name == "END" and (not open_parts or open_parts.pop().text != value):
            raise Refused(_("Line %(line)s ends something that had not begun.") % {"line": numeral(line.number)})
    if open_parts:
        raise Refused(_("What begins in line %(line)s has no end.") % {"line": numeral(open_parts[-1].number)})


def _replaced(events: list[tuple[Part, int]]) -> dict[str, set[datetime | date]]:
    """UID -> starts of a repeating event that an event of their own stands in for."""
    found: dict[str, set[datetime | date]] = {}
    for event, _line in events:
        if "RECURRENCE-ID" in event:
            found.setdefault(str(event.get("UID")), set()).add(_moment_key(event["RECURRENCE-ID"].dt))
    return found


def _moment_key(value: datetime | date) -> datetime | date:
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value


def _spans(event: Part, line: int, view: View, elsewhere: dict[str, set[datetime | date]]) -> Iterator[Span]:
    """One event in the horizon; none if its owner is free then, or it is one of ours that comes back."""
    if _is_no_obstacle(event):
        return
    try:
        start, length = event["DTSTART"].dt, event.duration
        if length <= timedelta():
            return
        gone = elsewhere.get(str(event.get("UID")), set()) if "RRULE" in event else set()
        for each in _starts(event, start, length, view):
            if _moment_key(each) not in gone:
                yield from _inside(_anchored(each, view.zone), length, whole_days=type(start) is date, view=view)
    except Refused as error:
        raise Refused(_("The event in line %(line)s: %(why)s") % {"line": numeral(line), "why": error}) from error
    except UNREADABLE as error:
        raise Refused(
            _("The event in line %(line)s has a time that cannot be read.") % {"line": numeral(line)}
        ) from error


def _is_no_obstacle(event: Part) -> bool:
    free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    return free or cancelled or str(event.get("UID", "")).endswith(DOMAIN)


def _starts(event: Part, start: datetime | date, length: timedelta, view: View) -> Iterator[datetime | date]:
    """Every start that may reach into the horizon, on the event's own clock, so that ten o'clock stays ten o'clock."""
    if "RRULE" not in event and "RDATE" not in event:
        yield start
        return
    if _anchored(start, view.zone) < view.start - OLDEST:
        raise Refused(_("it began more than thirty years ago."))
    skipped = {_moment_key(each) for each in _listed(event, "EXDATE")}
    for each in (*_by_rule(event, start, length, view), *_listed(event, "RDATE")):
        if _moment_key(each) not in skipped:
            yield each


def _by_rule(event: Part, start: datetime | date, length: timedelta, view: View) -> list[datetime | date]:
    with_time = isinstance(start, datetime)
    first = start if isinstance(start, datetime) else datetime.combine(start, time())
    zone = first.tzinfo
    from_, until = (edge.replace(tzinfo=None) for edge in (view.start - length - A_DAY, view.end + A_DAY))
    wall = first.replace(tzinfo=None)
    found = {wall}
    for rule in _rules(event, zone or view.zone):
        repeated = rrulestr(rule, dtstart=wall).xafter(from_, inc=True)
        found |= set(islice(_until(repeated, until), MOST_OF_ONE))
    return [each.replace(tzinfo=zone) if with_time else each.date() for each in sorted(found)]


def _until(starts: Iterator[datetime], last: datetime) -> Iterator[datetime]:
    for each in starts:
        if each > last:
            return
        yield each


def _rules(event: Part, zone: tzinfo) -> Iterator[str]:
    """Rules as text. Their end stands in UTC; here it is put on the wall on which the starts are counted."""
    given = event.get("RRULE", [])
    for rule in given if isinstance(given, list) else [given]:
        text = rule.to_ical().decode().upper()
        if any(word in text for word in TOO_OFTEN):
            raise Refused(_("it repeats more often than once a day."))
        if NO_INTERVAL.search(text):
            raise Refused(_("it repeats every nothing."))
        yield UNTIL.sub(lambda found: f"UNTIL={_on_wall(found[1], zone)}", text)


def _on_wall(utc: str, zone: tzinfo) -> str:
    return f"{datetime.strptime(utc, '%Y%m%dT%H%M%SZ').replace(tzinfo=UTC).astimezone(zone):%Y%m%dT%H%M%S}"


def _listed(event: Part, name: str) -> Iterator[Any]:
    given = event.get(name, [])
    for one in given if isinstance(given, list) else [given]:
        yield from (each.dt for each in one.dts)


def _anchored(value: datetime | date, zone: ZoneInfo) -> datetime:
    """As a moment: a day begins at midnight, and a time without a zone is meant, where the owner lives."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def _inside(start: datetime, length: timedelta, *, whole_days: bool, view: View) -> Iterator[Span]:
    end = start + length
    if whole_days:  # days are counted on the wall: one of them may have 23 hours
        wall = start.astimezone(view.zone).replace(tzinfo=None) + length
        end = wall.replace(tzinfo=view.zone).astimezone(UTC)
    if start < view.end and end > view.start:
        yield max(start, view.start), min(end, view.end)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
