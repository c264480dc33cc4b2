"""The rules by name: ours, and the literature's beside it for comparison.

A rule is added by writing it in a file of its own and adding one line to RULES.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from accord.science.ruptures.model import Flags, Floats, Judged, tabulate
from accord.science.ruptures.sudden_change import sudden_changes


class Options(NamedTuple):
    """Choices of the rules; each rule reads its own and leaves the rest."""

    sign: float = 1.0  # −1 for scores where lower is better (sudden-change reads raw scores and ignores it)
    cutoff: float = 7.0  # sudden-change: least change in points
    share: float = 0.25  # sudden-change: least change as a share of the score before


class Rule(NamedTuple):
    """One rule: how to call it, where it comes from, what it can say."""

    name: str
    title: str
    source: str
    kinds: tuple[str, ...]
    judge: Callable[[Floats, Options], Flags]  # scores (N, T), NaN missing
    expected_false_alarms: Callable[[Options, int], float]  # per 10 sessions under no change; NaN: not known


def _not_known(options: Options, sessions: int) -> float:
    return np.nan


def _sudden_change(scores: Floats, options: Options) -> Flags:
    judged: Judged = sudden_changes(scores, cutoff=options.cutoff, share=options.share)
    return tabulate(judged, scores, version="sudden-change@1", expected_false_alarms=np.nan)


RULES = (
    Rule(
        name="sudden-change",
        title="Sudden gains and losses between two sessions",
        source="Tang & DeRubeis (1999), J Consult Clin Psychol 67, 894-904",
        kinds=("sudden-gain", "sudden-loss"),
        judge=_sudden_change,
        expected_false_alarms=_not_known,
    ),
)
BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in RULES}
