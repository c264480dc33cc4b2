"""The two tables as the kernels' rows, in the order that the seed draws: first in a file is first nowhere."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from accord.batch.match_cells import Codes, Floats, Ints, Wish
from accord.batch.match_tables import Asking, Therapists
from accord.science.matching.bits import Words, as_bits
from accord.science.matching.model import ASK_AFTER, HIDDEN_AFTER
from accord.science.matching.ordering import fingerprint, tie
from accord.science.matching.packing import UNTOLD, Clients, Network
from accord.science.matching.worth import ASK, FULL, LEAST_CASES, OPEN, QUARTERS, STALE

NEED = "need:"


class Drawn(NamedTuple):
    """Rows, with the names they stand for."""

    network: Network
    clients: Clients
    therapists: pl.Series
    names: pl.Series
    asking: Asking
    order: Ints  # (N,) clients by priority
    met: dict[str, tuple[Ints, Ints]]  # for each column of wishes, rows of clients and the wish each asks there


def drawn(asking: Asking, therapists: Therapists, *, seed: int, stale: bool) -> Drawn:
    """Both tables in the order that the seed draws."""
    ours = _ties(asking.names, seed)
    asked, offered = _taken(asking, np.argsort(ours)), _offered(therapists, np.argsort(_ties(therapists.names, seed)))
    sets: dict[Wish, int] = {}
    musts = [_pairs(codes, sets) for codes in asked.musts.values()]
    nice = [_pairs(codes, sets) for codes, _ in asked.nice.values()]
    needs = {need: place for place, need in enumerate(sorted({t for wish in sets for t in wish if t.startswith(NEED)}))}
    count = len(asked.names)
    dimensions = list(asked.style)
    strengths = [strength[pairs[0]] for pairs, (_, strength) in zip(nice, asked.nice.values(), strict=True)]
    must_start, must, _ = _rows(musts, [np.zeros(len(client)) for client, _ in musts], count)
    nice_start, wishes, strength = _rows(nice, strengths, count)
    need_start, need = _needs([*musts, *nice], list(sets), needs, count)
    clients = Clients(
        must_start=must_start,
        must=must,
        nice_start=nice_start,
        nice=wishes,
        strength=hundredths(strength),
        need_start=need_start,
        need=need,
        side=_columns([np.nan_to_num(asked.style[d][0]) for d in dimensions], count),
        weight=_columns([np.where(np.isnan(asked.style[d][0]), 0.0, asked.style[d][1]) for d in dimensions], count),
        seed=np.sort(ours),
    )
    priority = np.lexsort((np.arange(count), -asked.days, -asked.urgency))
    columns = dict(zip([*asked.musts, *asked.nice], [*musts, *nice], strict=True))
    network = _network(offered, (list(sets), list(needs), dimensions), stale=stale)
    return Drawn(network, clients, offered.names, asked.names, asked, priority, columns)


def hundredths(values: Floats) -> Ints:
    """`worth.hundredths` for many."""
    return np.floor(100 * values + 0.5).astype(np.int64)


def _ties(names: pl.Series, seed: int) -> Words:
    return np.array([tie(seed, name) for name in names], np.uint64)


def _order(codes: Codes, order: Ints) -> Codes:
    return codes._replace(codes=codes.codes[order])


def _taken(asking: Asking, order: Ints) -> Asking:
    """The same clients in another order."""
    return Asking(
        names=asking.names.gather(order),
        group=None if asking.group is None else asking.group.gather(order),
        urgency=asking.urgency[order],
        days=asking.days[order],
        musts={column: _order(codes, order) for column, codes in asking.musts.items()},
        nice={column: (_order(codes, order), strength[order]) for column, (codes, strength) in asking.nice.items()},
        style={name: (side[order], strength[order]) for name, (side, strength) in asking.style.items()},
    )


def _offered(therapists: Therapists, order: Ints) -> Therapists:
    """The same therapists in another order."""
    return Therapists(
        names=therapists.names.gather(order),
        places=therapists.places[order],
        days=therapists.days[order],
        share=therapists.share[order],
        has={kind: _order(codes, order) for kind, codes in therapists.has.items()},
        style={name: values[order] for name, values in therapists.style.items()},
        records={
            need: (low[order], high[order], cases[order]) for need, (low, high, cases) in therapists.records.items()
        },
        used=therapists.used[order],
    )


def _pairs(codes: Codes, sets: dict[Wish, int]) -> tuple[Ints, Ints]:
    """Row of the client and number of the wish, for every wish of a column; new wishes get the next number."""
    known = [[sets.setdefault(wish, len(sets)) for wish in cell] for cell in codes.cells]
    most = max(map(len, known), default=0)
    table = np.full((len(known) + 1, most), -1)  # the last row: a blank cell
    for row, cell in enumerate(known):
        table[row, : len(cell)] = cell
    asked = table[codes.codes]
    client, place = np.nonzero(asked >= 0)
    return client, asked[client, place]


def _rows(parts: list[tuple[Ints, Ints]], values: list[Floats], count: int) -> tuple[Ints, Ints, Floats]:
    """All parts together, by client: where each one's begin (N + 1,), the numbers, and a value each."""
    client = np.concatenate([np.empty(0, np.int64), *(one for one, _ in parts)])
    number = np.concatenate([np.empty(0, np.int64), *(one for _, one in parts)])
    order = np.argsort(client, kind="stable")
    start = np.concatenate(([0], np.cumsum(np.bincount(client, minlength=count))))
    return start, number[order], np.concatenate([np.empty(0), *values])[order]


def _needs(parts: list[tuple[Ints, Ints]], sets: list[Wish], needs: dict[str, int], count: int) -> tuple[Ints, Ints]:
    """Each need of each client once."""
    of = [[needs[token] for token in wish if token in needs] for wish in sets]
    client, need = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for one, wish in parts:
        for row, named in enumerate(of):
            here = one[wish == row] if named else one[:0]
            client += [here] * len(named)
            need += [np.full(len(here), number) for number in named]
    width = max(len(needs), 1)
    keys = np.unique(np.concatenate(client) * width + np.concatenate(need))
    start = np.searchsorted(keys, np.arange(count + 1) * width)
    return start.astype(np.int64), keys % width


def _columns(columns: list[Floats], count: int) -> NDArray[np.int16]:
    parts = [hundredths(column) for column in columns]
    return np.stack(parts, axis=1).astype(np.int16) if parts else np.zeros((count, 0), np.int16)


def _network(offered: Therapists, wanted: tuple[list[Wish], list[str], list[str]], *, stale: bool) -> Network:
    wishes, needs, dimensions = wanted
    stand = np.where(offered.days < ASK_AFTER, OPEN, np.where(offered.days < HIDDEN_AFTER, ASK, STALE))
    style = np.full((len(offered.names), len(dimensions)), UNTOLD, np.int16)
    for place, dimension in enumerate(dimensions):
        told = offered.style.get(dimension, np.full(len(style), np.nan))
        style[:, place] = np.where(np.isnan(told), UNTOLD, hundredths(np.nan_to_num(told)))
    return Network(
        met=_met(offered, wishes),
        shown=as_bits((offered.places > 0) & (stale | (offered.days < HIDDEN_AFTER))),
        places=offered.places,
        door=np.where(offered.places > 0, stand, FULL),
        room=np.ceil(np.round(np.clip(1.0 - offered.share, 0.0, 1.0) * QUARTERS, 9)).astype(np.int64),
        style=style,
        track=np.stack([_record(offered, need) for need in needs], axis=1) if needs else style[:, :0],
        key=np.array([fingerprint(name) for name in offered.names], np.uint64),
    )


def _met(offered: Therapists, wishes: list[Wish]) -> Words:
    """Who meets each wish: the holders of each token once, then ORs."""
    nobody = as_bits(np.zeros(len(offered.names), np.bool_))
    met = np.repeat(nobody[None], len(wishes), axis=0)
    bits = {token: as_bits(there) for token, there in _holders(offered, frozenset().union(*wishes)).items()}
    for row, wish in enumerate(wishes):
        for token in wish & bits.keys():
            met[row] |= bits[token]
    return met


def _holders(offered: Therapists, tokens: Wish) -> dict[str, NDArray[np.bool_]]:
    """Who has each of these tokens, in whatever column it stands."""
    found: dict[str, NDArray[np.bool_]] = {}
    for codes in offered.has.values():
        named: dict[str, list[int]] = {}
        for row, cell in enumerate(codes.cells):
            for token in tokens.intersection(*cell):
                named.setdefault(token, []).append(row)
        for token, rows in named.items():
            having = np.zeros(len(codes.cells) + 1, np.bool_)  # the last row: a blank cell
            having[rows] = True
            found[token] = found.get(token, False) | having[codes.codes]
    return found


def _record(offered: Therapists, need: str) -> NDArray[np.int16]:
    """`worth.nearest_to_nil` for many; 0 for those who do not allow it."""
    if need.removeprefix(NEED) not in offered.records:
        return np.zeros(len(offered.names), np.int16)
    low, high, cases = offered.records[need.removeprefix(NEED)]
    value = np.clip(np.maximum(low, 0.0) + np.minimum(high, 0.0), -1.0, 1.0)
    return np.where(offered.used & (cases >= LEAST_CASES), hundredths(value), 0).astype(np.int16)


def unheard(therapists: Therapists, asking: Asking) -> Iterator[tuple[str, str]]:
    """Column and token that some client asks for and no therapist has."""
    there = {token for codes in therapists.has.values() for cell in codes.cells for one in cell for token in one}
    columns: Iterable[tuple[str, Codes]] = [
        *asking.musts.items(),
        *((c, codes) for c, (codes, _) in asking.nice.items()),
    ]
    for column, codes in columns:
        missing = {token for cell in codes.cells for one in cell for token in one} - there
        yield from ((column, token) for token in sorted(missing))
