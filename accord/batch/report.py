"""report.html: one file that needs nothing else. Sentence first, then the numbers, then how to do it again."""

import json
from collections.abc import Iterable, Sequence
from html import escape
from importlib import metadata, resources
from pathlib import Path
from typing import NamedTuple

from accord.batch.estimating import tall
from accord.batch.findings import Findings
from accord.batch.guesses import each_guess
from accord.batch.judging import OURS, Judges
from accord.batch.mapping import Wish
from accord.batch.quality import Quality, grouped
from accord.batch.ratings import Opened
from accord.batch.report_pairs import key, pair_page
from accord.batch.report_words import BUDGETED, COLUMNS, KINDS, OUR_KINDS, headline, lead, number, plural
from accord.science import alliance
from accord.science.ruptures import rules

SHOWN = 200  # lines of the quality list; quality.csv has all
_MARK = (
    '<svg viewBox="0 0 44 16" aria-hidden="true"><path class="one" d="M2 6h9c6 0 6-4 12-4s6 4 12 4h7"/>'
    '<path class="two" d="M2 10h9c6 0 6 4 12 4s6-4 12-4h7"/></svg>'
)
_SECTIONS = (
    ("read", "What was read"),
    ("rules", "Rules and false alarms"),
    ("pairs", "Pairs worth a look"),
    ("quality", "Data quality"),
    ("columns", "The columns"),
    ("again", "To do it again"),
)


class Told(NamedTuple):
    """All that was chosen, guessed and assumed."""

    file: str
    command: str
    opened: Opened
    wish: Wish
    judges: Judges
    params: alliance.Params


def write_report(path: Path, told: Told, findings: Findings, quality: Quality) -> None:
    """Write the report. The same table and the same choices give the same bytes."""
    bodies = (
        _read(told),
        _rules(told, findings),
        _pairs(told, findings),
        quality_list(quality),
        _columns(),
        _again(told),
    )
    sections = [(*section, body) for section, body in zip(_SECTIONS, bodies, strict=True)]
    path.write_text(page(told.file, headline(findings), _lead(told, findings), sections), encoding="utf-8")


def page(file: str, heading: str, below: str, sections: Sequence[tuple[str, str, str]]) -> str:
    """One file that needs nothing else. sections: an id, a title and a body of HTML each; below is HTML too."""
    style = resources.files("accord.batch").joinpath("report.css").read_text(encoding="utf-8")
    bodies = "".join(f'<section id="{ident}"><h2>{title}</h2>{body}</section>' for ident, title, body in sections)
    links = "".join(f'<li><a href="#{ident}">{title}</a></li>' for ident, title, _ in sections)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(file)} · Accord</title><style>{style}</style></head><body>"
        f'<header><div class="top">{_MARK}Accord <span>{escape(file)}</span></div>'
        f"<h1>{escape(heading)}</h1>{below}"
        f'<nav aria-label="In this report"><ul>{links}</ul></nav></header><main>{bodies}</main></body></html>\n'
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str = "", numbers: Sequence[int] = ()) -> str:
    """An HTML table of escaped cells; the columns in `numbers` stand to the right."""

    lines = [tuple(row) for row in rows]
    wide = {place for row in lines for place, text in enumerate(row) if len(text) > 24}

    def cell(tag: str, place: int, text: str) -> str:
        kind = ' class="number"' if place in numbers else ' class="wrap"' if place in wide else ""
        scope = ' scope="col"' if tag == "th" else ""
        return f"<{tag}{scope}{kind}>{escape(text)}</{tag}>"

    top = "".join(cell("th", place, text) for place, text in enumerate(head))
    body = "".join(f"<tr>{''.join(cell('td', place, text) for place, text in enumerate(row))}</tr>" for row in lines)
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    heading = f"<thead><tr>{top}</tr></thead>" if any(head) else ""
    whole = f"<table>{said}{heading}<tbody>{body}</tbody></table>"
    return f'<div class="scroll" role="group" aria-label="Table" tabindex="0">{whole}</div>'


def _lead(told: Told, findings: Findings) -> str:
    fitted = ""
    if told.params.id == alliance.DEFAULT.id:
        fitted = (
            f'<p class="soft">Levels and usual bands rest on published default parameters ({escape(told.params.id)}), '
            "not on parameters fitted to this table: read them as a first look.</p>"
        )
    return f'<p class="lead">{escape(lead(findings))}</p>{fitted}'


def _read(told: Told) -> str:
    scale = told.opened.meaning.scale
    known = "as you said" if scale.named else "assumed"
    rows = [*each_guess(told.opened, told.wish), ("scale", f"{scale.words}, {scale.better} is better", known)]
    used = set(told.opened.meaning.mapping.used)
    unread = [name for name in told.opened.source.columns if name not in used]
    left = f'<p class="small soft">Not read: {escape(", ".join(unread))}.</p>' if unread else ""
    return table(("what", "column", "how we know"), rows) + left + _scale_words(told)


def _scale_words(told: Told) -> str:
    scale, readings = told.opened.meaning.scale, told.opened.meaning.mapping.readings
    sentences = []
    if (scale.low, scale.high, scale.better) != (0.0, 10.0, "high"):
        turned = ", turned round so that 10 is the good end," if scale.better == "low" else ""
        sentences.append(
            f"The model works on 0 to 10: scores were stretched evenly from {scale.words}{turned} and everything is "
            "given back in your own points. It takes ratings to be whole points of 0 to 10, so on a much coarser "
            "or finer scale its bands are approximate."
        )
    if any(not reading.pillar for reading in readings):
        sentences.append(
            "A score that names no pillar is followed by itself, with the parameters of bond. The default numbers "
            "come from alliance ratings: for a symptom score take level and band as smoothing, no more."
        )
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)


def _rules(told: Told, findings: Findings) -> str:
    rows: list[tuple[str, ...]] = []
    for name in told.judges.names:
        rows += _our_rows(told, findings) if name == OURS else [_rule_row(name, told, findings)]
    head = ("rule", "what it looks for", "source", "found", "false alarms per 10 sessions", "expected here by chance")
    words = [
        "The last two columns say what would be flagged if nothing had changed for anyone: per 10 sessions, and in "
        "a table of this size. When as many were found as chance would give, the flags say little."
    ]
    if OURS in told.judges.names:
        words.append(
            f"For our own rules they hold if ratings behave as {told.params.id} says; dips and slides share one "
            "budget; low, ceiling and silence are remarks without a budget."
        )
    if set(told.judges.names) - {OURS}:
        words.append(
            "For the rules from the literature they take scores to be independent from session to session; real "
            "ratings hang together and are capped, so the real rates are higher."
        )
    return table(head, rows, numbers=(4, 5)) + f"<p>{escape(' '.join(words))}</p>"


def _our_rows(told: Told, findings: Findings) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for kind in OUR_KINDS:
        flags = sum(number for (rule, met, _), number in findings.found.items() if (rule, met) == (OURS, kind))
        where = f" in {plural(findings.sessions_with[OURS, kind], 'session')}" if flags else ""
        chance = _our_chance(kind, told, findings)
        rows.append((f"{OURS}: {kind}", KINDS[kind], "Accord", f"{flags:,}{where}", *chance))
    return rows


def _our_chance(kind: str, told: Told, findings: Findings) -> tuple[str, str]:
    """Dips and slides have one budget together: it is told once."""
    if kind == BUDGETED[1]:
        return ("with the dips", "with the dips")
    return _chance(told.judges.budget if kind in BUDGETED else float("nan"), findings.judged)


def _rule_row(name: str, told: Told, findings: Findings) -> tuple[str, ...]:
    rule = rules.BY_NAME[name]
    found = sorted((kind, count) for (by, kind, _), count in findings.found.items() if by == name)
    counts = " · ".join(f"{kind} {count:,}" for kind, count in found) or "0"
    rates = [rate for (by, _), rate in findings.alarms.items() if by == name]
    return (name, rule.title, rule.source, counts, *_chance(sum(rates) / max(len(rates), 1), findings.scores))


def _chance(rate: float, sessions: int) -> tuple[str, str]:
    if rate != rate:
        return ("not known", "not known")
    return (number(rate), f"about {rate * sessions / 10:,.0f}")


def _pairs(told: Told, findings: Findings) -> str:
    if not findings.stories:
        return "<p>No pair was flagged, so no pair has a page here. All estimates are in estimates.parquet.</p>"
    shown = len(findings.stories)
    rest = findings.flagged_pairs - shown
    which = (
        f"The {shown} most striking of {plural(findings.flagged_pairs, 'flagged pair')}"
        if rest
        else "Every flagged pair"
    )
    words = f"{which}, the largest flagged change first. All flags are in flags.parquet."
    scale = told.opened.meaning.scale
    stories = [story._replace(estimates=tall(story.estimates)) for story in findings.stories]
    pages = "".join(pair_page(story, scale, place) for place, story in enumerate(stories, start=1))
    return f"<p>{escape(words)}</p>{key(stories)}{pages}"


def quality_list(quality: Quality) -> str:
    """Counts, then what was noted."""
    counts = table(("", ""), [(what, f"{count:,}") for what, count in quality.counts.items()], numbers=(1,))
    groups = grouped(quality.complaints())
    if not groups:
        return counts + "<p>Nothing else to note.</p>"
    rest = len(groups) - SHOWN
    more = f"<p>{rest:,} further lines are in quality.csv.</p>" if rest > 0 else ""
    rows = [(group.first.what, group.where(most=8) or "the file", f"{group.number:,}") for group in groups[:SHOWN]]
    listed = table(("what", "where", "how many"), rows, numbers=(2,))
    return (
        f"{counts}<p>No number was changed or made up. These were noted, row by row in quality.csv:</p>{listed}{more}"
    )


def _columns() -> str:
    told = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(words)}</dd></div>" for name, words in COLUMNS.items())
    where = "In estimates.parquet and flags.parquet; as CSV too, where a spreadsheet can open it or with --csv."
    return f'<p>{where}</p><dl class="words">{told}</dl>'


def _again(told: Told) -> str:
    versions = [(name, metadata.version(name)) for name in ("accord", "numpy", "scipy", "numba", "polars")]
    command = f"<pre><code>{escape(told.command)}</code></pre>" if told.command else ""
    params = escape(json.dumps(alliance.dump_params(told.params), indent=1))
    return (
        f"<p>The same table and the same choices give the same numbers.</p>{command}"
        f"{table(('', ''), versions)}"
        f"<details><summary>Parameters {escape(told.params.id)}</summary><pre><code>{params}</code></pre></details>"
    )
