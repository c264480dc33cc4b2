"""Tables of people by sessions, checked once, so that a mistake is named where it is made."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.science.errors import BadReadings

Floats = NDArray[np.float64]


def grid(name: str, values: Any, *, across: str = "sessions") -> Floats:
    """`values` as numbers (N, T): a row a person, NaN where there is no score. Raises BadReadings naming the table."""
    try:
        table = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as cause:
        raise BadReadings(f"{name}: not a table of numbers; give rows of people by columns of {across}") from cause
    if table.ndim != 2 or 0 in table.shape:
        raise BadReadings(f"{name}: shape {table.shape}; give rows of people by columns of {across}")
    if np.isinf(table).any():
        row, column = np.argwhere(np.isinf(table))[0]
        raise BadReadings(f"{name}: row {row}, column {column} is infinite; give a number, or NaN where there is none")
    return table


def same_grids(**tables: Any) -> tuple[Floats, ...]:
    """Several tables about the same people and sessions. Raises BadReadings naming the one that does not fit."""
    checked = {name: grid(name, values) for name, values in tables.items()}
    first, *others = checked
    for other in others:
        if checked[other].shape != checked[first].shape:
            shapes = f"{checked[other].shape}, but {first} has {checked[first].shape}"
            raise BadReadings(f"{other}: shape {shapes}; give the same people and sessions in both")
    return tuple(checked.values())


def vector(name: str, values: Any) -> Floats:
    """`values` as finite numbers (N,), at least one. Raises BadReadings naming the first that is not."""
    try:
        numbers = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as cause:
        raise BadReadings(f"{name}: not numbers") from cause
    if numbers.ndim != 1 or numbers.size == 0:
        raise BadReadings(f"{name}: shape {numbers.shape}; give one row of at least one number")
    if not np.isfinite(numbers).all():
        place = int(np.flatnonzero(~np.isfinite(numbers))[0])
        raise BadReadings(f"{name}: number {place + 1} is {numbers[place]}; leave out what is not known")
    return numbers
