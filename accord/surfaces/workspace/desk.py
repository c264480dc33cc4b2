"""The order of a therapist's day: what needs words first, then the sessions by time, then everybody else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.pairs.models import CarePair
from accord.records.ruptures.queries import LEARNING, Story
from accord.records.sessions.models import TherapySession
from accord.surfaces.shared import clock
from accord.surfaces.shared.digits import joined
from accord.surfaces.shared.histories import PILLARS, band_of, rating
from accord.surfaces.workspace import words
from accord.surfaces.workspace.cards import Card, Openings, card

MOST_PINNED = 3  # talk cards a day (docs: flags, "three per therapist and day"); the rest wait in a digest
AHEAD = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Line:
    """One client in the quiet list."""

    pair: CarePair
    name: str
    starts: datetime | None
    status: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Today, arranged."""

    cards: tuple[Card, ...]  # today's sessions: what is pinned first, then in order of time
    day: tuple[Card, ...]  # the same, in order of time only
    later: tuple[Card, ...]  # open with somebody who does not come today, or beyond the third card
    waiting: tuple[Card, ...]  # a rating of one's own is missing, no session today
    rest: tuple[Line, ...]


def span_of_day(now: datetime, viewer: User) -> tuple[datetime, datetime]:
    """The day where the viewer is."""
    start = clock.local(now, viewer).replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=1)


def coming(sessions: Iterable[TherapySession], now: datetime) -> dict[int, TherapySession]:
    """pair -> the session that is on, or the next one; of those today that are over, the last one."""
    found: dict[int, TherapySession] = {}
    for session in sessions:  # in order of time
        known = found.get(session.pair_id)
        if known is None or known.ends_at <= now:
            found[session.pair_id] = session
    return found


def next_of(sessions: Iterable[TherapySession], now: datetime) -> TherapySession | None:
    """The session to prepare for."""
    return next((session for session in sessions if session.ends_at > now), None)


def arrange(
    stories: Sequence[Story],
    sessions: Sequence[TherapySession],
    *,
    viewer: User,
    now: datetime,
    openings: Openings,
) -> Desk:
    """Put every pair of the caseload where it belongs today."""
    next_one = coming(sessions, now)
    midnight = span_of_day(now, viewer)[1]
    today = {pair for pair, session in next_one.items() if session.starts_at < midnight}
    cards = [card(story, next_one.get(story.pair.pk), viewer=viewer, openings=openings) for story in stories]
    day = sorted((one for one in cards if one.pair.pk in today), key=_starts)
    pinned = [one for one in day if one.wants_talk][:MOST_PINNED]
    later = [one for one in cards if one.wants_talk and one not in pinned]
    others = [one for one in day if one not in pinned and one not in later]
    waiting = [one for one in cards if one.waiting and one not in later and one.pair.pk not in today]
    shown = {one.pair.pk for one in (*day, *later, *waiting)}
    rest = [_line(story, next_one.get(story.pair.pk), viewer) for story in stories if story.pair.pk not in shown]
    return Desk((*pinned, *others), tuple(day), tuple(later), tuple(waiting), tuple(rest))


def _starts(one: Card) -> datetime:
    if one.starts is None:
        raise ValueError(f"{one.pair.code} has no session today")
    return one.starts


def _line(story: Story, session: TherapySession | None, viewer: User) -> Line:
    starts = clock.on_the_wall(session.starts_at, viewer) if session else None
    return Line(story.pair, story.pair.client.name, starts, status(story))


def status(story: Story) -> str:
    """The three pillars in a few words."""
    if not story.check_ins:
        return _("No answers yet")
    if story.learning:
        return words.learning(story.check_ins, LEARNING)
    newest = next(seen for seen in reversed(story.answers) if seen.client is not None)
    estimate = story.estimates.get(newest.session.pk)
    told: dict[str, list[str]] = {}
    for pillar in PILLARS:
        value, band = rating(newest.client, pillar), band_of(estimate, pillar)
        how = words.against_usual(value, band.low if band else None, band.high if band else None)
        told.setdefault(how, []).append(words.pillar_name(pillar))
    if len(told) == 1:
        return _("All three %(how)s") % {"how": next(iter(told))}
    return joined(f"{words.listed(names)} {how}" for how, names in told.items())
