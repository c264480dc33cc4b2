"""Two lines over every goal and task: they run apart, and meet where both have agreed.

The upper line is the client's, the lower one the therapist's. Dots mark the way that is still open. The drawing
says nothing that the words beside it do not say.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString

JOINED = {"client": "12.5", "therapist": "15.5"}
APART = {"client": "5", "therapist": "23"}
WAVE = {"client": "c8 0 8-4 16-4s8 7 16 7 8-7 16-7 8 4 16 4", "therapist": "c8 0 8 4 16 4s8-7 16-7 8 7 16 7 8-4 16-4"}


def strokes(state: str, *, waiting: list[str], doubting: list[str]) -> SafeString:
    """`waiting`: the sides whose OK is missing; `doubting`: those who are not sure."""
    lines = [_line(side, state, waits=side in waiting, doubts=side in doubting) for side in ("client", "therapist")]
    knot = _path("knot", "M166 7V21") if state == "finished" else ""
    return format_html(
        '<svg class="meet" viewBox="0 0 320 28" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        "{}{}{}</svg>",
        *lines,
        knot,
    )


def _line(side: str, state: str, *, waits: bool, doubts: bool) -> SafeString:
    apart, joined = APART[side], JOINED[side]
    way = f"C132 {apart} 136 {joined} 166 {joined}"
    if state == "finished":
        return _path(side, f"M0 {joined}H166")
    if state == "aside":
        return _path(side, f"M0 {joined}H96") + _path(side, f"M104 {joined}H320", open_way=True)
    if doubts:
        return _path(side, f"M0 {apart}H92{WAVE[side]}")
    if waits:
        return _path(side, f"M0 {apart}H92") + _path(side, f"M104 {apart}{way}H320", open_way=True)
    return _path(side, f"M0 {apart}H104{way}H320")


def _path(side: str, d: str, *, open_way: bool = False) -> SafeString:
    return format_html('<path class="meet__{}{}" d="{}"/>', side, " meet__open" if open_way else "", d)
