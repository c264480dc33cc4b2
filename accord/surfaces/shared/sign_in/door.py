"""Opening and closing the session."""

from datetime import datetime

from allauth.account.internal.flows.logout import logout
from django.contrib.auth import login
from django.http import HttpRequest

from accord.records.accounts.models import User
from accord.records.audit.actions import record

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def let_in(request: HttpRequest, user: User) -> None:
    """Django's login changes the session's key, so that a key known from before opens nothing."""
    login(request, user, backend=BACKEND)


def let_out(request: HttpRequest, *, at: datetime, verb: str = "signed out") -> None:
    """Forget the session, and a sign-in that was begun and not finished."""
    if isinstance(request.user, User):
        record(request.user, verb, request.user, at=at)
    logout(request, show_message=False)
