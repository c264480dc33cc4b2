"""One neutral mail: something is there, and where. No name, no place, no clinical word."""

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accord.records.accounts.actions import send_notice
from accord.records.accounts.models import User


def tell_something_waits(person: User, *, at: datetime, address: str) -> None:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        body = _("Hello,\n\nsomething is waiting for you:\n\n%(url)s\n") % {"url": address}
        send_notice(person, _("Something is waiting for you"), body, at=at)
