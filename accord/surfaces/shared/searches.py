"""Which search this browser holds: a random code in a signed cookie that no script can read. Nothing else is in it."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse

from accord.records.accounts.models import User
from accord.records.matching.models import Search
from accord.records.matching.queries import newest_search_of, search_by
from accord.surfaces.shared.requests import AnyRequest

NAME = "__Host-search" if settings.SECURE else "search"
SALT = "accord.search"
KEPT = 60 * 24 * 60 * 60  # seconds; the search itself is over before


def search_of(request: AnyRequest) -> Search | None:
    """The one in the cookie, unless it is another signed-in person's; else the newest of whoever is signed in."""
    code: Any = request.get_signed_cookie(NAME, default="", salt=SALT)
    found = search_by(code, at=request.now)
    person = person_of(request)
    if found is not None and (person is None or found.client_id in (None, person.pk)):
        return found
    return newest_search_of(person, at=request.now) if person is not None else None


def person_of(request: AnyRequest) -> User | None:
    return request.user if isinstance(request.user, User) and "client" in request.roles else None


def remember(response: HttpResponse, search: Search, *, shared: bool = False) -> HttpResponse:
    """shared: gone as soon as the browser closes."""
    response.set_signed_cookie(
        NAME,
        search.code,
        salt=SALT,
        max_age=None if shared else KEPT,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(NAME, samesite="Lax")
    return response
