"""Writes of the therapist who was asked: seen, a yes with times, a no without a reason, a start; and no answer."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.accounts.queries import client_by_email
from accord.records.audit.actions import record, record_read
from accord.records.errors import Refused, StateMoved
from accord.records.matching.clients import client_of, welcome
from accord.records.matching.enquiring import hold_search, move_on
from accord.records.matching.letters import BACK, NEWS, write_letter
from accord.records.matching.models import Enquiry, Search
from accord.records.matching.queries import contact_of
from accord.records.matching.searching import WITHOUT_WORDS, close_all
from accord.records.one_by_one import one_by_one
from accord.records.pairs.models import CarePair
from accord.records.profiles.models import Profile
from accord.records.profiles.places import begin_in_place, take_place

MOST_TIMES, LONGEST_HOW = 3, 300
State = Enquiry.State


@transaction.atomic
def see(enquiry: Enquiry, *, by: User, at: datetime) -> None:
    """Opening it is reading it: the one who asked is told."""
    if Enquiry.objects.filter(pk=enquiry.pk, state=State.SENT).update(state=State.SEEN, seen_at=at):
        enquiry.refresh_from_db()
    record_read(by, "opened an enquiry", enquiry, at=at)


@transaction.atomic
def offer_call(enquiry: Enquiry, times: Sequence[datetime], *, how: str, by: User, at: datetime, link_url: str) -> None:
    """Yes to a first call, at one of up to three times, and how it takes place."""
    moments = sorted(set(times))
    if not 1 <= len(moments) <= MOST_TIMES or moments[0] <= at:
        raise Refused(_("Offer one to three times that are still to come."))
    if not how.strip() or len(how.strip()) > LONGEST_HOW:
        raise Refused(_("Say in a few words how the call takes place."))
    sealed = Enquiry._meta.get_field("call_how").sealed_for(enquiry, how.strip())
    change = {"state": State.OFFERED, "times": [one.isoformat() for one in moments], "answered_at": at}
    move_on(enquiry, Enquiry.OWED, {**change, "call_how": sealed}, by=by, at=at, verb="call offered")
    _tell(enquiry, at=at, link_url=link_url)


@transaction.atomic
def decline(enquiry: Enquiry, *, by: User, at: datetime, link_url: str) -> None:
    """No reason owed. What was sent is gone; the one who asked sees who comes next."""
    change: dict[str, Any] = {"state": State.DECLINED, "answered_at": at, "over_at": at, **WITHOUT_WORDS}
    move_on(enquiry, Enquiry.OPEN, change, by=by, at=at, verb="enquiry declined")
    _tell(enquiry, at=at, link_url=link_url)


def pass_over(now: datetime, *, link_url: str) -> int:
    """No answer in time: the one who asked is told, and need not enter anything again."""
    late = Enquiry.objects.filter(state__in=Enquiry.OWED, reply_by__lte=now).select_related("search")
    return one_by_one(late.order_by("reply_by")[:500], partial(_pass_over, at=now, link_url=link_url))


@transaction.atomic
def _pass_over(enquiry: Enquiry, *, at: datetime, link_url: str) -> bool:
    hold_search(enquiry)
    late = Enquiry.objects.filter(pk=enquiry.pk, state__in=Enquiry.OWED, reply_by__lte=at)
    if not late.update(state=State.EXPIRED, over_at=at, **WITHOUT_WORDS):
        return False
    record(None, "enquiry ran out", enquiry, at=at)
    _tell(enquiry, at=at, link_url=link_url)
    return True


def _tell(enquiry: Enquiry, *, at: datetime, link_url: str) -> None:
    if enquiry.search is not None:
        write_letter(enquiry.search, NEWS, at=at, link_url=link_url)


def start(enquiry: Enquiry, address: str, *, by: User, at: datetime, urls: tuple[str, str]) -> CarePair:
    """The two agreed on it: the place is taken, the person gets a page of their own.

    urls: where a client signs in, and the link back to a search. Whose address is known here already must first have
    opened a mail that went there; what refuses this is the same for every such address.
    """
    known = client_by_email(address)
    search = Search.objects.filter(enquiries=enquiry).first()  # after: a start of a moment ago tells of both
    if known is not None and _must_prove(search, known, address):
        if search is not None:
            write_letter(search, BACK, at=at, link_url=urls[1])
        raise Refused(_("They have to open the link in our mail once. It was sent; then you can confirm the start."))
    return _start(enquiry, address, by=by, at=at, sign_in=urls[0])


def _must_prove(search: Search | None, known: User, address: str) -> bool:
    if search is not None and search.client_id == known.pk:
        return False
    same = search is not None and contact_of(search).get("address", "").lower() == address.strip().lower()
    return not same or search is None or search.proved_at is None


@transaction.atomic
def _start(enquiry: Enquiry, address: str, *, by: User, at: datetime, sign_in: str) -> CarePair:
    hold_search(enquiry)
    held = Enquiry.objects.select_for_update(of=("self",)).select_related("to__user").get(pk=enquiry.pk)
    if held.state not in (State.SEEN, *Enquiry.AGREED):
        raise StateMoved(_("Something has changed in the meantime. Look again."))
    client = _client_of(held, address, at=at)
    place = take_place(Profile.objects.select_related("post__user", "practice").get(post=held.to), by=by, at=at)
    try:
        with transaction.atomic():
            pair = begin_in_place(place, client, by=by, at=at)
    except IntegrityError as error:
        raise Refused(_("You two work together already.")) from error
    change = {"state": State.STARTED, "over_at": at, "pair": pair}
    move_on(held, (State.SEEN, *Enquiry.AGREED), change, by=by, at=at, verb="enquiry became a start")
    if held.search is not None:
        Search.objects.filter(pk=held.search.pk).update(client=client)
        close_all(held.search, at=at, but=held.pk)
    welcome(client, sign_in, at=at)
    return pair


def _client_of(enquiry: Enquiry, address: str, *, at: datetime) -> User:
    language = enquiry.search.language if enquiry.search is not None else ""
    return client_of(address, enquiry.practice, name=enquiry.name or "", language=language, at=at)
