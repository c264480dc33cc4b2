"""Hard filter and the twenty with most wishes met, in Polars: clients × therapists in blocks, then the top of each."""

import numpy as np
import polars as pl

from benchmarks.masks import FEW, Ints, Masks

BLOCK = 500


def best(masks: Masks) -> Ints:
    """How many fit each client; their best twenty are found and dropped."""
    words = range(masks.must.shape[1])
    offers = pl.DataFrame({"therapist": np.arange(len(masks.has))} | {f"has{w}": masks.has[:, w] for w in words})
    asked = pl.DataFrame({"client": np.arange(len(masks.must))} | {f"must{w}": masks.must[:, w] for w in words})
    wanted = pl.DataFrame({f"nice{w}": masks.nice[:, w] for w in words})
    clients = pl.concat([asked, wanted], how="horizontal")
    fits = pl.all_horizontal((pl.col(f"has{w}") & pl.col(f"must{w}")) == pl.col(f"must{w}") for w in words)
    met = pl.sum_horizontal((pl.col(f"has{w}") & pl.col(f"nice{w}")).bitwise_count_ones() for w in words)
    number = np.zeros(len(masks.must), np.int64)
    for first in range(0, len(number), BLOCK):
        block = clients[first : first + BLOCK].lazy().join(offers.lazy(), how="cross").filter(fits)
        told = block.group_by("client").agg(pl.len(), pl.col("therapist").top_k_by(met, FEW)).collect()
        number[told["client"].to_numpy()] = told["len"].to_numpy()
    return number
