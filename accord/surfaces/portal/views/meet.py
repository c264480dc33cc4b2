"""Meet someone else: past the therapist, to the practice's named contact. Where nobody is named, it says so."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accord.records.errors import Refused, StateMoved
from accord.records.matching import meeting as actions
from accord.records.matching.models import MeetWish
from accord.records.matching.queries import newest_meet
from accord.records.pairs.queries import Seen
from accord.records.ruptures.concerns import named_contacts
from accord.surfaces.portal.views.fit import nobody
from accord.surfaces.portal.with_whom import going_on
from accord.surfaces.shared import clock
from accord.surfaces.shared.digits import joined
from accord.surfaces.shared.requests import PersonRequest

BACK = "back"


def meet(request: PersonRequest) -> HttpResponse:
    seen = going_on(request)
    if seen is None:
        return nobody(request)
    return _receive(request, seen) if request.method == "POST" else _page(request, seen)


def _receive(request: PersonRequest, seen: Seen) -> HttpResponse:
    words, reach = request.POST.get("words", ""), request.POST.get("reach", "")
    try:
        wish = actions.keep_meet(by=seen, at=request.now, words=words, reach=reach)
        if request.POST.get("do") == BACK:
            return redirect("portal:fit_doors")
        actions.send_meet(wish, by=seen, at=request.now)
    except Refused as error:
        return _page(request, seen, error=str(error))
    except StateMoved as error:
        return _page(request, seen, error=str(error), status=409)
    return redirect("portal:meet")


def take_back(request: PersonRequest) -> HttpResponse:
    seen = going_on(request)
    wish = newest_meet(seen) if seen is not None else None
    if seen is None or wish is None:
        return redirect("portal:meet")
    try:
        actions.take_back_meet(wish, by=seen, at=request.now)
    except StateMoved as error:
        return _page(request, seen, error=str(error), status=409)
    return redirect("portal:meet")


def _page(request: PersonRequest, seen: Seen, *, error: str = "", status: int = 422) -> HttpResponse:
    contacts = named_contacts(seen.pair, at=request.now)
    wish = newest_meet(seen)
    draft = wish if wish is not None and wish.sent_at is None else None
    typed = {"words": draft.words or "", "reach": draft.reach or ""} if draft is not None else {}
    context: dict[str, Any] = {
        "practice": seen.pair.practice,
        "therapist_first_name": seen.pair.therapist.user.first_name,
        "contacts": contacts,
        "names": joined(person.name for person in contacts),
        "wish": _told(wish, request) if wish is not None and wish.sent_at is not None else None,
        "typed": {name: request.POST.get(name, "") for name in ("words", "reach")} if error else typed,
        "errors": [{"text": error, "href": "#words" if contacts else "#nobody"}] if error else [],
    }
    if error and (not contacts or (context["wish"] and context["wish"]["open"])):  # no form that could keep them
        context["unsent"] = "\n".join(filter(None, context["typed"].values()))
    return render(request, "portal/meet.html", context, status=status if error else 200)


def _told(wish: MeetWish, request: PersonRequest) -> dict[str, Any]:
    """What became of it, in times of this person's clock."""
    moments = {name: getattr(wish, name) for name in ("sent_at", "read_at", "answered_at", "taken_back_at")}
    return {
        "words": wish.words or "",
        "open": wish.answered_at is None and wish.taken_back_at is None,
        "answered_by": wish.answered_by.name if wish.answered_by else "",
        **{name: clock.told(moment, request.user) if moment else "" for name, moment in moments.items()},
    }
