"""Sentences of "Help me say it": what may be off, ways to begin, how it travels. Plain words, nothing measured."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.checkins.models import CheckIn
from accord.records.ruptures.models import Note
from accord.surfaces.shared import clock
from accord.surfaces.shared.said import asking

Travels = CheckIn.Travels
DAY = timedelta(days=1)
UNSAFE, ASK = "unsafe", "ask"  # choices of the first page that are no pillar


class Choice(NamedTuple):
    code: str
    text: str
    hint: str


def things_off(therapist: str) -> list[Choice]:
    """What is off, in plain words."""
    return [
        Choice("bond", _("How it feels between us"), _("I do not feel heard, or not safe enough to say things.")),
        Choice("goal", _("Where we are going"), _("What I am here for, or what would be better for me.")),
        Choice("task", _("How we work"), _("What we do when we meet, or what I do at home.")),
        Choice("other", _("Something else"), _("Times, money, the room, or I do not know yet.")),
        Choice(ASK, _("I find it hard to say: please ask me about it"), _("Sends only that. You need no words.")),
        Choice(
            UNSAFE,
            _("Something felt wrong or unsafe, and I want to tell someone else"),
            _("This does not go to %(name)s.") % {"name": therapist},
        ),
    ]


def starters(about: str) -> list[str]:
    """Three ways to begin."""
    return {
        "bond": [
            _("I left last week feeling a bit missed. Can we go back to it?"),
            _("When I told you something, I did not feel quite heard. I would like to try again."),
            _("I hold some things back with you. I would like to say why."),
        ],
        "goal": [
            _("I'm not sure we're on the same page about what I'm here for."),
            _("I want something else from this now. Can we look at it?"),
            _("I do not see where we are going. Can we talk about it?"),
        ],
        "task": [
            _("The exercise isn't working for me. Can we try another way?"),
            _("I do not see why we do this. Can you tell me again?"),
            _("It goes too fast for me. Can we slow down?"),
        ],
    }.get(
        about,
        [
            _("Something is off, and I can not name it yet. Can we look at it?"),
            _("There is a thing about times or money that I would like to change."),
            _("I have not said something for a while. I want to say it now."),
        ],
    )


def ways(note: Note, therapist: str, next_at: datetime | None, *, at: datetime) -> list[Choice]:
    """How it may travel, and what that means in this case."""
    name = {"name": therapist}
    sending = [
        Choice(Travels.NOW, _("Tell them now"), told_now(therapist)),
        Choice(Travels.BEFORE_NEXT, _("Before our next session"), told_before(therapist, next_at, at=at)),
    ]
    if note.asks:
        return sending
    return [
        *sending,
        Choice(
            Travels.MYSELF,
            _("I will say it myself"),
            _("%(name)s does not see it. It waits on your page, to look at before you meet.") % name,
        ),
        Choice(
            Travels.KEEP,
            _("Keep it to myself"),
            _("Nobody sees it but you. You can send it later, or throw it away."),
        ),
    ]


def told_now(therapist: str) -> str:
    return _("%(name)s can read it from now on, and gets a short mail that a note is waiting.") % {"name": therapist}


def told_before(therapist: str, next_at: datetime | None, *, at: datetime) -> str:
    """When the neutral mail goes out. The note itself lies on the desk from the start, and this says so."""
    if next_at is None:
        words = _("%(name)s can read it from now on. No session is planned, so the short mail goes out now.")
    elif next_at - at <= DAY:
        words = _("%(name)s can read it from now on. You meet within a day, so the short mail goes out now.")
    else:
        words = _("%(name)s can read it from now on. The short mail goes out the day before you meet.")
    return words % {"name": therapist}


def who_will_see(note: Note, therapist: str) -> str:
    if note.travels in Note.SENDING:
        return _("you and %(name)s.") % {"name": therapist}
    return _("only you.")


def own_words(note: Note) -> str:
    """A note in the client's own list."""
    return asking() if note.asks else note.words or ""


def standing(note: Note, therapist: str, viewer: User) -> str:
    """What became of a note, in one line. Only what is so."""
    if note.read_at is not None:
        facts = {"name": therapist, "time": clock.told(note.read_at, viewer)}
        return _("%(name)s read it, %(time)s") % facts
    if note.sent_at is not None:
        facts = {"name": therapist, "time": clock.told(note.sent_at, viewer)}
        return _("Sent %(time)s, %(name)s has not read it yet") % facts
    if note.taken_back_at is not None:
        return _("Taken back %(time)s, only you see it") % {"time": clock.told(note.taken_back_at, viewer)}
    if note.travels == Travels.MYSELF:
        return _("To say yourself, only you see it")
    return _("Kept for you, only you see it")
