"""Several things at once, in the same order: reading ahead, and work on all threads."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numba

Item = TypeVar("Item")
Result = TypeVar("Result")


def ahead(items: Iterable[Item]) -> Generator[Item]:
    """The same items in the same order, one of them in the making; what goes wrong in the making is raised here."""
    source, end = iter(items), object()
    with ThreadPoolExecutor(1) as thread:
        upcoming = thread.submit(next, source, end)
        while (item := upcoming.result()) is not end:
            upcoming = thread.submit(next, source, end)
            yield item  # type: ignore[misc]  # it is not the end


def on_all_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> Generator[Result]:
    """What work makes of each item, in the order of the items; as many at a time as numba has threads."""
    threads = numba.get_num_threads()
    coming: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for item in items:
            coming.append(pool.submit(work, item))
            if len(coming) > threads:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()
