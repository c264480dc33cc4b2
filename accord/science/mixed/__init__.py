"""Many readings of one person: what lies between people, what within, and mixed models of both."""

from accord.science.mixed.crossed import CrossedFit, Members, fit_crossed
from accord.science.mixed.fitting import fit_mixed
from accord.science.mixed.model import Effect, MixedFit, Rows, combined
from accord.science.mixed.splitting import Split, split

__all__ = [
    "CrossedFit",
    "Effect",
    "Members",
    "MixedFit",
    "Rows",
    "Split",
    "combined",
    "fit_crossed",
    "fit_mixed",
    "split",
]
