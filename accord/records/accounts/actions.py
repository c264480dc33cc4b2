"""Writes about people: links, notices, consents."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accord.records.accounts.models import Consent, Link, Notice, User
from accord.records.errors import Gone, NotFound

LIFE = {
    Link.Purpose.SIGN_IN: timedelta(minutes=60),
    Link.Purpose.CHECK_IN: timedelta(days=8),  # a weekly rhythm never closes the door before the next session
    Link.Purpose.INVITATION: timedelta(days=7),
}

WORTH_SENDING = timedelta(days=3)  # a mail that carries nothing that runs out
SENDING_TAKES = timedelta(minutes=1)  # longer than a mail server is waited for


def make_link(user: User, purpose: str, *, about: str = "", at: datetime) -> str:
    """A token to put into a URL. It is shown once, here; the database knows its hash only."""
    token = secrets.token_urlsafe(24)
    Link.objects.create(
        token_hash=Link.hash_of(token),
        user=user,
        purpose=purpose,
        about=about,
        made_at=at,
        expires_at=at + LIFE[Link.Purpose(purpose)],
    )
    return token


def find_link(token: str, purpose: str, *, at: datetime) -> Link:
    """The link behind a token: absent and foreign look the same; a link that was good once says so."""
    link = Link.objects.select_related("user").filter(token_hash=Link.hash_of(token), purpose=purpose).first()
    if link is None or not link.user.is_active:
        raise NotFound(_("This link does not open anything."))
    if at >= link.expires_at:
        raise Gone(_("This link has run out."))
    return link


@transaction.atomic
def use_link(token: str, purpose: str, *, at: datetime) -> User:
    """Spend a single-use link, exactly once."""
    link = find_link(token, purpose, at=at)
    if not Link.objects.filter(pk=link.pk, used_at=None).update(used_at=at):
        raise Gone(_("This link was used before."))
    return link.user


def send_notice(user: User, subject: str, body: str, *, at: datetime, lasts: timedelta = WORTH_SENDING) -> Notice:
    """Put a mail into the outbox, in the same transaction as what it tells about. It is tried as long as it `lasts`."""
    return Notice.objects.create(user=user, subject=subject, body=body, made_at=at, give_up_at=at + lasts)


@transaction.atomic
def take_back_notice(notice: Notice, *, at: datetime) -> bool:
    """Before it leaves, and everything that hangs on it. One that a sender has in hand is left alone."""
    in_hand = Q(claimed_at__gte=at - SENDING_TAKES)
    if not Notice.objects.filter(~in_hand | Q(claimed_at=None), pk=notice.pk, sent_at=None).update(claimed_at=at):
        return False
    notice.delete()
    return True


@transaction.atomic
def give_consent(user: User, purpose: str, *, at: datetime) -> Consent:
    return Consent.objects.get_or_create(user=user, purpose=purpose, withdrawn_at=None, defaults={"given_at": at})[0]


@transaction.atomic
def withdraw_consent(user: User, purpose: str, *, at: datetime) -> None:
    Consent.objects.filter(user=user, purpose=purpose, withdrawn_at=None).update(withdrawn_at=at)


def choose_language(user: User, language: str) -> None:
    """The language of this person's pages and mails."""
    User.objects.filter(pk=user.pk).update(language=language)
