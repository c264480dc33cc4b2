"""A session as both sides' pages show it: on the viewer's wall clock, in words."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.sessions.actions import AS_USUAL
from accord.records.sessions.models import TherapySession
from accord.surfaces.shared import clock

State, Place = TherapySession.State, TherapySession.Place


class Appointment(NamedTuple):
    code: str
    starts: datetime  # without a zone: as the viewer's clock shows it
    ends: datetime
    minutes: int
    place: str  # in words
    state: str
    number: int
    client: str
    therapist: str
    cancelled_by: str  # "you", a first name, or nothing
    cancelled_at: datetime | None
    words: str
    may_bring_back: bool
    is_unusual: bool  # another length or place than most
    over: bool


def place_words(place: str) -> str:
    return {Place.IN_PERSON: _("in person"), Place.VIDEO: _("by video"), Place.PHONE: _("by phone")}[Place(place)]


def appointment(session: TherapySession, viewer: User, *, at: datetime) -> Appointment:
    """Needs the session's pair with its two people, and who cancelled."""
    off = session.state == State.CANCELLED
    mine = off and session.cancelled_by_id == viewer.pk
    return Appointment(
        code=session.code,
        starts=clock.on_the_wall(session.starts_at, viewer),
        ends=clock.on_the_wall(session.ends_at, viewer),
        minutes=session.minutes,
        place=place_words(session.place),
        state=session.state,
        number=session.number,
        client=session.pair.client.name,
        therapist=session.pair.therapist.user.first_name,
        cancelled_by=who(session.cancelled_by, viewer) if off else "",
        cancelled_at=clock.on_the_wall(session.cancelled_at, viewer) if session.cancelled_at else None,
        words=(session.words or "") if off else "",
        is_unusual=(session.minutes, session.place) != AS_USUAL,
        may_bring_back=mine and session.starts_at > at,
        over=session.ends_at <= at,
    )


def who(person: User | None, viewer: User) -> str:
    """By whom something was done, as the viewer would say it."""
    if person is None:
        return ""
    return _("you") if person.pk == viewer.pk else person.first_name
