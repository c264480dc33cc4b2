"""A place for one person, for some days: taken, declined, or passed on to the next in line. Each step has its time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.errors import NotAllowed, Refused, StateMoved
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Post
from accord.records.practices.queries import posts_of
from accord.records.profiles.models import Place, Profile
from accord.records.profiles.places import begin_in_place, release_place, take_place
from accord.records.waiting.ending import end_wait, hold_wait
from accord.records.waiting.models import PlaceOffer, Wait

LEAST_DAYS, MOST_DAYS = 1, 14
State = PlaceOffer.State


@transaction.atomic
def offer_place(
    wait: Wait, profile: Profile, *, by: User, at: datetime, days: int = 3, line: Sequence[str] = ()
) -> PlaceOffer:
    """The place is taken for them now, so that the offer is true. line: who gets it next, as a person decided."""
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise Refused(_("Between 1 and 14 days to answer."))
    if wait.practice_id != profile.practice_id:
        raise NotAllowed(_("This is not for you."))
    if hold_wait(wait) is None:
        raise StateMoved(_("This person is not on the list any more."))
    place = take_place(profile, by=by, at=at, client=wait.client)
    try:
        with transaction.atomic():
            return _offer(wait, place, by=by, at=at, days=days, line=[code for code in line if code != wait.code])
    except IntegrityError:
        raise StateMoved(_("A place is offered to this person already.")) from None


def _offer(wait: Wait, place: Place, *, by: User | None, at: datetime, days: int, line: Sequence[str]) -> PlaceOffer:
    fields = {"practice_id": wait.practice_id, "profile_id": place.profile_id, "days": days, "line": list(line)}
    offer = PlaceOffer.objects.create(
        **fields, wait=wait, place=place, by=by, offered_at=at, reply_by=at + timedelta(days=days)
    )
    record(by, "place offered", offer, at=at)
    return offer


@transaction.atomic
def accept_place(offer: PlaceOffer, *, by: User, at: datetime) -> CarePair:
    """The two begin to work together; the wait is over."""
    _refuse_others(offer, by)
    _close(offer, State.TAKEN, at=at, in_time=True)
    end_wait(offer.wait, Wait.End.PLACED, at=at)
    record(by, "place accepted", offer, at=at)
    try:
        with transaction.atomic():
            return begin_in_place(offer.place, by, by=by, at=at)
    except IntegrityError as error:
        raise Refused(_("You two work together already.")) from error


@transaction.atomic
def decline_place(offer: PlaceOffer, *, by: User, at: datetime) -> None:
    """No reason is asked; they stay on the list, where they were."""
    _refuse_others(offer, by)
    _close(offer, State.DECLINED, at=at, in_time=True)
    record(by, "place declined", offer, at=at)
    _hand_on(offer, at=at)


@transaction.atomic
def withdraw_offer(offer: PlaceOffer, *, by: User, at: datetime) -> None:
    """By the practice, while it is open. The place is free again."""
    _close(offer, State.WITHDRAWN, at=at)
    record(by, "offer withdrawn", offer, at=at)
    release_place(offer.place, by=by, at=at)


@transaction.atomic
def pass_on(offer: PlaceOffer, *, at: datetime) -> PlaceOffer | None:
    """The time is over: the next in line, or free again."""
    _close(offer, State.PASSED, at=at)
    record(None, "offer passed on", offer, at=at)
    return _hand_on(offer, at=at)


def _refuse_others(offer: PlaceOffer, by: User) -> None:
    if offer.wait.client_id != by.pk:
        raise NotAllowed(_("Only the client can do this."))


def _close(offer: PlaceOffer, state: str, *, at: datetime, in_time: bool = False) -> None:
    open_one = PlaceOffer.objects.filter(pk=offer.pk, state=State.OPEN)
    due = open_one.filter(reply_by__gt=at) if in_time else open_one
    if not due.update(state=state, closed_at=at):
        raise StateMoved(_("The time for this is over, or it was answered before. You are still on the list."))


def _hand_on(offer: PlaceOffer, *, at: datetime) -> PlaceOffer | None:
    """The same place to the first in line who waits and has no other offer; free, where its therapist has left."""
    line = Wait.objects.filter(code__in=offer.line, ended_at=None).select_for_update().order_by("pk")
    waiting = {one.code: one for one in line} if _lasts(offer.profile.post, at=at) else {}
    busy = set(
        PlaceOffer.objects.filter(wait__in=waiting.values(), state=State.OPEN).values_list("wait__code", flat=True)
    )
    for turn, code in enumerate(offer.line):
        if code in waiting and code not in busy:
            Place.objects.filter(pk=offer.place_id).update(client=waiting[code].client_id)
            return _offer(waiting[code], offer.place, by=None, at=at, days=offer.days, line=offer.line[turn + 1 :])
    release_place(offer.place, by=None, at=at)
    return None


def _lasts(post: Post, *, at: datetime) -> bool:
    return posts_of(post.user, on=at.date()).filter(pk=post.pk).exists()


@transaction.atomic
def see_offer(offer: PlaceOffer, *, by: User, at: datetime) -> None:
    _refuse_others(offer, by)
    PlaceOffer.objects.filter(pk=offer.pk, seen_at=None).update(seen_at=at)
