"""Something felt wrong or unsafe: past the therapist, to the duty person. Where nobody is named, it says so."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accord.records.errors import Refused
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import as_client, pairs_of_client
from accord.records.ruptures.concerns import concerns_of, duty_people, raise_concern
from accord.records.ruptures.models import Concern
from accord.surfaces.shared import clock
from accord.surfaces.shared.help_lines import CHECKED, COMPLAINTS, COUNTRIES
from accord.surfaces.shared.requests import PersonRequest


def concern(request: PersonRequest) -> HttpResponse:
    pairs = list(pairs_of_client(request.user))  # ended ones, too: it is never too late to tell
    asked = request.POST.get("about", "") or request.GET.get("about", "")
    pair = pairs[0] if len(pairs) == 1 else next((one for one in pairs if one.code == asked), None)
    if pair is None and pairs:
        return render(request, "portal/concern_about.html", {"pairs": pairs})
    if request.method != "POST" or pair is None:
        return _page(request, pair)
    seen = as_client(request.user, pair.code, at=request.now)
    words, reach = request.POST.get("words", ""), request.POST.get("reach", "")
    try:
        raise_concern(words, by=seen, at=request.now, reach=reach)
    except Refused as error:
        return _page(request, pair, error=str(error))
    here = reverse("portal:concern")
    return redirect(here if len(pairs) == 1 else f"{here}?about={pair.code}")


def _page(request: PersonRequest, pair: CarePair | None, *, error: str = "") -> HttpResponse:
    duty = duty_people(pair, at=request.now) if pair is not None else []
    context: dict[str, Any] = {
        "about": pair.code if pair else "",
        "practice": pair.practice if pair else None,
        "therapist_first_name": pair.therapist.user.first_name if pair else "",
        "duty": [person.name for person in duty],
        "raised": [_raised(one, request) for one in concerns_of(request.user)],
        "typed": {"words": request.POST.get("words", ""), "reach": request.POST.get("reach", "")} if error else {},
        "countries": COUNTRIES,
        "complaints": COMPLAINTS,
        "checked": CHECKED,
        "errors": [{"text": error, "href": "#words" if duty else "#outside"}] if error else [],
    }
    return render(request, "portal/concern.html", context, status=422 if error else 200)


def _raised(one: Concern, request: PersonRequest) -> dict[str, Any]:
    return {
        "words": one.words,
        "at": clock.told(one.raised_at, request.user),
        "seen_at": clock.told(one.seen_at, request.user) if one.seen_at else "",
        "seen_by": one.seen_by.name if one.seen_by else "",
    }
