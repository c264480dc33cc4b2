"""Guesses drawn: a pair's over its sessions with the shared chart; all together by how far off they were."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.desk.guesses import Guess, lean_of
from accord.surfaces.shared import clock
from accord.surfaces.shared.charts import ChartPoint, Figure, Pillar, PillarHistory, figure
from accord.surfaces.shared.digits import numeral, set_apart
from accord.surfaces.shared.histories import PILLARS
from accord.surfaces.workspace import guess_words, words

WIDTH, HEIGHT, BASE, STEP = 320, 120, 92, 28
FARTHEST = 5  # points off; what lies beyond is counted there


class Line(NamedTuple):
    """One pillar in one sentence."""

    pillar: Pillar
    sentence: str


class Spread(NamedTuple):
    """One pillar's guesses by how far off they were, drawn and counted."""

    pillar: Pillar
    drawing: SafeString
    rows: list[tuple[str, int]]


def of_pillar(guesses: Sequence[Guess], pillar: str) -> list[Guess]:
    return [one for one in guesses if one.pillar == pillar]


def lines_of(guesses: Sequence[Guess], name: str = "") -> list[Line]:
    found = []
    for pillar in PILLARS:
        mine = of_pillar(guesses, pillar)
        found.append(Line(pillar, guess_words.told(lean_of(mine), len(mine), name)))
    return found


def pair_figure(guesses: Sequence[Guess], name: str, *, viewer: User) -> Figure:
    """The client's answers as the line, the guesses as hollow marks beside it."""
    histories = [_history(of_pillar(guesses, pillar), pillar, viewer) for pillar in PILLARS]
    sentence = _("%(name)s’s answers, and what you had guessed before you saw them.") % {"name": name}
    known = [one for one in histories if one.points]
    return figure(known, client=name, therapist=_("Guess"), ident="guesses", sentence=sentence)


def _history(guesses: Sequence[Guess], pillar: Pillar, viewer: User) -> PillarHistory:
    return PillarHistory(
        pillar,
        tuple(
            ChartPoint(
                session=one.session.number,
                on=clock.local(one.session.starts_at, viewer).date(),
                client=one.answer,
                therapist=one.guess,
                band=None,
            )
            for one in guesses
        ),
    )


def spreads(guesses: Sequence[Guess]) -> list[Spread]:
    """Over all clients: how many guesses were so many points above or below."""
    counted = {pillar: _counted(of_pillar(guesses, pillar)) for pillar in PILLARS}
    most = max((number for counts in counted.values() for number in counts.values()), default=0)
    return [
        Spread(pillar, _bars(pillar, counts, most), [(_off(off), counts[off]) for off in sorted(counts, reverse=True)])
        for pillar, counts in counted.items()
        if counts
    ]


def _counted(guesses: Sequence[Guess]) -> Counter[int]:
    return Counter(max(-FARTHEST, min(FARTHEST, round(one.difference))) for one in guesses)


def _off(off: int) -> str:
    if off == 0:
        return _("right")
    more = _(" or more") if abs(off) == FARTHEST else ""
    facts = {"number": numeral(abs(off)), "more": more}
    return _("%(number)s%(more)s too high") % facts if off > 0 else _("%(number)s%(more)s too low") % facts


def _bars(pillar: Pillar, counts: Counter[int], most: int) -> SafeString:
    """A bar for each number of points off; the middle is where a guess was right."""
    middle = WIDTH / 2
    bars = format_html_join(
        "",
        '<rect class="chart__bar" x="{}" y="{}" width="{}" height="{}" rx="2"/><text class="chart__tick" x="{}" '
        'y="{}" aria-hidden="true">{}</text>',
        (_bar(middle + off * STEP, number, most) for off, number in sorted(counts.items())),
    )
    ticks = format_html_join(
        "",
        '<text class="chart__tick{}" x="{}" y="{}" aria-hidden="true">{}</text>',
        (_tick(middle, off) for off in range(-FARTHEST, FARTHEST + 1)),
    )
    told = set_apart(f"{_off(off)}: {numeral(counts[off])}" for off in sorted(counts, reverse=True))
    label = _("%(pillar)s, guesses: %(told)s") % {"pillar": words.pillar_name(pillar), "told": told}
    return format_html(
        '<svg class="chart {}" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<path class="chart__rule" d="M6 {}H{}"/>{}{}</svg>',
        *(pillar, WIDTH, HEIGHT, label, BASE, WIDTH - 6, bars, ticks),
    )


def _bar(x: float, number: int, most: int) -> tuple[float, float, int, float, float, float, str]:
    tall = round(66 * number / most, 1)
    return x - 9, BASE - tall, 18, tall, x, BASE - tall - 4, numeral(number)


def _tick(middle: float, off: int) -> tuple[str, float, int, str]:
    sign = "+" if off > 0 else "\N{MINUS SIGN}" if off < 0 else ""
    return "" if off else " chart__tick--right", middle + off * STEP, BASE + 18, f"{sign}{numeral(abs(off))}"
