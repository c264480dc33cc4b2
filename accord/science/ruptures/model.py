"""What a flag is, one at a time and many at once.

A flag is arithmetic with a stated error, never a verdict. Many flags are kept as a struct of arrays (`Flags`)
with one row a flag, so that a million pairs cost arrays and not objects; `flag_at` and `as_list` give the
readable form (`Flag`).
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

PILLAR_NAMES = ("goal", "task", "bond")

# Codes are places in this tuple and are stored: append, never reorder.
KINDS = (
    "said",
    "dip",
    "slide",
    "low",
    "ceiling",
    "silence",
    "drop",
    "below-mean",
    "shift",
    "reliable-fall",
    "sudden-gain",
    "sudden-loss",
)
MOST_URGENT = ("said", "dip", "slide", "low", "ceiling", "silence")
KIND_CODE = {kind: code for code, kind in enumerate(KINDS)}
NO_PILLAR = -1

CANNOT_KNOW = {
    "said": "It cannot know what was off, or for whom. Only the client can say.",
    "dip": "It cannot know why the answer was lower, or whether it has to do with the two of you at all.",
    "slide": "It cannot know whether the slow change is about the two of you or about life outside.",
    "low": "It cannot know whether low is simply how this client uses the scale.",
    "ceiling": "It cannot know whether all is well or whether it is hard to give less than full marks.",
    "silence": "It cannot know why there was no answer.",
    "drop": "It cannot know why the score fell, or whether the fall is more than the usual ups and downs.",
    "below-mean": "It cannot know why the score is lower than before, or whether it comes back by itself.",
    "shift": "It cannot know why the level changed, or whether it changed at this session or before.",
    "reliable-fall": "It cannot know whether the difference matters to the client.",
    "sudden-gain": "It cannot know what caused the change between the two sessions.",
    "sudden-loss": "It cannot know what caused the change between the two sessions.",
}


class Flag(NamedTuple):
    """One flag, with all that is needed to work it out again by hand."""

    kind: str
    version: str  # the rule that judged, e.g. "flags@1"
    pillar: str  # "goal", "task", "bond", or "" where the flag is about no single pillar
    size: float  # points below what was expected; NaN where there is no such number
    limit: float  # what the statistic is held against
    statistic: float
    band_low: float  # the usual band, in ratings
    band_high: float
    # per 10 judged sessions when nothing has changed; flags@2 counts dips and slides together; NaN: not known
    expected_false_alarms: float
    readings: tuple[int, ...]  # numbers of the answered check-ins that were used, the first one is 1
    cannot_know: str


class Flags(NamedTuple):
    """F flags as arrays of length F, in order of pair, session, then urgency."""

    version: str
    pair: Ints  # row of the pair
    session: Ints  # column of the session, from 0
    kind: NDArray[np.int8]  # place in KINDS
    pillar: NDArray[np.int8]  # place in PILLAR_NAMES, or NO_PILLAR
    size: Floats
    limit: Floats
    statistic: Floats
    band_low: Floats
    band_high: Floats
    expected_false_alarms: Floats
    first: Ints  # number of the first check-in used, from 1
    last: Ints  # number of the last check-in used

    @property
    def kind_names(self) -> NDArray[np.str_]:
        """The kind of each flag as a word, (F,)."""
        return np.array(KINDS)[self.kind]

    @property
    def pillar_names(self) -> NDArray[np.str_]:
        """The pillar of each flag as a word, "" for none, (F,)."""
        return np.array((*PILLAR_NAMES, ""))[self.pillar]


def no_flags(version: str) -> Flags:
    """The empty table."""
    numbers, codes, places = np.empty(0), np.empty(0, np.int8), np.empty(0, np.int64)
    return Flags(
        version, places, places, codes, codes, numbers, numbers, numbers, numbers, numbers, numbers, places, places
    )


def flag_at(flags: Flags, row: int) -> Flag:
    """One row of the table as a Flag."""
    kind = KINDS[flags.kind[row]]
    pillar = int(flags.pillar[row])
    return Flag(
        kind=kind,
        version=flags.version,
        pillar="" if pillar == NO_PILLAR else PILLAR_NAMES[pillar],
        size=float(flags.size[row]),
        limit=float(flags.limit[row]),
        statistic=float(flags.statistic[row]),
        band_low=float(flags.band_low[row]),
        band_high=float(flags.band_high[row]),
        expected_false_alarms=float(flags.expected_false_alarms[row]),
        readings=tuple(range(int(flags.first[row]), int(flags.last[row]) + 1)),
        cannot_know=CANNOT_KNOW[kind],
    )


def each_flag(flags: Flags) -> Iterator[Flag]:
    """Every row as a Flag, in the order of the table."""
    return (flag_at(flags, row) for row in range(len(flags.kind)))


def as_list(flags: Flags) -> list[Flag]:
    """All rows as a list of Flag."""
    return list(each_flag(flags))


def most_urgent(flags: list[Flag]) -> Flag | None:
    """The one flag that is shown for a client and session: first by kind (MOST_URGENT), then the smaller
    share of the limit that the statistic left (dips: the less likely rating), then the larger size."""
    known = [flag for flag in flags if flag.kind in MOST_URGENT]
    if not known:
        return None
    return min(known, key=_urgency)


def _urgency(flag: Flag) -> tuple[int, float, float]:
    rank = MOST_URGENT.index(flag.kind)
    tail = flag.statistic if flag.kind == "dip" else 0.0
    size = 0.0 if np.isnan(flag.size) else -flag.size
    return rank, tail, size


def joined(parts: list[Flags]) -> Flags:
    """Tables of one version, one under the other; at least one."""
    columns = zip(*(part[1:] for part in parts), strict=True)
    return Flags(parts[0].version, *(np.concatenate(column) for column in columns))


def by_kind(kind: NDArray[np.int8], columns: Mapping[str, tuple[Any, ...]], place: int) -> Floats:
    """For each flag the value that belongs to its kind."""
    values = np.full(len(kind), np.nan)
    for code in np.flatnonzero(np.bincount(kind)):
        values = np.where(kind == code, columns[KINDS[code]][place], values)
    return values


def readings_used(kind: NDArray[np.int8], *, count: Floats, heard: Floats, tens: Floats) -> tuple[Ints, Ints]:
    """First and last check-in behind each flag: all so far, but for what the client said (this one only, or
    none where no rating came with it) and for tens (the run of tens)."""
    last = count.astype(np.int64)
    first = np.ones(len(last), np.int64)
    first = np.where(kind == KIND_CODE["said"], last - heard.astype(np.int64) + 1, first)
    first = np.where(kind == KIND_CODE["ceiling"], last - tens.astype(np.int64) + 1, first)
    return first, last


class Judged(NamedTuple):
    """What a rule of one score says at every session: arrays that broadcast to (N, T)."""

    kind: NDArray[np.int8]  # place in KINDS where the rule fires, -1 where it does not
    size: Floats  # points
    statistic: Floats
    limit: Floats
    band_low: Floats
    band_high: Floats
    first: Ints  # column of the first session used
    last: Ints  # column of the last session used


def tabulate(judged: Judged, scores: Floats, *, version: str, expected_false_alarms: float) -> Flags:
    """The sessions at which a rule fired, as a table. `scores` (N, T) tells which check-ins were answered."""
    pair, session = np.nonzero(judged.kind >= 0)
    answered = np.cumsum(~np.isnan(scores), axis=1)

    def picked(values: NDArray[np.generic]) -> Floats:
        return np.broadcast_to(values, scores.shape)[pair, session].astype(np.float64)

    first, last = picked(judged.first).astype(np.int64), picked(judged.last).astype(np.int64)
    before_first = np.where(first > 0, answered[pair, first - 1], 0)
    return Flags(
        version=version,
        pair=pair,
        session=session,
        kind=judged.kind[pair, session],
        pillar=np.full(len(pair), NO_PILLAR, np.int8),
        size=picked(judged.size),
        limit=picked(judged.limit),
        statistic=picked(judged.statistic),
        band_low=picked(judged.band_low),
        band_high=picked(judged.band_high),
        expected_false_alarms=np.full(len(pair), expected_false_alarms),
        first=before_first + 1,
        last=answered[pair, last],
    )
