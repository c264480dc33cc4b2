"""A private text about a session or a pair: its author's alone, kept while they write, and never said to be before."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.desk.actions import LONGEST_REFLECTION, keep_reflection
from accord.records.desk.models import Reflection
from accord.records.desk.queries import reflected, reflection_of, sessions_to_reflect_on
from accord.records.errors import NotFound, Refused, StateMoved
from accord.records.pairs.queries import Seen, as_therapist
from accord.records.ruptures.queries import episodes_of
from accord.records.sessions.models import TherapySession
from accord.surfaces.shared import clock
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.forms import ReflectionForm
from accord.surfaces.workspace.going_back import notices, tell
from accord.surfaces.workspace.prompts import prompts

JSON = "application/json"


def reflection(request: PersonRequest, code: str) -> HttpResponse:
    seen = as_therapist(request.user, code, at=request.now)
    sessions = {session.number: session for session in sessions_to_reflect_on(seen, at=request.now)}
    if request.method == "POST":
        return _keep(request, seen, sessions)
    number = request.GET.get("session", "")
    session = _session(sessions, int(number)) if number.isdecimal() and len(number) < 5 else None
    return _show(request, seen, sessions, session=session)


def _session(sessions: dict[int, TherapySession], number: int) -> TherapySession | None:
    if number and number not in sessions:
        raise NotFound(_("There is nothing here."))
    return sessions.get(number)


def _keep(request: PersonRequest, seen: Seen, sessions: dict[int, TherapySession]) -> HttpResponse:
    form = ReflectionForm(request.POST)
    if not form.is_valid():
        raise Refused(_("This could not be kept. Your words are still in the other window."))
    given = form.cleaned_data
    session = _session(sessions, given["session"])
    wants_json = request.headers.get("Accept") == JSON
    try:
        kept = keep_reflection(given["words"], by=seen, at=request.now, version=given["version"], session=session)
    except StateMoved:
        if wants_json:
            raise
        return _show(request, seen, sessions, session=session, unkept=given["words"])
    at = clock.on_the_wall(kept.changed_at, request.user)
    if wants_json:
        return JsonResponse({"state": "kept", "version": kept.version, "at": f"{at:%H:%M}"})
    tell(request, _("Kept %(time)s.") % {"time": f"{at:%H:%M}"})
    response = HttpResponse(status=302)
    response["Location"] = f"{reverse('workspace:reflection', args=[seen.pair.code])}?session={given['session']}"
    return response


def _show(
    request: PersonRequest,
    seen: Seen,
    sessions: dict[int, TherapySession],
    *,
    session: TherapySession | None,
    unkept: str | None = None,
) -> HttpResponse:
    """`unkept` is what somebody wrote here while another window kept something else."""
    kept = reflection_of(seen, session) or Reflection(words="", version=0)
    written = {one.session.number if one.session else 0 for one in reflected(seen)}
    context = {
        "pair": seen.pair,
        "story_first": True,
        "session": session,
        "places": [(number, sessions[number], number in written) for number in sorted(sessions, reverse=True)],
        "about_pair": 0 in written,
        "kept": kept,
        "kept_at": clock.on_the_wall(kept.changed_at, request.user) if kept.pk else None,
        "longest": LONGEST_REFLECTION,
        "unkept": unkept,
        "prompts": prompts(list(episodes_of(seen)), session),
        "notices": notices(request),
    }
    return render(request, "workspace/reflection.html", context, status=200 if unkept is None else 409)
