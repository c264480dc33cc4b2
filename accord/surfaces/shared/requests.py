"""What every view gets: a request that knows who is looking and what time it is."""

from datetime import datetime

from django.http import HttpRequest

from accord.records.accounts.models import User
from accord.surfaces.shared.sign_in.stays import Stay


class PersonRequest(HttpRequest):
    """A request that has passed the gate as a signed-in person."""

    user: User
    roles: frozenset[str]
    now: datetime
    stay: Stay
