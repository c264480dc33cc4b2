"""Which search this browser holds: a random code in a signed cookie that no script can read. Nothing else is in it."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accord.records.accounts.models import User
from accord.records.matching.models import Search
from accord.records.matching.queries import newest_search_of, search_by
from accord.surfaces.shared.requests import AnyRequest

NAME = "__Host-search" if settings.SECURE else "search"
SALT = "accord.search"
KEPT = 60 * 24 * 60 * 60  # seconds; the search itself is over before


def search_of(request: AnyRequest) -> Search | None:
    """The one in the cookie, unless it is the search of a client who is not signed in; else their newest who is."""
    found, person = _in_cookie(request), person_of(request)
    if found is not None and found.client_id in (None, person.pk if person is not None else None):
        return found
    return newest_search_of(person, at=request.now) if person is not None else None


def _in_cookie(request: AnyRequest) -> Search | None:
    code: Any = request.get_signed_cookie(NAME, default="", salt=SALT)
    return search_by(code, at=request.now)


def waits_for_its_client(request: AnyRequest) -> bool:
    """The browser holds a client's search, and nobody is signed in."""
    found = _in_cookie(request)
    return found is not None and behind_the_door(request, found)


def behind_the_door(request: AnyRequest, search: Search) -> bool:
    return search.client_id is not None and not request.user.is_authenticated


def sign_in_first(path: str) -> HttpResponse:
    return redirect(f"{reverse('sign_in')}?{urlencode({'next': path})}")


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
