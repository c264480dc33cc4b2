"""Links that let clients in: asked for by anybody, sent only to clients we know, answered the same to everybody."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accord.records.accounts.actions import LIFE, find_link, make_link, send_notice
from accord.records.accounts.models import Link, User
from accord.records.accounts.queries import client_by_email, links_made
from accord.records.audit.actions import record, record_denial
from accord.records.errors import Gone
from accord.records.practices.queries import roles_of
from accord.surfaces.shared.sign_in import stays
from accord.surfaces.shared.sign_in.door import let_in

AN_HOUR = timedelta(hours=1)
AT_MOST = 5  # links to one person in an hour
EVENLY = 0.2  # seconds that every answer takes: a known address costs some writes, an unknown one none


@contextmanager
def evenly(seconds: float = EVENLY) -> Iterator[None]:
    """Let nobody read from the time that an answer takes whether an address is known."""
    start = time.monotonic()
    try:
        yield
    finally:
        time.sleep(max(0.0, seconds - (time.monotonic() - start)))


def ask(email: str, *, at: datetime, about: str = "") -> None:
    """Somebody typed an address. A client gets a link; staff, strangers and the impatient get nothing."""
    user = client_by_email(email)
    if user is None:
        return
    if roles_of(user, on=at.date()):
        record_denial(user, "asked for a link, but works here", user, at=at)
    elif links_made(user, Link.Purpose.SIGN_IN, since=at - AN_HOUR) >= AT_MOST:
        record_denial(user, "asked for too many links", user, at=at)
    else:
        _send(user, at=at, about=about)


@transaction.atomic
def _send(user: User, *, at: datetime, about: str) -> None:
    token = make_link(user, Link.Purpose.SIGN_IN, about=about, at=at)
    address = settings.PUBLIC_URL + reverse("sign_in_by_link", args=[token])
    with translation.override(user.language or translation.get_language()):
        send_notice(user, _("Your link"), str(BODY).format(address=address), at=at, lasts=LIFE[Link.Purpose.SIGN_IN])
    record(user, "link sent", user, at=at)


BODY = gettext_lazy("""Hello,

here is the link you asked for. It works once, for one hour:

{address}

If you did not ask for it, you can ignore this mail.
""")


ONWARD = {"intake": "portal:intake_on"}  # what a link was asked for; its word is in our table, not in the mail


def leads_to(token: str, *, at: datetime) -> str:
    """The page that a link was asked for; "" where it is only a way in."""
    return ONWARD.get(find_link(token, Link.Purpose.SIGN_IN, at=at).about, "")


def look(token: str, purpose: str, *, at: datetime) -> User:
    """Whom a link would let in, without spending it."""
    link = find_link(token, purpose, at=at)
    if link.used_at:
        raise Gone(_("This link was used before."))
    return link.user


def enter(request: HttpRequest, user: User, *, at: datetime) -> bool:
    """Let a client in who came by a link. Staff go through their own door, whatever link they hold."""
    if roles_of(user, on=at.date()):
        record_denial(user, "sign-in refused", user, at=at)
        return False
    let_in(request, user)
    stays.begin(request, staff=False, second_factor=False)
    record(user, "signed in", user, at=at, way="link")
    return True
