"""Reads about sessions, from the pair or the person that somebody may see."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accord.records.accounts.models import User
from accord.records.errors import NotAllowed, NotFound
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen, pairs_of_client, seen_by
from accord.records.practices.queries import has_worked, posts_of
from accord.records.sessions.models import BusyTime, CalendarAddress, HeldHour, Reminder, ReminderChoice, TherapySession

State = TherapySession.State
LONGEST = timedelta(minutes=480)
IN_FEED = timedelta(days=60), timedelta(days=400)  # what a calendar program is given: so far back, so far ahead


def sessions_of(pair: CarePair) -> QuerySet[TherapySession]:
    return pair.sessions.exclude(state=State.CANCELLED).order_by("number")


def next_session(pair: CarePair, *, at: datetime) -> TherapySession | None:
    """The session that is on, or the next one that comes."""
    coming = sessions_of(pair).filter(state=State.BOOKED).order_by("starts_at")
    return next((session for session in coming if session.ends_at > at), None)


def newest_session(pair: CarePair, *, at: datetime) -> TherapySession | None:
    """The last session that has begun; before the first one, the one that comes."""
    begun = sessions_of(pair).filter(starts_at__lte=at).order_by("-starts_at").first()
    return begun or next_session(pair, at=at)


def past_but_booked(now: datetime) -> QuerySet[TherapySession]:
    """Sessions that began an hour ago or more and that the background work has not marked as held."""
    return TherapySession.objects.filter(state=State.BOOKED, starts_at__lt=now - timedelta(hours=1))


def sessions_between(pairs: Iterable[CarePair], start: datetime, end: datetime) -> QuerySet[TherapySession]:
    """All sessions of these pairs that start in a span, in order of time."""
    return all_between(pairs, start, end).exclude(state=State.CANCELLED)


def all_between(pairs: Iterable[CarePair], start: datetime, end: datetime) -> QuerySet[TherapySession]:
    """The same, with those that were cancelled."""
    return (
        TherapySession.objects.filter(pair__in=list(pairs), starts_at__gte=start, starts_at__lt=end)
        .select_related("pair__client", "pair__therapist__user", "practice", "cancelled_by")
        .order_by("starts_at")
    )


class SeenSession(NamedTuple):
    seen: Seen
    session: TherapySession


def session_for(user: User, code: str, *, at: datetime) -> SeenSession:
    """A session for one of its two people; the pair decides who they are."""
    found = TherapySession.objects.select_related("pair", "cancelled_by", "moved_by").filter(code=code).first()
    if found is None:
        raise NotFound("There is nothing here.")
    seen = seen_by(user, found.pair.code, at=at)
    found.pair = seen.pair
    return SeenSession(seen, found)


def session_as(side: str, user: User, code: str, *, at: datetime) -> SeenSession:
    """The same through the door of one side; for the other side it is the wrong door."""
    found = session_for(user, code, at=at)
    if found.seen.side != side:
        raise NotAllowed("This page is for the other one of you two.")
    return found


def later_in_series(session: TherapySession) -> QuerySet[TherapySession]:
    """What was booked together with it, comes later, and is still on."""
    together = session.pair.sessions.filter(series=session.series, state=State.BOOKED).exclude(series="")
    return together.filter(starts_at__gt=session.starts_at).order_by("starts_at")


def is_taken(pair: CarePair, start: datetime, end: datetime, *, but: TherapySession | None = None) -> bool:
    """Whether one of the two is in another session then, with whomever, or the therapist has said that they cannot."""
    two = (pair.client_id, pair.therapist.user_id)
    theirs = TherapySession.objects.filter(Q(pair__client__in=two) | Q(pair__therapist__user__in=two))
    others = theirs.exclude(pk=but.pk) if but else theirs
    therapist = pair.therapist.user
    held = held_between(therapist, start, end).exclude(client=pair.client_id)
    return _any_booked(others, start, end) or busy_between(therapist, start, end).exists() or held.exists()


def is_free(therapist: User, start: datetime, end: datetime) -> bool:
    """Whether a therapist has nothing then: for somebody who is not their client yet."""
    theirs = TherapySession.objects.filter(Q(pair__therapist__user=therapist) | Q(pair__client=therapist))
    spans = busy_between(therapist, start, end), held_between(therapist, start, end)
    return not _any_booked(theirs, start, end) and not any(span.exists() for span in spans)


def held_between(therapist: User, start: datetime, end: datetime) -> QuerySet[HeldHour]:
    """Hours that they offer somebody."""
    return HeldHour.objects.filter(therapist=therapist, starts_at__lt=end, ends_at__gt=start).order_by("starts_at")


def meets_already(pair: CarePair, start: datetime, end: datetime) -> bool:
    """Whether these two have a session with each other then."""
    return _any_booked(TherapySession.objects.filter(pair=pair), start, end)


def _any_booked(sessions: QuerySet[TherapySession], start: datetime, end: datetime) -> bool:
    near = sessions.filter(state=State.BOOKED, pair__ended_on=None, starts_at__lt=end, starts_at__gt=start - LONGEST)
    return any(one.ends_at > start for one in near)


def busy_between(user: User, start: datetime, end: datetime) -> QuerySet[BusyTime]:
    """When a person cannot, as their own calendar said."""
    return BusyTime.objects.filter(user=user, starts_at__lt=end, ends_at__gt=start).order_by("starts_at")


def sessions_of_client(client: User, *, at: datetime) -> list[TherapySession]:
    """What is on or comes, with everybody the client works with; what was cancelled too."""
    coming = (
        TherapySession.objects.filter(pair__client=client, pair__ended_on=None, starts_at__gt=at - LONGEST)
        .exclude(state=State.HELD)
        .select_related("pair__client", "pair__therapist__user", "cancelled_by")
        .order_by("starts_at")
    )
    return [session for session in coming if session.ends_at > at]


def reminder_choice(user: User) -> str:
    """When this client wants to be reminded."""
    chosen = ReminderChoice.objects.filter(user=user).first()
    return chosen.when if chosen else ReminderChoice.When.DAY_BEFORE


def reminders_due(now: datetime, *, since: datetime) -> QuerySet[TherapySession]:
    """Coming sessions whose reminder is due, as they stand now, and was not written. `since`: no earlier ones."""
    written = Reminder.objects.filter(session=OuterRef("pk"), starts_at=OuterRef("starts_at"))
    booked = TherapySession.objects.filter(
        ~Exists(written),
        state=State.BOOKED,
        remind_at__gt=since,
        remind_at__lte=now,
        starts_at__gt=now,
        pair__ended_on=None,
        pair__client__is_active=True,
    )
    return booked.select_related("pair__client").order_by("starts_at")


def waiting_reminders() -> QuerySet[Reminder]:
    """Reminders whose mail has not left."""
    return Reminder.objects.filter(notice__sent_at=None).select_related("notice", "session__pair__client")


def untold(now: datetime, *, settled_before: datetime, since: datetime) -> QuerySet[TherapySession]:
    """Coming sessions about which a client knows something else than what is so, for a moment at least."""
    booked = Q(state=State.BOOKED) & (Q(told_start=None) | ~Q(told_start=F("starts_at")))
    cancelled = Q(state=State.CANCELLED, told_start__isnull=False)
    return (
        TherapySession.objects.filter(booked | cancelled, changed_at__gt=since, changed_at__lte=settled_before)
        .filter(Q(starts_at__gt=now) | Q(told_start__gt=now))
        .select_related("pair__client")
        .order_by("pair__client", "pk")
    )


def untold_cancellations(*, settled_before: datetime, since: datetime) -> QuerySet[TherapySession]:
    """Sessions that a client cancelled and the therapist has not heard about."""
    return TherapySession.objects.filter(
        state=State.CANCELLED,
        cancelled_by=F("pair__client"),
        cancel_told_at=None,
        cancelled_at__gt=since,
        cancelled_at__lte=settled_before,
    ).select_related("pair__therapist__user")


def calendar_address(user: User) -> CalendarAddress | None:
    """Whether a calendar program may read this person's appointments, and since when."""
    return CalendarAddress.objects.filter(user=user, revoked_at=None).first()


def calendar_behind(token: str, *, at: datetime) -> list[TherapySession]:
    """The appointments behind a secret address: of a client, or of a therapist for as long as the post is held."""
    address = CalendarAddress.objects.select_related("user").filter(
        token_hash=CalendarAddress.hash_of(token), revoked_at=None, user__is_active=True
    )
    found = address.first()
    if found is None:
        raise NotFound("There is nothing here.")
    posts = posts_of(found.user, on=at.date()).filter(role="therapist")
    if has_worked(found.user) and not posts.exists() and not pairs_of_client(found.user).exists():
        raise NotFound("There is nothing here.")
    as_therapist = Q(pair__therapist__in=posts, pair__ended_on=None)
    back, ahead = IN_FEED
    theirs = TherapySession.objects.filter(as_therapist | Q(pair__client=found.user))
    return list(theirs.filter(starts_at__gt=at - back, starts_at__lt=at + ahead).order_by("starts_at", "pk"))
