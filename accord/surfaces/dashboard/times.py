"""Check-in times for research, one row a check-in: asked, answered, received. No answer, no name."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from django.utils.crypto import salted_hmac

from accord.records.checkins.models import CheckIn

COLUMNS = (
    "pair",
    "session",
    "instrument",
    "state",
    "asked_utc",
    "answered_utc",
    "answered_offset_minutes",
    "received_utc",
)
PSEUDONYM_SALT = "accord.research.pair@1"

Row = tuple[str | int | None, ...]


def rows(check_ins: Iterable[CheckIn]) -> Iterator[Row]:
    """The answered time is the client's own clock, maybe offline; the received time is ours."""
    for one in check_ins:
        yield (
            pseudonym(one.session.pair.code),
            one.session.number,
            one.instrument,
            "answered" if one.received_at else "not answered",
            _utc(one.asked_at),
            _utc(one.answered_at),
            one.zone_offset,
            _utc(one.received_at),
        )


def pseudonym(code: str) -> str:
    """The same pair, the same letters, in every file of this practice; not to be traced back without the secret."""
    return f"p{salted_hmac(PSEUDONYM_SALT, code).hexdigest()[:12]}"


def _utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
