"""How many floating point operations the filter needs, so that the share of the machine's peak is honest.

Counted is what the textbook recursion needs when it knows that the covariance is symmetric (45 numbers, not 81) and
that a client's reading weighs u and d by 1: one for each addition, multiplication, division, exponential and logarithm.
Readings that are missing cost nothing, and what a kernel works out twice or masks away is not counted.
`tests/test_counting.py` counts the same by running that recursion with numbers that count.

    a session: gap 1 · three rates times gap, exponentials 6 · growth 3 · d's mean 3 · covariance of d with u and b 18 ·
               covariance of d, Σ_d + (P − Σ_d) f f′: 6 · 4                                        55
    a client's reading: g = P h 9 · s² 2 · y − ŷ 5 · 1/s² and the step 2 · mean 18 ·
               P − (g w) g′ 9 + 90 · log-likelihood 4                                             139
    a therapist's reading: the same with weights κ and 1: g 27 · s² 4 · y − ŷ 7                    161
"""

import numpy as np

from benchmarks.inputs import Inputs

SESSION, CLIENT, THERAPIST = 55, 139, 161


def operations(inputs: Inputs) -> float:
    """Of filter and log-likelihood for all pairs, all ratings open. Before a pair's first session nothing moves."""
    seen = ~np.isnan(inputs.readings)
    later = int((~np.isnan(inputs.days[:, 1:])).sum())
    return float(SESSION * later + CLIENT * seen[..., :3].sum() + THERAPIST * seen[..., 3:].sum())
