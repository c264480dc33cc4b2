"""What stands on a pair's board, derived from its rows; and a glance at many boards at once for pages that are open."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from django.db.models import QuerySet

from accord.records.agreements.models import Board, Ending, Item, Rating, Reply, Side, Version, Visitor
from accord.records.errors import NotFound
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen, side_of

SIDES = (Side.CLIENT, Side.THERAPIST)
HERE_FOR = timedelta(seconds=30)  # a visitor who has not been heard of for longer is not here
AGREED, OPEN, DOUBTED, AGAIN = "agreed", "needs-ok", "not-agreed", "again"
Standing, Answer = Version.Standing, Reply.Answer


def other(side: str) -> str:
    return Side.THERAPIST if side == Side.CLIENT else Side.CLIENT


@dataclass(frozen=True)
class Wording:
    """One version with all that was said to it."""

    version: Version
    replies: list[Reply]

    @cached_property
    def standing(self) -> dict[str, Reply]:
        """side -> its answer that holds now."""
        return {reply.side: reply for reply in self.replies if reply.ended_at is None}

    def agrees(self, side: str) -> bool:
        return side in self.standing and self.standing[side].answer == Answer.AGREE

    @property
    def agreed_at(self) -> datetime | None:
        """When the second of the two agreed; None while not both do."""
        if not all(self.agrees(side) for side in SIDES):
            return None
        return max(reply.at for reply in self.standing.values())

    @property
    def doubts(self) -> list[Reply]:
        doubting = (Answer.NOT_SURE, Answer.NOT_FOR_ME)
        return [reply for reply in self.standing.values() if reply.answer in doubting]


@dataclass(frozen=True)
class Held:
    """A goal or task as it stands."""

    item: Item
    wordings: list[Wording]
    endings: list[Ending]
    ratings: list[Rating] = field(default_factory=list)

    def _one(self, standing: str) -> Wording | None:
        return next((each for each in self.wordings if each.version.standing == standing), None)

    @cached_property
    def current(self) -> Wording:
        found = self._one(Standing.CURRENT)
        if found is None:
            raise NotFound("There is nothing here.")
        return found

    @cached_property
    def proposed(self) -> Wording | None:
        return self._one(Standing.PROPOSED)

    @property
    def asked(self) -> Wording:
        """The wording that the two have to answer now."""
        return self.proposed or self.current

    @cached_property
    def ending(self) -> Ending | None:
        return next((each for each in self.endings if each.dropped_at is None), None)

    @property
    def closed(self) -> str:
        """How it ended: "finished", "aside", "taken-back"; "" while it is open."""
        ending = self.ending
        if ending is None or (ending.agreed_at is None and ending.kind != Ending.Kind.TAKEN_BACK):
            return ""
        return ending.kind

    @property
    def state(self) -> str:
        if self.closed:
            return self.closed
        if self.asked.agreed_at:
            return AGREED
        if self.asked.doubts:
            return DOUBTED
        return OPEN if any(self.asked.agrees(side) for side in SIDES) else AGAIN

    @property
    def agreed(self) -> bool:
        return self.state == AGREED

    @property
    def needs(self) -> list[str]:
        """The sides whose OK is missing."""
        return [] if self.closed else [side for side in SIDES if not self.asked.agrees(side)]

    @property
    def first_words(self) -> Version:
        return self.wordings[0].version

    @property
    def clients_words(self) -> Version | None:
        """What the client wrote first, kept as it was written."""
        return next((each.version for each in self.wordings if each.version.side == Side.CLIENT), None)

    def is_alone_of(self, side: str) -> bool:
        """Written by this side, and never agreed by both: then it is theirs to take off the board."""
        yes = [{r.side for r in each.replies if r.answer == Answer.AGREE} for each in self.wordings]
        return self.first_words.side == side and all(len(sides) < len(SIDES) for sides in yes)

    def newest_rating(self, what: str) -> Rating | None:
        return next((rating for rating in reversed(self.ratings) if rating.what == what), None)

    @property
    def progress(self) -> list[Rating]:
        return [rating for rating in self.ratings if rating.what == Rating.What.PROGRESS]


def _held(items: QuerySet[Item]) -> list[Held]:
    """Items with everything about them, in a fixed number of queries."""
    known = items.prefetch_related("versions__replies", "versions__serves", "endings", "ratings")
    return [
        Held(
            item=item,
            wordings=[Wording(version, list(version.replies.all())) for version in item.versions.all()],
            endings=list(item.endings.all()),
            ratings=list(item.ratings.all()),
        )
        for item in known
    ]


def items_of(seen: Seen) -> list[Held]:
    """Everything on the pair's board, closed things included, oldest first. Both people see the same."""
    return _held(seen.pair.agreement_items.all())


def item_of(seen: Seen, code: str) -> Held:
    found = _held(seen.pair.agreement_items.filter(code=code))
    if not found:
        raise NotFound("There is nothing here.")
    return found[0]


def version_of(seen: Seen, code: str) -> tuple[Held, Version]:
    """A wording on this pair's board, with the thing that it words."""
    version = Version.objects.filter(code=code, item__pair=seen.pair).select_related("item").first()
    if version is None:
        raise NotFound("There is nothing here.")
    return item_of(seen, version.item.code), version


def number_of(seen: Seen) -> int:
    """How often the board has changed."""
    return Board.objects.filter(pair=seen.pair).values_list("number", flat=True).first() or 0


def agreed_goals(pair: CarePair) -> list[str]:
    """The goals that both agree on now, as they are worded. For check-in questions, which name them."""
    goals = _held(pair.agreement_items.filter(kind=Item.Kind.GOAL))
    return [held.current.version.words or "" for held in goals if held.agreed]


class Tally(NamedTuple):
    """A board in numbers, for a prep card: nothing of what it says."""

    agreed: int = 0
    needs_client: int = 0
    needs_therapist: int = 0
    doubted: int = 0  # somebody is not sure, or said "not for me"
    again: int = 0  # the client wished to agree anew


def tallies(pairs: Iterable[CarePair]) -> dict[int, Tally]:
    """pair -> its board in numbers, for any number of pairs in the same few queries."""
    mine = list(pairs)
    by_pair: dict[int, list[Held]] = {pair.pk: [] for pair in mine}
    for held in _held(Item.objects.filter(pair__in=mine)):
        by_pair[held.item.pair_id].append(held)
    return {pair: _tally(items) for pair, items in by_pair.items()}


def _tally(items: Collection[Held]) -> Tally:
    open_ones = [held for held in items if not held.closed]
    return Tally(
        agreed=sum(held.agreed for held in open_ones),
        needs_client=sum(held.state == OPEN and Side.CLIENT in held.needs for held in open_ones),
        needs_therapist=sum(held.state == OPEN and Side.THERAPIST in held.needs for held in open_ones),
        doubted=sum(held.state == DOUBTED for held in open_ones),
        again=sum(held.state == AGAIN for held in open_ones),
    )


class Glance(NamedTuple):
    """What an open page needs to know a few times a second."""

    number: int
    here: frozenset[str]  # the sides that have the board open


def here_now(seen: Seen, *, at: datetime) -> frozenset[str]:
    found = Visitor.objects.filter(board__pair=seen.pair, seen_at__gt=at - HERE_FOR)
    return frozenset(found.values_list("side", flat=True))


def glances(looking: Mapping[str, tuple[int, int]], *, at: datetime) -> dict[str, Glance]:
    """key -> (pair, person) becomes key -> what there is, in two queries for all open pages of a process.

    Who may no longer look is left out: the pair has ended, the post has, or the person was switched off.
    """
    pairs = {pair for pair, _ in looking.values()}
    boards = Board.objects.filter(pair__in=pairs).select_related("pair__client", "pair__therapist__user")
    known = {board.pair_id: board for board in boards}
    here: dict[int, set[str]] = {pair: set() for pair in pairs}
    present = Visitor.objects.filter(board__in=known.values(), seen_at__gt=at - HERE_FOR)
    for pair, side in present.values_list("board__pair", "side"):
        here[pair].add(side)
    return {
        key: Glance(known[pair].number, frozenset(here[pair]))
        for key, (pair, person) in looking.items()
        if pair in known and side_of(known[pair].pair, person, on=at.date())
    }
