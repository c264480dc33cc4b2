"""Which questions there are, in their order. A published version is never edited.

Nothing here is scored. Name, language and must-haves are not among them: they are known (`Known`).
"""

from typing import NamedTuple

VERSION = "intake@1"
LONGEST = 4000  # characters of one answer
KNOWN = "known-"  # what was known before, as the client has put it right: "known-name"


class Question(NamedTuple):
    name: str
    optional: bool = True  # may be left blank; every question may be skipped
    choices: tuple[str, ...] = ()  # none: own words
    can_wait: bool = False  # "I will say it when we meet" is an answer


QUESTIONS = (
    Question("brings", optional=False, can_wait=True),
    Question("week"),
    Question("better"),
    Question("helped"),
    Question("before", optional=False, choices=("yes", "no", "not-sure", "rather-not")),
    Question("got-wrong"),
    Question("body"),
    Question("first"),
)
NAMES = tuple(question.name for question in QUESTIONS)
BY_NAME = {question.name: question for question in QUESTIONS}


class Known(NamedTuple):
    """Something that nobody is asked again: what it is, and what is known."""

    key: str  # "name", "language", "must-have"
    value: str
