"""How one person's guesses at another's answers lie: too high, too low, near or far. For the one who guessed."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from accord.science.errors import BadReadings

SURE = 0.95


class Lean(NamedTuple):
    """Guess minus answer, in points of the scale, over n guesses."""

    n: int
    mean: float  # above 0: guessed higher than answered
    low: float  # the interval of the mean; nan below two guesses
    high: float
    off: float  # how far a guess lies from its answer, whichever way: the mean of |guess − answer|

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves zero out, and the mean is half a point or more."""
        return bool(abs(self.mean) >= 0.5 and (self.low > 0 or self.high < 0))


def lean(guesses: ArrayLike, answers: ArrayLike) -> Lean:
    """d = guess − answer;  mean(d) ± t(n − 1) · sd(d) / √n.

    The interval takes the guesses as independent of each other; guesses about the same person are not quite, so it is
    a little too narrow. Sums over (n,) arrays without gaps.
    """
    guessed, answered = np.asarray(guesses, dtype=float), np.asarray(answers, dtype=float)
    if guessed.shape != answered.shape or guessed.ndim != 1:
        raise BadReadings(f"guesses {guessed.shape} and answers {answered.shape} must be two rows of equal length")
    if not guessed.size or not np.isfinite(guessed).all() or not np.isfinite(answered).all():
        raise BadReadings("guesses and answers must be finite numbers, at least one of each")
    d = guessed - answered
    n = d.size
    mean, off = float(d.mean()), float(np.abs(d).mean())
    if n < 2:
        return Lean(n, mean, np.nan, np.nan, off)
    half = float(stdtrit(n - 1, 0.5 + SURE / 2) * d.std(ddof=1) / np.sqrt(n))
    return Lean(n, mean, mean - half, mean + half, off)
