"""The repair page that both share, as one side sees it: what happened, what they try, when they look again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.pairs.queries import Seen
from accord.records.ruptures.models import Change, Episode, Passage
from accord.records.sessions.queries import next_session
from accord.surfaces.shared import clock

Field = Passage.Field


class Version(NamedTuple):
    """One field in one version: who wrote it, when."""

    words: str
    look_on: date | None
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """One field of the page: its newest version, the older ones, and whether this side writes it."""

    field: str
    title: str
    hint: str
    mine: bool
    version: int
    newest: Version | None
    older: tuple[Version, ...]  # newest first
    typed: str | None = None  # what somebody wrote over a version that had moved on


class Promise(NamedTuple):
    """ "What I will change", and what the client answered."""

    code: str
    words: str
    at: datetime
    waits: bool
    replaced: bool
    answer: str
    answer_words: str
    reply: str


@dataclass(frozen=True, slots=True)
class Shared:
    """Everything that both may see of one episode; the templates know no table."""

    code: str
    is_open: bool
    state: str
    client: str
    therapist: str
    parts: tuple[Part, ...]
    promises: tuple[Promise, ...]  # oldest first
    next_on: date | None  # the day of the next session

    @property
    def shown(self) -> tuple[Part, ...]:
        """While it is open all fields; afterwards those in which something stands."""
        return tuple(part for part in self.parts if self.is_open or part.newest)

    @property
    def waiting(self) -> Promise | None:
        """What the client has not answered yet."""
        return next((one for one in self.promises if one.waits and self.is_open), None)

    @property
    def wants_offer(self) -> bool:
        """Nothing was offered yet, or what was offered does not fit."""
        return self.waiting is None and (not self.promises or self.promises[-1].answer in ("partly", "no"))

    @property
    def told(self) -> tuple[Promise, ...]:
        """What was answered, or said anew."""
        return tuple(one for one in self.promises if one is not self.waiting)


def shared(episode: Episode, seen: Seen, *, at: datetime, typed: tuple[str, str] = ("", "")) -> Shared:
    """`typed` is a field and what was written into it over an older version: shown beside what is there now."""
    coming = next_session(seen.pair, at=at)
    return Shared(
        code=episode.code,
        is_open=episode.ended_at is None,
        state=episode.state,
        client=seen.pair.client.first_name,
        therapist=seen.pair.therapist.user.first_name,
        parts=tuple(_part(field, episode, seen, typed) for field in Field.values),
        promises=tuple(_promise(change, seen) for change in episode.changes.all()),
        next_on=clock.on_the_wall(coming.starts_at, seen.viewer).date() if coming else None,
    )


def _part(field: str, episode: Episode, seen: Seen, typed: tuple[str, str]) -> Part:
    rows = sorted((row for row in episode.passages.all() if row.field == field), key=lambda row: -row.version)
    told = [_version(row, seen.viewer) for row in rows]
    return Part(
        field=field,
        title=_title(field, seen),
        hint=_hint(field),
        mine=field in Passage.SHARED or field == seen.side,
        version=rows[0].version if rows else 0,
        newest=told[0] if told else None,
        older=tuple(told[1:]),
        typed=typed[1] if typed[0] == field else None,
    )


def _version(row: Passage, viewer: User) -> Version:
    return Version(row.words or "", row.look_on, row.by.first_name, clock.on_the_wall(row.at, viewer))


def _title(field: str, seen: Seen) -> str:
    if field == seen.side:
        return _("What happened, for you")
    names = {Field.CLIENT: seen.pair.client.first_name, Field.THERAPIST: seen.pair.therapist.user.first_name}
    if field in names:
        return _("What happened, for %(name)s") % {"name": names[Field(field)]}
    return _("What we try") if field == Field.TRY else _("When we look again")


def _hint(field: str) -> str:
    return {
        Field.TRY: _("One small thing is enough."),
        Field.AGAIN: _("So that it is not left to chance."),
    }.get(Field(field), _("A line or two. It does not have to be the same for both."))


def _promise(change: Change, seen: Seen) -> Promise:
    return Promise(
        code=change.code,
        words=change.words or "",
        at=clock.on_the_wall(change.at, seen.viewer),
        waits=change.answered_at is None and change.replaced_at is None,
        replaced=change.replaced_at is not None,
        answer=change.answer,
        answer_words=_answer_words(change.answer, seen),
        reply=change.reply or "",
    )


def _answer_words(answer: str, seen: Seen) -> str:
    """ "Did I get it right?", answered."""
    if not answer:
        return ""
    words = {"yes": _("Yes, right"), "partly": _("Partly right"), "no": _("Not right yet")}[answer]
    return words if seen.side == "client" else f"{seen.pair.client.first_name}: {words}"
