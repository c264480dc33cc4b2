"""From what a pair answered, as one side may see it, to what a chart is drawn from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.alliance.actions import PILLARS as ESTIMATED  # the order in which estimates list the pillars
from accord.records.alliance.models import Estimate
from accord.records.checkins.models import CheckIn
from accord.records.checkins.queries import SessionAnswers
from accord.records.ruptures.models import Episode
from accord.records.ruptures.queries import LEARNING
from accord.surfaces.shared import clock
from accord.surfaces.shared.chart_values import EventKind
from accord.surfaces.shared.charts import Band, ChartPoint, Event, Pillar, PillarHistory
from accord.surfaces.shared.digits import numeral

PILLARS: tuple[Pillar, ...] = ("bond", "goal", "task")  # in the order of every page


def rating(check_in: CheckIn | None, pillar: str) -> float | None:
    """One pillar of one check-in; None where it is not there or not to be seen."""
    return (check_in.scores or {}).get(pillar) if check_in is not None else None


def band_of(estimate: Estimate | None, pillar: str) -> Band | None:
    """What was usual before a session, as its estimate keeps it."""
    if estimate is None:
        return None
    place = ESTIMATED.index(pillar)
    low, high = estimate.band_low[place], estimate.band_high[place]
    return None if low is None or high is None else Band(low, high)


def history(
    answers: Sequence[SessionAnswers],
    pillar: Pillar,
    *,
    estimates: Mapping[int, Estimate],
    viewer: User,
    events: tuple[Event, ...] = (),
) -> PillarHistory:
    """A pillar over the sessions so far. The usual band starts once enough check-ins came before a session."""
    points, before = [], 0
    for seen in answers:
        if seen.session.state != "held" and seen.client is None and seen.therapist is None:
            continue  # it is on just now, there is nothing to draw yet
        band = band_of(estimates.get(seen.session.pk), pillar) if before >= LEARNING else None
        points.append(
            ChartPoint(
                session=seen.session.number,
                on=clock.local(seen.session.starts_at, viewer).date(),
                client=rating(seen.client, pillar),
                therapist=rating(seen.therapist, pillar),
                band=band,
            )
        )
        before += seen.client is not None
    return PillarHistory(pillar, tuple(points), events)


def histories(
    answers: Sequence[SessionAnswers],
    *,
    estimates: Mapping[int, Estimate],
    viewer: User,
    events: tuple[Event, ...] = (),
) -> list[PillarHistory]:
    """All three pillars of one pair."""
    return [history(answers, pillar, estimates=estimates, viewer=viewer, events=events) for pillar in PILLARS]


def events_of(episodes: Iterable[Episode], answers: Sequence[SessionAnswers]) -> tuple[Event, ...]:
    """Where the two lines part, and where the client said that they have met again, or let it go."""
    found = [event for episode in episodes for event in _of_one(episode, answers)]
    return tuple(sorted(found, key=lambda event: event.session))


def _of_one(episode: Episode, answers: Sequence[SessionAnswers]) -> list[Event]:
    number = episode.session.number
    noticed = Event(number, _("Noticed, session %(number)s") % {"number": numeral(number)}, "noticed")
    told = [noticed, *_between(episode, answers)]
    if episode.ended_at is None:
        return told
    last = _session_at(episode.ended_at, answers, number)
    if episode.state == Episode.State.CLOSED:
        return [*told, Event(last, _("Repaired, session %(number)s") % {"number": numeral(last)}, "closed")]
    return [*told, Event(last, _("Let go, session %(number)s") % {"number": numeral(last)}, "let-go")]


def _session_at(moment: datetime, answers: Sequence[SessionAnswers], first: int) -> int:
    """The last session that had begun; never before the one where it was noticed."""
    return max((seen.session.number for seen in answers if seen.session.starts_at <= moment), default=first)


def _between(episode: Episode, answers: Sequence[SessionAnswers]) -> list[Event]:
    """The first note, the first talk and the first change, where there are any."""
    talks = (Episode.State.TALKED_ABOUT, Episode.State.AGREED)
    moments: dict[EventKind, list[datetime]] = {
        "note": [note.sent_at for note in episode.sent_notes if note.sent_at],
        "talk": [step.at for step in episode.steps.all() if step.state in talks],
        "change": [change.at for change in episode.changes.all()],
    }
    labels = {
        "note": _("Note, session %(number)s"),
        "talk": _("Talk, session %(number)s"),
        "change": _("Change, session %(number)s"),
    }
    found = []
    for kind, times in moments.items():
        if times:
            number = _session_at(min(times), answers, episode.session.number)
            found.append(Event(number, labels[kind] % {"number": numeral(number)}, kind))
    return found
