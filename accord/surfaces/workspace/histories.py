"""From what a pair answered to what a chart is drawn from."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.alliance.actions import PILLARS as ESTIMATED  # the order in which estimates list the pillars
from accord.records.alliance.models import Estimate
from accord.records.checkins.models import CheckIn
from accord.records.checkins.queries import SessionAnswers
from accord.records.ruptures.models import Episode
from accord.records.ruptures.queries import LEARNING, Story
from accord.surfaces.shared import clock
from accord.surfaces.shared.charts import Band, ChartPoint, Event, Pillar, PillarHistory, spark

PILLARS: tuple[Pillar, ...] = ("bond", "goal", "task")


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


def histories(story: Story, *, viewer: User, events: tuple[Event, ...] = ()) -> list[PillarHistory]:
    """All three pillars of one pair."""
    return [
        history(story.answers, pillar, estimates=story.estimates, viewer=viewer, events=events) for pillar in PILLARS
    ]


def last_readings(histories: Sequence[PillarHistory]) -> list[tuple[Pillar, float, float, float]]:
    """(pillar, value, usual low, usual high) of the last answered session, where a usual band is known."""
    found = []
    for history in histories:
        last = next((point for point in reversed(history.points) if point.client is not None), None)
        if last is not None and last.client is not None and last.band is not None:
            found.append((history.pillar, last.client, last.band.low, last.band.high))
    return found


def events_of(episodes: Iterable[Episode]) -> tuple[Event, ...]:
    """Where the two lines part, and where the client said that they have met again."""
    found = []
    for episode in episodes:
        number = episode.session.number
        found.append(Event(number, _("Noticed, session %(number)s") % {"number": number}, "noticed"))
    return tuple(sorted(found, key=lambda event: event.session))


def small_chart(story: Story, pillar: Pillar, *, viewer: User) -> SafeString:
    """The last six sessions of one pillar; the band known now is drawn under all of them."""
    whole = history(story.answers, pillar, estimates=story.estimates, viewer=viewer)
    band = next((point.band for point in reversed(whole.points) if point.band), None)
    points = tuple(ChartPoint(point.session, point.on, point.client, point.therapist, band) for point in whole.points)
    name = story.pair.client.first_name
    return spark(PillarHistory(pillar, points), client=name, ident=f"spark-{story.pair.code}-{pillar}")
