"""Mails that say no more than that something is waiting, each in the language of who gets it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.records.accounts.actions import send_notice
from accord.records.accounts.models import Notice, User
from accord.records.digits import numeral


@contextmanager
def in_their_language(user: User) -> Iterator[None]:
    """As the person chose; where no choice is kept, in the house's own."""
    with translation.override(getattr(user, "language", "") or settings.LANGUAGE_CODE):
        yield


def tell_of_notes(user: User, *, at: datetime, number: int = 1) -> Notice:
    with in_their_language(user):
        subject = ngettext("You have a note waiting", "You have notes waiting", number)
        line = ngettext("there is a note waiting for you.", "there are %(number)s notes waiting for you.", number)
        told = line % {"number": numeral(number)}
        return send_notice(user, subject, _("Hello,\n\n%(line)s\n") % {"line": told}, at=at)


def tell_of_something(user: User, *, at: datetime) -> Notice:
    with in_their_language(user):
        body = _("Hello,\n\nsomething is waiting for you.\n")
        return send_notice(user, _("Something is waiting for you"), body, at=at)
