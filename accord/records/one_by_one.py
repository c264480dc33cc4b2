"""For jobs: each row by itself."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

log = logging.getLogger(__name__)
Row = TypeVar("Row")


def one_by_one(rows: Iterable[Row], act: Callable[[Row], int]) -> int:
    """What was done to all of them. One that fails is written down, and does not hold up those behind it."""
    done = 0
    for row in rows:
        try:
            done += act(row)
        except Exception:
            log.exception("left out, the others go on: %r", row)
    return done
