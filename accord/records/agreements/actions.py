"""Writes on a pair's board. Every change of a board takes its turn at the board's row, so no two cross each other."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accord.records.agreements.models import Board, Ending, Item, Rating, Reply, Side, Version, Visitor
from accord.records.agreements.queries import AGAIN, AGREED, Held, Wording, item_of, items_of, other
from accord.records.audit.actions import record
from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved, WordsMoved
from accord.records.pairs.queries import Seen, confirm_side

Standing, Answer, Kind = Version.Standing, Reply.Answer, Ending.Kind
LONGEST_WORDS = 1000
STALE = timedelta(minutes=5)


class Text(NamedTuple):
    """What somebody writes: the words, and what belongs to a goal (how we will know) or to a task (why, for what)."""

    words: str
    how_known: str = ""
    why: str = ""
    serves: tuple[str, ...] = ()  # codes of goals


def _take_turn(by: Seen, *, at: datetime) -> Board:
    """The board, counted on and locked until the end of the transaction. Only the pair's two people, while it lasts."""
    confirm_side(by, at=at)
    board, _new = Board.objects.get_or_create(pair=by.pair, defaults={"practice_id": by.pair.practice_id})
    if not Board.objects.filter(pk=board.pk, pair__ended_on=None).update(number=F("number") + 1):
        raise Refused(_("You two do not work together any more. This page is here to read."))
    return board


def _open(by: Seen, item: Item) -> Held:
    """The thing as it stands now, while it is open."""
    if item.pair_id != by.pair.pk:
        raise NotFound(_("There is nothing here."))
    held = item_of(by, item.code)
    if held.closed:
        raise StateMoved(_("This is not on the board any more. You can take it up again."))
    return held


def _checked(text: Text) -> Text:
    cut = Text(text.words.strip(), text.how_known.strip(), text.why.strip(), tuple(sorted(set(text.serves))))
    if not cut.words:
        raise Refused(_("Please write a few words."))
    if max(len(cut.words), len(cut.how_known), len(cut.why)) > LONGEST_WORDS:
        raise Refused(_("Please use at most 1,000 characters."))
    return cut


@transaction.atomic
def add(kind: str, text: Text, *, by: Seen, at: datetime) -> Item:
    """A new goal or task. Who writes it agrees to it; it needs the other's OK. Sent twice, it is one."""
    text = _checked(text)
    if kind not in Item.Kind.values:
        raise Refused(_("This is neither a goal nor a task."))
    _take_turn(by, at=at)
    there = next((held.item for held in items_of(by) if _is_what_i_wrote(held, kind, text, by)), None)
    if there is not None:
        return there
    item = Item.objects.create(practice_id=by.pair.practice_id, pair=by.pair, kind=kind, added_at=at)
    _write(item, text, number=1, standing=Standing.CURRENT, by=by, at=at)
    record(by.viewer, f"{kind} added", item, at=at)
    return item


def _is_what_i_wrote(held: Held, kind: str, text: Text, by: Seen) -> bool:
    version = held.asked.version
    return not held.closed and held.item.kind == kind and version.side == by.side and _same(text, version)


def _write(item: Item, text: Text, *, number: int, standing: str, by: Seen, at: datetime) -> Version:
    """A version with its writer's own assent."""
    goals = list(Item.objects.filter(pair=by.pair, kind=Item.Kind.GOAL, code__in=text.serves))
    if len(goals) != len(text.serves) or (text.serves and item.kind != Item.Kind.TASK):
        raise Refused(_("A task serves goals of this board."))
    version = Version(practice_id=item.practice_id, item=item, number=number, standing=standing)
    version.side, version.by, version.at, version.words = by.side, by.viewer, at, text.words
    version.how_known = text.how_known if item.kind == Item.Kind.GOAL else None
    version.why = text.why if item.kind == Item.Kind.TASK else None
    version.save(force_insert=True)
    version.serves.set(goals)
    _reply(version, Answer.AGREE, by=by, at=at)
    return version


def _reply(version: Version, answer: str, *, by: Seen, at: datetime, words: str = "") -> Reply:
    """The side's answer from now on; the one before is kept as over."""
    version.replies.filter(side=by.side, ended_at=None).update(ended_at=at)
    reply = Reply(practice_id=version.practice_id, version=version, side=by.side, by=by.viewer, answer=answer, at=at)
    reply.words = words or None
    reply.save(force_insert=True)
    return reply


@transaction.atomic
def reword(item: Item, text: Text, *, seen: str, by: Seen, at: datetime) -> Version:
    """Write it anew. `seen` is the code of the newest wording that the writer knew; a newer one: WordsMoved.

    Own words that are not agreed yet are replaced. All else stands: the new wording is put beside it as a proposal.
    """
    text = _checked(text)
    _take_turn(by, at=at)
    held = _open(by, item)
    if held.asked.version.code != seen:
        raise WordsMoved(_("The other has written meanwhile. Both texts are kept."), held.asked.version.code)
    if _same(text, held.asked.version):
        raise Refused(_("That is how it stands already."))
    _make_room(held, by)
    beside = Version.objects.filter(item=item, standing=Standing.CURRENT).exists()
    standing = Standing.PROPOSED if beside else Standing.CURRENT
    version = _write(item, text, number=len(held.wordings) + 1, standing=standing, by=by, at=at)
    record(by.viewer, f"{item.kind} worded anew", item, at=at, version=version.number)
    return version


def _make_room(held: Held, by: Seen) -> None:
    """An open proposal is answered, or replaced by its writer; own words that nobody has agreed to give way."""
    if held.proposed:
        Version.objects.filter(pk=held.proposed.version.pk).update(standing=Standing.PAST)
    if held.current.version.side == by.side and held.current.agreed_at is None:
        Version.objects.filter(pk=held.current.version.pk).update(standing=Standing.PAST)


def _same(text: Text, version: Version) -> bool:
    serves = tuple(sorted(goal.code for goal in version.serves.all()))
    return text == Text(version.words or "", version.how_known or "", version.why or "", serves)


def _asked(version: Version, by: Seen) -> tuple[Held, Wording]:
    """The wording that is to be answered, if it is still this one."""
    held = _open(by, version.item)
    if held.asked.version.pk != version.pk:
        raise StateMoved(_("This was worded anew meanwhile. Please read the new words first."))
    return held, held.asked


@transaction.atomic
def agree(version: Version, *, by: Seen, at: datetime) -> None:
    """One's own yes to exactly this wording. Where both have said it, a proposal becomes the wording."""
    _take_turn(by, at=at)
    held, wording = _asked(version, by)
    if wording.agrees(by.side):
        return
    _reply(version, Answer.AGREE, by=by, at=at)
    record(by.viewer, f"{held.item.kind} agreed to", held.item, at=at, version=version.number)
    if held.proposed and wording.agrees(other(by.side)):
        held.item.versions.filter(standing=Standing.CURRENT).update(standing=Standing.PAST)
        held.item.versions.filter(pk=version.pk).update(standing=Standing.CURRENT)


@transaction.atomic
def doubt(version: Version, answer: str, *, by: Seen, at: datetime, words: str = "") -> None:
    """Not sure about this, or not for me; with what would fit better, if somebody knows. An own yes is taken back."""
    if answer not in (Answer.NOT_SURE, Answer.NOT_FOR_ME):
        raise Refused(_("There is no such answer."))
    if len(words) > LONGEST_WORDS:
        raise Refused(_("Please use at most 1,000 characters."))
    _take_turn(by, at=at)
    held, _wording = _asked(version, by)
    _reply(version, answer, by=by, at=at, words=words.strip())
    record(by.viewer, f"{held.item.kind} doubted", held.item, at=at, version=version.number, answer=answer)


@transaction.atomic
def decline(version: Version, *, by: Seen, at: datetime) -> None:
    """Keep the words as they were. The proposal stays readable in the history."""
    _take_turn(by, at=at)
    held, _wording = _asked(version, by)
    if held.proposed is None or version.side == by.side:
        raise Refused(_("Only a suggestion of the other can be declined."))
    _reply(version, Answer.DECLINED, by=by, at=at)
    held.item.versions.filter(pk=version.pk).update(standing=Standing.DECLINED)
    record(by.viewer, "suggestion declined", held.item, at=at, version=version.number)


@transaction.atomic
def withdraw(version: Version, *, by: Seen, at: datetime) -> None:
    """Take back one's own suggestion."""
    _take_turn(by, at=at)
    held, _wording = _asked(version, by)
    if held.proposed is None or version.side != by.side:
        raise Refused(_("Only your own suggestion can be taken back."))
    held.item.versions.filter(pk=version.pk).update(standing=Standing.WITHDRAWN)
    record(by.viewer, "suggestion taken back", held.item, at=at, version=version.number)


@transaction.atomic
def rate(item: Item, what: str, value: int, *, by: Seen, at: datetime) -> Rating:
    """How important a goal is, or how far it has come, 0 to 10. The client's alone; earlier numbers are kept."""
    if by.side != Side.CLIENT:
        raise NotAllowed(_("Only the client rates a goal."))
    if what not in Rating.What.values or not 0 <= value <= 10:
        raise Refused(_("Please pick a number from 0 to 10."))
    _take_turn(by, at=at)
    held = _open(by, item)
    if held.item.kind != Item.Kind.GOAL:
        raise Refused(_("Only goals are rated."))
    fields = {"practice_id": item.practice_id, "item": item, "what": what, "value": value}
    rating = Rating.objects.create(by=by.viewer, at=at, **fields)
    record(by.viewer, f"{what} rated", item, at=at)
    return rating


@transaction.atomic
def end(item: Item, kind: str, *, by: Seen, at: datetime) -> None:
    """Say that a thing is finished, or that it can rest. It is so when the other agrees."""
    if kind not in (Kind.FINISHED, Kind.ASIDE):
        raise Refused(_("There is no such ending."))
    _take_turn(by, at=at)
    held = _open(by, item)
    if held.ending:
        raise StateMoved(_("One of you has asked for this already."))
    Ending.objects.create(practice_id=item.practice_id, item=item, kind=kind, side=by.side, by=by.viewer, at=at)
    record(by.viewer, "ending asked for", item, at=at, ending=kind)


@transaction.atomic
def agree_to_end(item: Item, *, by: Seen, at: datetime) -> None:
    """The other's yes to an ending."""
    _take_turn(by, at=at)
    ending = _open(by, item).ending
    if ending is None or ending.side == by.side:
        raise StateMoved(_("There is nothing to agree to here."))
    Ending.objects.filter(pk=ending.pk, agreed_at=None).update(agreed_by=by.viewer, agreed_at=at)
    record(by.viewer, "ending agreed to", item, at=at, ending=ending.kind)


@transaction.atomic
def take_back(item: Item, *, by: Seen, at: datetime) -> None:
    """Take one's own goal or task off the board, while the two have never agreed on it."""
    _take_turn(by, at=at)
    held = _open(by, item)
    if not held.is_alone_of(by.side):
        raise Refused(_("This belongs to both of you by now. You can put it aside together."))
    Ending.objects.filter(item=item, dropped_at=None).update(dropped_at=at)
    kind = Kind.TAKEN_BACK
    Ending.objects.create(practice_id=item.practice_id, item=item, kind=kind, side=by.side, by=by.viewer, at=at)
    record(by.viewer, "taken off the board", item, at=at)


@transaction.atomic
def go_on(item: Item, *, by: Seen, at: datetime) -> None:
    """Keep working on a thing: an ending that was asked for is dropped, an ended thing comes back to be agreed anew."""
    _take_turn(by, at=at)
    held = item_of(by, item.code)
    if held.ending is None:
        return
    if held.closed:
        _ask_again(held, at=at)
    Ending.objects.filter(pk=held.ending.pk).update(dropped_at=at)
    record(by.viewer, "taken up again", item, at=at)


@transaction.atomic
def ask_to_agree_again(*, by: Seen, at: datetime) -> int:
    """The client would like to change how the two work: every agreed task has to be agreed by both anew."""
    if by.side != Side.CLIENT:
        raise NotAllowed(_("Only the client can ask for this."))
    _take_turn(by, at=at)
    agreed = [held for held in items_of(by) if held.item.kind == Item.Kind.TASK and held.state == AGREED]
    for held in agreed:
        _ask_again(held, at=at)
        record(by.viewer, "to be agreed again", held.item, at=at)
    return len(agreed)


@transaction.atomic
def take_back_asking(asked_at: datetime, *, by: Seen, at: datetime) -> int:
    """The client took the wish back: what nobody has touched since stands as it was agreed before."""
    if by.side != Side.CLIENT:
        raise NotAllowed(_("Only the client can ask for this."))
    _take_turn(by, at=at)
    asked = [held for held in items_of(by) if held.item.again_at == asked_at and held.state == AGAIN]
    for held in asked:
        before = Reply.objects.filter(version=held.current.version, answer=Answer.AGREE, ended_at=asked_at)
        before.update(ended_at=None)
        Item.objects.filter(pk=held.item.pk).update(again_at=None)
        record(by.viewer, "agreed as before", held.item, at=at)
    return len(asked)


def _ask_again(held: Held, *, at: datetime) -> None:
    """Both answers are over; the words stay."""
    Reply.objects.filter(version=held.current.version, ended_at=None).update(ended_at=at)
    Item.objects.filter(pk=held.item.pk).update(again_at=at)


@transaction.atomic
def arrive(seen: Seen, *, at: datetime) -> str:
    """Somebody opens the live page: the code of their visit. Not in the audit; opening the page is."""
    board, _new = Board.objects.get_or_create(pair=seen.pair, defaults={"practice_id": seen.pair.practice_id})
    return Visitor.objects.create(board=board, side=seen.side, seen_at=at).code


@transaction.atomic
def still_here(visits: Iterable[str], *, at: datetime) -> None:
    """All open pages of a process, in one statement; visits that nobody has heard of for long are swept away."""
    Visitor.objects.filter(code__in=list(visits)).update(seen_at=at)
    Visitor.objects.filter(Q(seen_at__lt=at - STALE)).delete()


def leave(visit: str) -> None:
    Visitor.objects.filter(code=visit).delete()
