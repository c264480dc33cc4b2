"""Writes about waiting: joining, leaving, being in touch, how urgent it is."""

from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.digits import numeral
from accord.records.errors import NotAllowed, Refused, StateMoved
from accord.records.practices.models import Practice
from accord.records.practices.queries import is_or_was_colleague
from accord.records.profiles.letters import tell_something_waits
from accord.records.waiting.asks import pack
from accord.records.waiting.ending import end_wait, has_offer, hold_wait
from accord.records.waiting.models import Touch, Wait
from accord.science.matching import Asked

LONGEST = 1500


class Said(NamedTuple):
    """What is said beside the wishes: how soon they need a place, a phone number or the like, and what name
    whoever adds somebody else typed."""

    urgency: int = Wait.Urgency.USUAL
    reach: str = ""
    name: str = ""


NOTHING_SAID = Said()


@transaction.atomic
def join_list(
    practice: Practice, client: User, asked: Asked, *, by: User, at: datetime, said: Said = NOTHING_SAID
) -> Wait:
    """A client goes on the list, with the wishes that they agreed to give. On it already, it stays as it is."""
    if said.urgency not in Wait.Urgency.values:
        raise Refused(_("Choose one of the answers."))
    wait = Wait(practice=practice, client=client, since=at, urgency=said.urgency, wishes=pack(asked))
    wait.reach, wait.name = said.reach.strip() or None, said.name.strip() or None
    try:
        with transaction.atomic():
            wait.save(force_insert=True)
    except IntegrityError:
        return _on_it_already(practice, client, by=by)
    record(by, "joined the waiting list", wait, at=at)
    return wait


def _on_it_already(practice: Practice, client: User, *, by: User) -> Wait:
    """Whoever asks for themselves gives the practice their own name."""
    held = Wait.objects.filter(practice=practice, client=client, ended_at=None)
    if by == client:
        held.update(name=None)
    return held.get()


@transaction.atomic
def add_person(practice: Practice, asked: Asked, *, name: str, email: str, by: User, at: datetime) -> Wait:
    """Somebody rang or wrote: they are on the list from now on, with what they agreed to give, by the name that was
    typed. Nothing here tells whether the address is known, or whose it is."""
    client = _by_address(email) or _new_client(practice, name, email)
    if not client.is_active or is_or_was_colleague(client, practice, on=at.date()):
        raise _not_this_address()
    return join_list(practice, client, asked, by=by, at=at, said=Said(name=name))


def _by_address(email: str) -> User | None:
    return User.objects.filter(email__iexact=email.strip()).first()


def _new_client(practice: Practice, name: str, email: str) -> User:
    """Two who add the same person at once add one."""
    try:
        with transaction.atomic():
            return User.objects.create_user(email.strip(), name, zone=practice.zone)
    except IntegrityError:
        found = _by_address(email)
        if found is None:
            raise _not_this_address() from None
        return found


def _not_this_address() -> Refused:
    return Refused(_("Nobody can be put on the list with this mail address. Ask them for another one."))


@transaction.atomic
def leave_list(wait: Wait, *, by: User, at: datetime) -> None:
    """The client's own choice, at any time. An open offer is answered first."""
    if wait.client_id != by.pk:
        raise NotAllowed(_("Only the client can do this."))
    hold_wait(wait)
    if has_offer(wait):
        raise Refused(_("A place is kept for you. Answer that first, please."))
    if not end_wait(wait, Wait.End.LEFT, at=at):
        raise StateMoved(_("You are not on this list any more."))
    record(by, "left the waiting list", wait, at=at)


@transaction.atomic
def set_urgency(wait: Wait, urgency: int, *, by: User, at: datetime) -> None:
    """A person says so, never a number."""
    if urgency not in Wait.Urgency.values:
        raise Refused(_("Choose one of the answers."))
    if Wait.objects.filter(pk=wait.pk, ended_at=None).update(urgency=urgency):
        record(by, "urgency set", wait, at=at, urgency=urgency)


@transaction.atomic
def send_message(wait: Wait, words: str, *, by: User, at: datetime, address: str) -> Touch:
    """It stands on the client's page; one neutral mail says that something is there."""
    text = words.strip()
    if not text or len(text) > LONGEST:
        raise Refused(_("Write something, at most %(most)s characters.") % {"most": numeral(LONGEST)})
    touch = _touch(wait, text, by=by, at=at)
    tell_something_waits(wait.client, at=at, address=address)
    return touch


@transaction.atomic
def note_contact(wait: Wait, *, by: User, at: datetime) -> Touch:
    """ "We spoke": the day is kept, not what was said."""
    return _touch(wait, None, by=by, at=at)


def _touch(wait: Wait, text: str | None, *, by: User, at: datetime) -> Touch:
    if not Wait.objects.filter(pk=wait.pk, ended_at=None).exists():
        raise StateMoved(_("This person is not on the list any more."))
    touch = Touch.objects.create(practice_id=wait.practice_id, wait=wait, at=at, by=by, words=text)
    record(by, "was in touch with a waiting person", touch, at=at)
    return touch
