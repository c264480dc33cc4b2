"""The check-in: by the link that came by mail, without signing in, or from one's own page."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from accord.records.accounts.models import User
from accord.records.agreements.queries import agreed_goals
from accord.records.checkins import actions, queries
from accord.records.checkins.actions import FIRST_IMPRESSION
from accord.records.checkins.models import CheckIn
from accord.records.checkins.taking_back import may_take_back
from accord.records.errors import Gone, NotFound, Refused
from accord.records.ruptures import taking_back
from accord.records.ruptures.concerns import named_contacts
from accord.science.instruments import BY_ID
from accord.surfaces.portal.forms import answers_from
from accord.surfaces.portal.words import taken_back_words, what_next
from accord.surfaces.shared import clock
from accord.surfaces.shared.digits import localised
from accord.surfaces.shared.items import worded
from accord.surfaces.shared.requests import PersonRequest

JSON = "application/json"
TAKE_BACK = "take-back/"


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


@csrf_exempt  # as above
def take_back_by_link(request: HttpRequest, token: str) -> HttpResponse:
    now = clock.now()
    check_in = queries.by_link(token, at=now)
    client = check_in.session.pair.client
    if client.language:
        translation.activate(client.language)
    return _take_back(request, check_in, by=client, at=now)


def take_back(request: PersonRequest, code: str) -> HttpResponse:
    check_in = queries.asked_of(request.user, code, at=request.now)
    return _take_back(request, check_in, by=request.user, at=request.now)


def _take_back(request: HttpRequest, check_in: CheckIn, *, by: User, at: datetime) -> HttpResponse:
    """The same page as before sending, with what was sent in it, to change or to leave."""
    before = {name: str(given) for name, given in (check_in.answers or {}).items()} | {
        "note": check_in.note or "",
        "travels": check_in.travels,
    }
    took = taking_back.take_back(check_in, by=by, at=at)
    notice = taken_back_words(check_in, read_at=_on_the_wall(took.gone.read_at, by), told=took.told)
    return _ask(request, check_in, values=before, notice=notice)


def _on_the_wall(moment: datetime | None, user: User) -> str:
    return localised(clock.local(moment, user).strftime("%H:%M")) if moment else ""


def _page(request: HttpRequest, check_in: CheckIn, *, by: User, at: datetime) -> HttpResponse:
    if request.method == "POST":
        return _receive(request, check_in, by=by, at=at)
    if closed := actions.why_closed(check_in, at=at):
        return render(request, "portal/check_in_closed.html", {"sentence": closed}, status=410)
    if check_in.received_at is not None:
        return _sent(request, check_in, by, at=at)
    actions.mark_opened(check_in, at=at)
    return _ask(request, check_in)


def _ask(
    request: HttpRequest, check_in: CheckIn, error: str = "", *, values: dict[str, Any] | None = None, notice: str = ""
) -> HttpResponse:
    instrument = BY_ID[check_in.instrument]
    items = [worded(item) for item in instrument.items]
    tension = next((item for item in items if item.name == "tension"), None)
    first = check_in.instrument == FIRST_IMPRESSION
    context = {
        "code": check_in.code,
        "action": _address(request),
        "take_back_url": f"{_address(request)}{TAKE_BACK}",
        "notice": notice,
        "turn": check_in.taken_back.count(),
        "items": [item._asdict() | {"id": item.name} for item in items if not item.choices],
        "tension": tension,
        "agreed_goals": [] if first else agreed_goals(check_in.session.pair),
        "impression": items[0] if first else None,
        "therapist_first_name": check_in.session.pair.therapist.user.first_name,
        "session_label": _("Session %(number)s") % {"number": localised(str(check_in.session.number))},
        "values": values or (request.POST if error else {}),
        "errors": [{"text": error, "href": "#check-in"}] if error else [],
        "idempotency_key": uuid.uuid4(),
    }
    return render(
        request, f"portal/{'first_impression' if first else 'check_in'}.html", context, status=422 if error else 200
    )


def _address(request: HttpRequest) -> str:
    """Of the check-in itself, also on the page after taking back."""
    return request.path.removesuffix(TAKE_BACK)


def _receive(request: HttpRequest, check_in: CheckIn, *, by: User, at: datetime) -> HttpResponse:
    wants_json = request.headers.get("Accept") == JSON
    given = answers_from(request.POST, BY_ID[check_in.instrument], at=at)
    key = request.POST.get("idempotency_key", "")[:64] or str(uuid.uuid4())
    try:
        answered = actions.answer(check_in, given, by=by, key=key, at=at)
    except Refused as error:
        if wants_json:
            raise
        return _ask(request, check_in, str(error))
    if wants_json:
        return JsonResponse(
            {
                "state": "sent",
                "at": _at(answered, by),
                "what_next": what_next(answered, revealed=queries.is_revealed(answered, at=at)),
            }
        )
    return _sent(request, answered, by, at=at)


def _at(check_in: CheckIn, user: User) -> str:
    """When we got it, on this person's clock."""
    return _on_the_wall(check_in.received_at or check_in.asked_at, user)


def _sent(request: HttpRequest, check_in: CheckIn, by: User, *, at: datetime) -> HttpResponse:
    words = {
        "at": _at(check_in, by),
        "what_next": what_next(check_in, revealed=queries.is_revealed(check_in, at=at)),
        "therapist_first_name": check_in.session.pair.therapist.user.first_name,
        **_help_with(check_in, at=at),
        "sent_code": check_in.code,
        "sent_key": check_in.idempotency_key,
        "take_back_url": f"{_address(request)}{TAKE_BACK}" if may_take_back(check_in, at=at) else "",
        "home_url": reverse("portal:home"),
    }
    return render(request, "portal/check_in_sent.html", words)


def _help_with(check_in: CheckIn, *, at: datetime) -> dict[str, Any]:
    """After a first impression that was not good: help to say it, or a call with somebody. Nobody else is told."""
    impression = (check_in.answers or {}).get("impression")
    if impression not in {"unsure", "not-for-me"}:
        return {"impression": ""}
    pair = check_in.session.pair
    return {"impression": impression, "contacts": named_contacts(pair, at=at), "practice": pair.practice}
