"""Every wording and every answer, in the order in which it happened: the story of each goal and task."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accord.records.agreements.models import Ending, Rating, Reply, Version
from accord.records.agreements.queries import Held, Wording
from accord.surfaces.shared.agreement.cards import Two, Words, state_words, words_of
from accord.surfaces.shared.digits import localised


@dataclass(frozen=True)
class Event:
    at: datetime
    on: str
    side: str
    sentence: str
    words: Words | None = None
    text: str = ""


@dataclass(frozen=True)
class Chapter:
    code: str
    kind: str
    title: str
    state_words: str
    taken_back: bool
    events: tuple[Event, ...]


def chapters(items: Sequence[Held], two: Two) -> list[Chapter]:
    goals = {held.item.pk: held.current.version.words or "" for held in items}
    return [
        Chapter(
            code=held.item.code,
            kind=held.item.kind,
            title=held.current.version.words or "",
            state_words=state_words(held, two),
            taken_back=held.closed == Ending.Kind.TAKEN_BACK,
            events=tuple(sorted(_events(held, two, goals), key=lambda event: event.at)),
        )
        for held in items
    ]


def _events(held: Held, two: Two, goals: dict[int, str]) -> Iterator[Event]:
    for wording in held.wordings:
        yield _written(wording.version, two, goals)
        yield from _said(wording, two)
    for ending in held.endings:
        yield from _ended(ending, two)
    for rating in held.ratings:
        yield _rated(rating, two)


def _event(at: datetime, side: str, sentence: str, two: Two, words: Words | None = None, *, text: str = "") -> Event:
    name = _("You") if two.is_me(side) else two.first(side)
    return Event(at, two.minute(at), side, f"{name}: {sentence}", words, text)


def _written(version: Version, two: Two, goals: dict[int, str]) -> Event:
    sentence = _("wrote this") if version.number == 1 else _("worded it anew")
    words = words_of(version, two, goals)
    return _event(version.at, version.side, sentence, two, words)


def _said(wording: Wording, two: Two) -> Iterator[Event]:
    """The writer's own first yes is not told: it came with the words."""
    version = wording.version
    sentences = {
        Reply.Answer.AGREE: _("agreed to it"),
        Reply.Answer.NOT_SURE: _("not sure about it"),
        Reply.Answer.NOT_FOR_ME: _("not for me"),
        Reply.Answer.DECLINED: _("kept the earlier words"),
    }
    for reply in wording.replies:
        if reply.at == version.at and reply.side == version.side:
            continue
        yield _event(reply.at, reply.side, sentences[Reply.Answer(reply.answer)], two, text=reply.words or "")


def _ended(ending: Ending, two: Two) -> Iterator[Event]:
    asked = {
        Ending.Kind.FINISHED: _("said that it is finished"),
        Ending.Kind.ASIDE: _("wished to put it aside"),
        Ending.Kind.TAKEN_BACK: _("took it off the board"),
    }
    yield _event(ending.at, ending.side, asked[Ending.Kind(ending.kind)], two)
    if ending.agreed_at:
        second = "therapist" if ending.side == "client" else "client"
        yield _event(ending.agreed_at, second, _("agreed to that"), two)
    if ending.dropped_at:
        yield Event(ending.dropped_at, two.minute(ending.dropped_at), "", _("Back on the board"))


def _rated(rating: Rating, two: Two) -> Event:
    sentence = (
        _("importance %(value)s of 10") if rating.what == Rating.What.IMPORTANCE else _("progress %(value)s of 10")
    )
    return _event(rating.at, "client", sentence % {"value": localised(str(rating.value))}, two)
