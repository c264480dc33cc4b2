"""The design page: every token and component with sample values, in light and dark. It exists in the demo only."""

from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from accord.surfaces.shared.agreement.strokes import strokes
from accord.surfaces.shared.charts import Band, ChartPoint, Event, Figure, Pillar, PillarHistory, figure, spark
from accord.surfaces.shared.colours import DARK, LIGHT, contrast

PILLARS: tuple[Pillar, ...] = ("bond", "goal", "task")
COLOURS = {
    "paper": "the page",
    "sheet": "what can be picked up or filled in",
    "shade": "a notice, a hover",
    "ink": "words",
    "ink-soft": "small print, when and who",
    "line": "between things; decorative, no contrast asked",
    "line-strong": "edges of fields: 3 or more",
    "clay": "the one action of a page",
    "clay-deep": "the same, touched; errors, with a mark",
    "goal": "goals, with a triangle",
    "task": "tasks, with a square",
    "bond": "bond, with a circle",
    "ink-client": "what the client wrote on the board",
    "ink-therapist": "what the therapist wrote on the board",
}
SPACES = ("s1", "s2", "s3", "s4", "s6", "s8", "s12", "s16")
SHEETS = (
    *("accord/chart.css", "accord/workspace.css", "accord/letter.css", "accord/scale.css", "accord/board.css"),
    *("accord/say.css", "workspace/tools.css", "accord/design.css"),
)
REPAIR = ("noticed", "looked-at", "talked-about", "agreed", "addressed", "closed", "let-go")
SAMPLE: dict[Pillar, tuple[list[float | None], list[float | None]]] = {
    "bond": ([8, 8, 9, 8, 3, 6, None, 8, 9], [7, 8, 8, 8, 7, 6, 7, 8, 8]),
    "goal": ([7, 8, 8, 8, 7, 7, None, 8, 8], [6, 7, 7, None, 7, 7, 7, 8, 8]),
    "task": ([8, 8, 8, 8, 7, 8, None, 7, 8], [8, 8, 7, None, 8, 8, 7, 7, 7]),
}
FIRST = date(2024, 3, 11)
LEARNED_AFTER = 4  # sessions without a band


class Colour(NamedTuple):
    """A token, what it is for, and its contrast with the page in light and in dark."""

    name: str
    use: str
    light: float
    dark: float


class Look(NamedTuple):
    """One side of the page: the same parts in light or in dark, with names of their own."""

    name: str
    figure: Figure
    spark: SafeString
    item: dict[str, str]


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


def _look(name: str, histories: list[PillarHistory]) -> Look:
    item = {"id": f"scale-{name}", "low_word": "Not at all", "high_word": "Completely"}
    drawn = figure(histories, client="Kai", therapist="Tess", ident=f"design-{name}")
    drawn = replace(drawn, caption=f"{drawn.caption}, in {name}")  # two tables on one page need names of their own
    six = PillarHistory("bond", histories[0].points[:5])
    return Look(name, drawn, spark(six, client="Kai", ident=f"spark-{name}"), item)


def design_page(request: HttpRequest) -> HttpResponse:
    histories = [sample_history(pillar) for pillar in PILLARS]
    context = {
        "colours": [
            Colour(name, use, contrast(name, "paper", LIGHT), contrast(name, "paper", DARK))
            for name, use in COLOURS.items()
        ],
        "on_clay": (contrast("on-clay", "clay", LIGHT), contrast("on-clay", "clay", DARK)),
        "sheets": SHEETS,
        "spaces": SPACES,
        "states": REPAIR,
        "pillars": PILLARS,
        "looks": [_look(name, histories) for name in ("light", "dark")],
        "agreed": strokes("agreed", waiting=[], doubting=[]),
        "waiting": strokes("waiting", waiting=["therapist"], doubting=[]),
        "doubted": strokes("not-agreed", waiting=[], doubting=["client"]),
        "chosen": "7",
    }
    return render(request, "shared/design.html", context)
