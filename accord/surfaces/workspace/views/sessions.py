"""One session: when, how long, where; moved, cancelled, and both undone."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.records.audit.actions import record_read
from accord.records.errors import Conflict, Refused
from accord.records.sessions import actions
from accord.records.sessions.local_times import moment
from accord.records.sessions.models import TherapySession
from accord.records.sessions.queries import later_in_series, session_as
from accord.surfaces.shared import clock
from accord.surfaces.shared.appointments import appointment, who
from accord.surfaces.shared.digits import numeral
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.going_back import back, notices, tell
from accord.surfaces.workspace.session_forms import MoveSessionForm


def session(request: PersonRequest, code: str) -> HttpResponse:
    found = session_as("therapist", request.user, code, at=request.now).session
    record_read(request.user, "opened a session", found, at=request.now)
    return _show(request, found, _form_of(found, request))


def move(request: PersonRequest, code: str) -> HttpResponse:
    found = session_as("therapist", request.user, code, at=request.now).session
    form = MoveSessionForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form)
    found.revision = form.cleaned_data["revision"]
    try:
        starts_at = moment(form.wall, request.user.zone)
        moved = actions.move(found, starts_at, by=request.user, at=request.now, terms=form.terms)
    except (Refused, Conflict) as error:
        return _show(request, found, form, str(error))
    undo = reverse("workspace:undo_move_session", args=[code]) if moved.moved_at == request.now else ""
    tell(request, _("Changed."), undo_url=undo)
    return back(request, _week_of(moved, request))


def undo_move(request: PersonRequest, code: str) -> HttpResponse:
    found = session_as("therapist", request.user, code, at=request.now).session
    moved = actions.undo_move(found, by=request.user, at=request.now)
    tell(request, _("It is back where it was."))
    return back(request, _week_of(moved, request))


def cancel(request: PersonRequest, code: str) -> HttpResponse:
    found = session_as("therapist", request.user, code, at=request.now).session
    if request.POST.get("which") == "following":
        gone = actions.cancel_from(found, by=request.user, at=request.now)
    else:
        gone = [actions.cancel(found, by=request.user, at=request.now)]
    undo = reverse("workspace:bring_back_session", args=[code])
    tell(request, _cancelled(len(gone)), undo_url=undo if len(gone) == 1 else "")
    return back(request, _week_of(found, request))


def _cancelled(count: int) -> str:
    if count == 1:
        return _("Cancelled.")
    return ngettext("%(count)s session cancelled.", "%(count)s sessions cancelled.", count) % {"count": numeral(count)}


def bring_back(request: PersonRequest, code: str) -> HttpResponse:
    found = session_as("therapist", request.user, code, at=request.now).session
    again = actions.bring_back(found, by=request.user, at=request.now)
    tell(request, _("It is on again."))
    return back(request, _week_of(again, request))


def _week_of(found: TherapySession, request: PersonRequest) -> str:
    return f"{reverse('workspace:week')}?of={clock.on_the_wall(found.starts_at, request.user):%Y-%m-%d}"


def _form_of(found: TherapySession, request: PersonRequest) -> MoveSessionForm:
    wall = clock.on_the_wall(found.starts_at, request.user)
    given = {"day": wall.date(), "clock": wall.time(), "minutes": found.minutes, "place": found.place}
    return MoveSessionForm(initial=given | {"revision": found.revision})


def _show(request: PersonRequest, found: TherapySession, form: MoveSessionForm, problem: str = "") -> HttpResponse:
    errors = [{"text": problem, "href": "#id_day"}] if problem else form.problems
    booked = found.state == TherapySession.State.BOOKED
    context = {
        "one": appointment(found, request.user, at=request.now),
        "pair": found.pair,
        "form": form,
        "errors": errors,
        "can_move": booked and found.starts_at > request.now,
        "can_cancel": booked and found.ends_at > request.now,
        "following": later_in_series(found).count() if booked else 0,
        "moved_from": clock.on_the_wall(found.moved_from, request.user) if found.moved_from else None,
        "moved_at": clock.on_the_wall(found.moved_at, request.user) if found.moved_at else None,
        "moved_by": who(found.moved_by, request.user),
        "zone": request.user.zone,
        "notices": notices(request),
    }
    return render(request, "workspace/session.html", context, status=422 if errors else 200)
