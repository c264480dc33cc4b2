"""What a therapist makes quiet, what lies aside, and how all of it comes back."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.desk import actions
from accord.records.desk.queries import put_aside as lying_aside
from accord.records.desk.queries import quiet_for
from accord.records.errors import Refused
from accord.records.pairs.queries import as_therapist, caseload
from accord.surfaces.shared import clock
from accord.surfaces.shared.digits import numeral
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.forms import DiscussedForm, MuteForm
from accord.surfaces.workspace.going_back import back, notices, tell
from accord.surfaces.workspace.hushing import told


def mute(request: PersonRequest, code: str) -> HttpResponse:
    seen = as_therapist(request.user, code, at=request.now)
    form = MuteForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose one kind of note, or one pillar."))
    quiet = actions.mute(actions.About(**form.cleaned_data), by=seen, at=request.now)
    tell(request, _("Muted until you unmute it."), undo_url=reverse("workspace:unquiet", args=[quiet.code]))
    return back(request, reverse("workspace:put_aside"))


def discussed(request: PersonRequest, code: str) -> HttpResponse:
    seen = as_therapist(request.user, code, at=request.now)
    form = DiscussedForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Say which note it was."))
    kind, after = form.cleaned_data["kind"], form.cleaned_data["after_session"]
    quiet = actions.rest(kind, after_session=after, by=seen, at=request.now)
    sentence = _("Discussed. It rests for %(number)s sessions.") % {"number": numeral(actions.RESTS_FOR)}
    tell(request, sentence, undo_url=reverse("workspace:unquiet", args=[quiet.code]))
    return back(request, reverse("workspace:put_aside"))


def unquiet(request: PersonRequest, code: str) -> HttpResponse:
    seen, quiet = quiet_for(request.user, code, at=request.now)
    actions.unquiet(quiet, by=seen, at=request.now)
    tell(request, _("You will be told again."))
    return back(request, reverse("workspace:put_aside"))


def put_aside(request: PersonRequest) -> HttpResponse:
    found = lying_aside(request.user, caseload(request.user, at=request.now), at=request.now)
    context = {
        "snoozes": [(one, clock.on_the_wall(one.until, request.user)) for one in found.snoozes],
        "talks": [(one, clock.on_the_wall(one.at, request.user)) for one in found.talks],
        "quiets": [(quiet, told(quiet)) for quiet in found.quiets],
        "notices": notices(request),
    }
    return render(request, "workspace/put_aside.html", context)
