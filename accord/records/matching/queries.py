"""Reads about the fit. Nearly all are the client's own; a wish to meet someone else is the named contact's, too."""

import json
from datetime import datetime
from typing import NamedTuple

from django.db.models import Case, F, QuerySet, When

from accord.records.accounts.models import User
from accord.records.agreements.models import Item
from accord.records.agreements.queries import AGREED, items_of
from accord.records.audit.queries import one_for
from accord.records.errors import NotFound
from accord.records.matching.models import Enquiry, FitCheck, Letter, MeetWish, Search, WayWish
from accord.records.matching.wishes import BY_SLUG, Answers
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
    return one_for(user, wishes_for(user, at=at), code, tried="tried to open a wish", at=at)


def search_by(code: str, *, at: datetime) -> Search | None:
    """The search of whoever holds its code; none where it was cleared, or its time is over."""
    found = Search.objects.filter(code=code).select_related("client").first() if code else None
    return found if found is not None and (found.expires_at > at or owed_to(found).exists()) else None


def newest_search_of(client: User, *, at: datetime) -> Search | None:
    """On another device, signed in: the search that is theirs."""
    found = Search.objects.filter(client=client).order_by("-begun_at").first()
    return search_by(found.code, at=at) if found is not None else None


def answers_of(search: Search | None) -> Answers:
    """Question → what was given, of what is still asked."""
    held: Answers = json.loads((search.answers if search else None) or "{}")
    return {slug: given for slug, given in held.items() if slug in BY_SLUG}


def questions_of(search: Search | None) -> list[str]:
    kept: list[str] = json.loads((search.questions if search else None) or "[]")
    return kept


def contact_of(search: Search | None) -> dict[str, str]:
    typed: dict[str, str] = json.loads((search.contact if search else None) or "{}")
    return typed


def open_enquiries(search: Search) -> QuerySet[Enquiry]:
    return Enquiry.objects.filter(search=search, state__in=Enquiry.OPEN)


def owed_to(search: Search) -> QuerySet[Enquiry]:
    """What somebody still has to answer; a job ends each of them in time."""
    return Enquiry.objects.filter(search=search, state__in=Enquiry.OWED)


def enquiries_of(search: Search | None) -> QuerySet[Enquiry]:
    """Everything this search asked of anybody, newest first."""
    mine = Enquiry.objects.filter(search=search) if search is not None else Enquiry.objects.none()
    return mine.select_related("to__user", "practice", "search").order_by("-sent_at", "-pk")


def enquiry_of(search: Search | None, code: str) -> Enquiry:
    """One of them; for anybody who holds another search, or none, there is nothing."""
    found = enquiries_of(search).filter(code=code).first()
    if found is None:
        raise NotFound("There is nothing here.")
    return found


def enquiries_for(user: User, *, at: datetime) -> QuerySet[Enquiry]:
    """What a therapist was asked: what they owe an answer first, the rest by when it was sent."""
    posts = posts_of(user, on=at.date()).filter(role=Post.Role.THERAPIST)
    mine = Enquiry.objects.filter(to__in=posts).select_related("to__user", "practice", "search")
    owed = Case(When(state__in=Enquiry.OWED, then=0), When(state__in=Enquiry.AGREED, then=1), default=2)
    return mine.order_by(owed, "reply_by", "-pk")


def enquiry_for(user: User, code: str, *, at: datetime) -> Enquiry:
    """One, for the therapist who was asked; a colleague is refused, a stranger finds nothing; both tries are kept."""
    return one_for(user, enquiries_for(user, at=at), code, tried="tried to open an enquiry", at=at)


def told_in(enquiry: Enquiry) -> Answers:
    """The answers that went along, if they did and if they are still there."""
    held: Answers = json.loads(enquiry.answers or "{}")
    return {slug: given for slug, given in held.items() if slug in BY_SLUG}


def owed_by(user: User, *, at: datetime) -> int:
    """How many wait for this therapist's answer."""
    return enquiries_for(user, at=at).filter(state__in=Enquiry.OWED).count()


class Told(NamedTuple):
    """What a client told when they asked for the first call: an intake does not ask it again."""

    name: str
    reach: str
    language: str
    answers: Answers


def told_by(seen: Seen) -> Told | None:
    """By the enquiry that became this pair; both of the two may know it."""
    enquiry = Enquiry.objects.filter(pair=seen.pair).select_related("search").first()
    if enquiry is None:
        return None
    language = seen.pair.client.language
    return Told(enquiry.name or "", enquiry.reach or "", language, told_in(enquiry))


def told_to(client: User, therapist: Post) -> Answers:
    """What a client's own enquiry told this very therapist, where it became a start."""
    enquiry = Enquiry.objects.filter(pair__client=client, to=therapist).order_by("-over_at").first()
    return told_in(enquiry) if enquiry is not None else {}


def letters() -> QuerySet[Letter]:
    """Every letter, newest first: for the demo's outbox page only."""
    return Letter.objects.order_by("-made_at", "-pk")


def letters_waiting() -> int:
    """How many have not gone out. A count for the operator; nobody opens them."""
    return Letter.objects.filter(sent_at=None).count()
