"""A page for one pair: a sentence, its flags in words, a chart a pillar, the numbers as a table."""

from collections.abc import Sequence
from html import escape

import polars as pl

from accord.batch.findings import Story
from accord.batch.mapping import PILLARS
from accord.batch.numbers import Scale
from accord.batch.report_charts import Drawing, Mark, Point, chart
from accord.batch.report_words import chart_words, flag_lines, number, story_sentence

_THEIRS = "therapist’s rating"
_KEYS = {
    "client’s rating": '<path class="mine" d="M1 7h30"/>',
    _THEIRS: '<path class="theirs" d="M1 7h30"/>',
    "usual band before the session": '<path class="band" d="M1 1h30v12h-30z"/>',
    "level, with hindsight": '<path class="level" d="M1 7h30"/>',
    "flagged": '<circle class="ring" cx="16" cy="7" r="5.5"/>',
}


def key(stories: Sequence[Story]) -> str:
    """What the lines mean; no word on therapists where none rated."""
    rated = any(story.estimates["therapist_score"].count() for story in stories)
    drawn = (
        f'<li><svg class="chart" viewBox="0 0 32 14" aria-hidden="true">{drawing}</svg>{words}</li>'
        for words, drawing in _KEYS.items()
        if rated or words != _THEIRS
    )
    return f'<ul class="key">{"".join(drawn)}</ul>'


def pair_page(story: Story, scale: Scale, place: int) -> str:
    """One pair as HTML."""
    lines = flag_lines(story.flags.to_dicts(), scale)
    listed = f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>" if len(lines) > 1 else ""
    unknown = escape(" ".join(story.flags["cannot_know"].unique(maintain_order=True)))
    charts = "".join(_charts(story, scale, place))
    return (
        f'<article class="pair" id="pair-{place}"><h3><b>Pair {escape(story.pair)}</b>'
        f"{escape(story_sentence(story, scale))}</h3>"
        f'<div class="charts">{charts}</div><div>{listed}<p class="small soft">{unknown}</p></div>'
        f"<details><summary>Numbers of pair {escape(story.pair)}</summary>{_numbers(story)}</details></article>"
    )


def _charts(story: Story, scale: Scale, place: int) -> list[str]:
    drawn: list[str] = []
    for name in story.estimates["pillar"].unique(maintain_order=True):
        rows = story.estimates.filter(pl.col("pillar") == name).sort("session")
        about = story.flags.filter(pl.col("pillar").is_in([name, ""]))
        marks = tuple(Mark(session, kind) for session, kind in about.select("session", "kind").iter_rows())
        columns = ("session", "score", "therapist_score", "level", "usual_low", "usual_high")
        points = tuple(Point(*row) for row in rows.select(columns).iter_rows())
        shape = name if name in PILLARS else "own"
        words = chart_words(name, rows["score"].to_list(), about.height)
        drawn.append(chart(Drawing(name, shape, points, marks, scale), f"c{place}-{len(drawn)}", words))
    return drawn


def _numbers(story: Story) -> str:
    flags = {(flag["session"], flag["pillar"]): flag["kind"] for flag in story.flags.to_dicts()}
    therapist = story.estimates["therapist_score"].null_count() < story.estimates.height
    head = ["session", "pillar", "client", *(["therapist"] if therapist else []), "usual band", "level", "flag"]
    body = []
    for row in story.estimates.to_dicts():
        flag = flags.get((row["session"], row["pillar"])) or flags.get((row["session"], "")) or ""
        band = f"{number(row['usual_low'])} to {number(row['usual_high'])}"
        theirs = [number(row["therapist_score"])] if therapist else []
        cells = [str(row["session"]), row["pillar"], number(row["score"]), *theirs, band, number(row["level"]), flag]
        kind = ' class="marked"' if flag else ""
        body.append(f"<tr{kind}>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>")
    top = "".join(f'<th scope="col">{name}</th>' for name in head)
    return (
        '<div class="scroll" role="group" aria-label="Table" tabindex="0"><table><thead><tr>'
        f"{top}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )
