"""The few pages that are for everybody: the front door, help, the way out, and whether the server is well."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accord.surfaces.shared.help_lines import CHECKED, COUNTRIES

DOORS = (
    ("therapist", "workspace:today"),
    ("supervisor", "workspace:today"),
    ("lead", "dashboard:practice"),
    ("researcher", "dashboard:research"),
    ("operator", "dashboard:operation"),
    ("duty", "dashboard:duty"),
    ("contact", "dashboard:contact"),
    ("client", "portal:home"),
)

OWN_WORDS = ("words", "how_known", "why", "note", "reply", "reach", "text")  # what somebody types; never a password


def home(request: HttpRequest) -> HttpResponse:
    """Signed in: your own front page. Signed out: what this is, and one clear action."""
    roles: frozenset[str] = getattr(request, "roles", frozenset())
    door = next((page for role, page in DOORS if role in roles), None)
    return redirect(door) if door else render(request, "shared/front.html")


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "shared/help.html", {"countries": COUNTRIES, "checked": CHECKED})


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's secret is not this browser's any more. Its words come back, if they came from a page of ours."""
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    unsent = [text for name in OWN_WORDS for text in request.POST.getlist(name) if text.strip()] if ours else []
    return render(request, "403_csrf.html", {"unsent": unsent}, status=403)


def quick_exit(request: HttpRequest) -> HttpResponse:
    return render(request, "shared/exit.html")


def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")
