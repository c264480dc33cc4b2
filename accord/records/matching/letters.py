"""Mail to somebody without an account. Neutral words, a link back to their search, and no more than they can bear."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accord.records.audit.actions import record
from accord.records.errors import Gone, NotFound, Refused
from accord.records.matching.models import Letter, Search
from accord.records.matching.queries import contact_of

LINK_LIVES = timedelta(days=14)
A_DAY, MOST_A_DAY = timedelta(days=1), 8  # to one letterbox, whoever asks

BACK, NEWS = "back", "news"
SUBJECTS = {BACK: gettext_lazy("Your link"), NEWS: gettext_lazy("There is news for you")}
BODIES = {
    BACK: gettext_lazy(
        "Hello,\n\nhere is the way back to what you began. It works for 14 days:\n\n%(url)s\n\n"
        "If you did not ask for it, you can ignore this mail.\n"
    ),
    NEWS: gettext_lazy("Hello,\n\nthere is news for you. You find it here:\n\n%(url)s\n"),
}


def mark_of(address: str) -> bytes:
    """The same for the same letterbox, and nothing that could be read."""
    return salted_hmac("accord.letter.address", address.strip().lower(), algorithm="sha256").digest()


@transaction.atomic
def write_letter(search: Search, kind: str, *, at: datetime, link_url: str) -> bool:
    """Into the outbox, in the transaction of what it tells about. False: there is no address, or it has had enough."""
    address = contact_of(search).get("address", "")
    mark = mark_of(address)
    lately = Letter.objects.filter(address_mark=mark, made_at__gt=at - A_DAY).count()
    if not address or lately >= MOST_A_DAY:
        return False
    token = secrets.token_urlsafe(24)
    with translation.override(search.language or settings.LANGUAGE_CODE):
        subject, body = str(SUBJECTS[kind]), str(BODIES[kind]) % {"url": link_url.format(token=token)}
    Letter.objects.create(
        search=search,
        token_hash=Letter.hash_of(token),
        address=address,
        address_mark=mark,
        subject=subject,
        body=body,
        made_at=at,
        expires_at=at + LINK_LIVES,
    )
    return True


def ask_for_link(search: Search, *, at: datetime, link_url: str) -> None:
    """ "Send me a link": a way back on another device."""
    if not write_letter(search, BACK, at=at, link_url=link_url):
        raise Refused(_("No more mail goes to this address today. Your answers stay here in this browser."))
    record(search.client, "link sent", search, at=at)


def look_at_link(token: str, *, at: datetime) -> Letter:
    """The letter behind a link. Opening it changes nothing, because mail programs open links too."""
    letter = Letter.objects.select_related("search").filter(token_hash=Letter.hash_of(token)).first()
    if letter is None:
        raise NotFound(_("This link does not open anything."))
    if at >= letter.expires_at:
        raise Gone(_("This link has run out."))
    return letter


@transaction.atomic
def come_back(token: str, *, at: datetime) -> Search:
    """Whoever presses the button has the letterbox, as long as the search still names the same one."""
    letter = look_at_link(token, at=at)
    search = letter.search
    same = mark_of(contact_of(search).get("address", "")) == bytes(letter.address_mark)
    if same and Search.objects.filter(pk=search.pk, proved_at=None).update(proved_at=at):
        search.refresh_from_db()
    record(search.client, "search opened by link", search, at=at)
    return search
