"""The gate: before any view runs, who is looking, what time it is, and whether this route is for them."""

import logging
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from accord.config import languages, signing_in
from accord.config.policy import CLIENT, NOBODY_YET, Policy, table
from accord.records.accounts.models import User
from accord.records.audit.actions import record_turned_away
from accord.records.errors import Conflict, Gone, NotAllowed, NotFound, RecordsError, Refused
from accord.records.pairs.queries import pairs_of_client
from accord.records.practices.queries import has_worked, roles_of
from accord.records.waiting.queries import own_waits
from accord.surfaces.shared import clock

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[RecordsError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Refused, 422),
    (Conflict, 409),
    (Gone, 410),
)


# Help and the way out work with the database down: nobody is looked up for them.
WITHOUT_DATABASE = frozenset({"help", "quick_exit", "health", "language"})


def one_line_break(request: HttpRequest) -> None:
    """A form sends two characters for one new line; a page counts it as one, and so do the limits."""
    if not any("\r\n" in text for _name, texts in request.POST.lists() for text in texts):
        return
    posted = request.POST.copy()
    for name, texts in request.POST.lists():
        posted.setlist(name, [text.replace("\r\n", "\n") for text in texts])
    request.POST = posted  # type: ignore[assignment]


class Gate:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = clock.now()  # type: ignore[attr-defined]
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)  # a page about a person stays nowhere
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        request.roles = frozenset()  # type: ignore[attr-defined]
        policy = table()[name]  # an undeclared route did not start
        if name in WITHOUT_DATABASE:
            return self.refuse_method(request, policy)
        if any("\x00" in str(value) for value in kwargs.values()):
            raise Http404  # no database has such a code, and PostgreSQL would not even look
        if any("\x00" in text for _, texts in request.POST.lists() for text in texts):
            return HttpResponseBadRequest(_("A character in this form cannot be stored. Nothing was changed."))
        one_line_break(request)
        signing_in.end_if_over(request)
        request.roles = roles = self.roles(request)  # type: ignore[attr-defined]
        languages.as_chosen_by(request)
        if not roles & policy.who:
            return self.turn_away(request, name, str(kwargs.get("code", "")))
        return self.refuse_method(request, policy) or signing_in.second_factor_first(request, name)

    @staticmethod
    def refuse_method(request: HttpRequest, policy: Policy) -> HttpResponse | None:
        if request.method in policy.methods | ({"HEAD"} if "GET" in policy.methods else set()):
            return None
        return HttpResponseNotAllowed(sorted(policy.methods))

    @staticmethod
    def roles(request: HttpRequest) -> frozenset[str]:
        """Staff hold posts; a client has a therapist, waits for one, or never worked here; who only left is nobody."""
        if not isinstance(request.user, User):
            return frozenset({NOBODY_YET})
        held = roles_of(request.user, on=request.now.date())  # type: ignore[attr-defined]
        only_left = not held and has_worked(request.user) and not _is_client(request.user)
        return held or frozenset({NOBODY_YET if only_left else CLIENT})

    @staticmethod
    def turn_away(request: HttpRequest, route: str, code: str) -> HttpResponse:
        if isinstance(request.user, User):
            record_turned_away(request.user, route, code, at=request.now)  # type: ignore[attr-defined]
            return render(request, "403.html", {"sentence": _("This page is for somebody else.")}, status=403)
        return signing_in.to_the_door(request, table()[route])

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Our own errors carry a plain sentence and a status; any other error is a bug and stays one."""
        if not isinstance(error, RecordsError):
            return None
        status = next((status for kind, status in STATUS if isinstance(error, kind)), 500)
        if status == 500:
            log.error("records refused", exc_info=error)
            return None
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"state": "refused", "message": str(error)}, status=status)
        template = "404.html" if status == 404 else "403.html" if status == 403 else "refused.html"
        return render(request, template, {"sentence": str(error)}, status=status)


def _is_client(user: User) -> bool:
    """Has a therapist, or waits for one."""
    return pairs_of_client(user).exists() or own_waits(user).exists()
