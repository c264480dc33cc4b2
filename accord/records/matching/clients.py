"""Who becomes a client by way of a search: known by their mail address, or new."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accord.records.accounts.actions import send_notice
from accord.records.accounts.models import User
from accord.records.accounts.queries import client_by_email
from accord.records.errors import Refused
from accord.records.practices.models import Practice
from accord.records.practices.queries import is_or_was_colleague


def client_of(address: str, practice: Practice, *, name: str, language: str, at: datetime) -> User:
    """Nobody who works anywhere now, or who ever worked in this practice: its people are their colleagues."""
    known = client_by_email(address)
    if known is not None and is_or_was_colleague(known, practice, on=at.date()):
        raise _no_page()
    if known is not None:
        return known
    try:
        validate_email(address.strip())
        with transaction.atomic():
            return User.objects.create_user(address.strip(), name, zone=practice.zone, language=language)
    except (ValidationError, IntegrityError) as error:
        raise _no_page() from error


def _no_page() -> Refused:
    return Refused(_("No page can be made for this mail address. Ask them for another one."))


def welcome(client: User, sign_in: str, *, at: datetime) -> None:
    with translation.override(client.language or settings.LANGUAGE_CODE):
        body = _("Hello,\n\nyour own page is ready. To open it, type this mail address here:\n\n%(url)s\n")
        send_notice(client, _("Your page is ready"), body % {"url": sign_in}, at=at)
