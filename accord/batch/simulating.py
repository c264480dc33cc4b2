"""Tables of simulated ratings with known truth, written in blocks."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.random import Generator

from accord.batch.errors import BadRequest
from accord.batch.folder import scratch_beside
from accord.batch.mapping import PILLARS
from accord.batch.writing import Stream
from accord.science.alliance import Params
from accord.science.simulation import Simulated, World, simulate

BLOCK_PAIRS = 20_000
CLIENT = PILLARS
THERAPIST = tuple(f"therapist_{pillar}" for pillar in PILLARS)
WRITTEN = {".csv": ",", ".tsv": "\t", ".parquet": ""}


class Order(NamedTuple):
    """What to simulate."""

    pairs: int
    sessions: int
    seed: int
    form: str = "wide"  # wide: one row a pair; long: one row a session
    therapist: bool = True
    world: World = World()


class Places(NamedTuple):
    """Where the table goes, and its truth where it is wanted."""

    table: Path
    truth: Path | None = None


def write_simulated(order: Order, places: Places, params: Params, progress: Callable[[str, int, int], None]) -> None:
    """Write the table (and its truth); same order, same file. Raises BadRequest on an unknown ending."""
    wanted = [path for path in places if path is not None]
    for path in wanted:
        if path.suffix.lower() not in WRITTEN:
            raise BadRequest(f"{path.name}: simulated tables are written as {', '.join(WRITTEN)}")
    with ExitStack() as stack:
        fresh = [stack.enter_context(scratch_beside(path)) / path.name for path in wanted]
        with ExitStack() as writing:
            streams = [writing.enter_context(Stream(path, separator=WRITTEN[path.suffix.lower()])) for path in fresh]
            for first, drawn in _drawn(order, params):
                frames = [_long(drawn, first, order) if order.form == "long" else _wide(drawn, first, order)]
                frames += [_truth(drawn, first)] if places.truth else []
                for stream, frame in zip(streams, frames, strict=True):
                    stream.put(frame)
                progress("Simulating", first + len(drawn.days), order.pairs)
        for written, path in zip(fresh, wanted, strict=True):
            written.replace(path)


def _drawn(order: Order, params: Params) -> Iterator[tuple[int, Simulated]]:
    rng: Generator = np.random.default_rng(order.seed)
    for first in range(0, order.pairs, BLOCK_PAIRS):
        pairs = min(BLOCK_PAIRS, order.pairs - first)
        yield first, simulate(params, pairs=pairs, sessions=order.sessions, rng=rng, world=order.world)


def _names(order: Order) -> tuple[str, ...]:
    return (*CLIENT, *THERAPIST) if order.therapist else CLIENT


def _whole(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]], order: Order) -> pl.Series:
    known = pl.Series(values, nan_to_null=True)
    return known.cast(pl.Int64) if order.world.whole else known


def _wide(drawn: Simulated, first: int, order: Order) -> pl.DataFrame:
    columns = {"pair": _pair_names(first, len(drawn.days))}
    for place, name in enumerate(_names(order)):
        for session in range(order.sessions):
            columns[f"{name}_{session + 1}"] = _whole(drawn.readings[:, session, place], order)
    return pl.DataFrame(columns)


def _long(drawn: Simulated, first: int, order: Order) -> pl.DataFrame:
    frame = _moments(drawn, first)
    held = ~np.isnan(drawn.days)
    scores = {name: _whole(drawn.readings[held][:, place], order) for place, name in enumerate(_names(order))}
    return frame.with_columns(**scores)


def _truth(drawn: Simulated, first: int) -> pl.DataFrame:
    """A row a session: the level each rating was drawn from, and the points lost where a rupture sets in."""
    frame = _moments(drawn, first)
    held = ~np.isnan(drawn.days)
    pair, session = np.nonzero(held)
    begins = drawn.rupture_session[pair] == session
    lost = np.where(begins[:, None], drawn.rupture_depth[pair], 0.0)
    levels = {f"level_{pillar}": drawn.level[held][:, place] for place, pillar in enumerate(PILLARS)}
    losses = {f"lost_{pillar}": lost[:, place] for place, pillar in enumerate(PILLARS)}
    return frame.with_columns(pl.Series("rupture", begins), **{k: pl.Series(v) for k, v in (levels | losses).items()})


def _moments(drawn: Simulated, first: int) -> pl.DataFrame:
    pair, session = np.nonzero(~np.isnan(drawn.days))
    names = _pair_names(first, len(drawn.days)).gather(pair)
    return pl.DataFrame({"pair": names, "session": session + 1, "day": drawn.days[pair, session].round(2)})


def _pair_names(first: int, pairs: int) -> pl.Series:
    numbers = pl.Series(np.arange(first + 1, first + pairs + 1))
    return pl.select(pl.format("p{}", numbers.cast(pl.String).str.zfill(7))).to_series()
