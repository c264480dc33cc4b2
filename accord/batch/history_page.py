"""A practice's own past under each rule, as a table and a page."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from accord.batch.backtest_page import HEADS
from accord.batch.backtesting import OURS, YARDSTICK
from accord.batch.replaying import HAPPENED, IN_TURN, Counted, Group, Replayed, Result
from accord.science.matching.history import LEAST_MATCHED, Estimate

TABLE, PAGE = "backtest-history.csv", "backtest-history.md"
_COUNTED = {
    "placed": "has someone",
    "musts": "must-haves met",
    "all_musts": "clients with all of them",
    "busiest": "to the busiest tenth",
    "same": "sent where they went",
}
_FEW = "too few to say"


def write_table(result: Result, path: Path) -> None:
    """One row a rule, subgroup and measure; differences are from what happened."""
    head = ("rule", "group", "measure", "value", "difference", "low", "high", "clients", "matched", "effective")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for row in _flat(result):
            writer.writerow(_cell(value) for value in row)


def _flat(result: Result) -> Iterator[tuple[object, ...]]:
    for rule in result.rules:
        for name, value in rule.counted._asdict().items():
            yield (rule.rule, "everyone", name, value, "", "", "", result.clients, "", "")
        for name, value in rule.regret.items():
            yield (rule.rule, "everyone", f"regret, {name}", value, "", "", "", result.clients, "", "")
        for name, one in rule.estimates.items():
            yield (rule.rule, "everyone", name, *one)
    for name, (mean, clients) in result.observed.items():
        yield (HAPPENED, "everyone", name, mean, 0.0, "", "", clients, "", "")
    for group in result.groups:
        for who, share in group.musts.items():
            yield (who, group.name, "musts", share, "", "", "", group.clients, "", "")
        for name, one in group.estimates.items():
            yield (OURS, group.name, name, *one)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.5f}"
    return str(value)


def page(result: Result, command: str) -> str:
    """In Markdown."""
    parts = (
        _head(result, command),
        _counts(result),
        *(_estimated(result, name) for name in result.observed),
        *([_groups(result)] if result.groups else []),
        _limits(),
    )
    return "\n\n".join(parts) + "\n"


def verdict(result: Result) -> list[str]:
    """One sentence an outcome: what can be said of ours against what happened."""
    ours = next(rule for rule in result.rules if rule.rule == OURS)
    return [_said(name, one) for name, one in ours.estimates.items()]


def _said(name: str, one: Estimate) -> str:
    if np.isnan(one.gain):
        why = f"only {one.matched} clients went where the ordering sends them, {LEAST_MATCHED} are needed"
        return f"{HEADS[name]}: {_FEW}; {why}."
    told = f"{HEADS[name]}: ordering minus what happened {_difference(one)}"
    if one.low > 0.0 or one.high < 0.0:
        return f"{told}."
    return f"{told}: no difference can be told from chance; one of about {0.5 * (one.high - one.low):.2f} could be."


def _head(result: Result, command: str) -> str:
    lines = "\n".join(f"* {line}" for line in verdict(result))
    return (
        f"# The ordering over {result.clients:,} clients of before\n\n"
        f"Written by `{command}`. Each rule was run over the same clients, in the order of the table, within the "
        f"places of {result.therapists} therapists. What a rule would have reached is **estimated**: read the last "
        "section first.\n\n"
        f"{lines}"
    )


def _counts(result: Result) -> str:
    lines = [
        "## Counted",
        "",
        "| rule | " + " | ".join(_COUNTED.values()) + " |",
        "|---" * (len(_COUNTED) + 1) + "|",
    ]
    lines += [f"| {rule.rule} | {_shares(rule.counted)} |" for rule in result.rules]
    return "\n".join(lines)


def _shares(counted: Counted) -> str:
    return " | ".join(f"{getattr(counted, name):.3f}" for name in _COUNTED)


def _estimated(result: Result, name: str) -> str:
    mean, clients = result.observed[name]
    lines = [
        f"## Estimated: {HEADS[name]}",
        "",
        f"As it was: {mean:.3f}, of {clients:,} clients. Matched: clients whom the rule sends where they went; worth: "
        "how many they count for. Regret: below the best assignment that the fitted model knows, too high by chance.",
        "",
        "| rule | estimate | minus as it was | matched | worth | regret by the model |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_estimate_row(rule, name) for rule in result.rules]
    return "\n".join(lines)


def _estimate_row(rule: Replayed, name: str) -> str:
    one = rule.estimates.get(name)
    if one is None:
        return f"| {rule.rule} | | | | | {rule.regret[name]:.3f} |"
    value = _FEW if np.isnan(one.value) else f"{one.value:.3f}"
    worth = "" if np.isnan(one.value) else f"{one.effective:.0f}"
    return f"| {rule.rule} | {value} | {_difference(one)} | {one.matched} | {worth} | {rule.regret[name]:.3f} |"


def _difference(one: Estimate) -> str:
    return "" if np.isnan(one.gain) else f"{one.gain:+.3f} [{one.low:+.3f}, {one.high:+.3f}]"


def _groups(result: Result) -> str:
    outcomes = list(result.observed)
    heads = [f"must-haves met: {name}" for name in (HAPPENED, YARDSTICK, OURS)]
    heads += [f"{HEADS[name]}: ordering minus as it was" for name in outcomes]
    lines = ["## By subgroup", "", "| group | clients | " + " | ".join(heads) + " |", "|---" * (len(heads) + 2) + "|"]
    lines += [_group_row(group, outcomes) for group in result.groups]
    return "\n".join(lines)


def _group_row(group: Group, outcomes: list[str]) -> str:
    cells = [f"{group.musts[rule]:.3f}" for rule in (HAPPENED, YARDSTICK, OURS)]
    cells += [_difference(group.estimates[name]) or _FEW for name in outcomes]
    return f"| {group.name} | {group.clients} | " + " | ".join(cells) + " |"


def _limits() -> str:
    rules = "\n".join(f"* **{one.name}**: {one.words}." for one in IN_TURN)
    return f"## What these numbers are, and what they are not\n\n{rules}\n{_LIMITS}"


_LIMITS = f"""\
* Nobody knows what would have come of a choice that was not made. For clients whom a rule sends where they went, the
  outcome is known; for the others it is estimated, from a model of outcomes (share of wishes met, how it stood at the
  start, the therapist) and one of who went where (share of wishes met, places left): doubly robust.
* It is right where either model is, and **where no reason for who went where that is missing from the tables also
  changes the outcome**. That cannot be checked from the tables. A referrer who sends the hardest cases to the best
  therapist breaks it.
* With fewer than {LEAST_MATCHED} matched clients nothing is estimated. Clients without a known outcome are left out, as
  if they were like the others.
* Intervals are 95 %, clients of one therapist taken together, as if each choice had been made alone; that one client's
  place is another's loss is in the runs, not in the intervals.
* Track records are left out: they would be learned from the very cases that judge them. Style is left out: it changes
  nothing. Order of opening is not in the tables: first-available draws it by lot.
* To reach session 3 or 8 is to hold it. Every ending before counts as not reaching it, planned ones too; who is still
  going with fewer sessions is left out; who found no one under a rule has reached nothing.
* No therapist is named or ranked here, and nothing here says how good one is."""
