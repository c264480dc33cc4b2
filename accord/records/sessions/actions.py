"""Writes about sessions: booked, moved, cancelled, brought back, held.

Whoever books, moves or cancels has both people to themselves until the transaction ends (`_alone`): on PostgreSQL by
a lock on their rows, on SQLite because only one writes. So nobody is in two sessions at once, and numbers stay right.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accord.records.accounts.actions import send_notice, take_back_notice
from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.codes import new_code
from accord.records.digits import numeral, set_apart
from accord.records.errors import NotAllowed, Refused, StateMoved, Taken
from accord.records.pairs.models import CarePair
from accord.records.sessions import letters
from accord.records.sessions.models import TherapySession
from accord.records.sessions.planning import remind_at
from accord.records.sessions.queries import is_taken, later_in_series, meets_already

State = TherapySession.State
Place = TherapySession.Place
LONGEST_WORDS = 2000
MOST_AT_ONCE = 52
ASIDE = 10_000  # added to numbers for a moment, so that none is there twice while they change


class Terms(NamedTuple):
    """How long, and where."""

    minutes: int = 50
    place: str = Place.IN_PERSON


AS_USUAL = Terms()


@transaction.atomic
def book(
    pair: CarePair, starts_at: datetime, *, by: User | None, at: datetime, terms: Terms = AS_USUAL, series: str = ""
) -> TherapySession:
    """One more session of a pair. Of two who want the same hour at once, one gets it."""
    _alone(pair)
    _refuse_what_makes_no_sense(pair, starts_at, terms)
    if starts_at > at:
        _refuse_if_taken(pair, starts_at, terms.minutes, by=by)
    elif meets_already(pair, starts_at, starts_at + _span(terms)):  # else what has begun is written down as it was
        raise _taken([starts_at], by or pair.therapist.user)
    session = TherapySession.objects.create(
        practice_id=pair.practice_id,
        pair=pair,
        number=_last_number(pair) + 1,
        starts_at=starts_at,
        minutes=terms.minutes,
        place=terms.place,
        series=series,
        changed_at=at,
        remind_at=remind_at(starts_at, pair.client, since=at),
    )
    _count_anew(pair)
    session.refresh_from_db(fields=["number"])
    record(by, "session booked", session, at=at)
    return session


@transaction.atomic
def book_series(
    pair: CarePair, starts: Sequence[datetime], *, by: User | None, at: datetime, terms: Terms = AS_USUAL
) -> list[TherapySession]:
    """Several sessions together: all of them, or none with the times that are taken."""
    if not 1 <= len(starts) <= MOST_AT_ONCE:
        raise Refused(_("Book between 1 and %(most)s sessions at once.") % {"most": numeral(MOST_AT_ONCE)})
    _alone(pair)
    taken = [start for start in starts if start > at and is_taken(pair, start, start + _span(terms))]
    if taken:
        raise _taken(taken, by or pair.therapist.user)
    series = new_code() if len(starts) > 1 else ""
    return [book(pair, start, by=by, at=at, terms=terms, series=series) for start in starts]


@transaction.atomic
def move(
    session: TherapySession, starts_at: datetime, *, by: User | None, at: datetime, terms: Terms | None = None
) -> TherapySession:
    """To another time, length or place. Who looked at an older state of it is told so, and nothing is overwritten."""
    pair, terms = session.pair, terms or Terms(session.minutes, session.place)
    _alone(pair)
    _refuse_what_makes_no_sense(pair, starts_at, terms)
    if starts_at <= at or session.starts_at <= at:
        raise Refused(_("This time is over. Choose one that is still to come."))
    _refuse_if_taken(pair, starts_at, terms.minutes, by=by, but=session)
    change: dict[str, Any] = {"starts_at": starts_at, "minutes": terms.minutes, "place": terms.place}
    change |= {"remind_at": remind_at(starts_at, pair.client, since=at)}
    if starts_at != session.starts_at:
        change |= {"moved_from": session.starts_at, "moved_by": by, "moved_at": at}
    _claim(session, State.BOOKED, change, at=at)
    record(by, "session moved", session, at=at)
    return _settled(session, at=at)


def undo_move(session: TherapySession, *, by: User, at: datetime) -> TherapySession:
    """Back to where it was, for whoever moved it."""
    if session.moved_from is None or session.moved_by_id != by.pk:
        raise StateMoved(_("There is no move of yours to undo."))
    return move(session, session.moved_from, by=by, at=at)


@transaction.atomic
def cancel(session: TherapySession, *, by: User | None, at: datetime, words: str = "") -> TherapySession:
    """It will not take place. A client may leave a few words for the therapist; nobody has to give a reason."""
    if len(words) > LONGEST_WORDS:
        raise Refused(_("Please use at most 2,000 characters."))
    if session.ends_at <= at:
        raise Refused(_("This time is over."))
    _alone(session.pair)
    sealed = TherapySession._meta.get_field("words").sealed_for(session, words.strip() or None)
    change: dict[str, Any] = {"state": State.CANCELLED, "cancelled_by": by, "cancelled_at": at, "words": sealed}
    if by is not None and by.pk == session.pair.client_id:
        change |= {"told_start": None}  # nobody has to tell them
    _claim(session, State.BOOKED, change, at=at)
    record(by, "session cancelled", session, at=at)
    return _settled(session, at=at)


@transaction.atomic
def cancel_from(session: TherapySession, *, by: User | None, at: datetime) -> list[TherapySession]:
    """This one and what was booked together with it and comes later."""
    return [cancel(one, by=by, at=at) for one in (session, *list(later_in_series(session)))]


@transaction.atomic
def bring_back(session: TherapySession, *, by: User, at: datetime) -> TherapySession:
    """Undo a cancellation: by whoever cancelled, while the time is still to come and still free for both."""
    if session.cancelled_by_id != by.pk:
        raise NotAllowed(_("Only who cancelled it can bring it back."))
    _alone(session.pair)
    if session.starts_at <= at:
        raise Refused(_("This time is over. Choose one that is still to come."))
    _refuse_what_makes_no_sense(session.pair, session.starts_at, Terms(session.minutes, session.place))
    _refuse_if_taken(session.pair, session.starts_at, session.minutes, by=by)
    change: dict[str, Any] = {"state": State.BOOKED, "number": _last_number(session.pair) + 1, "cancelled_by": None}
    change |= {"cancelled_at": None, "cancel_told_at": None, "words": None}
    change |= {"remind_at": remind_at(session.starts_at, session.pair.client, since=at)}
    if by.pk == session.pair.client_id:
        change |= {"told_start": session.starts_at}
    told = session.cancel_told_at is not None
    _claim(session, State.CANCELLED, change, at=at)
    if told:
        send_notice(session.pair.therapist.user, *letters.on_again(session), at=at)
    record(by, "session brought back", session, at=at)
    return _settled(session, at=at)


@transaction.atomic
def hold(session: TherapySession, *, by: User | None, at: datetime) -> None:
    """It took place."""
    booked = TherapySession.objects.filter(pk=session.pk, state=State.BOOKED)
    if not booked.update(state=State.HELD):
        raise StateMoved(_("This session is not booked any more."))
    record(by, "session held", session, at=at)


def _alone(pair: CarePair) -> None:
    """Wait until nobody else changes sessions of either of the two."""
    two = {pair.client_id, pair.therapist.user_id}
    locked = User.objects.select_for_update(no_key=True).filter(pk__in=two).order_by("pk")
    list(locked.values_list("pk"))


def _claim(session: TherapySession, state: str, change: dict[str, Any], *, at: datetime) -> None:
    """One conditional UPDATE: only of the state and the revision that whoever acts has seen."""
    as_seen = TherapySession.objects.filter(pk=session.pk, state=state, revision=session.revision)
    if not as_seen.update(revision=F("revision") + 1, changed_at=at, **change):
        raise StateMoved(_("Somebody changed this session in the meantime. Look again."))


def _settled(session: TherapySession, *, at: datetime) -> TherapySession:
    """After a change: numbers in order, no reminder of what is no longer so."""
    _count_anew(session.pair)
    for reminder in session.reminders.select_related("notice").filter(notice__sent_at=None):
        take_back_notice(reminder.notice, at=at)
    session.refresh_from_db()
    return session


def _last_number(pair: CarePair) -> int:
    counted = pair.sessions.exclude(state=State.CANCELLED)
    return counted.aggregate(last=Max("number"))["last"] or 0


def _count_anew(pair: CarePair) -> None:
    """Booked sessions are numbered in order of time, after those that were held, which keep theirs."""
    held = pair.sessions.filter(state=State.HELD).aggregate(last=Max("number"))["last"] or 0
    booked = pair.sessions.filter(state=State.BOOKED).order_by("starts_at", "pk")
    wrong = [(one, number) for number, one in enumerate(booked, held + 1) if one.number != number]
    for one, number in wrong:
        one.number = number
    TherapySession.objects.filter(pk__in=[one.pk for one, _number in wrong]).update(number=F("number") + ASIDE)
    TherapySession.objects.bulk_update([one for one, _number in wrong], ["number"])


def _span(terms: Terms) -> timedelta:
    return timedelta(minutes=terms.minutes)


def _refuse_what_makes_no_sense(pair: CarePair, starts_at: datetime, terms: Terms) -> None:
    if not 5 <= terms.minutes <= 480 or terms.place not in Place.values:
        raise Refused(_("A session takes between 5 and 480 minutes, in person, by video or by phone."))
    if CarePair.objects.filter(pk=pair.pk).exclude(ended_on=None).exists():
        raise Refused(_("These two do not work together any more."))
    if pair.sessions.filter(state=State.HELD, starts_at__gte=starts_at).exists():
        raise Refused(_("There is a later session already. A new one comes after the last one that took place."))


def _refuse_if_taken(
    pair: CarePair, starts_at: datetime, minutes: int, *, by: User | None, but: TherapySession | None = None
) -> None:
    if is_taken(pair, starts_at, starts_at + timedelta(minutes=minutes), but=but):
        raise _taken([starts_at], by or pair.therapist.user)


def _taken(starts: Iterable[datetime], viewer: User) -> Taken:
    """Which times, on the wall of who asks; with whom stays between them."""
    times = set_apart(letters.on_the_wall(start, viewer) for start in starts)
    return Taken(_("Taken for one of the two: %(times)s. Nothing was booked.") % {"times": times})
