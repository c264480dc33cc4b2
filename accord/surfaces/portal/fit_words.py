"""Sentences around the fit check: what can be wished for in the way two people work."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.matching.models import MeetWish, WayWish
from accord.surfaces.shared import clock


class Wish(NamedTuple):
    """One short wish: as it is picked, and as the sentence that is sent."""

    code: str
    text: str
    sentence: str


def wishes() -> list[Wish]:
    """Each with its other side: no way to work is better than another."""
    return [
        Wish("less-homework", _("Less homework"), _("I would like less homework.")),
        Wish("more-homework", _("More to do at home"), _("I would like more to do at home.")),
        Wish("more-structure", _("More structure"), _("I would like more structure when we meet.")),
        Wish("more-room", _("More room to just talk"), _("I would like more room to just talk.")),
        Wish("slower", _("Go slower"), _("I would like to go slower.")),
        Wish("faster", _("Go faster"), _("I would like to go faster.")),
        Wish("practical", _("More things to try out"), _("I would like more things to try out.")),
        Wish("reasons", _("Tell me more about why"), _("I would like to hear more about why we do things.")),
        Wish("gentle", _("Be more gentle with me"), _("I would like you to be more gentle with me.")),
        Wish("push", _("Push me a bit more"), _("I would like you to push me a bit more.")),
    ]


def text_of(draft: WayWish) -> str:
    """What is sent, to the letter: a sentence for each wish, then the client's own words."""
    sentences = " ".join(wish.sentence for wish in wishes() if wish.code in draft.picks)
    return "\n\n".join(part for part in (sentences, draft.words or "") if part)


def fit_waits(therapist: str) -> dict[str, str]:
    """After the third visit, on the client's own page."""
    return {
        "url": reverse("portal:fit"),
        "text": _("You have met three times. Do you and %(name)s fit?") % {"name": therapist},
        "button": _("Have a look"),
        "minutes": _("Four short questions, for you alone."),
    }


def wish_standing(wish: MeetWish | None, viewer: User) -> str:
    """A wish to meet someone else that is on its way, in one line. Only what is so."""
    if wish is None or wish.taken_back_at is not None:
        return ""
    if wish.sent_at is None:
        return _("You have begun to write, only you see it")
    if wish.answered_at is not None:
        return _("Sent, and someone has noted: I have got in touch")
    if wish.read_at is not None:
        return _("Sent, and read %(time)s") % {"time": clock.told(wish.read_at, viewer)}
    return _("Sent %(time)s, not read yet") % {"time": clock.told(wish.sent_at, viewer)}
