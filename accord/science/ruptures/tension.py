"""What the client answered to "is anything off between us?", as codes."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.science.errors import BadReadings

TENSION_CODES: Mapping[str, int] = {"no": 0, "a-bit": 1, "yes": 2, "not-sure": 3, "skipped": -1}
UNASKED = -1
_HIGHEST_CODE = 3


def checked_tension(tension: ArrayLike | None, shape: tuple[int, ...]) -> NDArray[np.int8]:
    """Codes of the shape that is needed; None: nobody was asked. Raises BadReadings."""
    if tension is None:
        return np.full(shape, UNASKED, np.int8)
    codes = np.asarray(tension)
    if codes.shape != shape or not ((codes >= UNASKED) & (codes <= _HIGHEST_CODE)).all():
        raise BadReadings(f"tension: expected codes {dict(TENSION_CODES)} of shape {shape}")
    return codes.astype(np.int8)
