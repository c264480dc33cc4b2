"""A track record in words: only what so few cases can tell, and never a place among others."""

from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accord.records.desk.track_records import Record
from accord.science.matching import LEAST_CASES
from accord.surfaces.shared.digits import numeral
from accord.surfaces.shared.token_words import label

WIDTH, FARTHEST = 320, 2.5  # of the drawing; standard deviations, what lies beyond ends there


class Line(NamedTuple):
    """One problem."""

    need: str
    sentence: str
    cases: int
    low: str = ""
    high: str = ""
    drawing: SafeString | str = ""


def line_of(record: Record) -> Line:
    name = label(record.need)
    if record.missing:
        facts = {"cases": numeral(record.cases), "needed": numeral(LEAST_CASES)}
        return Line(name, _("Still too few: %(cases)s of %(needed)s.") % facts, record.cases)
    if record.interval is None:
        return Line(name, _("Too few colleagues have such cases for an average."), record.cases)
    low, high = record.interval.low, record.interval.high
    return Line(name, _told(low, high), record.cases, _signed(low), _signed(high), _drawn(low, high))


def _told(low: float, high: float) -> str:
    if low > 0.0:
        return _("Goals came further than on average, for clients who began alike.")
    if high < 0.0:
        return _("Goals came less far than on average, for clients who began alike.")
    return _("No difference from the average can be told from chance.")


def _drawn(low: float, high: float) -> SafeString:
    """The interval on a line whose middle is the average; the numbers stand beside it in words."""
    left, right = (WIDTH / 2 + max(-FARTHEST, min(FARTHEST, value)) * WIDTH / 2 / FARTHEST for value in (low, high))
    return format_html(
        '<svg class="chart chart--span" viewBox="0 0 {} 28" aria-hidden="true" focusable="false">'
        '<path class="chart__rule" d="M0 14H{}M{} 3V25"/>'
        '<rect class="chart__span" x="{}" y="9" width="{}" height="10" rx="5"/></svg>',
        *(WIDTH, WIDTH, WIDTH // 2, round(left, 1), round(max(right - left, 4.0), 1)),
    )


def _signed(value: float) -> str:
    return numeral(f"{value:+.1f}".replace("-", "\N{MINUS SIGN}"))
