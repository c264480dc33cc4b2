"""Appointments as iCalendar (RFC 5545): neutral titles, moments in UTC, the same bytes for the same state.

A calendar program recognises an appointment by its UID, takes a change by its SEQUENCE, takes it away by its STATUS.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accord.records.sessions.models import TherapySession

DOMAIN = "@accord"  # events with it are ours: they are not taken for busy times when a calendar comes back in
ASK_AGAIN = timedelta(minutes=30)


def calendar_of(sessions: Iterable[TherapySession]) -> bytes:
    """One calendar with every appointment; those that were cancelled say so."""
    calendar = Calendar()
    calendar.add("prodid", "-//Accord//Accord//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Appointments"))
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", ASK_AGAIN)
    for session in sessions:
        calendar.add_component(_event(session))
    content: bytes = calendar.to_ical()
    return content


def _event(session: TherapySession) -> Event:
    event = Event()
    changed = (session.changed_at or session.starts_at).astimezone(UTC)
    cancelled = session.state == TherapySession.State.CANCELLED
    event.add("uid", session.code + DOMAIN)
    event.add("sequence", session.revision)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.ends_at.astimezone(UTC))
    event.add("summary", _("Appointment"))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    event.add("class", "PRIVATE")
    return event


def etag_of(calendar: bytes) -> str:
    return f'"{hashlib.sha256(calendar).hexdigest()[:32]}"'
