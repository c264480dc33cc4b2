"""When a client is to be reminded of a start. Worked out when either changes: the worker only asks what is due."""

from datetime import datetime, timedelta

from accord.records.accounts.models import User
from accord.records.sessions.local_times import reminder_time
from accord.records.sessions.models import ReminderChoice, TherapySession

AHEAD = {
    ReminderChoice.When.DAY_BEFORE: timedelta(days=1),
    ReminderChoice.When.TWO_HOURS: timedelta(hours=2),
}


Wish = tuple[str, timedelta | None]  # on which clock, how long before; none: not at all


def _wish(client: User) -> Wish:
    zone, chosen = User.objects.values_list("zone", "reminder_choice__when").get(pk=client.pk)
    return zone, AHEAD.get(ReminderChoice.When(chosen or ReminderChoice.When.DAY_BEFORE))


def remind_at(starts_at: datetime, client: User, *, since: datetime | None) -> datetime | None:
    """None: no reminder is wanted, or it was booked or moved (`since`) later than the reminder would have come."""
    return _planned(starts_at, _wish(client), since)


def _planned(starts_at: datetime, wish: Wish, since: datetime | None) -> datetime | None:
    zone, ahead = wish
    if ahead is None:
        return None
    due = reminder_time(starts_at, zone, ahead=ahead)
    return None if since is not None and since > due else due


def plan_anew(client: User, *, at: datetime) -> None:
    """After another choice: for everything of this client's that is still to come."""
    wish = _wish(client)
    coming = list(TherapySession.objects.filter(pair__client=client, state="booked", starts_at__gt=at))
    for session in coming:
        session.remind_at = _planned(session.starts_at, wish, session.changed_at)
    TherapySession.objects.bulk_update(coming, ["remind_at"])
