"""Charts of the report: one pillar of one pair as an SVG that needs no script and follows the reader's colours."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from accord.batch.numbers import Scale

WIDTH, HEIGHT = 360, 216
LEFT, RIGHT, TOP, BOTTOM = 34, 344, 34, 178
MOST_TICKS = 12


class Point(NamedTuple):
    """One session of one pillar, in the table's own points."""

    session: int
    score: float | None
    therapist: float | None
    level: float | None
    low: float | None
    high: float | None


class Mark(NamedTuple):
    """A flagged session."""

    session: int
    word: str


class Drawing(NamedTuple):
    """What one chart shows."""

    name: str
    shape: str  # goal, task, bond, own: hue and form
    points: tuple[Point, ...]
    marks: tuple[Mark, ...]
    scale: Scale


class _Frame(NamedTuple):
    sessions: tuple[int, ...]
    low: float
    high: float

    def x(self, session: float) -> float:
        first, last = self.sessions[0], self.sessions[-1]
        # A lone session stands in the middle instead of on the axis.
        share = (session - first) / (last - first) if last > first else 0.5
        return round(LEFT + 10 + share * (RIGHT - LEFT - 20), 1)

    def y(self, value: float) -> float:
        return round(BOTTOM - (value - self.low) / (self.high - self.low) * (BOTTOM - TOP), 1)


def chart(drawing: Drawing, ident: str, summary: str) -> str:
    """The SVG: usual band, level, client's scores, therapist's scores, flagged sessions."""
    sessions = tuple(point.session for point in drawing.points)
    frame = _Frame(sessions, drawing.scale.low, drawing.scale.high)
    parts = (
        _axes(frame, drawing.scale),
        _flagged(drawing.marks, frame),
        _band(drawing.points, frame),
        _line([(p.session, p.level) for p in drawing.points], frame, "level"),
        _line([(p.session, p.therapist) for p in drawing.points], frame, "theirs"),
        "".join(_hollow(frame.x(p.session), frame.y(p.therapist)) for p in drawing.points if p.therapist is not None),
        _scores(drawing, frame),
    )
    title = f'{_shape(drawing.shape, 12, 13, 5)}<text class="name" x="24" y="17.5">{escape(drawing.name)}</text>'
    return (
        f'<svg class="chart {drawing.shape}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="{ident}-t"><title id="{ident}-t">{escape(summary)}</title>'
        f"{title}{''.join(parts)}</svg>"
    )


def _axes(frame: _Frame, scale: Scale) -> str:
    middle = (scale.low + scale.high) / 2
    rules = "".join(
        f'<line class="rule" x1="{LEFT}" x2="{RIGHT}" y1="{frame.y(value)}" y2="{frame.y(value)}"/>'
        f'<text class="tick end" x="{LEFT - 7}" y="{frame.y(value) + 4}">{value:g}</text>'
        for value in (scale.low, middle, scale.high)
    )
    ticks = "".join(
        f'<text class="tick mid" x="{frame.x(session)}" y="{BOTTOM + 18}">{session}</text>'
        for session in _thinned(frame.sessions)
    )
    caption = f'<text class="tick mid" x="{(LEFT + RIGHT) / 2}" y="{BOTTOM + 33}">session</text>'
    return rules + ticks + caption


def _thinned(sessions: Sequence[int]) -> list[int]:
    first, last = sessions[0], sessions[-1]
    step = next(
        step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000) if (last - first) / step < MOST_TICKS
    )
    # Multiples of the step, and the first session, unless the two would touch.
    rounded = [session for session in range(first, last + 1) if session % step == 0]
    return rounded if not rounded or rounded[0] - first < step / 2 else [first, *rounded]


def _runs(values: Sequence[tuple[int, float | None]]) -> list[list[tuple[int, float]]]:
    """Neighbouring values without a hole between them: a line never bridges a session that was not rated."""
    runs: list[list[tuple[int, float]]] = [[]]
    for session, value in values:
        if value is None or (runs[-1] and session - runs[-1][-1][0] > 1):
            runs.append([])
        if value is not None:
            runs[-1].append((session, value))
    return [run for run in runs if run]


def _line(values: Sequence[tuple[int, float | None]], frame: _Frame, kind: str) -> str:
    runs = [run for run in _runs(values) if len(run) > 1]
    paths = ("M" + "L".join(f"{frame.x(session)} {frame.y(value)}" for session, value in run) for run in runs)
    return "".join(f'<path class="{kind}" d="{path}"/>' for path in paths)


def _band(points: Sequence[Point], frame: _Frame) -> str:
    known = [(point.session, (point.low, point.high)) for point in points]
    runs = _runs([(session, None if None in ends else float(place)) for place, (session, ends) in enumerate(known)])
    return "".join(_strip([points[int(place)] for _, place in run], frame) for run in runs)


def _strip(points: Sequence[Point], frame: _Frame) -> str:
    # Half a session to either side, so that a lone session has a band one can see.
    half = min(0.5, 0.5 * (frame.sessions[-1] - frame.sessions[0]) or 0.5)
    step = [(point.session - half, point.session + half, point) for point in points]
    above = [f"{frame.x(x)} {frame.y(p.high or 0)}" for left, right, p in step for x in (left, right)]
    below = [f"{frame.x(x)} {frame.y(p.low or 0)}" for left, right, p in reversed(step) for x in (right, left)]
    return f'<path class="band" d="M{"L".join(above + below)}Z"/>'


def _scores(drawing: Drawing, frame: _Frame) -> str:
    flagged = {mark.session for mark in drawing.marks}
    line = _line([(p.session, p.score) for p in drawing.points], frame, "mine")
    marks = [
        (_ring(frame.x(p.session), frame.y(p.score)) if p.session in flagged else "")
        + _shape(drawing.shape, frame.x(p.session), frame.y(p.score), 4.2)
        for p in drawing.points
        if p.score is not None
    ]
    return line + "".join(marks)


def _flagged(marks: Sequence[Mark], frame: _Frame) -> str:
    lines = (
        f'<line class="flagged" x1="{frame.x(m.session)}" x2="{frame.x(m.session)}" y1="{TOP - 4}" y2="{BOTTOM}"/>'
        for m in marks
    )
    return "".join(dict.fromkeys(lines))


def _ring(x: float, y: float) -> str:
    return f'<circle class="ring" cx="{x}" cy="{y}" r="8.5"/>'


def _hollow(x: float, y: float) -> str:
    return f'<circle class="hollow" cx="{x}" cy="{y}" r="3"/>'


def _shape(shape: str, x: float, y: float, r: float) -> str:
    """Each pillar has a form of its own, so that colour is never needed."""
    if shape == "goal":
        return f'<path class="dot" d="M{x} {y - r * 1.2:.1f}l{r * 1.15:.1f} {r * 2.1:.1f}h{-r * 2.3:.1f}z"/>'
    if shape == "task":
        return f'<rect class="dot" x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r}" height="{2 * r}"/>'
    if shape == "bond":
        return f'<circle class="dot" cx="{x}" cy="{y}" r="{r * 1.1:.1f}"/>'
    d = round(r * 1.3, 1)
    return f'<path class="dot" d="M{x} {y - d:.1f}l{d} {d}l{-d} {d}l{-d} {-d}z"/>'
