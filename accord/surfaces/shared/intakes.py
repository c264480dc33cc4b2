"""The intake's questions in words, why each is asked, and an answer as a line: for the client and for the therapist."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from accord.records.intake.models import IntakeAnswer
from accord.records.intake.questions import BY_NAME


class Asked(NamedTuple):
    """One question as it stands on its page."""

    name: str
    text: str
    why: str
    choices: list[tuple[str, str]]
    optional: bool
    can_wait: bool


def asked(name: str, therapist: str) -> Asked:
    text, why = _texts(therapist)[name]
    question = BY_NAME[name]
    choices = [(code, choice_words()[code]) for code in question.choices]
    return Asked(name, text, why, choices, question.optional, question.can_wait)


def _texts(therapist: str) -> dict[str, tuple[str, str]]:
    who = {"name": therapist}
    return {
        "brings": (
            _("What brings you here?"),
            _("So that you do not have to start from zero. A few words are fine."),
        ),
        "week": (
            _("How does it show in a normal week?"),
            _("It helps %(name)s to picture your days.") % who,
        ),
        "better": (
            _("How would you know that it helps?"),
            _("You and %(name)s will look at this when you set your goals.") % who,
        ),
        "helped": (
            _("What has helped you before, even a little?"),
            _("People, habits, things you tried. What works for you need not be found again."),
        ),
        "before": (
            _("Have you talked with a therapist before?"),
            _("Then %(name)s knows what is new for you.") % who,
        ),
        "got-wrong": (
            _("What did a past therapist get wrong?"),
            _("If you have not seen one, skip this. It helps %(name)s not to do it again.") % who,
        ),
        "body": (
            _("Is there something about your health or medicine that %(name)s should know?") % who,
            _("Only what you think matters here."),
        ),
        "first": (
            _("What would make the first meeting easier?"),
            _("Where to sit, how to start, what to leave out: say what you like."),
        ),
    }


def choice_words() -> dict[str, str]:
    return {
        "yes": _("Yes"),
        "no": _("No"),
        "not-sure": _("I'm not sure"),
        "rather-not": _("I would rather not say"),
    }


def known_words(key: str) -> str:
    """What a known thing is called; one that has no name here stands as its key."""
    words = {"name": _("Your name"), "language": _("The language of your pages"), "must-have": _("What you need")}
    return words.get(key, key)


def told(answer: IntakeAnswer | None) -> str:
    """An answer as a line of the review: never an empty one."""
    if answer is not None and answer.state == IntakeAnswer.State.LATER:
        return _("You will say it when you meet")
    if answer is None or not answer.words:
        return _("Not provided")
    question = BY_NAME.get(answer.question)
    return choice_words()[answer.words] if question is not None and question.choices else answer.words
