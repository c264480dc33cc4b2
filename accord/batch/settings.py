"""What the literature's rules need to know about the whole table before they judge any block of it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from accord.batch.blocks import Block, Floats
from accord.batch.judging import OURS, Judges, Setting
from accord.batch.wide import Reading
from accord.science.ruptures import rules
from accord.science.ruptures.own_spread import FEWEST_SESSIONS, moments, previous

IN_POINTS = ("srs-drop", "below-own-mean")  # to say how often they fire, they need the SD of an unchanged client


Settings = Mapping[tuple[str, int], Setting]  # by rule and place among the readings


class Spread(NamedTuple):
    """How one score varies over the table."""

    first: float  # SD of the clients' first scores
    change: float  # SD of the differences between a client's successive scores, about the client's own mean
    length: int  # scores a client gave, on average


class _Sums(NamedTuple):
    """Sums that add up over blocks."""

    firsts: float = 0.0
    squares: float = 0.0
    pairs: int = 0
    changes: float = 0.0
    freedom: int = 0
    scores: int = 0


def asks_first(judges: Judges) -> bool:
    """Whether a rule needs the whole table before it can judge any of it."""
    return any(name != OURS for name in judges.names)


def settings(judges: Judges, whole: Iterable[Block], readings: tuple[Reading, ...]) -> Settings:
    """For every rule from the literature and every score that clients gave: its options and its false alarms."""
    names = [name for name in judges.names if name != OURS]
    places = [place for place, reading in enumerate(readings) if reading.rater == "client"]
    known = _spreads(whole, places)
    made = {}
    for name in names:
        for place in places:
            options = _options(name, judges.options, known[place])
            alarms = rules.BY_NAME[name].expected_false_alarms(options, known[place].length)
            made[name, place] = Setting(options, alarms)
    return made


def _options(name: str, options: rules.Options, spread: Spread) -> rules.Options:
    if name in {"own-sd-1", "own-sd-2"}:
        return options._replace(between_sd=spread.change)
    if name == "reliable-change":
        return options._replace(sd=spread.first)
    # Successive differences carry the noise of two scores and little of the slow change.
    return options._replace(sd=spread.change / np.sqrt(2.0)) if name in IN_POINTS else options


def _spreads(whole: Iterable[Block], places: list[int]) -> dict[int, Spread]:
    sums = dict.fromkeys(places, _Sums())
    for block in whole:
        for place in places:
            sums[place] = _added(sums[place], _of_block(block.scores[:, :, place]))
    return {place: _spread(total) for place, total in sums.items()}


def _added(one: _Sums, other: _Sums) -> _Sums:
    return _Sums(
        one.firsts + other.firsts,
        one.squares + other.squares,
        one.pairs + other.pairs,
        one.changes + other.changes,
        one.freedom + other.freedom,
        one.scores + other.scores,
    )


def _of_block(scores: Floats) -> _Sums:
    given = ~np.isnan(scores)
    some = given.any(axis=1)
    first = scores[some, np.argmax(given[some], axis=1)]
    count, _, spread = moments(scores - previous(scores)[0])
    enough = count + 1 >= FEWEST_SESSIONS
    return _Sums(
        float(first.sum()),
        float((first**2).sum()),
        int(some.sum()),
        float(spread[enough].sum()),
        int((count[enough] - 1).sum()),
        int(given.sum()),
    )


def _spread(sums: _Sums) -> Spread:
    pairs = max(sums.pairs, 1)
    left = sums.squares - sums.firsts**2 / pairs
    return Spread(
        first=float(np.sqrt(max(left, 0.0) / max(pairs - 1, 1))),
        change=float(np.sqrt(sums.changes / max(sums.freedom, 1))),
        length=max(1, round(sums.scores / pairs)),
    )
