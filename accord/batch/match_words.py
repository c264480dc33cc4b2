"""The short report of `accord match`, and the sentences that the terminal says too."""

from html import escape
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import polars as pl

from accord.batch.quality import Quality
from accord.batch.report import page, quality_list, table
from accord.batch.report_words import plural
from accord.science.matching import VERSION, fairness
from accord.science.matching.flowing import Flow

COLUMNS = {
    "client, therapist": "As your tables name them. A blank therapist: no suggestion, and “why” says why.",
    "why": "placed; full: those who fit have no place left; nobody: nobody meets every must-have.",
    "standing": "open: confirmed within 14 days; ask: longer ago.",
    "fits, lacks": "Your columns of wishes that this therapist meets, and does not meet. Must-haves are always met.",
    "wishes_met": "Share of the strengths of the nice-to-haves that is met, 0 to 1; blank where none was asked.",
    "therapists_that_fit": "How many meet every must-have and have a place at all.",
    "next_best, costs_at_least": "Of the others in the client's list the one that costs least to choose instead, and "
    "how much the sum over all clients then falls at least: 2,205 points are one hundredth of one client's wishes.",
    "one_more_would_add": "In loads: what the sum over all would gain by one more place of this therapist.",
    "share, gap": "In fairness: share placed of those who wait, and its difference to all others, with 95 % intervals.",
    "version": "The version of the rules.",
}


class Summary(NamedTuple):
    """What was found: for the terminal and the report."""

    file: str
    seed: int
    flow: Flow
    suggested: pl.DataFrame
    groups: pl.DataFrame
    loads: pl.DataFrame


def counts(summary: Summary) -> str:
    """How many, of how many, where."""
    clients, therapists = summary.suggested.height, summary.loads.height
    places = int(summary.loads["places"].sum())
    return f"{plural(clients, 'client')}, {plural(therapists, 'therapist')} with {plural(places, 'place')}"


def outcome(summary: Summary) -> list[str]:
    """What became of them, a sentence each."""
    why = dict(summary.suggested["why"].value_counts().iter_rows())
    said = [f"{plural(why.get('placed', 0), 'client')} can be placed, each with every must-have met."]
    if why.get("full"):
        said.append(f"{plural(why['full'], 'client')}: those who fit have no place left.")
    if why.get("nobody"):
        said.append(f"{plural(why['nobody'], 'client')}: nobody meets every must-have.")
    return said


def proof(summary: Summary) -> str:
    """How good the suggestion is among all that could be made."""
    flow = summary.flow
    if flow.short:
        share = flow.short / flow.total
        return (
            "As many as possible are placed, the urgent and the long waiting first. Their sum of wishes is at most "
            f"{share:.1g} of itself below the best there is; more --rounds would close that."
        )
    return "No other assignment places more people, or the more urgent, or serves the wishes of those placed better."


def write_match_report(path: Path, summary: Summary, quality: Quality, command: str) -> None:
    """One page: the outcome, fairness, load, what was noted, the columns, how to do it again."""
    first, *rest = outcome(summary)
    lead = "".join(f"<p>{escape(words)}</p>" for words in (*rest, proof(summary)))
    sections = [
        ("suggestion", "What this is", _suggestion()),
        ("fairness", "Who was placed", _fairness(summary)),
        ("load", "How full the therapists get", _load(summary)),
        ("quality", "Data quality", quality_list(quality)),
        ("columns", "The columns", _columns()),
        ("again", "To do it again", _again(summary, command)),
    ]
    path.write_text(page(f"{summary.file}: {counts(summary)}", first, lead, sections), encoding="utf-8")


def _suggestion() -> str:
    return (
        "<p>A suggestion for a person to confirm or change, each by itself. It knows what clients asked and what "
        "therapists offer, and nothing else. Style orders equals only: nobody has shown that like suits like.</p>"
    )


def _fairness(summary: Summary) -> str:
    head = (
        "group",
        "waiting",
        "someone fits",
        "placed",
        "share placed",
        "gap to all others",
        "wait of placed",
        "of left",
    )
    rows = [
        (
            one["group"],
            *(f"{one[name]:,}" for name in ("waiting", "fitted", "placed")),
            *(_interval(one, name) for name in ("share", "gap")),
            *(_days(one[name]) for name in ("days_placed", "days_left")),
        )
        for one in summary.groups.iter_rows(named=True)
    ]
    said = (
        "<p>With 95 % intervals; waits are medians in days. A gap is a question to ask, not an answer: groups may "
        "differ in what they need.</p>"
    )
    return said + table(head, rows, numbers=(1, 2, 3, 4, 5, 6, 7))


def _interval(one: dict[str, float | None], name: str) -> str:
    value, low, high = one[name], one[f"{name}_low"], one[f"{name}_high"]
    return "" if value is None or low is None or high is None else f"{value:.2f} [{low:.2f}, {high:.2f}]"


def _days(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def _load(summary: Summary) -> str:
    told = fairness.load(summary.loads["suggested"].to_numpy(), summary.loads["places"].to_numpy())
    rows = [
        ("places given, of all", f"{told.given:,} of {told.places:,}"),
        ("Gini coefficient of the shares given (0: all equally full)", f"{told.gini:.2f}"),
        ("share of all clients that the fullest tenth gets", f"{told.top_tenth:.2f}"),
    ]
    return table(("", ""), rows, numbers=(1,))


def _columns() -> str:
    told = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(words)}</dd></div>" for name, words in COLUMNS.items())
    return f'<dl class="words">{told}</dl>'


def _again(summary: Summary, command: str) -> str:
    versions = [(name, metadata.version(name)) for name in ("accord", "numpy", "numba", "ortools", "polars")]
    rows = [("rules", VERSION), ("seed for ties", str(summary.seed)), *versions]
    typed = f"<pre><code>{escape(command)}</code></pre>" if command else ""
    return (
        f"<p>The same tables and the same seed give the same numbers, in whatever order rows come.</p>{typed}"
        + table(("", ""), rows)
    )
