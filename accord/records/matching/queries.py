"""Reads about the fit. Nearly all are the client's own; a wish to meet someone else is the named contact's, too."""

from datetime import datetime

from django.db.models import F, QuerySet

from accord.records.accounts.models import User
from accord.records.agreements.models import Item
from accord.records.agreements.queries import AGREED, items_of
from accord.records.audit.actions import record_denial
from accord.records.errors import NotAllowed, NotFound
from accord.records.matching.models import FitCheck, MeetWish, WayWish
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen
from accord.records.practices.models import Post
from accord.records.practices.queries import posts_of, practices_where
from accord.records.ruptures.models import Note

CONTACT = Post.Role.CONTACT


def newest_fit(seen: Seen) -> FitCheck | None:
    """The client's newest one: waiting, half done or finished."""
    return FitCheck.objects.filter(about=seen.pair).order_by("-pk").first() if seen.side == "client" else None


def way_draft(seen: Seen) -> WayWish | None:
    return WayWish.objects.filter(about=seen.pair, note=None).first() if seen.side == "client" else None


def way_notes(seen: Seen) -> QuerySet[Note]:
    """What the client sent about the way to work, newest first. Both sides may see it."""
    sent = Note.objects.filter(pair=seen.pair, way_wish__isnull=False, state=Note.State.SENT)
    return sent.select_related("pair__client", "episode").order_by("-sent_at")


def is_way_wish(note: Note) -> bool:
    return WayWish.objects.filter(note=note).exists()


def agreed_tasks(seen: Seen) -> int:
    """How many tasks the two agree on now."""
    return sum(held.item.kind == Item.Kind.TASK and held.state == AGREED for held in items_of(seen))


def newest_meet(seen: Seen) -> MeetWish | None:
    """The client's newest wish: being written, sent, answered or taken back."""
    mine = MeetWish.objects.filter(about=seen.pair, client=seen.viewer) if seen.side == "client" else None
    return mine.select_related("answered_by").order_by("-pk").first() if mine is not None else None


def wishes_for(user: User, *, at: datetime) -> QuerySet[MeetWish]:
    """What a named contact answers for: waiting first, then the newest. Never one about their own work."""
    practices = practices_where(user, CONTACT, on=at.date())
    found = MeetWish.objects.filter(practice__in=practices, sent_at__isnull=False, taken_back_at=None)
    own_clients = CarePair.objects.filter(therapist__user=user).values("client")
    mine = found.exclude(client__in=own_clients).exclude(client=user)
    return mine.select_related("client", "answered_by", "practice", "about__therapist__user").order_by(
        F("answered_at").asc(nulls_first=True), "-sent_at"
    )


def wish_for(user: User, code: str, *, at: datetime) -> MeetWish:
    """One wish for a named contact; a colleague is refused, a stranger finds nothing; both tries are kept."""
    wish = MeetWish.objects.filter(code=code).first()
    if wish is None:
        raise NotFound("There is nothing here.")
    mine = wishes_for(user, at=at).filter(pk=wish.pk).first()
    if mine is not None:
        return mine
    record_denial(user, "tried to open a wish", wish, at=at)
    if posts_of(user, on=at.date()).filter(practice=wish.practice_id).exists():
        raise NotAllowed("This is not for you.")
    raise NotFound("There is nothing here.")
