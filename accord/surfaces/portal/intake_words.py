"""Sentences around the intake: what is missing, who reads an answer, what waits, what happens next."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.intake.models import Intake
from accord.records.intake.questions import BY_NAME, NAMES


def blank(name: str) -> str:
    """The sentence where an answer is missing that is not optional."""
    if BY_NAME[name].choices:
        return _("Choose one, or skip this question.")
    return _("Write a few words, say it when you meet, or skip this question.")


def who_reads(name: str, therapist: str) -> str:
    who = {"name": therapist}
    if name == "got-wrong":
        return _("you, and %(name)s once you send it. Not the past therapist, and nobody else.") % who
    return _("you, and %(name)s once you send it. Nobody else.") % who


def minutes_left(intake: Intake) -> int:
    """About a minute and a half a question, from where they are."""
    left = len(NAMES) - NAMES.index(intake.place) if intake.place in NAMES else 1
    return max(2, round(left * 1.5))


def intake_waits(intake: Intake, therapist: str) -> dict[str, str]:
    """At the top of the client's own page, until it was read."""
    if intake.sent_at is not None:
        text = _("What you sent to %(name)s is not read yet") % {"name": therapist}
        return {"url": reverse("portal:intake_sent"), "text": text, "button": _("Open it"), "minutes": ""}
    begun = intake.begun_at is not None
    text = _("Before you first meet %(name)s: some questions") % {"name": therapist}
    return {
        "url": reverse("portal:intake_on") if begun else reverse("portal:intake"),
        "text": text,
        "button": _("Go on where you stopped") if begun else _("Have a look"),
        "minutes": _("What you wrote so far is kept.") if begun else _("About ten minutes, in one go or in three."),
    }


def next_step(therapist: str, meets: datetime | None, when: str) -> str:
    """After sending: what happens next, and when. Only what is so."""
    if meets is None:
        return _("%(name)s can read it now. You two have no date yet: when one is set, a mail tells you.") % {
            "name": therapist
        }
    return _("%(name)s can read it now. You meet on %(when)s.") % {"name": therapist, "when": when}
