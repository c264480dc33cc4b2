"""What a practice lead may know: numbers about groups. Nobody's answers, no therapist.

A small group alone protects nobody: live figures give people away by subtraction. So the numbers stand still from
Monday to Monday, are rounded to five, and are left out where fewer than eleven clients or three therapists made them.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from accord.records.accounts.models import User
from accord.records.checkins.actions import CLIENT
from accord.records.checkins.models import CheckIn
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Practice
from accord.records.practices.queries import practices_where
from accord.records.sessions.models import TherapySession

SPAN = timedelta(weeks=4)
FEWEST_CLIENTS, FEWEST_THERAPISTS = 11, 3
STEP = 5


class PracticeCounts(NamedTuple):
    """One practice over four weeks. None: too few to show."""

    practice: Practice
    since: datetime
    until: datetime
    open_pairs: int | None
    sessions: int | None
    answered_percent: int | None


def practice_counts(lead: User, *, at: datetime) -> list[PracticeCounts]:
    """The numbers of each practice that this person leads."""
    return [_counts(practice, at) for practice in practices_where(lead, "lead", on=at.date())]


def last_monday(at: datetime, zone: str) -> datetime:
    """The start of the week, where the practice is."""
    here = at.astimezone(ZoneInfo(zone))
    return (here - timedelta(days=here.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


def _counts(practice: Practice, at: datetime) -> PracticeCounts:
    until = last_monday(at, practice.zone)
    since = until - SPAN
    held = TherapySession.objects.exclude(state="cancelled").filter(
        practice=practice, starts_at__gte=since, starts_at__lt=until
    )
    asked = CheckIn.objects.filter(practice=practice, instrument=CLIENT, asked_at__gte=since, asked_at__lt=until)
    return PracticeCounts(
        practice, since, until, _open_pairs(practice, until), _sessions(held), _answered_percent(asked, until)
    )


def _open_pairs(practice: Practice, until: datetime) -> int | None:
    open_then = Q(ended_on=None) | Q(ended_on__gte=until.date())
    pairs = CarePair.objects.filter(open_then, practice=practice, started_on__lt=until.date())
    found = pairs.aggregate(
        number=Count("pk"), clients=Count("client", distinct=True), therapists=Count("therapist", distinct=True)
    )
    return _rounded(found["number"]) if _enough(found) else None


def _sessions(held: QuerySet[TherapySession]) -> int | None:
    found = held.aggregate(
        number=Count("pk"),
        clients=Count("pair__client", distinct=True),
        therapists=Count("pair__therapist", distinct=True),
    )
    return _rounded(found["number"]) if _enough(found) else None


def _answered_percent(asked: QuerySet[CheckIn], until: datetime) -> int | None:
    found = asked.aggregate(
        number=Count("pk"),
        answered=Count("received_at", filter=Q(received_at__lt=until)),
        clients=Count("session__pair__client", distinct=True),
        therapists=Count("session__pair__therapist", distinct=True),
    )
    return _rounded(100 * found["answered"] / found["number"]) if _enough(found) else None


def _enough(found: dict[str, int]) -> bool:
    return found["clients"] >= FEWEST_CLIENTS and found["therapists"] >= FEWEST_THERAPISTS


def _rounded(number: float) -> int:
    return STEP * round(number / STEP)
