"""Mails about an intake. Neutral: no clinical word, no name of anybody, no practice."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accord.records.accounts.models import User

Letter = tuple[str, str]  # subject, body


def asked(client: User, *, address: str) -> Letter:
    with translation.override(client.language or settings.LANGUAGE_CODE):
        body = _(
            "Hello,\n\nthere are some questions for you. You can stop at any time and go on later,"
            " here or on another device:\n\n%(address)s\n"
        )
        return _("Some questions for you"), body % {"address": address}


def something_waits(person: User) -> Letter:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        return _("Something is waiting for you"), _("Hello,\n\nsomething is waiting for you.\n")
