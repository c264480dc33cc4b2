"""What a client's browser sends, as what the actions take."""

from datetime import UTC, datetime, timedelta, timezone

from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from accord.records.checkins.actions import Answers
from accord.science.instruments import Instrument

MODES = {"buttons", "words", "slider"}
OFF = {"a-bit", "yes"}
FURTHEST_ZONE = 14 * 60  # minutes
FURTHEST_CLOCK = timedelta(days=365)


def answers_from(posted: QueryDict, instrument: Instrument, *, at: datetime) -> Answers:
    """The answers of one sheet; what was not sent at all is not invented, the action refuses it by name."""
    sent = {item.name: _value(text) for item in instrument.items if (text := posted.get(item.name, ""))}
    off = sent.get("tension") in OFF
    offset = _offset(posted.get("zone_offset", ""))
    return Answers(
        answers=sent,
        note=posted.get("note", "") if off else "",
        travels=posted.get("travels", "") if off else "",
        modes=_modes(posted.get("mode", ""), set(sent)),
        answered_at=_moment(posted.get("answered_at", ""), offset, at),
        zone_offset=offset,
        turn=_turn(posted.get("turn", "")),
    )


def _value(text: str) -> int | str:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 5 else text


def _modes(text: str, items: set[str]) -> dict[str, str]:
    pairs = [word.partition(":") for word in text.split()]
    return {item: mode for item, _, mode in pairs if item in items and mode in MODES}


def _offset(text: str) -> int | None:
    try:
        offset = int(text)
    except ValueError:
        return None
    return offset if abs(offset) <= FURTHEST_ZONE else None


def _turn(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 5 else None


def _moment(text: str, offset: int | None, at: datetime) -> datetime | None:
    """The phone's own clock. A time that cannot be read or be true is left out; the server's time stands in."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC if offset is None else timezone(timedelta(minutes=offset)))
    return moment if abs(moment - at) < FURTHEST_CLOCK else None
