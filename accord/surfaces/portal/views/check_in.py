"""The check-in: by the link that came by mail, without signing in, or from one's own page."""

import uuid
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from accord.records.accounts.models import User
from accord.records.checkins import actions, queries
from accord.records.checkins.actions import FIRST_IMPRESSION
from accord.records.checkins.models import CheckIn
from accord.records.errors import Gone, NotFound, Refused
from accord.science.instruments import BY_ID
from accord.surfaces.portal.forms import answers_from
from accord.surfaces.portal.words import what_next, worded
from accord.surfaces.shared import clock
from accord.surfaces.shared.requests import PersonRequest

JSON = "application/json"


@csrf_exempt  # the token in the address is the only right that this request has; no cookie of ours is used
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    now = clock.now()
    try:
        check_in = queries.by_link(token, at=now)
    except (Gone, NotFound) as error:
        if request.headers.get("Accept") == JSON:
            raise
        return render(request, "portal/check_in_closed.html", {"sentence": str(error)}, status=410)
    client = check_in.session.pair.client
    if client.language:
        translation.activate(client.language)
    return _page(request, check_in, by=client, at=now)


def by_code(request: PersonRequest, code: str) -> HttpResponse:
    check_in = queries.asked_of(request.user, code, at=request.now)
    return _page(request, check_in, by=request.user, at=request.now)


def _page(request: HttpRequest, check_in: CheckIn, *, by: User, at: datetime) -> HttpResponse:
    if request.method == "POST":
        return _receive(request, check_in, by=by, at=at)
    if check_in.received_at is not None:
        return _sent(request, check_in, by)
    actions.mark_opened(check_in, at=at)
    return _ask(request, check_in)


def _ask(request: HttpRequest, check_in: CheckIn, error: str = "", *, status: int = 200) -> HttpResponse:
    instrument = BY_ID[check_in.instrument]
    items = [worded(item) for item in instrument.items]
    tension = next((item for item in items if item.name == "tension"), None)
    first = check_in.instrument == FIRST_IMPRESSION
    context = {
        "code": check_in.code,
        "action": request.path,
        "items": [item._asdict() | {"id": item.name} for item in items if not item.choices],
        "tension": tension,
        "impression": items[0] if first else None,
        "therapist_first_name": check_in.session.pair.therapist.user.first_name,
        "session_label": _("Session %(number)s") % {"number": check_in.session.number},
        "values": request.POST if status != 200 else {},
        "errors": [{"text": error, "href": "#check-in"}] if error else [],
        "idempotency_key": uuid.uuid4(),
    }
    return render(request, f"portal/{'first_impression' if first else 'check_in'}.html", context, status=status)


def _receive(request: HttpRequest, check_in: CheckIn, *, by: User, at: datetime) -> HttpResponse:
    wants_json = request.headers.get("Accept") == JSON
    given = answers_from(request.POST, BY_ID[check_in.instrument])
    key = request.POST.get("idempotency_key", "")[:64] or str(uuid.uuid4())
    try:
        answered = actions.answer(check_in, given, by=by, key=key, at=at)
    except Refused as error:
        if wants_json:
            raise
        return _ask(request, check_in, str(error), status=422)
    if wants_json:
        return JsonResponse({"state": "sent", "at": _at(answered, by), "what_next": what_next(answered)})
    return _sent(request, answered, by)


def _at(check_in: CheckIn, user: User) -> str:
    """When we got it, on this person's clock."""
    received = check_in.received_at or check_in.asked_at
    return clock.local(received, user).strftime("%H:%M")


def _sent(request: HttpRequest, check_in: CheckIn, by: User) -> HttpResponse:
    words = {
        "at": _at(check_in, by),
        "what_next": what_next(check_in),
        "therapist_first_name": check_in.session.pair.therapist.user.first_name,
        "impression": (check_in.answers or {}).get("impression"),
        "home_url": reverse("portal:home"),
    }
    return render(request, "portal/check_in_sent.html", words)
