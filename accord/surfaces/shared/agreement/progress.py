"""How far a goal has come, as the client said over time: a sentence, a small drawing, the same as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.agreements.models import Rating
from accord.surfaces.shared import clock
from accord.surfaces.shared.digits import dated, joined, localised

WIDTH, HEIGHT = 240, 76
LEFT, RIGHT, TOP, BOTTOM = 18, 214, 10, 56


@dataclass(frozen=True)
class Course:
    sentence: str
    drawing: SafeString
    rows: tuple[tuple[str, str], ...]
    last: int


def course(ratings: Sequence[Rating], viewer: User, *, ident: str) -> Course:
    """The last rating of each day counts; the table has them all."""
    told = [(clock.local(rating.at, viewer), rating.value) for rating in ratings]
    days = {moment.date(): value for moment, value in told}
    (first_day, first), (last_day, last) = next(iter(days.items())), list(days.items())[-1]
    if len(days) == 1:
        sentence = _("%(last)s of 10 on %(day)s.") % {"last": localised(str(last)), "day": dated(last_day, "j F")}
    else:
        facts = {"first": localised(str(first)), "since": dated(first_day, "j F"), "last": localised(str(last))}
        sentence = _("From %(first)s on %(since)s to %(last)s of 10 now.") % facts
    rows = tuple((joined((dated(at, "j F Y"), dated(at, "H:i"))), localised(str(value))) for at, value in told)
    return Course(sentence, _drawing(days, sentence, ident), rows, last)


def _drawing(days: dict[date, int], sentence: str, ident: str) -> SafeString:
    start, span = min(days), max((max(days) - min(days)).days, 1)
    points = [
        (round(LEFT + 10 + (day - start).days / span * (RIGHT - LEFT - 10), 1), _y(value))
        for day, value in sorted(days.items())
    ]
    line = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
    dots = format_html_join("", '<circle class="course__dot" cx="{}" cy="{}" r="3.5"/>', points)
    rules = format_html_join(
        "",
        '<path class="chart__rule" d="M{} {}H{}"/><text class="chart__tick chart__tick--y" x="{}" y="{}">{}</text>',
        ((LEFT, _y(value), RIGHT, LEFT - 5, _y(value) + 4, localised(str(value))) for value in (0, 10)),
    )
    ends = [(points[0][0], min(days))] + ([(points[-1][0], max(days))] if len(points) > 1 else [])
    dates = format_html_join(
        "",
        '<text class="chart__date" x="{}" y="{}">{}</text>',
        ((x, HEIGHT - 4, dated(day, "j M")) for x, day in ends),
    )
    last_x, last_y = points[-1]
    return format_html(
        '<svg class="course" viewBox="0 0 {} {}" role="img" aria-labelledby="course-{}">'
        '<title id="course-{}">{}</title>'
        '{}<path class="course__line" d="{}"/>{}<text class="course__last" x="{}" y="{}">{}</text>{}</svg>',
        *(WIDTH, HEIGHT, ident, ident, sentence),
        *(rules, line, dots, last_x + 8, last_y + 5, localised(str(days[max(days)])), dates),
    )


def _y(value: int) -> float:
    return round(BOTTOM - value / 10 * (BOTTOM - TOP), 1)
