"""Whoever was asked and works here no more: nobody goes on waiting for them, and who waited is told."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q

from accord.records.accounts.actions import send_notice
from accord.records.audit.actions import record
from accord.records.matching.enquiring import WAITS, hold_search
from accord.records.matching.letters import NEWS, write_letter
from accord.records.matching.models import Enquiry, Move
from accord.records.matching.moving import bring_back
from accord.records.matching.moving_queries import WAITING
from accord.records.matching.searching import WITHOUT_WORDS
from accord.records.one_by_one import one_by_one


def _left(post: str, now: datetime) -> Q:
    return Q(**{f"{post}__until__lte": now.date()}) | Q(**{f"{post}__user__is_active": False})


def bring_moves_back(now: datetime) -> int:
    """To the client, who keeps what they wrote and sees who else is open."""
    theirs = Move.objects.filter(WAITING, _left("to__post", now)).select_related("client", "to__post__user", "place")
    return one_by_one(theirs.order_by("pk")[:200], partial(_bring_back, now=now))


@transaction.atomic
def _bring_back(move: Move, now: datetime) -> None:
    bring_back(move, (move.state,), at=now, by=None, verb="move brought back")
    send_notice(move.client, *WAITS, at=now)


def end_enquiries(now: datetime, *, link_url: str) -> int:
    """Asked, agreed or booked: as a no, and the letter leads to who comes next."""
    theirs = Enquiry.objects.filter(_left("to", now), state__in=Enquiry.OPEN).select_related("search")
    return one_by_one(theirs.order_by("pk")[:500], partial(_end, at=now, link_url=link_url))


@transaction.atomic
def _end(enquiry: Enquiry, *, at: datetime, link_url: str) -> bool:
    hold_search(enquiry)
    over: dict[str, Any] = {"state": Enquiry.State.DECLINED, "over_at": at, **WITHOUT_WORDS}
    if not Enquiry.objects.filter(pk=enquiry.pk, state__in=Enquiry.OPEN).update(**over):
        return False
    record(None, "enquiry ended with the post", enquiry, at=at)
    if enquiry.search is not None:
        write_letter(enquiry.search, NEWS, at=at, link_url=link_url)
    return True
