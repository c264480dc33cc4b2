"""For jobs: each row by itself."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from accord.records.errors import StateMoved

log = logging.getLogger(__name__)
Row = TypeVar("Row")


def one_by_one(rows: Iterable[Row], act: Callable[[Row], object]) -> int:
    """How much was done to all of them; an act that does not count itself counts as one.

    A row that somebody else was faster with is left to them. One that fails is written down, and does not hold up
    those behind it.
    """
    done = 0
    for row in rows:
        try:
            did = act(row)
        except StateMoved:
            continue
        except Exception:
            log.exception("left out, the others go on: %r", row)
            continue
        done += did if isinstance(did, int) else 1
    return done
