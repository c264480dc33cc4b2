"""What the report and the terminal tell: counts over all pairs, and the pairs most worth a look."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from accord.batch.estimating import Run

PAGES = 20  # pairs that get a page of their own
HINTS = ("ceiling", "silence")  # about how the scale is used, not about a session; never a reason for a page


class Story(NamedTuple):
    """One pair worth looking at."""

    pair: str
    rank: tuple[float, int]  # largest flagged change as a share of the scale, number of flags
    estimates: pl.DataFrame
    flags: pl.DataFrame


class Findings:
    """Counts that grow block by block; keeps the most striking pairs and forgets the rest."""

    def __init__(self, span: float, pages: int = PAGES) -> None:
        self._span = span
        self._pages = pages
        self.pairs = 0
        self.sessions = 0  # rated by either of the two
        self.scores = 0  # given by clients
        self.judged = 0  # sessions with a usual band to be held against, each score of its own apart
        self.found: Counter[tuple[str, str, str]] = Counter()  # rule, kind, version
        self.sessions_with: Counter[tuple[str, str]] = Counter()  # rule, kind: flags of one session count once
        self.alarms: dict[tuple[str, int], float] = {}  # rule, place among the readings: expected per 10 sessions
        self.flagged_pairs = 0
        self.stories: list[Story] = []

    @property
    def rows(self) -> int:
        """Of the longer of the two tables."""
        return max(self.sessions, self.found.total())

    @property
    def flags(self) -> int:
        return sum(number for (_, kind, _), number in self.found.items() if kind not in HINTS)

    @property
    def hints(self) -> int:
        return self.found.total() - self.flags

    def add(self, pairs: int, runs: Sequence[Run], estimates: pl.DataFrame, flags: pl.DataFrame) -> None:
        """Take one block's results in."""
        self.pairs += pairs
        self.sessions += estimates.height
        for run in runs:
            rated = [name for slot, name in run.names.items() if slot in run.slots]
            self.scores += sum(estimates[f"{name}_score"].count() for name in rated)
            judged = (
                pl.col(f"{name}_score").is_not_null() & pl.col(f"{name}_usual_low").is_not_null() for name in rated
            )
            self.judged += estimates.select(pl.any_horizontal(*judged).sum()).item() if rated else 0
        for rule, kind, version, number in flags.group_by("rule", "kind", "version").len().iter_rows():
            self.found[rule, kind, version] += number
        once = flags.group_by("rule", "kind").agg(pl.struct("pair", "session").n_unique())
        for rule, kind, number in once.iter_rows():
            self.sessions_with[rule, kind] += number
        striking = flags.filter(~pl.col("kind").is_in(HINTS))
        self.flagged_pairs += striking["pair"].n_unique()
        self._keep_striking(estimates, striking)

    def _keep_striking(self, estimates: pl.DataFrame, flags: pl.DataFrame) -> None:
        share = (pl.col("size").abs().max() / self._span).fill_null(0.0)
        ranked = flags.group_by("pair", maintain_order=True).agg(share.alias("share"), pl.len().alias("number"))
        best = ranked.sort("share", "number", descending=True, maintain_order=True).head(self._pages)
        worst = self.stories[-1].rank if self.stories and len(self.stories) == self._pages else (-1.0, 0)
        better = [(pair, (largest, number)) for pair, largest, number in best.iter_rows() if (largest, number) > worst]
        for pair, rank in better:
            mine = pl.col("pair") == pair
            story = Story(pair, rank, estimates.filter(mine), flags.filter(mine))
            self.stories = sorted([*self.stories, story], key=_first_the_largest)[: self._pages]


def _first_the_largest(story: Story) -> tuple[float, int]:
    return (-story.rank[0], -story.rank[1])
