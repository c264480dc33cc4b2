"""Every read about a pair starts here, from who is looking."""

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.audit.queries import turned_away
from accord.records.errors import NotAllowed, NotFound
from accord.records.pairs.models import CarePair
from accord.records.practices.queries import posts_of


class Seen(NamedTuple):
    """A pair, as seen by one of its two people."""

    pair: CarePair
    viewer: User
    side: str  # "client" or "therapist"


def _with_people() -> QuerySet[CarePair]:
    return CarePair.objects.select_related("client", "therapist__user", "practice")


def pairs_of_client(client: User) -> QuerySet[CarePair]:
    """A client keeps their own history, ended pairs included."""
    return _with_people().filter(client=client).order_by(F("ended_on").asc(nulls_first=True), "-started_on", "-pk")


def caseload(user: User, *, at: datetime) -> QuerySet[CarePair]:
    """The open pairs of a therapist. An ended pair, or an ended post, is not among them."""
    posts = posts_of(user, on=at.date()).filter(role="therapist")
    return _with_people().filter(therapist__in=posts, ended_on=None).order_by("client__name")


def goes_on(pair: CarePair, *, on: date) -> bool:
    """Whether its therapist can still see it: what a client sends to a pair that has ended reaches nobody."""
    return pair.ended_on is None and pair.therapist.is_held(on=on)


def pairs_that_go_on(*, on: date) -> QuerySet[CarePair]:
    """The same in the database."""
    held = Q(therapist__until=None) | Q(therapist__until__gt=on)
    return CarePair.objects.filter(held, ended_on=None, therapist__user__is_active=True)


def side_of(pair: CarePair, person: int, *, on: date) -> str:
    """Which of the two somebody is: "client", "therapist" while pair and post last, or neither ("").

    The pair comes with its people: one look at a pair is one query.
    """
    post = pair.therapist
    if pair.client_id == person:
        return "client" if pair.client.is_active else ""
    return "therapist" if post.user_id == person and goes_on(pair, on=on) else ""


def confirm_side(by: Seen, *, at: datetime) -> None:
    """For every write that belongs to one side: whose side it is stands in the pair, whatever the caller says."""
    if not by.side or side_of(by.pair, by.viewer.pk, on=at.date()) != by.side:
        raise NotAllowed(_("You cannot sign for somebody else."))


def seen_by(user: User, code: str, *, at: datetime) -> Seen:
    """The pair for one of its two people. A colleague gets NotAllowed, a stranger NotFound; both tries are kept."""
    pair = _with_people().filter(code=code).first()
    if pair is None:
        raise NotFound("There is nothing here.")
    side = side_of(pair, user.pk, on=at.date())
    if side:
        return Seen(pair, user, side)
    raise turned_away(user, pair, tried="tried to open a pair", at=at)


def as_client(user: User, code: str, *, at: datetime) -> Seen:
    """The pair for its client; for its therapist it is the wrong door."""
    seen = seen_by(user, code, at=at)
    if seen.side != "client":
        raise NotAllowed("Only the client can do this.")
    return seen


def as_therapist(user: User, code: str, *, at: datetime) -> Seen:
    """The pair for its therapist; for its client it is the wrong door."""
    seen = seen_by(user, code, at=at)
    if seen.side != "therapist":
        raise NotAllowed("Only the therapist can do this.")
    return seen
