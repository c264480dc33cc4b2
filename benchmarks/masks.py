"""The network of bar 10 as bit masks of words, ready for peers: they get the reading for nothing."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.networks import KINDS, Written

Words = NDArray[np.uint64]
Ints = NDArray[np.int64]
FEW = 20
PLACE = {(kind, word): n for n, (kind, word) in enumerate((k, w) for k, row in KINDS.items() for w in row[0])}
WIDTH = -(-len(PLACE) // 64)


class Masks(NamedTuple):
    """Bit n stands for the n-th word of all kinds."""

    has: Words  # (T, WIDTH)
    must: Words  # (N, WIDTH)
    nice: Words  # (N, WIDTH)
    held: NDArray[np.float32]  # (words, T) 1 where the therapist has it
    wishes: NDArray[np.float32]  # (N, words) strengths of the wishes

    def first(self, clients: int) -> "Masks":
        """The first few clients, for those who need long."""
        return self._replace(must=self.must[:clients], nice=self.nice[:clients], wishes=self.wishes[:clients])


def masks_of(written: Written) -> Masks:
    """Read both tables."""
    offers, clients = pl.read_parquet(written.therapists), pl.read_parquet(written.clients)
    ready = offers.filter(pl.col("places") > 0)
    has, must, nice = _table(ready, ""), _table(clients, "must_"), _table(clients, "nice_")
    wishes = nice.astype(np.float32)
    for kind in KINDS:
        if f"nice_{kind}" in clients.columns:
            columns = [n for (of, _), n in PLACE.items() if of == kind]
            wishes[:, columns] *= clients[f"nice_{kind}_strength"].to_numpy()[:, None]
    return Masks(_words(has), _words(must), _words(nice), has.T.astype(np.float32), wishes)


def _table(frame: pl.DataFrame, before: str) -> NDArray[np.bool_]:
    table = np.zeros((frame.height, 64 * WIDTH), np.bool_)
    for (kind, word), n in PLACE.items():
        if before + kind in frame.columns:
            there = frame[before + kind].str.split("; ").list.contains(word)
            table[:, n] = there.fill_null(value=False).to_numpy()
    return table


def _words(table: NDArray[np.bool_]) -> Words:
    return np.packbits(table, axis=1, bitorder="little").view(np.uint64)
