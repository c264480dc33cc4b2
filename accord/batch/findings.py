"""What the report and the terminal tell: counts over all pairs, and the pairs most worth a look."""

from collections import Counter
from typing import NamedTuple

import polars as pl

PAGES = 20  # pairs that get a page of their own


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
        self.estimates = 0
        self.sessions = 0
        self.flags: Counter[tuple[str, str, str]] = Counter()  # rule, kind, version
        self.flagged_pairs = 0
        self.expected: dict[tuple[str, str, str], float] = {}
        self.stories: list[Story] = []

    def add(self, estimates: pl.DataFrame, flags: pl.DataFrame) -> None:
        """Take one block's results in."""
        self.pairs += estimates["pair"].n_unique()
        self.estimates += estimates.height
        self.sessions += estimates.select(pl.struct("pair", "session").n_unique()).item()
        by_kind = flags.group_by("rule", "kind", "version").agg(pl.len(), pl.col("expected_false_alarms").max())
        for rule, kind, version, number, expected in by_kind.iter_rows():
            self.flags[rule, kind, version] += number
            self.expected[rule, kind, version] = float("nan") if expected is None else expected
        self.flagged_pairs += flags["pair"].n_unique()
        self._keep_striking(estimates, flags)

    def _keep_striking(self, estimates: pl.DataFrame, flags: pl.DataFrame) -> None:
        share = (pl.col("size").abs().max() / self._span).fill_null(0.0)
        ranked = flags.group_by("pair", maintain_order=True).agg(share.alias("share"), pl.len().alias("number"))
        best = ranked.sort("share", "number", descending=True, maintain_order=True).head(self._pages)
        for pair, largest, number in best.iter_rows():
            rank = (largest, number)
            if len(self.stories) < self._pages or rank > self.stories[-1].rank:
                mine = pl.col("pair") == pair
                story = Story(pair, rank, estimates.filter(mine), flags.filter(mine))
                self.stories = sorted([*self.stories, story], key=_first_the_largest)[: self._pages]

    @property
    def all_flags(self) -> int:
        return self.flags.total()


def _first_the_largest(story: Story) -> tuple[float, int]:
    return (-story.rank[0], -story.rank[1])
