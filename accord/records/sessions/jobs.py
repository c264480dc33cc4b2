"""What happens to sessions by themselves: they are over, their pair has ended, people are told and reminded."""

from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from accord.records.accounts.actions import take_back_notice
from accord.records.one_by_one import one_by_one
from accord.records.sessions.actions import cancel, hold
from accord.records.sessions.calendar_actions import remind, tell_client, tell_therapist
from accord.records.sessions.local_times import is_quiet
from accord.records.sessions.models import Reminder, TherapySession
from accord.records.sessions.queries import reminders_due, untold, untold_cancellations, waiting_reminders

LOOK_BACK = timedelta(days=1)  # an outage is made up for; nobody is told about last week
TIME_TO_UNDO = timedelta(minutes=1)  # nobody hears of what was taken back at once
FURTHEST = timedelta(days=2)  # no reminder comes earlier than this before its session


def hold_past_sessions(now: datetime) -> int:
    """A booked session whose time is over counts as held, until somebody says otherwise."""
    booked = TherapySession.objects.filter(state=TherapySession.State.BOOKED, starts_at__lt=now).select_related("pair")
    over = [session for session in booked.order_by("starts_at")[:500] if session.ends_at <= now]
    return one_by_one(over, partial(hold, by=None, at=now))


def cancel_after_endings(now: datetime) -> int:
    """Two who no longer work together do not meet."""
    left = TherapySession.objects.filter(
        state=TherapySession.State.BOOKED, starts_at__gt=now, pair__ended_on__lte=now.date()
    )
    return one_by_one(
        left.select_related("pair__therapist").order_by("starts_at")[:500], partial(cancel, by=None, at=now)
    )


def remind_of_sessions(now: datetime, *, address: str) -> int:
    """Reminders that are due on the client's own clock. What could not leave before the quiet hours, or is no longer
    so, is taken back first; if it is still true in the morning, it is written again."""
    done = sum(take_back_notice(one.notice, at=now) for one in waiting_reminders() if _is_stale(one, now))
    found = reminders_due(now, since=now - FURTHEST)
    due = [one for one in found if not is_quiet(now, one.pair.client.zone)]
    return done + one_by_one(due, partial(remind, at=now, address=address))


def _is_stale(reminder: Reminder, now: datetime) -> bool:
    session = reminder.session
    as_written = session.state == TherapySession.State.BOOKED and session.starts_at == reminder.starts_at
    return not as_written or reminder.starts_at <= now or is_quiet(now, session.pair.client.zone)


def tell_of_changes(now: datetime, *, client_address: str, therapist_address: str) -> int:
    """A minute after the last change: the client one mail about all of them, the therapist who cannot come."""
    span = {"settled_before": now - TIME_TO_UNDO, "since": now - LOOK_BACK}
    changed = list(untold(now, **span)[:500])
    clients = [list(theirs) for _client, theirs in groupby(changed, key=lambda one: one.pair.client_id)]
    done = one_by_one(
        clients, lambda theirs: tell_client(theirs[0].pair.client, theirs, at=now, address=client_address)
    )
    cancelled = list(untold_cancellations(**span)[:500])
    return done + one_by_one(cancelled, partial(tell_therapist, at=now, address=therapist_address))
