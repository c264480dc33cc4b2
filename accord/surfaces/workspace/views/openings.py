"""A therapist's own openings: kept in their words, put away, brought back. Nothing here is sent to anybody."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.errors import Refused
from accord.records.ruptures import actions
from accord.records.ruptures.queries import desk_openings
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.forms import OpeningForm
from accord.surfaces.workspace.going_back import back, notices, tell


def openings(request: PersonRequest) -> HttpResponse:
    mine = desk_openings(request.user)
    groups = [(pillar, list(some)) for pillar, some in groupby(mine, key=lambda opening: opening.pillar)]
    return render(request, "workspace/openings.html", {"groups": groups, "notices": notices(request)})


def keep(request: PersonRequest, key: str) -> HttpResponse:
    form = OpeningForm(request.POST)
    if not form.is_valid():
        raise Refused(_("An opening has at most 2,000 characters."))
    actions.keep_opening(key, form.cleaned_data["words"], by=request.user, at=request.now)
    tell(request, _("Your version is kept. Only you see it."))
    return back(request, reverse("workspace:openings"))


def hide(request: PersonRequest, key: str) -> HttpResponse:
    actions.hide_opening(key, by=request.user, at=request.now)
    undo = reverse("workspace:bring_back_opening", args=[key])
    tell(request, _("You will not see this opening again."), undo_url=undo)
    return back(request, reverse("workspace:openings"))


def bring_back(request: PersonRequest, key: str) -> HttpResponse:
    actions.bring_back_opening(key, by=request.user, at=request.now)
    tell(request, _("The opening is back."))
    return back(request, reverse("workspace:openings"))
