"""Reads about the queue: a client sees their own wait; whoever leads, or is the named contact, their practice's.

What the practice reads are the wishes that the client agreed to give, the days, and what was offered. No answer to a
check-in, no note, no word of an intake is anywhere near.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.audit.queries import one_for
from accord.records.errors import NotFound
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Post, Practice
from accord.records.practices.queries import practices_where
from accord.records.profiles.models import Profile
from accord.records.profiles.queries import of_practice, offers_of
from accord.records.waiting.asks import unpack
from accord.records.waiting.models import PlaceOffer, Touch, Wait
from accord.science.matching import Assignment, Offer, Proposal, Waiting, assign, meets

SILENT = timedelta(weeks=3)  # without a word from the practice
PACE = timedelta(weeks=12)
FEWEST = 11  # people behind a number that is shown


class Told(NamedTuple):
    """Where somebody stands, honestly: how many are before them now, how many got a place lately."""

    since: datetime
    before: int
    placed_lately: int


class Group(NamedTuple):
    """Of those who waited in one group: how many, of them placed, and how long. None: too few to show."""

    name: str
    people: int | None
    placed: int | None
    weeks: int | None


def _waits() -> QuerySet[Wait]:
    offers = PlaceOffer.objects.select_related("profile__post__user", "by").order_by("-offered_at", "-pk")
    touches = Touch.objects.select_related("by").order_by("-at", "-pk")
    here = CarePair.objects.filter(practice=OuterRef("practice"), client=OuterRef("client"))
    waits = Wait.objects.select_related("client", "practice").annotate(is_client=Exists(here))
    return waits.prefetch_related(Prefetch("offers", queryset=offers), Prefetch("touches", queryset=touches))


def shown_name(wait: Wait) -> str:
    """As it was typed, of somebody whom the practice added and does not know as its client: what name an address has
    elsewhere is not told."""
    known = wait.name is None or wait.is_client  # type: ignore[attr-defined]
    return wait.client.name if known or wait.name is None else wait.name


def queues_of(user: User, *, on: datetime) -> list[Practice]:
    """The practices whose queue somebody looks after."""
    led = practices_where(user, Post.Role.LEAD, on=on.date()) | practices_where(user, Post.Role.CONTACT, on=on.date())
    return list(led.distinct())


def queue(practice: Practice) -> list[Wait]:
    """Urgent on top, then oldest first."""
    return list(_waits().filter(practice=practice, ended_at=None).order_by("-urgency", "since", "pk"))


def wait_for(user: User, code: str, *, at: datetime) -> Wait:
    """One open wait for whoever looks after its queue; a colleague is refused, a stranger finds nothing; tries are
    kept. One that is over is nobody's any more."""
    mine = _waits().filter(practice__in=queues_of(user, on=at))
    wait = one_for(user, mine, code, tried="tried to open a wait", at=at)
    if wait.ended_at is not None:
        raise NotFound(_("There is nothing here."))
    return wait


def open_offer(wait: Wait) -> PlaceOffer | None:
    return next((one for one in wait.offers.all() if one.state == PlaceOffer.State.OPEN), None)


def last_contact(wait: Wait) -> datetime | None:
    """The last word from the practice: a message, a call, an offer."""
    times = [one.at for one in wait.touches.all()] + [one.offered_at for one in wait.offers.all()]
    return max(times, default=None)


def is_silent(wait: Wait, *, at: datetime) -> bool:
    """More than three weeks without a word."""
    return at - (last_contact(wait) or wait.since) > SILENT


def suggestion(practice: Practice, waits: Iterable[Wait], *, at: datetime) -> Assignment:
    """A therapist for everybody who waits and has no offer yet, under capacity. The seed is the day's, so a reload
    shows the same."""
    people = [
        Waiting(one.code, unpack(one.wishes), one.urgency, (at - one.since).days)
        for one in waits
        if open_offer(one) is None
    ]
    return assign(people, offers_of(of_practice(practice, at=at), at=at), seed=practice.pk)


def who_would(wait: Wait, offers: Iterable[Offer]) -> list[str]:
    """Whoever meets every must-have, with a place or without, confirmed or not: their ids."""
    musts = unpack(wait.wishes).musts
    return [offer.id for offer in offers if all(meets(wish, offer) for wish in musts)]


def line_behind(proposals: Iterable[Proposal], offer: str, *, first: str) -> list[str]:
    """Who else fits the same therapist, in order of the queue: they get the place if the first does not want it."""
    fitting = [
        one.client
        for one in proposals
        if one.client != first and (one.offer == offer or any(other.offer == offer for other in one.others))
    ]
    return fitting[:3]


def profiles_by_code(practice: Practice, *, at: datetime) -> Mapping[str, Profile]:
    return {one.code: one for one in of_practice(practice, at=at)}


def own_waits(user: User) -> QuerySet[Wait]:
    """A client's own, the open ones."""
    return _waits().filter(client=user, ended_at=None).order_by("since")


def own_offer(user: User, code: str) -> PlaceOffer:
    offer = (
        PlaceOffer.objects.select_related("wait", "place__profile__post").filter(code=code, wait__client=user).first()
    )
    if offer is None:
        raise NotFound("There is nothing here.")
    return offer


def own_wait(user: User, code: str) -> Wait:
    wait = own_waits(user).filter(code=code).first()
    if wait is None:
        raise NotFound("There is nothing here.")
    return wait


def told(wait: Wait, *, at: datetime) -> Told:
    first = Q(urgency__gt=wait.urgency) | Q(urgency=wait.urgency, since__lt=wait.since)
    before = Wait.objects.filter(first, practice=wait.practice_id, ended_at=None).exclude(pk=wait.pk).count()
    lately = Wait.objects.filter(practice=wait.practice_id, ended=Wait.End.PLACED, ended_at__gt=at - PACE).count()
    return Told(wait.since, before, lately)


def newest_waits(practice: Practice) -> datetime | None:
    found: datetime | None = Wait.objects.filter(practice=practice).aggregate(newest=Max("since"))["newest"]
    return found


def fairness(practice: Practice, *, at: datetime) -> list[Group]:
    """Half a year of waits: all, by urgency, by the language asked for. Fewer than eleven in a group are not shown."""
    recent = Wait.objects.filter(practice=practice).filter(Q(ended_at=None) | Q(ended_at__gt=at - timedelta(weeks=26)))
    groups: dict[str, list[Wait]] = {"all": []}
    for one in recent:
        for name in ("all", f"urgency:{one.urgency}", *_languages(one)):
            groups.setdefault(name, []).append(one)
    return [_group(name, waits, at=at) for name, waits in sorted(groups.items())]


def _languages(wait: Wait) -> list[str]:
    asked = unpack(wait.wishes)
    wishes = [*asked.musts, *(wish for wish, _strength in asked.nice)]
    return sorted({token for wish in wishes for token in wish.any_of if token.startswith("language:")})


def _group(name: str, waits: list[Wait], *, at: datetime) -> Group:
    placed = [one for one in waits if one.ended == Wait.End.PLACED]
    if len(waits) < FEWEST or len(placed) < FEWEST:
        return Group(name, None, None, None)
    weeks = median(((one.ended_at or at) - one.since).days / 7 for one in placed)
    return Group(name, 5 * round(len(waits) / 5), 5 * round(len(placed) / 5), round(weeks))
