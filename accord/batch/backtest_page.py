"""The back-test as a table and a page."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from accord.batch.backtesting import EVERYONE, LESS_IS_BETTER, MEASURES, OURS, TOGETHER, YARDSTICK, Mean, Plan, Row
from accord.science.matching.backtest import BY_NAME, CONTENDERS
from accord.science.simulation.networks import NETWORKS

TABLE, PAGE = "backtest.csv", "backtest.md"
PICTURES = ("backtest-gain.svg", "backtest-subgroups.svg")
HEADS = {
    "placed": "has someone",
    "alliance": "alliance at session 3",
    "stay_3": "reach session 3",
    "stay_8": "reach session 8",
    "outcome": "outcome, SDs",
    "musts": "must-haves met",
    "all_musts": "clients with all of them",
    "busiest": "to the busiest tenth",
    "regret": "regret, points",
    "regret_8": "regret, session 8",
}
_ALT = (
    "What the ordering gains over each other rule in every world: alliance at session 3, people who reach session 8",
    "What the ordering gains over first-available, by subgroup and world",
)
_SHOWN = ("random", YARDSTICK, "first-that-fits", "preference-only")


def write_table(rows: Sequence[Row], path: Path) -> None:
    """One row a world, rule, group and measure."""
    head = ("world", "rule", "group", "measure", "mean", "low", "high", "gain", "gain_low", "gain_high", "networks")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for row in rows:
            numbers = ("" if np.isnan(value) else f"{value:.5f}" for value in (*row.value, *row.gain))
            writer.writerow((row.world, row.rule, row.group, row.measure, *numbers, row.networks))


def page(rows: Sequence[Row], plan: Plan, pictures: Sequence[str]) -> str:
    """The docs page, in Markdown; `pictures` are the links to PICTURES, or none."""
    parts = (
        _head(plan),
        _verdict(rows),
        *(f"![{words}]({link})" for link, words in zip(pictures, _ALT, strict=False)),
        _every_world(rows),
        _subgroups(rows),
        _HOW,
    )
    return "\n\n".join(parts) + "\n"


def short_of(rows: Sequence[Row]) -> list[Row]:
    """Where the ordering is worse than a rule that is not ours beyond the interval of the difference, for everyone."""
    return [row for row in rows if row.better < 0 and row.group == EVERYONE and row.rule not in (OURS, TOGETHER)]


def worse_groups(rows: Sequence[Row]) -> list[Row]:
    """Subgroups that are worse off than with first-available, on the mean; `better` says whether beyond chance."""
    return [row for row in rows if row.rule == YARDSTICK and row.group != EVERYONE and row.gain.mean < -5e-4]


def found(rows: Sequence[Row], world: str, rule: str, measure: str, group: str = EVERYONE) -> Row:
    """The one row."""
    wanted = (world, rule, group, measure)
    return next(row for row in rows if (row.world, row.rule, row.group, row.measure) == wanted)


def _head(plan: Plan) -> str:
    return (
        "# Back-test of the ordering\n\n"
        "Who would have gone to whom under each rule, and what would have come of it, in simulated networks whose "
        f"truth is known. Written by `accord backtest --networks {plan.networks} --seed {plan.seed}`: {plan.networks} "
        "networks of each world; numbers are means over them with 95 % intervals. Differences are taken within the "
        f"same network. Every figure: [{TABLE}]({TABLE}). The same command judges a practice's own history: "
        "[researcher's guide](../guides/researcher.md)."
    )


def _verdict(rows: Sequence[Row]) -> str:
    worlds = list(dict.fromkeys(row.world for row in rows))
    lines = ["## What came out", ""]
    lines += [_gains(rows, world) for world in worlds if world in ("usual", "style-only")]
    lines += [_groups_said(rows), _short_said(rows), _together(rows, worlds)]
    return "\n".join(lines)


def _gains(rows: Sequence[Row], world: str) -> str:
    told = []
    for rule in _SHOWN:
        alliance, stay = (found(rows, world, rule, measure).gain for measure in ("alliance", "stay_8"))
        told.append(f"over {rule} {_signed(alliance)} points and {_signed(_hundred(stay), 1)} of 100 people")
    words = NETWORKS[world].words
    return f"* **{world}** ({words}): alliance at session 3, and reaching session 8: {'; '.join(told)}."


def _groups_said(rows: Sequence[Row]) -> str:
    worse = worse_groups(rows)
    judged = sum(row.rule == YARDSTICK and row.group != EVERYONE for row in rows)
    if not worse:
        return f"* Every subgroup is equal or better than with {YARDSTICK}, in every world ({judged} comparisons)."
    beyond = [row for row in worse if row.better < 0]
    named = "; ".join(f"{row.world}, {row.group}: {HEADS[row.measure]} {_signed(row.gain)}" for row in worse)
    return (
        f"* Of {judged} comparisons by subgroup with {YARDSTICK}, {len(worse)} are lower on the mean, {len(beyond)} of "
        f"them beyond the interval: {named}."
    )


def _short_said(rows: Sequence[Row]) -> str:
    short = short_of(rows)
    if not short:
        return f"* Nowhere is another rule better than {OURS} beyond the interval of the difference."
    worlds = len({row.world for row in rows})
    named = "\n".join(
        f"    * {HEADS[measure]}: "
        + "; ".join(_short_of_rule(short, measure, rule, worlds) for rule in _rules_in(short, measure))
        for measure in dict.fromkeys(row.measure for row in short)
    )
    return f"* Better than {OURS} beyond the interval of the difference ({OURS} minus theirs):\n{named}"


def _rules_in(short: Sequence[Row], measure: str) -> list[str]:
    return list(dict.fromkeys(row.rule for row in short if row.measure == measure))


def _short_of_rule(short: Sequence[Row], measure: str, rule: str, worlds: int) -> str:
    mine = [row for row in short if (row.measure, row.rule) == (measure, rule)]
    gains = [row.gain.mean for row in mine]
    least, most = sorted((min(gains), max(gains)), key=abs)
    named = f" ({', '.join(row.world for row in mine)})" if 2 * len(mine) <= worlds else ""
    return f"{rule} in {len(mine)} of {worlds} worlds{named}, by {least:+.3f} to {most:+.3f}"


def _together(rows: Sequence[Row], worlds: Sequence[str]) -> str:
    told = []
    for measure in ("all_musts", "placed", "stay_8"):
        gains = [-found(rows, world, TOGETHER, measure).gain.mean for world in worlds]
        told.append(f"{HEADS[measure]} {min(gains):+.3f} to {max(gains):+.3f}")
    return (
        f"* **{TOGETHER}** minus {OURS}, over the worlds: {', '.join(told)}. One after another, someone who needs "
        "little may take the place of the only one who could have met another's must-haves; together, it is seen."
    )


def _every_world(rows: Sequence[Row]) -> str:
    worlds = list(dict.fromkeys(row.world for row in rows))
    rules = "\n".join(f"* **{one.name}**: {one.words}." for one in CONTENDERS)
    words = (
        f"{rules}\n* **regret**: what the best of all assignments under the same places would reach more. The alliance "
        "is the mean of those who have someone; who has nobody counts as not reaching sessions 3 and 8. Must-haves: of "
        "all that were asked; who has nobody has none. Less is better in the last three columns."
    )
    tables = [f"### {world}: {NETWORKS[world].words}\n\n" + _table(rows, world) for world in worlds]
    return "\n\n".join(("## Every world", words, *tables))


def _table(rows: Sequence[Row], world: str) -> str:
    shown = [name for name in MEASURES if name not in LESS_IS_BETTER]
    shown += [name for name in MEASURES if name in LESS_IS_BETTER]
    lines = ["| rule | " + " | ".join(HEADS[name] for name in shown) + " |", "|---" * (len(shown) + 1) + "|"]
    for rule in BY_NAME:
        cells = (_cell(found(rows, world, rule, name).value) for name in shown)
        lines.append(f"| {rule} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _subgroups(rows: Sequence[Row]) -> str:
    groups = list(dict.fromkeys(row.group for row in rows if row.group != EVERYONE))
    worlds = list(dict.fromkeys(row.world for row in rows))
    parts = [f"## By subgroup: {OURS} minus {YARDSTICK}"]
    for measure, words in (("alliance", "Alliance at session 3, points"), ("stay_8", "Share that reaches session 8")):
        lines = [f"{words}.", "", "| world | " + " | ".join(groups) + " |", "|---" * (len(groups) + 1) + "|"]
        for world in worlds:
            gains = (found(rows, world, YARDSTICK, measure, group).gain for group in groups)
            lines.append(f"| {world} | " + " | ".join(_cell(gain, "+") for gain in gains) + " |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _cell(value: Mean, sign: str = "") -> str:
    if np.isnan(value.mean):
        return "–"
    reach = "" if np.isnan(value.low) else f" ± {0.5 * (value.high - value.low):.3f}"
    return f"{value.mean:{sign}.3f}{reach}"


def _signed(value: Mean, digits: int = 3) -> str:
    return f"{value.mean:+.{digits}f} [{value.low:+.{digits}f}, {value.high:+.{digits}f}]"


def _hundred(value: Mean) -> Mean:
    return Mean(*(100.0 * number for number in value))


_HOW = """\
## How it was done

* Clients ask one after another; each rule gives a therapist while there are places. All rules keep to licence and
  population, which no rule may break. Must-haves that nobody with a free place meets are let go of one by one, the
  one that opens most first; random and first-available do not look at them.
* The evidence put in: preferences met against not met, odds ratio of leaving 1.79 and d = .28 (53 studies). That both
  grow evenly with the share of what was asked that is met, and that d holds for the alliance too, is assumed: the
  studies speak of outcome. A language that the two do not share costs no more than any other wish here; in life it
  costs more.
* A therapist's skill with a problem changes the outcome and not the alliance, as in the trial of 48 therapists. Its
  size, .3 SD, is assumed. The ordering does not see it: it sees a record by empirical Bayes from past cases with a
  case mix of their own, of therapists who allow it, from 15 cases on, and only where the interval lies on one side of
  0.
* Style changes nothing, in any world. In style-only all therapists offer all that can be asked, so there is nothing
  to gain.
* Every opening is a true one. What a directory that lies costs is not in these numbers.
* All of this is simulation. It says how the rules compare if the evidence is right, and nothing about any real
  practice."""
