"""A belief as bytes: small, exact to the bit, and quick to take up again."""

import numpy as np

from accord.science.alliance import Belief

SIZE = 9  # the state: usual level, what moves, therapist's bias; three pillars each


def pack(belief: Belief) -> bytes:
    """One pair's belief: mean (9), covariance (81), day, count; float64, little-endian."""
    parts = [belief.mean[0], belief.cov[0].ravel(), belief.day[:1], belief.count[:1].astype(np.float64)]
    return np.concatenate(parts).astype("<f8").tobytes()


def unpack(packed: bytes | memoryview) -> Belief:
    numbers = np.frombuffer(bytes(packed), dtype="<f8").astype(np.float64)
    square = SIZE + SIZE * SIZE
    return Belief(
        mean=numbers[None, :SIZE].copy(),
        cov=numbers[SIZE:square].reshape(1, SIZE, SIZE).copy(),
        day=numbers[square : square + 1].copy(),
        count=numbers[square + 1 :].astype(np.int64),
    )
