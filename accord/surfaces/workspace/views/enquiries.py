"""Who asks for a first call: read, answer with times, say no without a reason, confirm a start."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.errors import Conflict, Refused
from accord.records.matching import replying as actions
from accord.records.matching.models import Enquiry
from accord.records.matching.offering import insurers
from accord.records.matching.queries import enquiries_for, enquiry_for, told_in
from accord.records.sessions.local_times import moment
from accord.surfaces.shared import clock
from accord.surfaces.shared.enquiries import shown
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.enquiry_words import standing
from accord.surfaces.workspace.going_back import back, notices, tell

BACK_URL = "{url}/find/back/{{token}}/"


def enquiries(request: PersonRequest) -> HttpResponse:
    rows = list(enquiries_for(request.user, at=request.now)[:100])
    told: list[dict[str, Any]] = [
        {"one": one, "name": one.name or "", "stands": standing(one, request.user)} for one in rows
    ]
    context = {
        "open": [row for row in told if row["one"].state in Enquiry.OPEN],
        "over": [row for row in told if row["one"].state not in Enquiry.OPEN],
        "notices": notices(request),
    }
    return render(request, "workspace/enquiries.html", context)


def enquiry(request: PersonRequest, code: str) -> HttpResponse:
    one = enquiry_for(request.user, code, at=request.now)
    actions.see(one, by=request.user, at=request.now)
    return _page(request, one)


def _page(request: PersonRequest, one: Enquiry, *, error: str = "", href: str = "#answer") -> HttpResponse:
    typed = {name: getattr(one, name) or "" for name in ("name", "reach", "address", "words")}
    context: dict[str, Any] = {
        "one": one,
        "name": typed["name"],
        "told": shown(typed, told_in(one), insurers(at=request.now)),
        "gone": one.state in Enquiry.OVER,
        "stands": standing(one, request.user),
        "owed": one.state in Enquiry.OWED,
        "open": one.state in Enquiry.OPEN,
        "call_at": clock.told(one.call_at, request.user) if one.call_at else "",
        "times": [clock.told(datetime.fromisoformat(each), request.user) for each in one.times],
        "slots": [(number, request.POST.get(f"time-{number}", "")) for number in (1, 2, 3)],
        "how": request.POST.get("how", ""),
        "address": request.POST.get("address", typed["address"]),
        "earliest": clock.on_the_wall(request.now, request.user).strftime("%Y-%m-%dT%H:%M"),
        "zone": request.user.zone,
        "notices": notices(request),
        "errors": [{"text": error, "href": href}] if error else [],
    }
    return render(request, "workspace/enquiry.html", context, status=422 if error else 200)


def offer(request: PersonRequest, code: str) -> HttpResponse:
    one = enquiry_for(request.user, code, at=request.now)
    try:
        times = [_moment(typed, request) for number in (1, 2, 3) if (typed := request.POST.get(f"time-{number}", ""))]
        actions.offer_call(
            one, times, how=request.POST.get("how", ""), by=request.user, at=request.now, link_url=_link()
        )
    except (Refused, Conflict) as error:
        return _page(request, enquiry_for(request.user, code, at=request.now), error=str(error), href="#time-1")
    tell(request, _("Sent. They choose one of the times."))
    return redirect("workspace:enquiry", code=code)


def _moment(typed: str, request: PersonRequest) -> datetime:
    try:
        wall = datetime.fromisoformat(typed).replace(tzinfo=None)
    except ValueError as error:
        raise Refused(_("Give each time as a day and an hour.")) from error
    return moment(wall, request.user.zone)


def _link() -> str:
    return BACK_URL.format(url=settings.PUBLIC_URL)


def decline(request: PersonRequest, code: str) -> HttpResponse:
    one = enquiry_for(request.user, code, at=request.now)
    actions.decline(one, by=request.user, at=request.now, link_url=_link())
    tell(request, _("They are told in neutral words, and shown who comes next."))
    return back(request, reverse("workspace:enquiries"))


def start(request: PersonRequest, code: str) -> HttpResponse:
    one = enquiry_for(request.user, code, at=request.now)
    address = request.POST.get("address", "").strip() or one.address or ""
    urls = (settings.PUBLIC_URL + reverse("sign_in"), _link())
    try:
        pair = actions.start(one, address, by=request.user, at=request.now, urls=urls)
    except (Refused, Conflict) as error:
        return _page(request, enquiry_for(request.user, code, at=request.now), error=str(error), href="#address")
    tell(request, _("You two begin. The place is taken."))
    return redirect("workspace:pair", code=pair.code)
