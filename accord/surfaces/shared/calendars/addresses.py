"""What a page says about the secret address of a calendar."""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse

from accord.records.accounts.models import User
from accord.records.sessions.queries import calendar_address
from accord.surfaces.shared import clock


class AddressShown(NamedTuple):
    since: datetime | None  # on the person's wall; none: there is no address
    url: str = ""  # only right after it was made: afterwards nobody knows it
    webcal: str = ""  # the same, as phones and programs subscribe to with one tap


def address_of(user: User, *, token: str = "") -> AddressShown:
    held = calendar_address(user)
    if held is None:
        return AddressShown(None)
    url = settings.PUBLIC_URL + reverse("calendar_feed", args=[token]) if token else ""
    return AddressShown(clock.on_the_wall(held.made_at, user), url, url and f"webcal:{url.partition(':')[2]}")
