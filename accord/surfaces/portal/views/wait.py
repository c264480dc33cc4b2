"""Waiting for a place: where one stands, what the practice wrote, yes or no to a place, and leaving the list."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accord.records.errors import Conflict, Refused
from accord.records.waiting.actions import leave_list
from accord.records.waiting.asks import unpack
from accord.records.waiting.models import Wait
from accord.records.waiting.offering import accept_place, decline_place, see_offer
from accord.records.waiting.queries import open_offer, own_offer, own_wait, own_waits
from accord.surfaces.portal.wait_words import kept, where
from accord.surfaces.shared import clock, wish_words
from accord.surfaces.shared.requests import PersonRequest


def wait(request: PersonRequest) -> HttpResponse:
    return _page(request)


def _page(request: PersonRequest, *, problem: str = "", status: int = 409) -> HttpResponse:
    context = {
        "waits": [_told(one, request) for one in own_waits(request.user)],
        "errors": [{"text": problem, "href": "#main"}] if problem else [],
    }
    return render(request, "portal/wait.html", context, status=status if problem else 200)


def _told(one: Wait, request: PersonRequest) -> dict[str, Any]:
    offer = open_offer(one)
    live = offer if offer is not None and offer.reply_by > request.now else None
    if live is not None:
        see_offer(live, by=request.user, at=request.now)
    asked = unpack(one.wishes)
    return {
        "code": one.code,
        "practice": one.practice.name,
        "where": where(one, request),
        "offer": kept(live, request) if live is not None else None,
        "letters": [(clock.told(each.at, request.user), each.words) for each in one.touches.all() if each.words],
        "given": [*wish_words.needs(asked), *wish_words.nice(asked)],
    }


def answer(request: PersonRequest, code: str) -> HttpResponse:
    """Yes begins it; no keeps the place on the list, and no reason is asked."""
    offer = own_offer(request.user, code)
    try:
        if request.POST.get("answer") == "yes":
            accept_place(offer, by=request.user, at=request.now)
            return redirect("portal:home")
        if request.POST.get("answer") != "no":
            return _page(request, problem=_("Choose yes or no."), status=422)
        decline_place(offer, by=request.user, at=request.now)
    except Conflict as error:
        return _page(request, problem=str(error))
    return redirect("portal:wait")


def leave(request: PersonRequest, code: str) -> HttpResponse:
    try:
        leave_list(own_wait(request.user, code), by=request.user, at=request.now)
    except Refused as error:
        return _page(request, problem=str(error), status=422)
    return redirect("portal:wait")
