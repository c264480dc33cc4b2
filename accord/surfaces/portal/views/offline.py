"""The check-in as an app on the phone: its name, its service worker, and the page that opens without a connection."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.checkins.actions import CLIENT
from accord.science.instruments import BY_ID
from accord.surfaces.shared.items import worded

PLAIN = "plain_name"  # the cookie of those who want a name on their phone that says nothing
FILES = (
    "accord/tokens.css",
    "accord/base.css",
    "accord/components.css",
    "accord/letter.css",
    "accord/scale.css",
    "portal/check_in.css",
    "accord/leave.js",
    "accord/scale.js",
    "portal/outbox.js",
    "portal/phone.js",
    "portal/shell.js",
    "portal/letterbox.js",
    "portal/check_in.js",
    "accord/favicon.svg",
    "accord/fonts/atkinson-hyperlegible-next-latin-400-normal.woff2",
    "accord/fonts/atkinson-hyperlegible-next-latin-600-normal.woff2",
    "accord/fonts/source-serif-4-latin-400-normal.woff2",
    "accord/fonts/noto-sans-arabic-arabic-400-normal.woff2",
    "accord/fonts/noto-sans-arabic-arabic-600-normal.woff2",
)


def _source(file: str) -> bytes:
    found = finders.find(file)
    if not isinstance(found, str):
        raise FileNotFoundError(file)
    return Path(found).read_bytes()


@cache
def _script() -> str:
    """The worker in one piece: its policy lets it load no second script. A change in any part makes a new version."""
    own = [_source(file) for file in ("portal/outbox.js", "portal/service_worker.js")]
    templates = list(Path(__file__).parents[1].glob("templates/portal/check_in*.html"))
    parts = [*own, *(_source(file) for file in FILES), *(each.read_bytes() for each in sorted(templates))]
    facts = {
        "version": hashlib.sha256(b"".join(parts)).hexdigest()[:12],
        "files": [static(file) for file in FILES],
        "shell": reverse("portal:shell"),
        "help": reverse("help"),
        "languages": [code for code, _name in settings.LANGUAGES],
        "check_ins": ["/c/", "/me/check-in/"],
    }
    return f"const PARTS = {json.dumps(facts)};\n" + "\n".join(part.decode() for part in own)


def service_worker(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_script(), content_type="text/javascript")


def shell(request: HttpRequest) -> HttpResponse:
    """The questions without anybody: no name, no session, no address. The same for all who read the same language."""
    items = [worded(item) for item in BY_ID[CLIENT].items]
    context: dict[str, Any] = {
        "shell": True,
        "code": "",
        "items": [item._asdict() | {"id": item.name} for item in items if not item.choices],
        "tension": next(item for item in items if item.name == "tension"),
        "therapist_first_name": _("your therapist"),
        "take_back_url": "take-back/",
        "values": {},
    }
    return render(request, "portal/check_in_shell.html", context)


def manifest(request: HttpRequest) -> HttpResponse:
    plain = request.GET.get("name") == "plain"
    icon = "plain" if plain else "accord"
    name = _("Notes") if plain else "Accord"
    sizes = [("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")]
    icons = [_icon(icon, size, purpose) for size, purpose in sizes]
    facts = {"name": name, "short_name": name, "id": "/", "start_url": reverse("portal:home"), "scope": "/"}
    look = {"display": "standalone", "background_color": "#faf7f2", "theme_color": "#faf7f2", "icons": icons}
    return JsonResponse(facts | look, content_type="application/manifest+json")


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    kind = "-maskable" if purpose == "maskable" else ""
    file = f"portal/icons/{name}-{sizes.partition('x')[0]}{kind}.png"
    return {"src": static(file), "sizes": sizes, "type": "image/png", "purpose": purpose}


def phone(request: HttpRequest) -> HttpResponse:
    """How to put it on the phone, under which name, and what the phone keeps."""
    if request.method != "POST":
        return render(request, "portal/phone.html", {"plain": PLAIN in request.COOKIES})
    response = redirect("portal:phone")
    if request.POST.get("plain") == "yes":
        response.set_cookie(
            PLAIN, "1", max_age=365 * 24 * 60 * 60, secure=settings.SECURE, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(PLAIN, samesite="Lax")
    return response
