"""A client's sessions: when they are, "I can't come", reminders, one's own calendar."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.errors import Refused
from accord.records.sessions import actions
from accord.records.sessions.calendar_actions import choose_reminders, make_address, revoke_address
from accord.records.sessions.queries import reminder_choice, session_as, sessions_of_client
from accord.surfaces.portal.words import REMINDERS
from accord.surfaces.shared.appointments import Appointment, appointment
from accord.surfaces.shared.calendars.addresses import address_of
from accord.surfaces.shared.calendars.feed import TYPE
from accord.surfaces.shared.calendars.writing import calendar_of
from accord.surfaces.shared.requests import PersonRequest


def sessions(request: PersonRequest) -> HttpResponse:
    return _show(request)


def cannot_come(request: PersonRequest, code: str) -> HttpResponse:
    session = session_as("client", request.user, code, at=request.now).session
    one = appointment(session, request.user, at=request.now)
    if request.method != "POST":
        return _ask(request, one)
    try:
        actions.cancel(session, by=request.user, at=request.now, words=request.POST.get("words", ""))
    except Refused as error:
        return _ask(request, one, str(error))
    undo = reverse("portal:bring_back_session", args=[code])
    messages.info(request, _("It is cancelled. Your therapist will know."), extra_tags=undo)
    return redirect("portal:sessions")


def back_again(request: PersonRequest, code: str) -> HttpResponse:
    session = session_as("client", request.user, code, at=request.now).session
    actions.bring_back(session, by=request.user, at=request.now)
    messages.info(request, _("It is on again."))
    return redirect("portal:sessions")


def one_file(request: PersonRequest, code: str) -> HttpResponse:
    session = session_as("client", request.user, code, at=request.now).session
    named = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
    return HttpResponse(calendar_of([session]), content_type=TYPE, headers=named)


def reminders(request: PersonRequest) -> HttpResponse:
    choose_reminders(request.user, request.POST.get("when", ""), at=request.now)
    messages.info(request, _("Kept."))
    return redirect("portal:sessions")


def new_address(request: PersonRequest) -> HttpResponse:
    return _show(request, token=make_address(request.user, at=request.now))


def end_address(request: PersonRequest) -> HttpResponse:
    revoke_address(request.user, at=request.now)
    messages.info(request, _("The address opens nothing any more."))
    return redirect("portal:sessions")


def _ask(request: PersonRequest, one: Appointment, problem: str = "") -> HttpResponse:
    errors = [{"text": problem, "href": "#words"}] if problem else []
    context = {"one": one, "errors": errors, "written": request.POST.get("words", "")}
    return render(request, "portal/cannot_come.html", context, status=422 if errors else 200)


def _show(request: PersonRequest, *, token: str = "") -> HttpResponse:
    found = sessions_of_client(request.user, at=request.now)
    context: dict[str, Any] = {
        "coming": [appointment(one, request.user, at=request.now) for one in found],
        "zone": request.user.zone,
        "reminders": REMINDERS,
        "chosen": reminder_choice(request.user),
        "address": address_of(request.user, token=token),
        "notices": [{"text": str(one), "undo_url": one.extra_tags or ""} for one in messages.get_messages(request)],
    }
    return render(request, "portal/sessions.html", context)
