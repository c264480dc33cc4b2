"""Ruptures: our flags, and the literature's rules beside them. Start reading in `flags1.py`."""

from accord.science.ruptures.flags1 import (
    TENSION_CODES,
    VERSION,
    Limits,
    dump_watch,
    judge,
    judge_filtered,
    judge_pairs,
    limits_for,
    load_watch,
    start_watch,
)
from accord.science.ruptures.flags1_kernel import LEARNING, Watch
from accord.science.ruptures.model import (
    CANNOT_KNOW,
    KINDS,
    MOST_URGENT,
    Flag,
    Flags,
    as_list,
    each_flag,
    flag_at,
    most_urgent,
)
from accord.science.ruptures.rules import BY_NAME, Options, Rule

__all__ = [
    "BY_NAME",
    "CANNOT_KNOW",
    "KINDS",
    "LEARNING",
    "MOST_URGENT",
    "TENSION_CODES",
    "VERSION",
    "Flag",
    "Flags",
    "Limits",
    "Options",
    "Rule",
    "Watch",
    "as_list",
    "dump_watch",
    "each_flag",
    "flag_at",
    "judge",
    "judge_filtered",
    "judge_pairs",
    "limits_for",
    "load_watch",
    "most_urgent",
    "start_watch",
]
