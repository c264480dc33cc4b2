"""A concern about safety or ethics: told to the practice's duty person, past everybody who is part of the pair.

The therapist, the supervisor and the lead get nothing: no page, no count, no notice. So a concern hangs on no
episode, and its entries in the audit carry no pair.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.accounts.notices import tell_of_something
from accord.records.audit.actions import record
from accord.records.audit.queries import one_for
from accord.records.digits import numeral
from accord.records.errors import NotAllowed, Refused, StateMoved
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen
from accord.records.practices.models import Post
from accord.records.practices.queries import people_in, practices_where
from accord.records.ruptures.actions import LONGEST_WORDS
from accord.records.ruptures.models import Concern

DUTY, CONTACT = Post.Role.DUTY, Post.Role.CONTACT
LONGEST_REACH = 200


def duty_people(pair: CarePair, *, at: datetime) -> list[User]:
    """Who would get a concern about this pair now. Nobody gets one about themselves."""
    return _third_people(pair, DUTY, at)


def named_contacts(pair: CarePair, *, at: datetime) -> list[User]:
    """Whom a client of this pair can turn to about meeting somebody else."""
    return _third_people(pair, CONTACT, at)


def _third_people(pair: CarePair, role: str, at: datetime) -> list[User]:
    """Neither the client nor anybody who is, or was, their therapist."""
    therapists = CarePair.objects.filter(client=pair.client_id).values("therapist__user")
    held = people_in(pair.practice_id, role, on=at.date())
    return list(held.exclude(pk=pair.client_id).exclude(pk__in=therapists))


@transaction.atomic
def raise_concern(words: str, *, by: Seen, at: datetime, reach: str = "") -> Concern:
    """Stored, and every duty person told at once in neutral words; refused where nobody would get it."""
    if by.side != "client":
        raise NotAllowed("Only the client can do this.")
    text, way = words.strip(), reach.strip()
    if not text:
        raise Refused(_("Write a few words, so that somebody knows what it is about. One line is enough."))
    if len(text) > LONGEST_WORDS or len(way) > LONGEST_REACH:
        raise Refused(
            _("This is too long: at most %(most)s characters fit, %(reach)s for how to reach you.")
            % {"most": numeral(LONGEST_WORDS), "reach": numeral(LONGEST_REACH)}
        )
    duty = duty_people(by.pair, at=at)
    if not duty:
        raise Refused(
            _("Nobody is named for this in your practice now, so nothing was sent. Please use the ways below.")
        )
    values = {"practice_id": by.pair.practice_id, "client": by.viewer, "about": by.pair}
    concern = Concern.objects.create(words=text, reach=way or None, raised_at=at, **values)
    record(by.viewer, "concern raised", concern, at=at)
    for person in duty:
        tell_of_something(person, at=at)
    return concern


@transaction.atomic
def mark_seen(concern: Concern, *, by: User, at: datetime) -> None:
    """ "I have seen this": the client is told who, and when."""
    if not Concern.objects.filter(pk=concern.pk, seen_at=None).update(seen_at=at, seen_by=by):
        raise StateMoved(_("This was marked as seen already."))
    record(by, "concern seen", concern, at=at)


def concerns_for(user: User, *, at: datetime) -> QuerySet[Concern]:
    """What a duty person answers for: not seen first, then the newest. Never one about their own work."""
    practices = practices_where(user, DUTY, on=at.date())
    own_clients = CarePair.objects.filter(therapist__user=user).values("client")
    found = Concern.objects.filter(practice__in=practices).exclude(client__in=own_clients).exclude(client=user)
    return found.select_related("client", "seen_by", "practice", "about__therapist__user").order_by(
        F("seen_at").asc(nulls_first=True), "-raised_at"
    )


def concern_for(user: User, code: str, *, at: datetime) -> Concern:
    """One concern for a duty person; a colleague is refused, a stranger finds nothing; both tries are kept."""
    return one_for(user, concerns_for(user, at=at), code, tried="tried to open a concern", at=at)


def concerns_of(client: User) -> QuerySet[Concern]:
    """What this client has raised themselves, newest first."""
    return Concern.objects.filter(client=client).select_related("seen_by").order_by("-raised_at")
