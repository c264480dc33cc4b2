"""Words by which tables name what we look for; compared without case, spaces, dots, dashes, underscores."""

import re

PILLAR_WORDS = {
    "goal": "goal", "goals": "goal", "aim": "goal", "aims": "goal",
    "task": "task", "tasks": "task", "method": "task", "methods": "task",
    "bond": "bond", "relationship": "bond",
}  # fmt: skip

RATER_WORDS = {
    "client": "client", "patient": "client", "c": "client", "p": "client", "self": "client", "cl": "client",
    "therapist": "therapist", "counsellor": "therapist", "counselor": "therapist", "t": "therapist",
    "clinician": "therapist", "th": "therapist",
}  # fmt: skip

PAIR_NAMES = (
    "pair", "pairid", "dyad", "dyadid", "id", "client", "clientid", "patient", "patientid", "case", "caseid",
    "participant", "participantid", "subject", "subjectid", "person", "personid", "pid", "code",
)  # fmt: skip
SESSION_NAMES = (
    "session", "sessionnumber", "sessionno", "sessionnr", "sess", "visit", "week", "occasion", "wave",
)  # fmt: skip
TIME_NAMES = ("date", "sessiondate", "day", "days", "time", "datetime", "when", "timestamp", "at")
PILLAR_NAMES = ("pillar", "subscale", "dimension")
RATER_NAMES = ("rater", "perspective", "ratedby", "respondent", "informant")
THERAPIST_NAMES = ("therapistid", "therapist", "counsellor", "counselor", "clinician", "clinicianid")
SCORE_NAMES = ("score", "rating", "value", "total", "sum", "mean", "alliance", "wai", "srs", "sai")

MISSING = ("na", "n/a", "#n/a", "#null!", "null", "nan", "none", "missing", ".", "-", "–", "—", "?")


def plain(name: str) -> str:
    """A name without what people vary: case, spaces, dots, dashes, underscores."""
    return re.sub(r"[\s._\-]+", "", name.strip().lower())


def parts(name: str) -> list[str]:
    """The words of a column name: "Client_goal.7" is client, goal, 7."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", name)
    return [part for part in re.split(r"[\s._\-/]+", spaced.lower()) if part]


def pillar_in(name: str) -> str | None:
    """The pillar that a name speaks of, where it speaks of exactly one."""
    met = {PILLAR_WORDS[part] for part in parts(name) if part in PILLAR_WORDS}
    return met.pop() if len(met) == 1 else None


def rater_in(name: str) -> str | None:
    """The rater that a name speaks of, where it speaks of exactly one."""
    met = {RATER_WORDS[part] for part in parts(name) if part in RATER_WORDS}
    return met.pop() if len(met) == 1 else None
