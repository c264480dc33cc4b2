"""Ruptures: our flags, repair, and the literature's rules beside them. Start reading in `flags2.py`."""

from accord.science.ruptures.flags2 import (
    VERSION,
    dump_watch,
    judge,
    judge_filtered,
    judge_pairs,
    load_watch,
)
from accord.science.ruptures.flags2_calibration import calibrated
from accord.science.ruptures.flags2_kernel import LEARNING
from accord.science.ruptures.flags2_layout import Watch
from accord.science.ruptures.flags2_limits import (
    Limits,
    Table,
    dump_limits,
    limits_at,
    limits_for,
    limits_in,
    load_limits,
    table_for,
)
from accord.science.ruptures.flags2_walk import Beside, start_watch
from accord.science.ruptures.model import (
    CANNOT_KNOW,
    KINDS,
    MOST_URGENT,
    Flag,
    Flags,
    as_list,
    each_flag,
    flag_at,
    joined,
    most_urgent,
)
from accord.science.ruptures.rules import BY_NAME, Options, Rule
from accord.science.ruptures.tension import TENSION_CODES

__all__ = [
    "BY_NAME",
    "CANNOT_KNOW",
    "KINDS",
    "LEARNING",
    "MOST_URGENT",
    "TENSION_CODES",
    "VERSION",
    "Beside",
    "Flag",
    "Flags",
    "Limits",
    "Options",
    "Rule",
    "Table",
    "Watch",
    "as_list",
    "calibrated",
    "dump_limits",
    "dump_watch",
    "each_flag",
    "flag_at",
    "joined",
    "judge",
    "judge_filtered",
    "judge_pairs",
    "limits_at",
    "limits_for",
    "limits_in",
    "load_limits",
    "load_watch",
    "most_urgent",
    "start_watch",
    "table_for",
]
