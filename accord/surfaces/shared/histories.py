"""A pair's sessions as chart histories: what one side may see, with the usual band where there is one."""

from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from accord.records.alliance.models import Estimate
from accord.records.checkins.models import CheckIn
from accord.records.checkins.queries import SessionAnswers
from accord.records.ruptures.models import Episode
from accord.science.ruptures import LEARNING
from accord.surfaces.shared.chart_values import Band, ChartPoint, Event, Pillar, PillarHistory

PILLARS: tuple[Pillar, ...] = ("goal", "task", "bond")
SHOWN: tuple[Pillar, ...] = ("bond", "goal", "task")  # the order on every page


def histories(
    answers: Sequence[SessionAnswers],
    estimates: Mapping[int, Estimate],
    *,
    episodes: Iterable[Episode] = (),
    zone: str = "UTC",
) -> tuple[PillarHistory, ...]:
    """One history a pillar: bond, goals, tasks. `estimates` are by session, as alliance.queries gives them."""
    moments = tuple(event for episode in episodes for event in _events(episode, answers))
    return tuple(
        PillarHistory(pillar, _points(pillar, answers, estimates, ZoneInfo(zone)), moments if pillar == "bond" else ())
        for pillar in SHOWN
    )


def _points(
    pillar: Pillar, answers: Sequence[SessionAnswers], estimates: Mapping[int, Estimate], zone: ZoneInfo
) -> tuple[ChartPoint, ...]:
    points, answered = [], 0
    for each in answers:
        known = answered >= LEARNING
        points.append(
            ChartPoint(
                session=each.session.number,
                on=each.session.starts_at.astimezone(zone).date(),
                client=_score(each.client, pillar),
                therapist=_score(each.therapist, pillar),
                band=_band(estimates.get(each.session.pk), pillar) if known else None,
            )
        )
        answered += each.client is not None
    return tuple(points)


def _score(check_in: CheckIn | None, pillar: Pillar) -> float | None:
    return (check_in.scores or {}).get(pillar) if check_in is not None else None


def _band(estimate: Estimate | None, pillar: Pillar) -> Band | None:
    if estimate is None:
        return None
    at = PILLARS.index(pillar)
    return Band(estimate.band_low[at], estimate.band_high[at])


def _events(episode: Episode, answers: Sequence[SessionAnswers]) -> list[Event]:
    """Noticed at its session; ended at the last session before the end."""
    events = [Event(episode.session.number, f"Noticed, session {episode.session.number}", "noticed")]
    if episode.ended_at is None:
        return events
    before = [each.session.number for each in answers if each.session.starts_at <= episode.ended_at]
    last = max(before, default=episode.session.number)
    if episode.state == Episode.State.CLOSED:
        return [*events, Event(last, f"Repaired, session {last}", "closed")]
    return [*events, Event(last, f"Let go, session {last}", "let-go")]
