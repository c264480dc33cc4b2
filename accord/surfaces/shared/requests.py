"""What every view gets: a request that knows who is looking and what time it is."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accord.records.accounts.models import User
from accord.surfaces.shared.sign_in.stays import Stay


class PersonRequest(HttpRequest):
    """A request that has passed the gate as a signed-in person."""

    user: User
    roles: frozenset[str]
    now: datetime
    stay: Stay


class AnyRequest(HttpRequest):
    """A request that has passed the gate on a page for anybody, signed in or not."""

    user: User | AnonymousUser
    roles: frozenset[str]
    now: datetime
