"""How one therapist's desk works: how it tells, how it looks, which keys it listens to."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accord.records.desk.actions import choose
from accord.records.desk.jobs import MORNING, MOST_A_DAY
from accord.records.desk.queries import by_chance, preference_of
from accord.records.errors import Refused
from accord.records.pairs.queries import caseload
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.desk import MOST_PINNED
from accord.surfaces.workspace.forms import ArrangeForm
from accord.surfaces.workspace.going_back import notices, tell
from accord.surfaces.workspace.guess_words import by_chance_words
from accord.surfaces.workspace.looks import remember


def arrange(request: PersonRequest) -> HttpResponse:
    if request.method == "POST":
        return _keep(request)
    preference = preference_of(request.user)
    context = {
        "preference": preference,
        "most": MOST_A_DAY,
        "pinned": MOST_PINNED,
        "morning": MORNING,
        "chance": by_chance_words(by_chance(caseload(request.user, at=request.now), at=request.now)),
        "notices": notices(request),
    }
    return render(request, "workspace/arrange.html", context)


def _keep(request: PersonRequest) -> HttpResponse:
    form = ArrangeForm(request.POST)
    if not form.is_valid():
        raise Refused(_("There is no such choice."))
    remember(request, choose(form.cleaned_data, by=request.user, at=request.now))
    tell(request, _("Kept. It holds on all your devices after you sign in."))
    return redirect("workspace:arrange")
