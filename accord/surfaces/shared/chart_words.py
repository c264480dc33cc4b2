"""A chart in words: the sentence before it, the name of each point, the rows of its table."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accord.surfaces.shared.chart_marks import pillar_name
from accord.surfaces.shared.chart_values import Band, ChartPoint, PillarHistory
from accord.surfaces.shared.digits import joined, localised


def number(value: float | None) -> str:
    """A score as people write it: 3, 7.5; a dash where nobody answered."""
    return "–" if value is None else localised(f"{value:.1f}".removesuffix(".0"))


def day(on: date) -> str:
    return localised(date_format(on, "j M"))


def usual(band: Band | None) -> str:
    """The usual band in whole numbers, rounded outwards as little as possible: 8 to 9."""
    if band is None:
        return ""
    low, high = (localised(str(round(edge))) for edge in (band.low, band.high))
    return low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def point_name(point: ChartPoint, *, client: str, therapist: str) -> str:
    """Session, date, three values: what a screen reader says at a point."""
    said = [
        f"{client} {number(point.client)}" if point.client is not None else _("%(name)s: no answer") % {"name": client},
        f"{therapist} {number(point.therapist)}"
        if point.therapist is not None
        else _("%(name)s: no answer") % {"name": therapist},
        _("usual for %(name)s %(band)s") % {"name": client, "band": usual(point.band)}
        if point.band
        else _("usual: still learning"),
    ]
    where = _("Session %(number)s, %(date)s") % {
        "number": localised(str(point.session)),
        "date": localised(date_format(point.on, "j F")),
    }
    return f"{where}: {joined(said)}"


def summary(history: PillarHistory, *, client: str) -> str:
    """One sentence: the last value, and what is usual."""
    seen = [point for point in history.points if point.client is not None]
    name = pillar_name(history.pillar)
    if not seen:
        return _("%(pillar)s: no answers yet.") % {"pillar": name}
    last = seen[-1]
    facts = {
        "pillar": name,
        "last": number(last.client),
        "session": localised(str(last.session)),
        "client": client,
        "band": usual(last.band),
    }
    if last.band is None:
        return _("%(pillar)s: %(last)s in session %(session)s.") % facts
    return _("%(pillar)s: %(last)s in session %(session)s, usually %(band)s.") % facts


def together(histories: Sequence[PillarHistory], *, client: str) -> str:
    """The latest answer to all pillars in one sentence; one pillar has its own summary."""
    latest = max((p.session for h in histories for p in h.points if p.client is not None), default=None)
    if len(histories) == 1 or latest is None:
        return " ".join(summary(history, client=client) for history in histories[:1])
    parts = [part for history in histories if (part := _part(history, latest))]
    facts = {"session": localised(str(latest)), "client": client, "parts": joined(parts)}
    return _("Session %(session)s, %(client)s: %(parts)s.") % facts


def _part(history: PillarHistory, session: int) -> str:
    point = next((point for point in history.points if point.session == session), None)
    if point is None or point.client is None:
        return ""
    facts = {"pillar": pillar_name(history.pillar).lower(), "score": number(point.client), "band": usual(point.band)}
    return (_("%(pillar)s %(score)s (usually %(band)s)") if point.band else "%(pillar)s %(score)s") % facts


def table_rows(
    histories: Sequence[PillarHistory], *, client: str, therapist: str
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Columns and rows: one row a session, newest last; per pillar both sides and what was usual."""
    columns = [_("Session"), _("Date")]
    for history in histories:
        name = pillar_name(history.pillar)
        columns += [f"{name}: {client}", f"{name}: {therapist}", _("%(pillar)s: usual") % {"pillar": name}]
    dates = {point.session: point.on for history in histories for point in history.points}
    by_session = [{point.session: point for point in history.points} for history in histories]
    rows = [
        (
            localised(str(session)),
            localised(date_format(on, "j M Y")),
            *(cell for points in by_session for cell in _cells(points.get(session))),
        )
        for session, on in sorted(dates.items())
    ]
    return tuple(columns), tuple(rows)


def _cells(point: ChartPoint | None) -> tuple[str, str, str]:
    if point is None:
        return "–", "–", "–"
    return number(point.client), number(point.therapist), usual(point.band) or "–"
