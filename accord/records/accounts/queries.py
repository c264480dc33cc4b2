"""Reads about people."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from accord.records.accounts.models import Consent, Link, Notice, User


def consents_to(purpose: str) -> QuerySet[User]:
    """People whose consent to this purpose is in force now."""
    return User.objects.filter(consents__purpose=purpose, consents__withdrawn_at=None)


def has_consented(user: User, purpose: str) -> bool:
    return Consent.objects.filter(user=user, purpose=purpose, withdrawn_at=None).exists()


def client_by_email(email: str) -> User | None:
    """For the sign-in form, which answers the same whether this finds somebody or not."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()


def waiting_notices(at: datetime) -> QuerySet[Notice]:
    """Notices that are to go out, oldest first. Counts and times for the operator; nobody opens them."""
    return Notice.objects.filter(sent_at=None, give_up_at__gt=at, user__is_active=True).order_by("made_at")


def undelivered_notices(at: datetime) -> QuerySet[Notice]:
    """Notices of the last week that were given up: the address takes none, or the mail server was away too long."""
    over = {"give_up_at__lte": at, "give_up_at__gt": at - timedelta(days=7)}
    return Notice.objects.filter(sent_at=None, user__is_active=True, **over).order_by("made_at")


def links_made(user: User, purpose: str, *, since: datetime) -> int:
    """How many links a person was sent, so that nobody can fill their letterbox."""
    return Link.objects.filter(user=user, purpose=purpose, made_at__gt=since).count()


def living_sessions(keys: Collection[str]) -> frozenset[str]:
    """Which of these sign-ins have not been ended since."""
    return frozenset(Session.objects.filter(session_key__in=keys).values_list("session_key", flat=True))


def outbox() -> QuerySet[Notice]:
    """Every notice, newest first: for the demo's outbox page only."""
    return Notice.objects.select_related("user").order_by("-made_at", "-pk")
