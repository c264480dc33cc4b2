"""How long somebody stays signed in. The times stand in the session, on the server.

A stay ends after a while without a page, and after a longer while in any case. Two minutes before, the page says so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.http import HttpRequest

from accord.surfaces.shared import clock

KEY = "stay"
WARNING = timedelta(minutes=2)
GRAIN = timedelta(seconds=30)  # a page within this time of the last is not written down: one write less


@dataclass(frozen=True, slots=True)
class Limit:
    idle: timedelta
    whole: timedelta


STAFF = Limit(idle=timedelta(minutes=15), whole=timedelta(hours=12))
CLIENT = Limit(idle=timedelta(minutes=60), whole=timedelta(hours=24))


@dataclass(frozen=True, slots=True)
class Stay:
    since: datetime
    seen: datetime
    staff: bool  # came in by the staff's door
    second_factor: bool  # and showed a second factor, or a passkey

    @property
    def ends_at(self) -> datetime:
        limit = STAFF if self.staff else CLIENT
        return min(self.seen + limit.idle, self.since + limit.whole)

    def seconds_left(self, now: datetime) -> int:
        return max(0, int((self.ends_at - now).total_seconds()))

    def is_over(self, now: datetime) -> bool:
        """Also when the clock stands before the stay began: nobody stays signed in by turning it back."""
        return now >= self.ends_at or now < self.since - GRAIN

    def kept(self) -> dict[str, Any]:
        times = {"since": self.since.isoformat(), "seen": self.seen.isoformat()}
        return times | {"staff": self.staff, "second_factor": self.second_factor}

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        since, seen = datetime.fromisoformat(kept["since"]), datetime.fromisoformat(kept["seen"])
        return cls(since, seen, kept["staff"], kept["second_factor"])


def begin(request: HttpRequest, *, staff: bool, second_factor: bool) -> Stay:
    """Right after signing in."""
    now = clock.now()
    return _keep(request, Stay(now, now, staff, second_factor))


def of(request: HttpRequest) -> Stay | None:
    kept = request.session.get(KEY)
    return Stay.read(kept) if kept else None


def go_on(request: HttpRequest, stay: Stay) -> Stay:
    """A page was asked for."""
    now = clock.now()
    if now - stay.seen < GRAIN:
        return stay
    return _keep(request, Stay(stay.since, now, stay.staff, stay.second_factor))


def with_second_factor(request: HttpRequest) -> None:
    """The second factor was set up in this very stay: whoever did it holds it in their hands."""
    stay = of(request)
    if stay and stay.staff:
        _keep(request, Stay(stay.since, stay.seen, stay.staff, True))


def _keep(request: HttpRequest, stay: Stay) -> Stay:
    request.session[KEY] = stay.kept()
    return stay
