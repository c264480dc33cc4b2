"""The marks charts are made of: shapes, paths, text. All numbers come from us; all words are escaped by format_html."""

from collections.abc import Sequence
from typing import TypeVar

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accord.surfaces.shared.chart_values import Pillar

EMPTY = SafeString("")

Value = TypeVar("Value")


def pillar_name(pillar: Pillar) -> str:
    return {"goal": _("Goals"), "task": _("Tasks"), "bond": _("Bond")}[pillar]


def path(points: Sequence[tuple[float, float]]) -> str:
    """Straight lines through the points, as SVG path text."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def runs(values: Sequence[tuple[int, Value | None]]) -> list[list[tuple[int, Value]]]:
    """Split a series where a value is missing, so that a line never bridges a gap."""
    found: list[list[tuple[int, Value]]] = [[]]
    for session, value in values:
        if value is None:
            found.append([])
        else:
            found[-1].append((session, value))
    return [run for run in found if run]


def marker(pillar: Pillar, x: float, y: float, r: float) -> SafeString:
    return format_html('<path class="chart__mark" d="{}"/>', _shape(pillar, x, y, r))


def hollow(pillar: Pillar, x: float, y: float, r: float) -> SafeString:
    return format_html('<path class="chart__mark chart__mark--hollow" d="{}"/>', _shape(pillar, x, y, r - 0.75))


BETWEEN = ("note", "talk", "change")  # what happens between noticing and repair: ring, dot, diamond


def between(kind: str, at: float, y: float, *, label: str) -> SafeString:
    """A note, a talk, a change, drawn where the two strokes stand apart; told apart by shape, named by its title."""
    shape = {
        "note": f"M{at - 3:g} {y:g}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z",
        "talk": f"M{at - 2.5:g} {y:g}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0Z",
        "change": f"M{at:g} {y - 3.5:g}l3.5 3.5l-3.5 3.5l-3.5 -3.5Z",
    }[kind]
    return format_html(
        '<g class="chart__event chart__event--{}"><title>{}</title><path d="{}"/></g>', kind, label, shape
    )


def text(x: float, y: float, words: str, kind: str) -> SafeString:
    return format_html('<text class="{}" x="{}" y="{}" aria-hidden="true">{}</text>', kind, f"{x:g}", f"{y:g}", words)


def _shape(pillar: Pillar, x: float, y: float, r: float) -> str:
    """Triangle, square or circle of about equal area around a point."""
    if pillar == "goal":
        half = r * 1.25
        return f"M{x:g} {y - r * 1.3:g}L{x + half:g} {y + r * 0.9:g}H{x - half:g}Z"
    if pillar == "task":
        side = r * 0.9
        return f"M{x - side:g} {y - side:g}h{2 * side:g}v{2 * side:g}h{-2 * side:g}Z"
    return f"M{x - r:g} {y:g}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0Z"
