"""The design page: every token and component with sample values. It is reachable in the demo only."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accord.surfaces.shared.charts import Band, ChartPoint, Event, Pillar, PillarHistory, figure, spark

PILLARS: tuple[Pillar, ...] = ("bond", "goal", "task")
COLOURS = ("paper", "sheet", "shade", "ink", "ink-soft", "line", "line-strong", "clay", "goal", "task", "bond")
REPAIR = ("noticed", "looked-at", "talked-about", "agreed", "closed", "let-go")
SAMPLE: dict[Pillar, tuple[list[float | None], list[float | None]]] = {
    "bond": ([8, 8, 9, 8, 3, 6, None, 8, 9], [7, 8, 8, 8, 7, 6, 7, 8, 8]),
    "goal": ([7, 8, 8, 8, 7, 7, None, 8, 8], [6, 7, 7, None, 7, 7, 7, 8, 8]),
    "task": ([8, 8, 8, 8, 7, 8, None, 7, 8], [8, 8, 7, None, 8, 8, 7, 7, 7]),
}
FIRST = date(2024, 3, 11)
LEARNED_AFTER = 4  # sessions without a band


def sample_history(pillar: Pillar) -> PillarHistory:
    """Nine sessions with a rupture at the fifth and its repair at the eighth; one session nobody answered."""
    client, therapist = SAMPLE[pillar]
    band = Band(7.2, 8.8)
    points = tuple(
        ChartPoint(at + 1, FIRST + timedelta(weeks=at), mine, theirs, band if at >= LEARNED_AFTER else None)
        for at, (mine, theirs) in enumerate(zip(client, therapist, strict=True))
    )
    events = (Event(5, "Noticed, session 5", "noticed"), Event(8, "Repaired, session 8", "closed"))
    return PillarHistory(pillar, points, events if pillar == "bond" else ())


def design_page(request: HttpRequest) -> HttpResponse:
    histories = [sample_history(pillar) for pillar in PILLARS]
    context = {
        "colours": COLOURS,
        "states": REPAIR,
        "pillars": PILLARS,
        "figure": figure(histories, client="Kai", therapist="Tess", ident="design"),
        "spark": spark(PillarHistory("bond", histories[0].points[:5]), client="Kai", ident="design-spark"),
        "item": {"id": "sample", "low_word": "Not at all", "high_word": "Completely"},
        "chosen": "7",
    }
    return render(request, "shared/design.html", context)
