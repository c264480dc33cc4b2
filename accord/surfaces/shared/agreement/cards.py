"""What a pair's board shows to one of its two people: plain values for the templates, no rule and no query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.agreements.models import Item, Reply, Version
from accord.records.agreements.queries import AGAIN, AGREED, DOUBTED, SIDES, Held, other
from accord.records.pairs.queries import Seen
from accord.surfaces.shared import clock
from accord.surfaces.shared.agreement.progress import Course, course
from accord.surfaces.shared.agreement.strokes import strokes
from accord.surfaces.shared.digits import dated, joined


@dataclass(frozen=True)
class Two:
    """The two people as one of them reads about them."""

    seen: Seen

    @property
    def viewer(self) -> User:
        return self.seen.viewer

    def first(self, side: str) -> str:
        pair = self.seen.pair
        return pair.client.first_name if side == "client" else pair.therapist.user.first_name

    def is_me(self, side: str) -> bool:
        return self.seen.side == side

    @property
    def other_name(self) -> str:
        return self.first(other(self.seen.side))

    def day(self, moment: datetime) -> str:
        return dated(clock.local(moment, self.viewer), "j F")

    def minute(self, moment: datetime) -> str:
        here = clock.local(moment, self.viewer)
        return joined((dated(here, "j F"), dated(here, "H:i")))

    def whose(self, side: str) -> str:
        """Whose words these are."""
        if self.is_me(side):
            return _("Your words")
        return _("%(name)s’s words") % {"name": self.first(side)}


@dataclass(frozen=True)
class Words:
    """One wording, ready to be read."""

    code: str
    side: str
    text: str
    whose: str
    on: str
    how_known: str
    why: str
    serves: tuple[str, ...]
    serves_codes: tuple[str, ...]


@dataclass(frozen=True)
class Doubt:
    side: str
    mine: bool
    answer: str
    sentence: str
    text: str


@dataclass(frozen=True)
class Card:
    """A goal or a task on the board."""

    code: str
    kind: str
    state: str
    state_words: str
    strokes: SafeString
    current: Words
    proposed: Words | None
    first: Words | None  # the client's own first words, where others stand now
    asked: str  # the code of the wording that is to be answered
    doubts: tuple[Doubt, ...]
    before: str  # agreed before, while something newer is open
    i_agree: bool
    i_doubt: bool
    my_proposal: bool
    may_take_back: bool
    ending: str  # a sentence, while one of the two has asked for an end
    ending_is_mine: bool
    closed: bool
    importance: int | None
    progress: Course | None

    @property
    def is_goal(self) -> bool:
        return self.kind == Item.Kind.GOAL

    @property
    def draft(self) -> Words:
        """What the form for other words starts from."""
        return self.proposed or self.current

    @property
    def numbers(self) -> range:
        return range(11)

    @property
    def scales(self) -> tuple[tuple[str, str, str, str, int | None], ...]:
        """The two questions that the client answers with a number; nothing is chosen beforehand for progress."""
        return (
            ("importance", _("How important is this to you?"), _("Not very"), _("Very"), self.importance),
            ("progress", _("How far have you come, today?"), _("Not at all"), _("All the way"), None),
        )


def words_of(version: Version, two: Two, goals: dict[int, str]) -> Words:
    served = list(version.serves.all())
    return Words(
        code=version.code,
        side=version.side,
        text=version.words or "",
        whose=two.whose(version.side),
        on=two.day(version.at),
        how_known=version.how_known or "",
        why=version.why or "",
        serves=tuple(goals[goal.pk] for goal in served if goal.pk in goals),
        serves_codes=tuple(goal.code for goal in served),
    )


def card(held: Held, two: Two, goals: dict[int, str]) -> Card:
    asked, me, current = held.asked, two.seen.side, held.current.version
    clients = held.clients_words
    doubting = [reply.side for reply in asked.doubts]
    shown_first = clients is not None and clients.pk != current.pk and clients.words != current.words
    return Card(
        code=held.item.code,
        kind=held.item.kind,
        state=held.state,
        state_words=state_words(held, two),
        strokes=strokes(held.state, waiting=held.needs, doubting=doubting),
        current=words_of(current, two, goals),
        proposed=words_of(held.proposed.version, two, goals) if held.proposed else None,
        first=words_of(clients, two, goals) if clients and shown_first else None,
        asked=asked.version.code,
        doubts=tuple(_doubt(reply, two) for reply in asked.doubts),
        before=two.day(held.current.agreed_at) if held.proposed and held.current.agreed_at else "",
        i_agree=asked.agrees(me),
        i_doubt=me in doubting,
        my_proposal=bool(held.proposed and held.proposed.version.side == me),
        may_take_back=held.is_alone_of(me),
        ending=ending_words(held, two) if held.ending and not held.closed else "",
        ending_is_mine=bool(held.ending and held.ending.side == me),
        closed=bool(held.closed),
        importance=_value(held, "importance"),
        progress=course(held.progress, two.viewer, ident=held.item.code) if held.progress else None,
    )


def _value(held: Held, what: str) -> int | None:
    rating = held.newest_rating(what)
    return None if rating is None else rating.value


def _doubt(reply: Reply, two: Two) -> Doubt:
    name, mine = two.first(reply.side), two.is_me(reply.side)
    if reply.answer == Reply.Answer.NOT_FOR_ME:
        sentence = _("You said: not for me.") if mine else _("%(name)s: not for me.") % {"name": name}
    else:
        sentence = _("You are not sure about this.") if mine else _("%(name)s is not sure about this.") % {"name": name}
    return Doubt(reply.side, mine, reply.answer, sentence, reply.words or "")


def state_words(held: Held, two: Two) -> str:
    """Where it stands, in a few words."""
    asked = held.asked
    if held.state == AGREED and asked.agreed_at:
        return _("Agreed by both, %(day)s") % {"day": two.day(asked.agreed_at)}
    if held.closed and held.ending:
        return _closed_words(held, two)
    if held.state == DOUBTED:
        return _("Not agreed yet")
    if held.state == AGAIN:
        return _("To be agreed again, by both")
    return needs_ok(held.needs[0], two)


def needs_ok(side: str, two: Two) -> str:
    return _("Needs your OK") if two.is_me(side) else _("Needs %(name)s’s OK") % {"name": two.first(side)}


def _closed_words(held: Held, two: Two) -> str:
    ending = held.ending
    day = two.day((ending.agreed_at or ending.at) if ending else held.item.added_at)
    names = {
        "finished": _("Finished, %(day)s"),
        "aside": _("Put aside, %(day)s"),
        "taken-back": _("Taken off the board, %(day)s"),
    }
    return names[held.closed] % {"day": day}


def ending_words(held: Held, two: Two) -> str:
    ending = held.ending
    if ending is None:
        return ""
    mine, finished = two.is_me(ending.side), ending.kind == "finished"
    if mine:
        text = (
            _("You said this is finished. It needs %(name)s’s OK.")
            if finished
            else _("You would like to put this aside. It needs %(name)s’s OK.")
        )
        return text % {"name": two.other_name}
    text = _("%(name)s says this is finished. Is it?") if finished else _("%(name)s would like to put this aside.")
    return text % {"name": two.first(ending.side)}


@dataclass(frozen=True)
class BoardShown:
    """Everything on the board."""

    goals: tuple[Card, ...]
    tasks: tuple[Card, ...]
    closed: tuple[Card, ...]
    latest: str  # the newest change, for who listens

    @property
    def empty(self) -> bool:
        return not (self.goals or self.tasks or self.closed)

    @property
    def mine_to_answer(self) -> int:
        return sum(not each.i_agree and not each.i_doubt for each in (*self.goals, *self.tasks))


def board(items: Sequence[Held], two: Two) -> BoardShown:
    goals = {held.item.pk: held.current.version.words or "" for held in items if held.item.kind == Item.Kind.GOAL}
    cards = [card(held, two, goals) for held in items if held.closed != "taken-back"]
    open_ones = [each for each in cards if not each.closed]
    return BoardShown(
        goals=tuple(each for each in open_ones if each.is_goal),
        tasks=tuple(each for each in open_ones if not each.is_goal),
        closed=tuple(each for each in cards if each.closed),
        latest=latest(items, two),
    )


def latest(items: Sequence[Held], two: Two) -> str:
    """Who did something last, and when; it names nobody's words."""
    moments = [(reply.at, reply.side) for held in items for each in held.wordings for reply in each.replies]
    moments += [(ending.at, ending.side) for held in items for ending in held.endings]
    moments += [(rating.at, SIDES[0]) for held in items for rating in held.ratings]
    if not moments:
        return ""
    at, side = max(moments)
    if two.is_me(side):
        return _("Last change: you, %(minute)s") % {"minute": two.minute(at)}
    return _("Last change: %(name)s, %(minute)s") % {"name": two.first(side), "minute": two.minute(at)}
