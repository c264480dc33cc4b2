"""What the desk draws beside the shared charts: the small one of a prep card, and what was read last."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from accord.records.accounts.models import User
from accord.records.ruptures.queries import Story
from accord.surfaces.shared.charts import ChartPoint, Pillar, PillarHistory, spark
from accord.surfaces.shared.histories import history


def last_readings(histories: Sequence[PillarHistory]) -> list[tuple[Pillar, float, float, float]]:
    """(pillar, value, usual low, usual high) of the last answered session, where a usual band is known."""
    found = []
    for one in histories:
        last = next((point for point in reversed(one.points) if point.client is not None), None)
        if last is not None and last.client is not None and last.band is not None:
            found.append((one.pillar, last.client, last.band.low, last.band.high))
    return found


def small_chart(story: Story, pillar: Pillar, *, viewer: User) -> SafeString:
    """The last six sessions of one pillar; the band known now is drawn under all of them."""
    whole = history(story.answers, pillar, estimates=story.estimates, viewer=viewer)
    band = next((point.band for point in reversed(whole.points) if point.band), None)
    points = tuple(ChartPoint(point.session, point.on, point.client, point.therapist, band) for point in whole.points)
    name = story.pair.client.first_name
    return spark(PillarHistory(pillar, points), client=name, ident=f"spark-{story.pair.code}-{pillar}")
