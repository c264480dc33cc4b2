"""Choosing a language: on this browser for everybody, and with the person for those who are signed in."""

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt

from accord.records.accounts.actions import choose_language
from accord.records.accounts.models import User
from accord.surfaces.shared import clock
from accord.surfaces.shared.sign_in import onward, stays


@csrf_exempt  # the switch is on the help page, which a phone keeps for days: a token in it would be too old
def choose(request: HttpRequest) -> HttpResponse:
    """Works signed out and with the database down: the help page has this switch too."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest("There is no such language here.")
    _keep_with_the_person(request, language)
    response = redirect(onward.asked_for(request) or "home")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


def _keep_with_the_person(request: HttpRequest, language: str) -> None:
    try:
        stay = stays.of(request)
        if isinstance(request.user, User) and stay is not None and not stay.is_over(clock.now()):
            choose_language(request.user, language)
    except DatabaseError:
        return  # the cookie is enough until the database is back
