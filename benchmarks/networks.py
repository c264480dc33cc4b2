"""Networks of therapists and those who wait, as tables: what everybody in bar 10 gets."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray

SEED = 10
# kind: its words, how many of them a therapist has, the share of clients who must have one, and who would like one
KINDS = {
    "licence": (("PT", "ES", "FR", "DE"), 1, 1.0, 0.0),
    "language": (("en", "pt", "es", "fr", "de", "it", "ar", "uk", "ru", "tr", "pl", "ro"), 3, 0.7, 0.2),
    "need": (tuple(f"need{n}" for n in range(24)), 16, 1.0, 0.0),
    "mode": (("video", "room", "phone"), 3, 0.5, 0.4),
    "time": (("mornings", "afternoons", "evenings", "saturdays"), 3, 0.1, 0.6),
    "population": (("adults", "adolescents", "children", "couples"), 3, 1.0, 0.0),
    "pays": ((*(f"insurer:{n}" for n in range(12)), "self"), 10, 0.8, 0.0),
    "identity": (("woman", "man", "other"), 1, 0.1, 0.2),
}
DIMENSIONS = ("structure", "challenge", "homework")
COMMON = 0.8  # how much rarer each further word of a kind is, as a power


class Written(NamedTuple):
    """Where the two tables are."""

    clients: Path
    therapists: Path


def write_network(folder: Path, clients: int, therapists: int, *, places: float = 1.05) -> Written:
    """places: for each client, all therapists together."""
    rng = np.random.default_rng(SEED)
    written = Written(folder / "clients.parquet", folder / "therapists.parquet")
    _therapists(therapists, places * clients / therapists, rng).write_parquet(written.therapists)
    _clients(clients, rng).write_parquet(written.clients)
    return written


def _therapists(count: int, places: float, rng: Generator) -> pl.DataFrame:
    columns: dict[str, object] = {
        "therapist": [f"t{n:06d}" for n in range(count)],
        "places": rng.poisson(places, count),
        "days_since_confirmed": rng.integers(0, 28, count),
        "caseload_share": rng.uniform(0.2, 1.0, count).round(2),
    }
    for kind, (words, most, _, _) in KINDS.items():
        columns[kind] = _several(words, most, count, rng)
    for dimension in DIMENSIONS:
        columns[f"style_{dimension}"] = rng.choice([-1.0, -0.5, 0.0, 0.5, 1.0], count)
    for need in KINDS["need"][0][:6]:
        low = rng.normal(0.0, 0.2, count).round(3)
        columns |= {
            f"track_{need}_low": low,
            f"track_{need}_high": low + 0.2,
            f"track_{need}_n": rng.poisson(15, count),
        }
    return pl.DataFrame(columns | {"track_used": np.where(rng.random(count) < 0.5, "yes", "no")})


def _clients(count: int, rng: Generator) -> pl.DataFrame:
    columns: dict[str, object] = {
        "client": [f"c{n:07d}" for n in range(count)],
        "group": rng.choice(["north", "south", "islands"], count, p=[0.5, 0.4, 0.1]),
        "urgency": rng.choice([0, 1, 2], count, p=[0.7, 0.25, 0.05]),
        "days_waiting": rng.integers(0, 200, count),
    }
    for kind, (words, _, must, nice) in KINDS.items():
        asked, which = _several(words, 1, count, rng), rng.random(count)
        columns[f"must_{kind}"] = _some(asked, which < must)
        if nice:
            columns[f"nice_{kind}"] = _some(asked, which > 1.0 - nice)
            columns[f"nice_{kind}_strength"] = rng.uniform(0.1, 1.0, count).round(2)
    for dimension in DIMENSIONS:
        columns[f"style_{dimension}"] = _some(rng.choice([-1.0, 0.0, 1.0], count), rng.random(count) < 0.6)
        columns[f"style_{dimension}_strength"] = rng.uniform(0.1, 1.0, count).round(2)
    return pl.DataFrame(columns)


def _some(values: list[str] | NDArray[np.float64], there: NDArray[np.bool_]) -> pl.Series:
    return pl.Series(values).set(pl.Series(~there), None)


def _several(words: tuple[str, ...], most: int, count: int, rng: Generator) -> list[str]:
    """Up to `most` different words a cell, the first ones more common; without replacement by Gumbel's trick."""
    weight = -COMMON * np.log(np.arange(1, len(words) + 1))
    order = np.argsort(-(weight + rng.gumbel(size=(count, len(words)))), axis=1)
    number = rng.integers((most + 1) // 2, most + 1, count)
    return ["; ".join(words[k] for k in row[:n]) for row, n in zip(order, number, strict=True)]
