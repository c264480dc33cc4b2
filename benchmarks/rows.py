"""One line of the table: ours, a peer, their ratio, the bar, and whether it holds."""

from typing import Any, NamedTuple


class Bar(NamedTuple):
    """What a number is held against."""

    at_least: bool
    limit: float
    unit: str = "×"

    def holds(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:,.10g} {self.unit}".rstrip()


class Row(NamedTuple):
    """`ratio` is ours over theirs, so that more is faster for rates and less is faster for times."""

    number: int  # of the bar in the list of bars
    task: str
    unit: str  # of ours and theirs
    ours: float | None = None
    peer: str = ""
    theirs: float | None = None
    bar: Bar | None = None
    note: str = ""
    processor_ratio: float | None = None  # the same ratio in processor time, all threads together
    judged: bool = True  # False where the run was in miniature: its times say nothing

    @property
    def ratio(self) -> float | None:
        return self.ours / self.theirs if self.ours is not None and self.theirs else None

    @property
    def holds(self) -> bool | None:
        """The ratio is held against the bar where there is a peer, our own number where there is none."""
        value = self.ratio if self.peer else self.ours
        return self.bar.holds(value) if self.judged and self.bar and value is not None else None

    def as_json(self) -> dict[str, Any]:
        stands = {"ratio": self.ratio, "bar": str(self.bar) if self.bar else None, "holds": self.holds}
        return {name: getattr(self, name) for name in Row._fields} | stands


def at_least(limit: float, unit: str = "×") -> Bar:
    return Bar(True, limit, unit)


def at_most(limit: float, unit: str = "×") -> Bar:
    return Bar(False, limit, unit)


def missing(number: int, task: str, why: str) -> Row:
    """A bar that was not measured, and why."""
    return Row(number, task, "", note=why)
