"""The operations that the benchmark counts are those that the recursion does, counted one by one."""

from typing import Any

import numpy as np

from accord.science.alliance import filter_pairs
from benchmarks.counting import operations
from benchmarks.inputs import open_ratings


class Counted:
    """A number that counts what is done with it."""

    done = 0

    def __init__(self, value: float) -> None:
        self.value = float(value)

    def _of(self, value: float) -> "Counted":
        Counted.done += 1
        return Counted(value)

    def __add__(self, other: "Counted") -> "Counted":
        return self._of(self.value + other.value)

    def __sub__(self, other: "Counted") -> "Counted":
        return self._of(self.value - other.value)

    def __mul__(self, other: "Counted") -> "Counted":
        return self._of(self.value * other.value)

    def exp(self) -> "Counted":
        return self._of(np.exp(self.value))

    def log(self) -> "Counted":
        return self._of(np.log(self.value))

    def inverse(self) -> "Counted":
        return self._of(1.0 / self.value)


def counted(array: Any) -> Any:
    return np.vectorize(Counted, otypes=[object])(array)


class Belief:
    """Mean, and the lower triangle of the covariance."""

    def __init__(self, prior: Any) -> None:
        self.mean = counted(np.zeros(9))
        self.cov = {(r, c): Counted(prior[r, c]) for r in range(9) for c in range(r + 1)}

    def __getitem__(self, place: tuple[int, int]) -> Counted:
        found: Counted = self.cov[max(place), min(place)]
        return found


def move(belief: Belief, params: Any, gap: Counted) -> None:
    minus_rate, spread = counted(-params.state_rate), counted(params.state_cov)
    fade = [(rate * gap).exp() for rate in minus_rate]
    for p in range(3):
        belief.mean[3 + p] *= fade[p]
        for other in (0, 1, 2, 6, 7, 8):
            place = max(3 + p, other), min(3 + p, other)
            belief.cov[place] *= fade[p]
        for q in range(p + 1):
            place = 3 + p, 3 + q
            belief.cov[place] = spread[p, q] + (belief.cov[place] - spread[p, q]) * (fade[p] * fade[q])


def take_in(belief: Belief, params: Any, j: int, y: float, growth: Counted) -> Counted:
    """Returns what minus twice the log-likelihood gains, without its constant."""
    p, one = j % 3, 3 + j % 3
    lift = counted(params.gain)[p] * growth
    gain = [belief[p, r] + belief[one, r] for r in range(9)]
    level = belief.mean[p] + belief.mean[one]
    if j < 3:
        var = gain[p] + gain[one] + Counted(params.noise[p])
        left = Counted(y) - Counted(params.mean[p]) - (level + lift)
    else:
        weight = Counted(params.tracking[p])
        gain = [weight * g + belief[6 + p, r] for r, g in enumerate(gain)]
        var = weight * (gain[p] + gain[one]) + gain[6 + p] + Counted(params.therapist_noise[p])
        left = Counted(y) - Counted(params.therapist_mean[p]) - (weight * (level + lift) + belief.mean[6 + p])
    less = var.inverse()
    pull = left * less
    scaled = [g * less for g in gain]
    for r in range(9):
        belief.mean[r] += gain[r] * pull
        for c in range(r + 1):
            belief.cov[r, c] -= scaled[r] * gain[c]
    gained: Counted = var.log() + left * pull
    return gained


def test_it_counts_what_the_recursion_does() -> None:
    inputs = open_ratings(3)
    params = inputs.params
    prior = np.zeros((9, 9))
    prior[:3, :3], prior[3:6, 3:6], prior[6:, 6:] = params.trait_cov, params.state_cov, params.bias_cov
    total, Counted.done = [], 0
    for days, readings in zip(inputs.days, inputs.readings, strict=True):
        belief, twice, last = Belief(prior), Counted(0.0), Counted(days[0])
        for t, day in enumerate(days):
            if t:
                move(belief, params, Counted(day) - last)
            last = Counted(day)
            growth = Counted(1.0) - (last * Counted(-1.0 / params.gain_days)).exp() if t else Counted(0.0)
            for j in np.flatnonzero(~np.isnan(readings[t])).tolist():
                twice += take_in(belief, params, j, readings[t, j], growth)
        given = np.count_nonzero(~np.isnan(readings))
        total.append(-0.5 * (twice.value + given * np.log(2 * np.pi)))
    ours = filter_pairs(params, days=inputs.days, readings=inputs.readings, censored=False)
    np.testing.assert_allclose(total, ours.loglik, rtol=1e-10)
    assert operations(inputs) == Counted.done
