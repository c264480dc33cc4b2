"""The comparison of rules as a table, a page and plots."""

import csv
import importlib.util
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from accord.batch.contenders import BEFORE, CONTENDERS, OURS, YARDSTICK
from accord.batch.evaluating import DEPTHS, ONSETS, PRACTICE, PRACTICE_RUPTURES, PRACTICES, WATCHED, Asked, Row
from accord.science.simulation import CATALOGUE

LITERATURE = tuple(rule.name for rule in CONTENDERS if rule.literature)
TITLES = {rule.name: rule.title for rule in CONTENDERS}
WELL, ELSEWHERE = 0.2, 0.4  # how far actual false alarms may lie from the budget
TABLE, PAGE = "flags-compared.csv", "flags-compared.md"
PICTURES = ("flags-false-alarms.svg", "flags-at-onset.svg", "flags-by-depth.svg")


_BANDS = {"depth": DEPTHS, "onset": ONSETS}


def can_draw() -> bool:
    """Whether the extra `plots` is there."""
    return importlib.util.find_spec("matplotlib") is not None


def write_table(rows: Sequence[Row], path: Path) -> None:
    """One row a rule and world, all figures."""
    flat = [_flat(row) for row in rows]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(flat[0]))
        writer.writeheader()
        writer.writerows(flat)


def _flat(row: Row) -> dict[str, str]:
    fields: dict[str, object] = {name: value for name, value in row._asdict().items() if name not in _BANDS}
    for name, edges in _BANDS.items():
        fields |= {f"{name}_{edges[place]:g}": value for place, value in enumerate(getattr(row, name))}
    return {name: _cell(value) for name, value in fields.items()}


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.4f}"
    return str(value)


def mean_by_rule(rows: Sequence[Row]) -> dict[str, float]:
    """Sensitivity at onset of each rule, the worlds weighing alike."""
    names = dict.fromkeys(row.rule for row in rows)
    return {name: float(np.mean([row.at_onset for row in rows if row.rule == name])) for name in names}


def page(rows: Sequence[Row], asked: Asked, pictures: Sequence[str]) -> str:
    """The docs page, in Markdown; `pictures` are the links to PICTURES, or none."""
    parts = (
        _head(asked),
        _verdict(rows, asked),
        _worlds(rows, asked),
        _rules(rows),
        *(f"![{words}]({link})" for link, words in zip(pictures, _ALT, strict=False)),
        _every_world(rows),
        _bands(rows),
        _how(asked),
    )
    return "\n\n".join(parts) + "\n"


_ALT = (
    "False alarms of flags@2 per 10 judged sessions in every world, beside the budget and the band around it",
    "Share of ruptures flagged at onset by every rule in every world, at the same number of false alarms",
    "Share of ruptures flagged at onset by how many points were lost",
)


def _head(asked: Asked) -> str:
    return (
        "# Flags compared\n\n"
        "All rules in simulated worlds whose truth is known, each held to the same number of **actual** false alarms: "
        f"{asked.budget:g} in 10 judged sessions in which nothing happened. Written by `accord evaluate --pairs "
        f"{asked.pairs} --budget {asked.budget:g} --seed {asked.seed}`: {asked.pairs:,} pairs without and as many with "
        "one rupture in every world. How our rule works: [flags.md](flags.md). Every figure: "
        f"[{TABLE}]({TABLE})."
    )


def _verdict(rows: Sequence[Row], asked: Asked) -> str:
    means = mean_by_rule(rows)
    best = max((name for name in LITERATURE if name in means), key=lambda name: means[name])
    lines = [
        "## What came out",
        "",
        f"* Averaged over the worlds, {OURS} flags {_share(means[OURS])} of ruptures at onset, the best rule of the "
        f"literature ({best}) {_share(means[best])}: {means[OURS] / means[best]:.2f} times as many. Points below the "
        f"own mean: {_share(means[YARDSTICK])}; {BEFORE}: {_share(means[BEFORE])}.",
        f"* {_below(rows)}",
        f"* {_off(rows, asked)}",
    ]
    return "\n".join(lines)


def _below(rows: Sequence[Row]) -> str:
    worse = [row for row in rows if row.rule != OURS and row.below < -2.0 * row.below_error]
    if not worse:
        return f"In no world is any rule better than {OURS} by more than two standard errors."
    named = "; ".join(f"{row.rule} in {row.world} (by {-row.below:.3f} ± {row.below_error:.3f})" for row in worse)
    return f"Better than {OURS} by more than two standard errors: {named}. Nowhere else."


def _off(rows: Sequence[Row], asked: Asked) -> str:
    """Which worlds miss the budget, with limits from the given parameters and with calibrated ones."""
    told = []
    for words, field in (("limits simulated from the parameters", "published"), ("calibrated limits", "calibrated")):
        out = [row for row in rows if row.rule == OURS and _is_off(row, getattr(row, field), asked)]
        named = ", ".join(f"{row.world} ({getattr(row, field):.3f})" for row in out)
        told.append(f"with {words}, actual false alarms miss the band in {named}" if out else f"with {words}, in none")
    return f"The band is ±20 % of the budget in as-modelled and ±40 % elsewhere: {'; '.join(told)}."


def _is_off(row: Row, rate: float, asked: Asked) -> bool:
    allowed = WELL if row.world == "as-modelled" else ELSEWHERE
    return abs(rate - asked.budget) > allowed * asked.budget


def _worlds(rows: Sequence[Row], asked: Asked) -> str:
    ours = [row for row in rows if row.rule == OURS]
    head = "| world | what is true there | false alarms | calibrated | at onset | by the next session | delay |"
    lines = [
        f"## {OURS} in every world",
        "",
        f"False alarms: dips and slides in 10 judged sessions at a budget of {asked.budget:g}, with limits simulated "
        "from the parameters that the filter is told; calibrated: with limits from the check-ins of a practice of "
        f"{PRACTICE:,} pairs, {100 * PRACTICE_RUPTURES:.0f} % of them with a rupture, mean of {PRACTICES} "
        "practices. The "
        f"other columns at exactly {asked.budget:g} actual false alarms. Delay: sessions to the flag, where "
        "it came within "
        f"{WATCHED} after the loss.",
        "",
        head,
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.world} | {CATALOGUE[row.world].words} | {row.published:.3f} | {row.calibrated:.3f} | "
        f"{row.at_onset:.3f} ± {row.error:.3f} | {row.by_next:.3f} | {row.delay:.2f} |"
        for row in ours
    ]
    return "\n".join(lines)


def _rules(rows: Sequence[Row]) -> str:
    means = mean_by_rule(rows)
    lines = [
        "## The rules, averaged over the worlds",
        "",
        "As printed: false alarms in 10 judged sessions at the threshold of the source, in as-modelled. Rules marked † "
        "know later sessions: they describe a finished course and cannot warn.",
        "",
        "| rule | what | source | false alarms as printed | at onset | by the next session | delay |",
        "|---|---|---|---|---|---|---|",
    ]
    for rule in CONTENDERS:
        mine = [row for row in rows if row.rule == rule.name]
        calm = next((row.published for row in mine if row.world == "as-modelled"), float("nan"))
        following, delay = np.mean([row.by_next for row in mine]), np.mean([row.delay for row in mine])
        lines.append(
            f"| {rule.name}{' †' if rule.ahead else ''} | {rule.title} | {rule.source} | {_known(calm)} | "
            f"{means[rule.name]:.3f} | {following:.3f} | {delay:.2f} |"
        )
    return "\n".join(lines)


def _every_world(rows: Sequence[Row]) -> str:
    names = [rule.name for rule in CONTENDERS]
    worlds = dict.fromkeys(row.world for row in rows)
    found = {(row.world, row.rule): row for row in rows}
    lines = [
        "## At onset, every rule in every world",
        "",
        "One standard error is about .005 to .01; that of a difference between two rules is smaller, since "
        "both saw the "
        "same ruptures.",
        "",
        "| world | " + " | ".join(names) + " |",
        "|---" * (len(names) + 1) + "|",
    ]
    lines += [
        f"| {world} | " + " | ".join(f"{found[world, name].at_onset:.3f}" for name in names) + " |" for world in worlds
    ]
    return "\n".join(lines)


def _bands(rows: Sequence[Row]) -> str:
    """By depth and by session number, averaged over the worlds in which a band exists."""
    deep = [f"{low:g} to {high:g} points" for low, high in pairwise(DEPTHS)]
    late = [f"session {ONSETS[0]}–{ONSETS[1] - 1}", f"{ONSETS[1]}–{ONSETS[2] - 1}", f"{ONSETS[2]} and later"]
    lines = [
        "## By depth, and by session number",
        "",
        "At onset, averaged over the worlds.",
        "",
        "| rule | " + " | ".join(deep + late) + " |",
        "|---" * 7 + "|",
    ]
    for rule in CONTENDERS:
        mine = [row for row in rows if row.rule == rule.name]
        values = np.nanmean([(*row.depth, *row.onset) for row in mine], axis=0)
        lines.append(f"| {rule.name} | " + " | ".join(f"{value:.3f}" for value in values) + " |")
    return "\n".join(lines)


def _how(asked: Asked) -> str:
    return (
        "## How it was done\n\n"
        "* A session is judged when the client rated at least one pillar and has four earlier check-ins: for "
        "every rule "
        "the same sessions. Ruptures whose first session is not judged are left out.\n"
        "* Each rule's threshold was tuned in each world on the pairs without a rupture. Scores are rounded, so rates "
        f"jump: between the two thresholds next to {asked.budget:g} a share of sessions is drawn by lot, "
        "which meets it "
        "exactly.\n"
        "* The literature's rules see the mean of the pillars that were rated; one-pillar-fall sees each "
        "pillar. Charts "
        "take centre and SD from the client's own earlier scores.\n"
        "* A rupture takes 1.5 to 4 points (uniform) from one pillar and half as much from the others, "
        "unless the world "
        "says otherwise; half of it is back after four weeks. A slide counts as seen at onset while it lasts.\n"
        "* Standard errors are those of a share over the ruptures; the error of the tuned threshold (about 2 % of the "
        "rate) is not in them.\n"
        "* The filter is told the true parameters where the model can hold the world, as a fit would find them, and "
        "else parameters of the same means and variances; only in the last two worlds it is told what is wrong.\n"
        "* All of this is simulation from the model's family. It says how the rules compare there, and nothing about "
        "how often real ruptures are seen."
    )


def _share(value: float) -> str:
    return f"{value:.3f}"


def _known(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}"
