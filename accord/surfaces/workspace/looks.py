"""How a desk looks and listens: read once after signing in, then kept in the session, so that no page asks for it."""

from django.http import HttpRequest

from accord.records.accounts.models import User
from accord.records.desk.models import Preference
from accord.records.desk.queries import preference_of

KEPT = "desk"
Look = dict[str, str | bool]


def look_of(request: HttpRequest) -> Look:
    known: Look | None = request.session.get(KEPT)
    if known is not None:
        return known
    return remember(request, preference_of(request.user) if isinstance(request.user, User) else Preference())


def remember(request: HttpRequest, preference: Preference) -> Look:
    look: Look = {"density": preference.density, "single_keys": preference.single_keys}
    request.session[KEPT] = look
    return look
