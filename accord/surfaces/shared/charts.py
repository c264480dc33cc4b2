"""Charts of the alliance, drawn as SVG on the server: pure functions of frozen values, no clock, no tables.

`pillar_chart` is one pillar over sessions, from both sides; three of them side by side are the pair's page.
`spark` is the last six for a prep card. `repair_strokes` is the way of a rupture episode. `figure` puts sentence,
drawing and table together for the template shared/chart_with_table.html.

Units are those of the view box: on a 320 px phone one unit is 0.9 px, at its widest 1.2 px, so text stays readable.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accord.surfaces.shared.chart_marks import BETWEEN, EMPTY, between, hollow, marker, path, pillar_name, runs, text
from accord.surfaces.shared.chart_values import Band, ChartPoint, Event, Pillar, PillarHistory
from accord.surfaces.shared.chart_words import day, number, point_name, summary, table_rows, together
from accord.surfaces.shared.digits import localised

__all__ = [
    "Band",
    "ChartPoint",
    "Event",
    "Figure",
    "Pillar",
    "PillarHistory",
    "figure",
    "pillar_chart",
    "repair_strokes",
    "spark",
]

WIDTH, HEIGHT = 320, 216
LEFT, RIGHT, TOP, BOTTOM = 24, 262, 54, 172
STRIP = 34  # where the two strokes of the event strip run
SHORTEST = 18  # units: a rupture repaired in the same session is still seen
MARK_GAP = 9  # units between the middles of two marks in the strip
LABEL_GAP = 15  # units between the two names at the line's end
NAME_LENGTH = 7  # letters that fit beside the plot
# How far the strokes stand apart where an episode stands.
APART = {
    "noticed": 15,
    "looked-at": 12,
    "talked-about": 8,
    "agreed": 5,
    "addressed": 5,
    "closed": 2.5,
    "let-go": 11,
}
SPARK_WIDTH, SPARK_HEIGHT = 132, 44
SPARK_SESSIONS = 6


@dataclass(frozen=True, slots=True)
class Figure:
    """What shared/chart_with_table.html shows: a sentence, one or more drawings, and the same numbers as a table."""

    ident: str
    sentence: str
    drawings: tuple[SafeString, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where sessions and scores fall."""

    sessions: tuple[int, ...]
    left: float
    right: float
    top: float
    bottom: float

    def x(self, session: int) -> float:
        at = self.sessions.index(session)
        # A lone point stands in the middle instead of on the axis.
        share = at / (len(self.sessions) - 1) if len(self.sessions) > 1 else 0.5
        return round(self.left + share * (self.right - self.left), 1)

    def y(self, score: float) -> float:
        return round(self.bottom - score / 10 * (self.bottom - self.top), 1)


@dataclass(frozen=True, slots=True)
class _End:
    """The name at the end of a line."""

    y: float
    who: str
    name: str


def figure(
    histories: Sequence[PillarHistory], *, client: str, therapist: str, ident: str, sentence: str = ""
) -> Figure:
    """Sentence, drawings and table for one pillar or for all three."""
    drawings = tuple(
        pillar_chart(history, client=client, therapist=therapist, ident=f"{ident}-{history.pillar}")
        for history in histories
    )
    columns, rows = table_rows(histories, client=client, therapist=therapist)
    spoken = sentence or together(histories, client=client)
    return Figure(ident, spoken, drawings, columns, rows, _("Scores by session, 0 to 10"))


def pillar_chart(history: PillarHistory, *, client: str, therapist: str, ident: str) -> SafeString:
    """One pillar over sessions: client solid, therapist dashed and hollow, the client's usual band as a soft area."""
    frame = _Frame(tuple(point.session for point in history.points), LEFT + 12, RIGHT, TOP, BOTTOM)
    parts = (
        marker(history.pillar, 9, 10, 5.5) + text(22, 14.5, pillar_name(history.pillar), "chart__pillar"),
        _band(history, frame),
        _axes(history, frame),
        _strip(history, frame),
        _line(history, frame, "therapist"),
        _line(history, frame, "client"),
        _ends(history, frame, client=client, therapist=therapist),
        _stops(history, frame, client=client, therapist=therapist),
    )
    return format_html(
        '<svg class="chart {}" viewBox="0 0 {} {}" role="group" aria-labelledby="{}-title" aria-describedby="{}-desc"'
        ' data-chart=""><title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>',
        *(history.pillar, WIDTH, HEIGHT, ident, ident, ident),
        *(pillar_name(history.pillar), ident, summary(history, client=client), _joined(parts)),
    )


def spark(history: PillarHistory, *, client: str, ident: str) -> SafeString:
    """The last six sessions, small, for a card: the client's line, the usual band, the last value said in digits."""
    points = history.points[-SPARK_SESSIONS:]
    if not points:
        return EMPTY
    # The card asks "is this usual?", so what is usual now runs behind all six.
    short = PillarHistory(history.pillar, tuple(replace(point, band=points[-1].band) for point in points))
    frame = _Frame(tuple(point.session for point in points), 6, SPARK_WIDTH - 26, 6, SPARK_HEIGHT - 6)
    seen = [point for point in points if point.client is not None]
    last = seen[-1] if seen else None
    end = (
        marker(short.pillar, frame.x(last.session), frame.y(last.client), 4.5)
        + text(frame.x(last.session) + 9, frame.y(last.client) + 4.5, number(last.client), "chart__last")
        if last is not None and last.client is not None
        else EMPTY
    )
    return format_html(
        '<svg class="spark {}" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title">'
        '<title id="{}-title">{}</title>{}{}{}</svg>',
        *(short.pillar, SPARK_WIDTH, SPARK_HEIGHT, ident, ident, summary(history, client=client)),
        *(_band(short, frame), _line(short, frame, "client", markers=False), end),
    )


def repair_strokes(state: str, *, ident: str) -> SafeString:
    """The way of a rupture episode: two strokes that part where it was noticed and meet again where it is repaired.

    `state` is one of noticed, looked-at, talked-about, agreed, addressed, closed, let-go.
    """
    apart = APART[state]
    # Repaired runs on together; let go runs on too, each for itself; the rest ends where it stands.
    onward = "H236" if state in ("closed", "let-go") else ""
    widest = 11 if state == "let-go" else 15
    stitches = format_html_join("", '<path class="stitch" d="M{} 15l4 10"/>', ((x,) for x in (178, 188, 198)))
    return format_html(
        '<svg class="strokes-way" viewBox="0 0 240 40" role="img" aria-labelledby="{}-title">'
        '<title id="{}-title">{}</title>'
        '<path class="mark__one" d="M4 17.5H40C70 17.5 70 {} 104 {}S150 {} 172 {}{}"/>'
        '<path class="mark__two" d="M4 22.5H48C76 22.5 76 {} 110 {}S150 {} 172 {}{}"/>{}</svg>',
        *(ident, ident, state_name(state)),
        *(20 - widest, 20 - widest, 20 - apart, 20 - apart, onward),
        *(20 + widest, 20 + widest, 20 + apart, 20 + apart, onward),
        stitches if state == "closed" else EMPTY,
    )


def state_name(state: str) -> str:
    names = {
        "noticed": _("Noticed: something is off"),
        "looked-at": _("Looked at"),
        "talked-about": _("Talked about"),
        "agreed": _("Something agreed"),
        "addressed": _("Waiting for the client"),
        "closed": _("Repaired"),
        "let-go": _("Let go"),
    }
    return names[state]


def _joined(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _band(history: PillarHistory, frame: _Frame) -> SafeString:
    """The soft area between low and high; it breaks where there is no band yet."""
    pieces = []
    for run in runs([(point.session, point.band) for point in history.points]):
        edges = [(frame.x(session), frame.y(band.high), frame.y(band.low)) for session, band in run]
        if len(edges) == 1:  # one session wide: show it as a short bar
            x, high, low = edges[0]
            edges = [(x - 5, high, low), (x + 5, high, low)]
        upper = [(x, high) for x, high, _low in edges]
        lower = [(x, low) for x, _high, low in reversed(edges)]
        pieces.append(format_html('<path class="chart__band" d="{}Z"/>', path(upper + lower)))
    return _joined(pieces)


def _axes(history: PillarHistory, frame: _Frame) -> SafeString:
    """0, 5 and 10 as hairlines; session numbers below, dates under the first and the last."""
    rules = format_html_join(
        "",
        '<path class="chart__rule" d="M{} {}H{}"/>{}',
        (
            (
                LEFT,
                frame.y(s),
                RIGHT + 8,
                text(LEFT - 6, frame.y(s) + 4, localised(str(s)), "chart__tick chart__tick--y"),
            )
            for s in (0, 5, 10)
        ),
    )
    every = max(1, -(-len(history.points) // 12))  # at most twelve numbers fit
    last = len(history.points) - 1
    shown = [p for i, p in enumerate(history.points) if (last - i) % every == 0]
    numbers = _joined([text(frame.x(p.session), BOTTOM + 18, localised(str(p.session)), "chart__tick") for p in shown])
    ends = {0: history.points[0], last: history.points[last]} if history.points else {}
    dates = _joined([text(frame.x(p.session), BOTTOM + 35, day(p.on), "chart__date") for p in ends.values()])
    return format_html("{}{}{}", rules, numbers, dates)


def _strip(history: PillarHistory, frame: _Frame) -> SafeString:
    """Two strokes above the plot: together, apart from where a rupture was noticed, stitched where it was repaired."""
    apart: list[tuple[float, float]] = []
    opened: float | None = None
    marks: list[Event] = []
    drawn: list[SafeString] = []
    events = [event for event in history.events if event.session in frame.sessions]
    for event in sorted(events, key=lambda e: e.session):
        at = frame.x(event.session)
        if event.kind in BETWEEN:
            marks.append(event)
            continue
        drawn.append(_event(event, at))
        if event.kind == "noticed" and opened is None:
            opened = at
        elif event.kind == "closed" and opened is not None:  # what was let go stays apart
            apart.append((opened, max(at, opened + SHORTEST)))
            drawn += _marks(marks, frame, *apart[-1])
            opened, marks = None, []
    if opened is not None:
        apart.append((opened, RIGHT + 8))
    drawn += _marks(marks, frame, *(apart[-1] if apart else (LEFT, RIGHT + 8)))
    strokes = [
        format_html('<path class="chart__stroke chart__stroke--{}" d="{}"/>', who, _parting(apart, side))
        for who, side in (("one", -1), ("two", 1))
    ]
    return _joined([*strokes, *drawn])


def _marks(events: Sequence[Event], frame: _Frame, begin: float, end: float) -> list[SafeString]:
    """Note, talk, change in the gap: as near to their sessions as they can stand without touching."""
    places: list[float] = []
    for event in events:
        places.append(max(frame.x(event.session), places[-1] + MARK_GAP if places else begin + 4))
    room = end - 10
    for place in reversed(range(len(places))):
        places[place] = min(places[place], room)
        room = places[place] - MARK_GAP
    return [between(event.kind, at, STRIP, label=event.label) for event, at in zip(events, places, strict=True)]


def _parting(apart: Sequence[tuple[float, float]], side: int) -> str:
    near, far = STRIP + side * 2, STRIP + side * 7
    d = f"M{LEFT} {near}"
    for begin, end in apart:
        is_open = end > RIGHT
        d += f"H{begin - 8}C{begin} {near} {begin - 4} {far} {begin + 5} {far}"
        d += f"H{end}" if is_open else f"H{max(begin + 5, end - 12)}C{end - 4} {far} {end - 6} {near} {end} {near}"
    return d if apart and apart[-1][1] > RIGHT else f"{d}H{RIGHT + 8}"


def _event(event: Event, x: float) -> SafeString:
    if event.kind != "closed":
        return format_html(
            '<g class="chart__event"><title>{}</title><circle cx="{}" cy="{}" r="8" fill="transparent"/></g>',
            event.label,
            x,
            STRIP,
        )
    stitches = format_html_join(
        "", '<path class="stitch" d="M{} {}l3 8"/>', ((x + 1 + 5 * i, STRIP - 4) for i in range(3))
    )
    return format_html('<g class="chart__event"><title>{}</title>{}</g>', event.label, stitches)


def _line(history: PillarHistory, frame: _Frame, who: str, *, markers: bool = True) -> SafeString:
    """One side's line; it breaks where a session has no answer."""
    scores = [(point.session, getattr(point, who)) for point in history.points]
    lines = [
        format_html(
            '<path class="chart__line chart__line--{}" d="{}"/>', who, path([(frame.x(s), frame.y(v)) for s, v in run])
        )
        for run in runs(scores)
    ]
    draw = marker if who == "client" else hollow
    dots = [draw(history.pillar, frame.x(s), frame.y(v), 4.5) for s, v in scores if v is not None] if markers else []
    return _joined([*lines, *dots])


def _ends(history: PillarHistory, frame: _Frame, *, client: str, therapist: str) -> SafeString:
    """Each line's name at its own end, pushed apart where they would touch. No legend to look up."""
    found = (
        _End(frame.y(seen[-1]) + 4, who, name)
        for who, name in (("client", client), ("therapist", therapist))
        if (seen := [score for point in history.points if (score := getattr(point, who)) is not None])
    )
    ends = sorted(found, key=lambda end: end.y)
    if len(ends) == 2 and ends[1].y - ends[0].y < LABEL_GAP:
        middle = (ends[0].y + ends[1].y) / 2
        ends = [replace(ends[0], y=middle - LABEL_GAP / 2), replace(ends[1], y=middle + LABEL_GAP / 2)]
    return _joined([text(RIGHT + 12, end.y, _short(end.name), f"chart__name chart__name--{end.who}") for end in ends])


def _short(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1]}…"


def _stops(history: PillarHistory, frame: _Frame, *, client: str, therapist: str) -> SafeString:
    """One stop a session for keyboard and readers; the first stop is the latest session."""
    last = len(history.points) - 1
    half = round((RIGHT - LEFT) / max(1, 2 * last), 1) if last > 0 else 40.0
    return format_html_join(
        "",
        '<g class="chart__stop" role="img" tabindex="{}" aria-label="{}"><path class="chart__here" d="M{} {}V{}"/>'
        '<rect x="{}" y="{}" width="{}" height="{}" fill="transparent"/></g>',
        (
            (
                *("0" if i == last else "-1", point_name(point, client=client, therapist=therapist)),
                *(frame.x(point.session), TOP - 4, BOTTOM + 4),
                *(round(frame.x(point.session) - half, 1), TOP - 6, 2 * half, BOTTOM - TOP + 12),
            )
            for i, point in enumerate(history.points)
        ),
    )
