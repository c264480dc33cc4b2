"""A belief survives being stored to the last bit."""

import numpy as np
from hypothesis import given as for_all
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from accord.records.alliance.packing import SIZE, pack, unpack
from accord.science.alliance import Belief

anything = st.floats(allow_nan=True, allow_infinity=True)


@for_all(
    mean=arrays(np.float64, (1, SIZE), elements=anything),
    cov=arrays(np.float64, (1, SIZE, SIZE), elements=anything),
    day=arrays(np.float64, 1, elements=anything),
    count=st.integers(0, 2**40),
)
def test_it_comes_back_to_the_bit(mean, cov, day, count) -> None:
    packed = pack(Belief(mean, cov, day, np.array([count])))
    back = unpack(packed)
    for before, after in zip((mean, cov, day), back[:3], strict=True):
        assert before.tobytes() == after.tobytes()
        assert before.shape == after.shape
    assert back[3].tolist() == [count]
    assert len(packed) == 8 * (SIZE + SIZE * SIZE + 2)


def test_what_was_unpacked_can_be_written_to() -> None:
    belief = Belief(np.zeros((1, SIZE)), np.zeros((1, SIZE, SIZE)), np.zeros(1), np.zeros(1, dtype=np.int64))
    back = unpack(memoryview(pack(belief)).tobytes())
    back.mean[0, 0] = 1.0
    back.cov[0, 0, 0] = 2.0
    assert (back.mean[0, 0], back.cov[0, 0, 0]) == (1.0, 2.0)
