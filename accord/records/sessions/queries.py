"""Reads about sessions, from the pair that somebody may see."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from accord.records.pairs.models import CarePair
from accord.records.sessions.models import TherapySession


def sessions_of(pair: CarePair) -> QuerySet[TherapySession]:
    return pair.sessions.exclude(state=TherapySession.State.CANCELLED).order_by("number")


def next_session(pair: CarePair, *, at: datetime) -> TherapySession | None:
    """The session that is on, or the next one that comes."""
    coming = sessions_of(pair).filter(state=TherapySession.State.BOOKED).order_by("starts_at")
    return next((session for session in coming if session.ends_at > at), None)


def newest_session(pair: CarePair, *, at: datetime) -> TherapySession | None:
    """The last session that has begun; before the first one, the one that comes."""
    begun = sessions_of(pair).filter(starts_at__lte=at).order_by("-starts_at").first()
    return begun or next_session(pair, at=at)


def past_but_booked(now: datetime) -> QuerySet[TherapySession]:
    """Sessions that began an hour ago or more and that the background work has not marked as held."""
    return TherapySession.objects.filter(state=TherapySession.State.BOOKED, starts_at__lt=now - timedelta(hours=1))


def sessions_between(pairs: Iterable[CarePair], start: datetime, end: datetime) -> QuerySet[TherapySession]:
    """All sessions of these pairs that start in a span, in order of time."""
    return (
        TherapySession.objects.filter(pair__in=list(pairs), starts_at__gte=start, starts_at__lt=end)
        .exclude(state=TherapySession.State.CANCELLED)
        .select_related("pair__client", "pair__therapist__user", "practice")
        .order_by("starts_at")
    )
