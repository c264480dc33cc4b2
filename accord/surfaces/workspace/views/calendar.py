"""One's own calendar, out and in: a secret address to read the appointments, a file of busy times to take over."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.records.errors import Refused
from accord.records.sessions.calendar_actions import keep_busy_times, make_address, revoke_address
from accord.records.sessions.queries import busy_between
from accord.surfaces.shared.calendars.addresses import address_of
from accord.surfaces.shared.calendars.reading import HORIZON, busy_times
from accord.surfaces.shared.digits import numeral
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.going_back import notices, tell
from accord.surfaces.workspace.session_forms import CalendarForm


def calendar(request: PersonRequest) -> HttpResponse:
    return _show(request)


def new_address(request: PersonRequest) -> HttpResponse:
    return _show(request, token=make_address(request.user, at=request.now))


def end_address(request: PersonRequest) -> HttpResponse:
    revoke_address(request.user, at=request.now)
    tell(request, _("The address opens nothing any more."))
    return redirect("workspace:calendar")


def take_over(request: PersonRequest) -> HttpResponse:
    try:
        spans = busy_times(_content(request), zone=request.user.zone, at=request.now)
        count = keep_busy_times(request.user, spans, at=request.now)
    except Refused as error:
        return _show(request, problem=str(error))
    tell(
        request,
        ngettext("One busy time is in your week.", "%(count)s busy times are in your week.", count)
        % {"count": numeral(count)},
    )
    return redirect("workspace:calendar")


def forget(request: PersonRequest) -> HttpResponse:
    keep_busy_times(request.user, [], at=request.now)
    tell(request, _("All busy times are forgotten."))
    return redirect("workspace:calendar")


def _content(request: PersonRequest) -> bytes:
    form = CalendarForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refused(_("This file is empty or too large."))
    given = form.cleaned_data
    content: bytes = given["file"].read() if given["file"] else given["text"].encode()
    if not content.strip():
        raise Refused(_("Choose a calendar file, or paste what is in it."))
    return content


def _show(request: PersonRequest, *, token: str = "", problem: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "address": address_of(request.user, token=token),
        "busy": busy_between(request.user, request.now, request.now + HORIZON).count(),
        "errors": [{"text": problem, "href": "#id_file"}] if problem else [],
        "notices": notices(request),
    }
    return render(request, "workspace/calendar.html", context, status=422 if problem else 200)
