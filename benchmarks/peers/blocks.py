"""For libraries that use one core: a table in blocks that fit the cache, the blocks shared out over the cores."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from benchmarks.inputs import Inputs
from benchmarks.machine import CORES

Part = TypeVar("Part")


def in_blocks(work: Callable[[Inputs], Part], inputs: Inputs, size: int) -> list[Part]:
    """numpy lets go of the interpreter lock inside its loops, so threads are enough."""
    starts = range(0, inputs.pairs, size)
    blocks = [inputs._replace(days=inputs.days[i : i + size], readings=inputs.readings[i : i + size]) for i in starts]
    with ThreadPoolExecutor(CORES) as pool:
        return list(pool.map(work, blocks))
