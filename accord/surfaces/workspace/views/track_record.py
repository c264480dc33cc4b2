"""A therapist's own track record: for them alone, with nobody beside it; and whether the search may use it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accord.records.desk.track_records import own_records
from accord.records.errors import Refused
from accord.records.profiles.queries import own_profile
from accord.records.profiles.recording import allow_record, forbid_record
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.going_back import notices, tell
from accord.surfaces.workspace.record_words import line_of


def track_record(request: PersonRequest) -> HttpResponse:
    own, profile = own_records(request.user, at=request.now), own_profile(request.user, at=request.now)
    lines = [line_of(record) for record in own.records]
    context = {
        "lines": lines,
        "drawn": any(line.drawing for line in lines),
        "uncounted": own.uncounted,
        "profile": profile,
        "used": getattr(profile, "used_record", None),
        "notices": notices(request),
    }
    return render(request, "workspace/track_record.html", context)


def allow(request: PersonRequest) -> HttpResponse:
    profile = own_profile(request.user, at=request.now)
    if profile is None:
        raise Refused(_("You have no profile yet."))
    if request.POST.get("allow") == "yes":
        allow_record(profile, by=request.user, at=request.now)
        tell(request, _("The search may use it, from the next count on."))
    else:
        forbid_record(profile, by=request.user, at=request.now)
        tell(request, _("The search does not use it any more. The numbers are gone."))
    return redirect("workspace:track_record")
