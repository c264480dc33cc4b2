"""Several threads that do something at the very same moment, each with a connection of its own."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections

from accord.records.errors import RecordsError

LONGEST = 30  # seconds; who waits longer is stuck


class Crowd:
    """`crowd(act, …)` runs each act in a thread, all starting together; gives values and our own errors."""

    def __init__(self, pool: ThreadPoolExecutor, size: int) -> None:
        self.pool, self.size = pool, size

    def __call__(self, *acts: Callable[[], Any]) -> list[Any]:
        start = threading.Barrier(len(acts))

        def one(act: Callable[[], Any]) -> Any:
            connection.ensure_connection()
            start.wait(LONGEST)
            try:
                return act()
            except RecordsError as error:
                return error

        return [future.result(LONGEST) for future in [self.pool.submit(one, act) for act in acts]]


@contextmanager
def crowd_of(size: int) -> Iterator[Crowd]:
    """Any other error than our own, a database that is locked among them, is raised where the crowd was called."""
    with ThreadPoolExecutor(size) as pool:
        try:
            yield Crowd(pool, size)
        finally:
            together = threading.Barrier(size)
            for _ in range(size):
                pool.submit(lambda: (together.wait(LONGEST), connections.close_all()))
