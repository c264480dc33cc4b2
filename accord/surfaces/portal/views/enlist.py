"""Nobody fits, or nobody is open: one page puts somebody on a practice's waiting list, signed out or in."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accord.records.errors import Refused
from accord.records.matching import enlisting
from accord.records.matching.models import Search
from accord.records.matching.offering import insurers
from accord.records.matching.queries import answers_of, contact_of
from accord.surfaces.portal.views.asking import BACK_URL, SENDINGS
from accord.surfaces.portal.wait_words import put_on_list
from accord.surfaces.shared import limits, search_words, searches
from accord.surfaces.shared.requests import AnyRequest
from accord.surfaces.shared.wait_words import SOON

FIELDS = (*enlisting.FIELDS, "practice", "urgency")


def enlist(request: AnyRequest) -> HttpResponse:
    search = searches.search_of(request)
    if search is None:
        return redirect("portal:find")
    return _ask(request, search) if request.method == "POST" else _page(request, search)


def _ask(request: AnyRequest, search: Search) -> HttpResponse:
    if request.POST.get("website") or not limits.within(request, "list", SENDINGS):
        return render(request, "429.html", status=429)
    by, typed = searches.person_of(request), {name: request.POST.get(name, "") for name in FIELDS}
    try:
        asked = enlisting.ask_for_list(search, typed, request.POST.getlist("gives"), by=by, at=request.now)
        if put_on_list(request, asked) is None:
            enlisting.send_proof(asked, at=request.now, link_url=BACK_URL.format(url=settings.PUBLIC_URL))
    except Refused as error:
        return _page(request, search, error=str(error))
    return redirect("portal:find_wait")


def _page(request: AnyRequest, search: Search, *, error: str = "") -> HttpResponse:
    pending = enlisting.asked_of(search) and not error and request.GET.get("change") != "yes"
    context: dict[str, Any] = {
        "wait": enlisting.wait_of(search),
        "pending": pending,
        "typed": _typed(request, search) if not error else request.POST,
        "own": searches.person_of(request),
        "practices": enlisting.practices_to_wait_for(at=request.now),
        "urgencies": SOON.items(),
        "gives": request.POST.getlist("gives"),
        "answers": _lines(request, search),
        "elsewhere": enlisting.lives_elsewhere(answers_of(search)),
        "errors": [{"text": error, "href": "#answer"}] if error else [],
    }
    return render(request, "portal/find_wait.html", context, status=422 if error else 200)


def _typed(request: AnyRequest, search: Search) -> dict[str, str]:
    told = contact_of(search)
    known = {name: told.get(name, "") for name in enlisting.FIELDS}
    return known | {"practice": told.get(enlisting.PRACTICE, ""), "urgency": told.get(enlisting.URGENCY, "")}


def _lines(request: AnyRequest, search: Search) -> list[search_words.Line]:
    answers = answers_of(search)
    told = {slug: answers[slug] for slug in enlisting.may_be_given(answers)}
    return search_words.told(told, insurers(at=request.now), blanks=False)
