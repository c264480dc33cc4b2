"""Reads of the audit."""

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.audit.actions import record_denial
from accord.records.audit.models import Entry
from accord.records.errors import NotAllowed, NotFound
from accord.records.practices.queries import posts_of

Thing = TypeVar("Thing", bound=Model)


def one_for(user: User, theirs: QuerySet[Thing], code: str, *, tried: str, at: datetime) -> Thing:
    """The one with this code among what somebody may see. A colleague is refused, a stranger finds nothing; both
    tries are kept as `tried`."""
    mine = theirs.filter(code=code).first()
    if mine is not None:
        return mine
    thing = theirs.model._default_manager.filter(code=code).first()
    if thing is None:
        raise NotFound(_("There is nothing here."))
    raise turned_away(user, thing, tried=tried, at=at)


def turned_away(user: User, thing: Any, *, tried: str, at: datetime) -> NotAllowed | NotFound:
    """What to raise for somebody who may not see a thing that is there; the try is written down."""
    record_denial(user, tried, thing, at=at)
    if posts_of(user, on=at.date()).filter(practice=thing.practice_id).exists():
        return NotAllowed(_("This is not for you."))
    return NotFound(_("There is nothing here."))


def last_done_by_accord() -> Entry | None:
    """The newest thing that no person did: whether the background work lives."""
    return Entry.objects.filter(actor=None).order_by("-pk").first()


def who_looked(pair_code: str) -> QuerySet[Entry]:
    """Looks and refused tries at one pair's records, newest first; a client may see this about themselves."""
    kinds = [Entry.Kind.READ, Entry.Kind.DENIED]
    return Entry.objects.select_related("actor").filter(pair=pair_code, kind__in=kinds).order_by("-at", "-pk")
