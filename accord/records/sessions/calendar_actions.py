"""Writes about calendars and reminders: secret addresses, busy times, when to be reminded, and the mails about it."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accord.records.accounts.actions import send_notice
from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.errors import Refused, StateMoved
from accord.records.pairs.queries import goes_on
from accord.records.sessions import letters
from accord.records.sessions.models import BusyTime, CalendarAddress, Reminder, ReminderChoice, TherapySession
from accord.records.sessions.planning import plan_anew

State = TherapySession.State
MOST_BUSY_TIMES = 5000
Span = tuple[datetime, datetime]


@transaction.atomic
def make_address(user: User, *, at: datetime) -> str:
    """A new secret address; the one before it ends. Its token is shown once, here; the database knows its hash only."""
    token = secrets.token_urlsafe(24)
    CalendarAddress.objects.filter(user=user, revoked_at=None).update(revoked_at=at)
    try:
        with transaction.atomic():
            made = CalendarAddress.objects.create(user=user, token_hash=CalendarAddress.hash_of(token), made_at=at)
    except IntegrityError as error:
        raise StateMoved(_("An address was made at the same moment. Look again.")) from error
    record(user, "calendar address made", made, at=at)
    return token


@transaction.atomic
def revoke_address(user: User, *, at: datetime) -> None:
    """From now on the address opens nothing."""
    address = CalendarAddress.objects.filter(user=user, revoked_at=None).first()
    if address is None:
        return
    CalendarAddress.objects.filter(pk=address.pk, revoked_at=None).update(revoked_at=at)
    record(user, "calendar address revoked", address, at=at)


@transaction.atomic
def keep_busy_times(user: User, spans: Sequence[Span], *, at: datetime) -> int:
    """What a calendar said replaces what it said before; an empty list forgets everything."""
    if len(spans) > MOST_BUSY_TIMES:
        raise Refused(_("There are more than 5,000 busy times in this calendar. Export a shorter span."))
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))
    BusyTime.objects.filter(user=user).delete()
    BusyTime.objects.bulk_create([BusyTime(user=user, starts_at=start, ends_at=end) for start, end in spans])
    record(user, "busy times replaced", user, at=at, count=len(spans))
    return len(spans)


@transaction.atomic
def choose_reminders(user: User, when: str, *, at: datetime) -> None:
    if when not in ReminderChoice.When.values:
        raise Refused(_("Choose one of the three."))
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))  # as whoever books does
    ReminderChoice.objects.update_or_create(user=user, defaults={"when": when, "chosen_at": at})
    plan_anew(user, at=at)
    record(user, "reminders chosen", user, at=at, when=when)


def remind(session: TherapySession, *, at: datetime, address: str) -> bool:
    """Write the reminder of a session as it stands; whoever comes second, or after a change, writes none."""
    try:
        with transaction.atomic():
            return _remind(session, at=at, address=address)
    except IntegrityError:
        return False  # another worker has written it


def _remind(session: TherapySession, *, at: datetime, address: str) -> bool:
    as_seen = {"pk": session.pk, "state": State.BOOKED, "starts_at": session.starts_at}
    if not TherapySession.objects.select_for_update(no_key=True).filter(**as_seen).exists():
        return False
    letter = letters.reminder(session, address=address)
    notice = send_notice(session.pair.client, *letter, at=at, lasts=session.starts_at - at)
    Reminder.objects.create(session=session, starts_at=session.starts_at, notice=notice, made_at=at)
    record(None, "reminder written", session, at=at)
    return True


@transaction.atomic
def tell_client(client: User, sessions: Iterable[TherapySession], *, at: datetime, address: str) -> bool:
    """One mail about everything that changed for a client. What another worker tells of is left out."""
    list(User.objects.select_for_update(no_key=True).filter(pk=client.pk).values_list("pk"))  # as whoever books does
    mine = [one for one in sessions if _told(one)]
    if mine:
        send_notice(client, *letters.changes(client, mine, address=address), at=at)
    return bool(mine)


def _told(session: TherapySession) -> bool:
    """Claim what the client is told, as it was seen: a later change is told by itself."""
    as_seen = TherapySession.objects.filter(
        pk=session.pk, state=session.state, starts_at=session.starts_at, told_start=session.told_start
    )
    return bool(as_seen.update(told_start=session.starts_at if session.state == State.BOOKED else None))


@transaction.atomic
def tell_therapist(session: TherapySession, *, at: datetime, address: str) -> bool:
    """The client cannot come: once, in neutral words. What the client wrote waits on the desk."""
    untold = TherapySession.objects.filter(pk=session.pk, state=State.CANCELLED, cancel_told_at=None)
    if not untold.update(cancel_told_at=at):
        return False
    if not goes_on(session.pair, on=at.date()):
        return False
    send_notice(session.pair.therapist.user, *letters.cannot_come(session, address=address), at=at)
    return True
