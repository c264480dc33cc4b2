"""Charts: what is drawn is what was given, no more; words are escaped; nothing bridges a gap."""

import itertools
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from accord.surfaces.shared.chart_values import EventKind
from accord.surfaces.shared.charts import (
    Band,
    ChartPoint,
    Event,
    PillarHistory,
    figure,
    pillar_chart,
    repair_strokes,
    spark,
)

SVG = "{http://www.w3.org/2000/svg}"
NAMESPACE = 'xmlns="http://www.w3.org/2000/svg" '


def parsed(drawing: str) -> ElementTree.Element:
    """The drawing as a tree: it must be well-formed XML on its own."""
    return ElementTree.fromstring(drawing.replace("<svg ", f"<svg {NAMESPACE}", 1))


def by_class(drawing: str, name: str) -> list[ElementTree.Element]:
    return [part for part in parsed(drawing).iter() if name in part.get("class", "").split()]


def history(client: list[float | None], therapist: list[float | None] | None = None, **more: Any) -> PillarHistory:
    theirs = therapist or [None] * len(client)
    points = tuple(
        ChartPoint(at + 1, date(2024, 4, 1) + timedelta(weeks=at), mine, other)
        for at, (mine, other) in enumerate(zip(client, theirs, strict=True))
    )
    return replace(PillarHistory("bond", points), **more)


def draw(drawn: PillarHistory, **more: str) -> str:
    return pillar_chart(drawn, **{"client": "Kai", "therapist": "Tess", "ident": "t", **more})


def test_it_puts_the_ends_of_the_scale_on_the_top_and_the_bottom_rule():
    drawing = draw(history([0, 10]))
    rules = [float(part.attrib["d"].split()[1].split("H")[0]) for part in by_class(drawing, "chart__rule")]
    line = by_class(drawing, "chart__line--client")[0].attrib["d"]
    low, high = (point.split() for point in line[1:].split("L"))
    assert (float(low[1]), float(high[1])) == (rules[0], rules[2])


def test_it_breaks_the_line_where_nobody_answered():
    assert len(by_class(draw(history([8, 8, None, 7, 7])), "chart__line--client")) == 2
    assert len(by_class(draw(history([8, 8, 8, 7, 7])), "chart__line--client")) == 1


def test_it_draws_one_mark_an_answer_and_none_for_silence():
    drawing = draw(history([8, None, 3], [7, 7, None]))
    assert len(by_class(drawing, "chart__mark--hollow")) == 2
    filled = [part for part in by_class(drawing, "chart__mark") if "hollow" not in part.get("class", "")]
    assert len(filled) == 2 + 1  # two answers and the shape beside the pillar's name


def test_it_shows_the_band_only_where_there_is_one():
    assert by_class(draw(history([8, 8, 8])), "chart__band") == []
    learned = history([8, 8, 8])
    points = (*learned.points[:1], *(replace(point, band=Band(7, 9)) for point in learned.points[1:]))
    assert len(by_class(draw(replace(learned, points=points)), "chart__band")) == 1


def test_it_names_each_session_with_its_date_and_three_values():
    point = ChartPoint(5, date(2024, 5, 2), 3, 7, Band(7.6, 9.2))
    stops = by_class(draw(PillarHistory("bond", (point,))), "chart__stop")
    assert [stop.get("aria-label") for stop in stops] == ["Session 5, 2 May: Kai 3, Tess 7, usual for Kai 8 to 9"]


def test_it_says_what_is_missing_instead_of_a_number():
    point = ChartPoint(2, date(2024, 4, 8), None, 7.5)
    (stop,) = by_class(draw(PillarHistory("bond", (point,))), "chart__stop")
    assert stop.get("aria-label") == "Session 2, 8 April: Kai: no answer, Tess 7.5, usual: still learning"


def test_it_gives_the_keyboard_one_way_in_at_the_latest_session():
    stops = by_class(draw(history([8, 8, 3])), "chart__stop")
    assert [stop.get("tabindex") for stop in stops] == ["-1", "-1", "0"]


def test_it_escapes_names():
    drawing = draw(history([8, 3], [7, 7]), client="<b>&", therapist='"Te')
    assert "<b>" not in drawing
    assert "&lt;b&gt;&amp;" in drawing
    parsed(drawing)


def test_it_writes_no_style_attribute_and_no_script():
    shown = figure([history([8, 3], [7, 7])], client="Kai", therapist="Tess", ident="f")
    for drawing in (
        *shown.drawings,
        spark(history([8, 3]), client="Kai", ident="s"),
        repair_strokes("closed", ident="r"),
    ):
        assert " style=" not in drawing and "<script" not in drawing and " on" not in drawing.split("aria-label")[0]


def test_it_parts_the_two_strokes_at_a_rupture_and_stitches_them_at_its_repair():
    noticed, closed = Event(2, "Noticed", "noticed"), Event(4, "Repaired", "closed")
    together = draw(history([8, 3, 6, 8]))
    apart = draw(history([8, 3, 6, 8], events=(noticed,)))
    mended = draw(history([8, 3, 6, 8], events=(noticed, closed)))
    strokes = [by_class(drawing, "chart__stroke--one")[0].attrib["d"] for drawing in (together, apart, mended)]
    assert [stroke.count("C") for stroke in strokes] == [0, 1, 2]
    assert [len(by_class(drawing, "stitch")) for drawing in (together, apart, mended)] == [0, 0, 3]


def test_it_leaves_apart_what_was_let_go():
    events = (Event(2, "Noticed", "noticed"), Event(3, "Let go", "let-go"))
    drawing = draw(history([8, 3, 6, 8], events=events))
    assert by_class(drawing, "chart__stroke--one")[0].attrib["d"].count("C") == 1
    assert by_class(drawing, "stitch") == []


def test_it_ignores_an_event_of_a_session_that_is_not_shown():
    assert draw(history([8, 8], events=(Event(9, "Noticed", "noticed"),))) == draw(history([8, 8]))


def test_it_keeps_the_two_names_apart_when_both_lines_end_together():
    names = by_class(draw(history([8, 8], [8, 8])), "chart__name")
    first, second = (float(name.attrib["y"]) for name in names)
    assert second - first == 15


@pytest.mark.parametrize("count", [1, 2, 12, 13, 60])
def test_it_stays_inside_its_frame_and_thins_the_numbers(count: int):
    drawing = draw(history([8.0] * count))
    ticks = [part for part in by_class(drawing, "chart__tick") if "chart__tick--y" not in part.get("class", "")]
    assert 1 <= len(ticks) <= 12
    assert ticks[-1].text == str(count)
    assert all(0 <= float(part.attrib["x"]) <= 320 for part in parsed(drawing).iter(f"{SVG}text"))


def test_it_draws_nothing_for_nobody_and_does_not_fall_over():
    empty = PillarHistory("goal", ())
    assert by_class(draw(empty), "chart__stop") == []
    assert spark(empty, client="Kai", ident="s") == ""


def test_it_tells_the_pillars_apart_by_shape():
    shapes = {
        by_class(draw(replace(history([8]), pillar=pillar)), "chart__mark")[0].attrib["d"]
        for pillar in ("goal", "task", "bond")
    }
    assert len(shapes) == 3


def test_spark_shows_the_last_six_and_says_the_last_value():
    drawing = spark(history([1, 2, 8, 8, 9, 8, 8, 3]), client="Kai", ident="s")
    (line,) = by_class(drawing, "chart__line--client")
    assert line.attrib["d"].count("L") == 5
    assert [part.text for part in by_class(drawing, "chart__last")] == ["3"]


def test_spark_is_read_as_one_sentence():
    point = ChartPoint(5, date(2024, 5, 2), 3, None, Band(8, 9))
    drawing = spark(PillarHistory("bond", (point,)), client="Kai", ident="s")
    assert parsed(drawing).findtext(f"{SVG}title") == "Bond: 3 in session 5, usually 8 to 9."


def test_figure_puts_every_number_of_the_drawing_into_its_table():
    bond, goal = history([8, None], [7, 6]), replace(history([7, 7.5], [None, 7]), pillar="goal")
    shown = figure([bond, goal], client="Kai", therapist="Tess", ident="f")
    assert shown.columns == (
        *("Session", "Date", "Bond: Kai", "Bond: Tess", "Bond: usual", "Goals: Kai", "Goals: Tess", "Goals: usual"),
    )
    assert shown.rows == (
        ("1", "1 Apr 2024", "8", "7", "–", "7", "–", "–"),
        ("2", "8 Apr 2024", "–", "6", "–", "7.5", "7", "–"),
    )


def test_figure_says_the_latest_session_in_one_sentence():
    bond = PillarHistory("bond", (ChartPoint(5, date(2024, 5, 2), 3, 7, Band(8, 9)),))
    goal = PillarHistory("goal", (ChartPoint(5, date(2024, 5, 2), 7, 7),))
    assert figure([bond, goal], client="Kai", therapist="Tess", ident="f").sentence == (
        "Session 5, Kai: bond 3 (usually 8 to 9), goals 7."
    )
    assert figure([bond], client="Kai", therapist="Tess", ident="f", sentence="Less than usual.").sentence == (
        "Less than usual."
    )


@pytest.mark.parametrize("state", ["noticed", "looked-at", "talked-about", "agreed", "closed", "let-go"])
def test_repair_strokes_draws_every_state(state: str):
    assert len(by_class(repair_strokes(state, ident="r"), "mark__one")) == 1


def test_repair_strokes_come_nearer_with_every_step_and_are_stitched_at_the_end():
    def distance(state: str) -> float:
        one, two = (by_class(repair_strokes(state, ident="r"), f"mark__{who}")[0].attrib["d"] for who in ("one", "two"))
        return float(two.split("172 ")[1].split("H")[0]) - float(one.split("172 ")[1].split("H")[0])

    order = [distance(state) for state in ("noticed", "looked-at", "talked-about", "agreed", "closed")]
    assert order == sorted(order, reverse=True) and len(set(order)) == 5
    assert len(by_class(repair_strokes("closed", ident="r"), "stitch")) == 3
    assert by_class(repair_strokes("let-go", ident="r"), "stitch") == []


def places_of(drawing):
    """Where note, talk and change stand, from left to right."""
    found = re.findall(r'chart__event--(note|talk|change)"><title>[^<]*</title><path d="M([\d.]+)', str(drawing))
    return [(kind, float(x)) for kind, x in found]


@pytest.mark.parametrize("end", [(), (Event(4, "Repaired", "closed"),), (Event(4, "Let go", "let-go"),)])
def test_note_talk_and_change_stand_in_the_gap_and_never_on_each_other(end):
    between: list[Event] = [Event(4, "Note", "note"), Event(4, "Talk", "talk"), Event(4, "Change", "change")]
    drawing = draw(history([8, 8, 3, 8], events=(Event(3, "Noticed", "noticed"), *between, *end)))
    found = places_of(drawing)
    assert [kind for kind, _ in found] == ["note", "talk", "change"]
    places = [x for _, x in found]
    assert all(later - earlier >= 5 for earlier, later in itertools.pairwise(places))
    assert places[-1] < 270


def test_all_in_one_session_still_fits():
    kinds: tuple[EventKind, ...] = ("noticed", "note", "talk", "change", "closed")
    drawing = draw(history([8, 3], events=tuple(Event(2, kind.title(), kind) for kind in kinds)))
    assert len(places_of(drawing)) == 3
