"""Questionnaires: items, scoring keys, scores. One line in BY_ID for each version."""

from collections.abc import Mapping
from types import MappingProxyType

from accord.science.instruments.alliance_keys import CNIP_1, SAI_1, SRS_1, WAI_SR_1
from accord.science.instruments.checkin1 import CHECKIN_1
from accord.science.instruments.checkin_therapist1 import CHECKIN_THERAPIST_1
from accord.science.instruments.first_impression1 import FIRST_IMPRESSION_1
from accord.science.instruments.fit_check1 import FIT_CHECK_1
from accord.science.instruments.model import (
    MISSING,
    NOT_SURE,
    SKIPPED,
    Answer,
    Choice,
    Instrument,
    Item,
    Scale,
)
from accord.science.instruments.outcome_keys import CORE_10_1, GAD_7_1, GOAL_BASED_1, PHQ_9_1
from accord.science.instruments.scoring import check, risk_answers, score
from accord.science.instruments.scoring_tables import CODES, score_sheets

_ALL = (
    CHECKIN_1,
    CHECKIN_THERAPIST_1,
    FIRST_IMPRESSION_1,
    FIT_CHECK_1,
    WAI_SR_1,
    SAI_1,
    SRS_1,
    CNIP_1,
    PHQ_9_1,
    GAD_7_1,
    CORE_10_1,
    GOAL_BASED_1,
)
BY_ID: Mapping[str, Instrument] = MappingProxyType({instrument.id: instrument for instrument in _ALL})

__all__ = [
    "BY_ID",
    "CODES",
    "MISSING",
    "NOT_SURE",
    "SKIPPED",
    "Answer",
    "Choice",
    "Instrument",
    "Item",
    "Scale",
    "check",
    "risk_answers",
    "score",
    "score_sheets",
]
