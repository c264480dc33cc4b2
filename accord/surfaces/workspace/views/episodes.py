"""Moving an episode, putting it aside, taking that back. Each is one action; the answer is the page it came from."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.desk.actions import take_back_talk
from accord.records.errors import Refused
from accord.records.ruptures import actions
from accord.records.ruptures.models import Episode
from accord.records.ruptures.queries import episode_for
from accord.surfaces.shared.charts import state_name
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.forms import MoveForm
from accord.surfaces.workspace.going_back import back, tell


def move(request: PersonRequest, code: str) -> HttpResponse:
    seen, episode = episode_for(request.user, code, at=request.now)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Say which step it is, in at most 2,000 characters."))
    state, words = form.cleaned_data["state"], form.cleaned_data["words"]
    actions.move(episode, state, by=seen, at=request.now, words=words)
    undo = reverse("workspace:take_back_talk", args=[code]) if state == Episode.State.TALKED_ABOUT and not words else ""
    tell(request, _("Noted: %(state)s.") % {"state": state_name(state).lower()}, undo_url=undo)
    return back(request, reverse("workspace:pair", args=[seen.pair.code]))


def snooze(request: PersonRequest, code: str) -> HttpResponse:
    seen, episode = episode_for(request.user, code, at=request.now)
    actions.snooze(episode, by=seen, at=request.now)
    tell(request, _("Put aside until tomorrow."), undo_url=reverse("workspace:undo_snooze", args=[code]))
    return back(request, reverse("workspace:today"))


def undo_snooze(request: PersonRequest, code: str) -> HttpResponse:
    seen, episode = episode_for(request.user, code, at=request.now)
    actions.undo_snooze(episode, by=seen, at=request.now)
    tell(request, _("Back on your desk."))
    return back(request, reverse("workspace:today"))


def take_back(request: PersonRequest, code: str) -> HttpResponse:
    seen, episode = episode_for(request.user, code, at=request.now)
    take_back_talk(episode, by=seen, at=request.now)
    tell(request, _("Back on your desk."))
    return back(request, reverse("workspace:today"))
