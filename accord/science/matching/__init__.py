"""Who fits whom, with reasons: must-haves, wishes, records, load, in that order. Start reading in `model.py`."""

from accord.science.matching import fairness
from accord.science.matching.assignment import Assignment, Deviation, Proposal, Waiting, assign
from accord.science.matching.model import (
    ASK_AFTER,
    HIDDEN_AFTER,
    VERSION,
    Asked,
    Interval,
    Match,
    Offer,
    Standing,
    Wish,
    is_stale,
    meets,
    standing,
)
from accord.science.matching.ordering import order
from accord.science.matching.relaxing import NEVER_RELAXED, relaxations
from accord.science.matching.track_record import Cases, Records, track_record, track_records, usable_records
from accord.science.matching.worth import LEAST_CASES, Worth, worth

__all__ = [
    "ASK_AFTER",
    "HIDDEN_AFTER",
    "LEAST_CASES",
    "NEVER_RELAXED",
    "VERSION",
    "Asked",
    "Assignment",
    "Cases",
    "Deviation",
    "Interval",
    "Match",
    "Offer",
    "Proposal",
    "Records",
    "Standing",
    "Waiting",
    "Wish",
    "Worth",
    "assign",
    "fairness",
    "is_stale",
    "meets",
    "order",
    "relaxations",
    "standing",
    "track_record",
    "track_records",
    "usable_records",
    "worth",
]
