"""Reading ahead: the next thing is made by a second thread while the one before it is in use."""

from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def ahead(items: Iterable[Item]) -> Generator[Item]:
    """The same items in the same order, one of them in the making; what goes wrong in the making is raised here."""
    source, end = iter(items), object()
    with ThreadPoolExecutor(1) as thread:
        upcoming = thread.submit(next, source, end)
        while (item := upcoming.result()) is not end:
            upcoming = thread.submit(next, source, end)
            yield item  # type: ignore[misc]  # it is not the end
