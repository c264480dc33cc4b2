"""Writes of somebody who looks: ask one person for a free first call, take it back, choose a time."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accord.records.accounts.actions import send_notice
from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.digits import numeral
from accord.records.errors import Refused, StateMoved
from accord.records.matching.models import Enquiry, Search
from accord.records.matching.queries import answers_of, open_enquiries
from accord.records.matching.searching import LIFE, WITHOUT_WORDS, claim
from accord.records.pairs.models import CarePair
from accord.records.profiles.models import Profile
from accord.records.profiles.queries import places_of

WORKING_DAYS = 2
MOST_OPEN = 3  # at once: enough to choose from, and nobody is asked for nothing
LONGEST = {"name": 80, "reach": 200, "address": 254, "words": 600}
SEALED = ("name", "reach", "address", "words")
WAITS = ("Something is waiting for you", "Hello,\n\nsomething is waiting for you.\n")


def reply_by(at: datetime, zone: str) -> datetime:
    """Two working days later, at the same time on the wall. Asked at the weekend, Monday is the first of them."""
    here, left = at.astimezone(ZoneInfo(zone)), WORKING_DAYS
    while left:
        here += timedelta(days=1)
        left -= here.weekday() < 5
    return here


def check_contact(contact: Mapping[str, str]) -> dict[str, str]:
    """As it is sent. Raises Refused in the words of the page, naming the field."""
    found = {name: contact.get(name, "").strip() for name in SEALED} | {"tells": contact.get("tells", "")}
    for name, most in LONGEST.items():
        if len(found[name]) > most:
            raise Refused(_("This is too long: at most %(most)s characters fit.") % {"most": numeral(most)})
    if not found["name"]:
        raise Refused(_("Say what you would like to be called."))
    if not found["reach"] and not found["address"]:
        raise Refused(_("Give a phone number or a mail address, so that somebody can answer you."))
    if found["address"]:
        check_address(found["address"])
    if found["tells"] not in {"yes", "no"}:
        raise Refused(_("Choose if your answers go with it."))
    return found


def check_address(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused(_("This mail address looks wrong. It has the form name@example.com.")) from error
    return address


@transaction.atomic
def send_enquiry(
    search: Search,
    profile: Profile,
    contact: Mapping[str, str],
    *,
    by: User | None,
    at: datetime,
    from_pair: CarePair | None = None,
) -> Enquiry:
    """What was previewed goes to this one person. A second press finds the same enquiry."""
    sent = check_contact(contact)
    held = claim(search)
    open_now = list(open_enquiries(held))
    there = next((one for one in open_now if one.to_id == profile.post_id), None)
    if there is not None:
        return there
    if len(open_now) >= MOST_OPEN:
        raise Refused(_("You have asked three people. Wait for an answer, or take one back first."))
    if not places_of(profile):
        raise Refused(_("There is no free place any more. Nothing was sent."))
    enquiry = Enquiry(
        practice_id=profile.practice_id,
        search=held,
        to=profile.post,
        from_pair=from_pair,
        answers=json.dumps(answers_of(held), ensure_ascii=False) if sent["tells"] == "yes" else None,
        sent_at=at,
        reply_by=reply_by(at, profile.post.user.zone),
        **{name: sent[name] or None for name in SEALED},
    )
    enquiry.save(force_insert=True)
    Search.objects.filter(pk=held.pk).update(expires_at=at + LIFE, client=held.client or by)
    send_notice(profile.post.user, *WAITS, at=at)
    record(by, "enquiry sent", enquiry, at=at)
    return enquiry


@transaction.atomic
def withdraw(enquiry: Enquiry, *, by: User | None, at: datetime) -> None:
    """Any time until they start. What was sent is gone from the other's page."""
    change: dict[str, Any] = {"state": Enquiry.State.WITHDRAWN, "over_at": at, **WITHOUT_WORDS}
    move_on(enquiry, Enquiry.OPEN, change, by=by, at=at, verb="enquiry withdrawn")


@transaction.atomic
def choose_time(enquiry: Enquiry, moment: datetime, *, by: User | None, at: datetime) -> None:
    """One of the times that were offered, and that is still to come."""
    if moment.isoformat() not in enquiry.times:
        raise Refused(_("This time is not among those that were offered."))
    if moment <= at:
        raise Refused(_("This time is over. Choose one that is still to come."))
    change = {"state": Enquiry.State.BOOKED, "call_at": moment}
    same = Enquiry.objects.filter(pk=enquiry.pk, times=enquiry.times)
    if not same.exists():
        raise StateMoved(_("The times have changed. Look again."))
    move_on(enquiry, (Enquiry.State.OFFERED,), change, by=by, at=at, verb="call booked")
    send_notice(enquiry.to.user, *WAITS, at=at)


@transaction.atomic
def ask_other_times(enquiry: Enquiry, *, by: User | None, at: datetime) -> None:
    """None of them fits: the therapist owes an answer again, with a new time to give it."""
    again: dict[str, Any] = {
        "state": Enquiry.State.SENT,
        "times": [],
        "call_at": None,
        "call_how": None,
        "answered_at": None,
    }
    change = again | {"reply_by": reply_by(at, enquiry.to.user.zone)}
    move_on(enquiry, Enquiry.AGREED, change, by=by, at=at, verb="other times asked for")
    send_notice(enquiry.to.user, *WAITS, at=at)


def hold_search(enquiry: Enquiry) -> None:
    """Until the end of the transaction, and before any of its enquiries: whoever clears it takes them in this order."""
    if enquiry.search_id is not None:
        list(Search.objects.select_for_update().filter(pk=enquiry.search_id).values_list("pk"))


def move_on(
    enquiry: Enquiry, states: tuple[str, ...], change: dict[str, Any], *, by: User | None, at: datetime, verb: str
) -> None:
    """One conditional UPDATE: only from the states that this step starts from."""
    hold_search(enquiry)
    if not Enquiry.objects.filter(pk=enquiry.pk, state__in=states).update(**change):
        raise StateMoved(_("Something has changed in the meantime. Look again."))
    record(by, verb, enquiry, at=at)
    enquiry.refresh_from_db()
    lives = max(at, enquiry.call_at or at) + LIFE
    Search.objects.filter(enquiries=enquiry, expires_at__lt=lives).update(expires_at=lives)
