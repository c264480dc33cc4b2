"""One rupture episode, from the client's side. Only the client can end it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accord.records.pairs.queries import Seen
from accord.records.ruptures.actions import ENDS, MOVES, move
from accord.records.ruptures.models import Episode, Step
from accord.records.ruptures.queries import episode_for
from accord.surfaces.portal.words import STATES
from accord.surfaces.shared import clock
from accord.surfaces.shared.requests import PersonRequest


def show(request: PersonRequest, code: str) -> HttpResponse:
    seen, episode = episode_for(request.user, code, at=request.now)
    context = {
        "episode": _episode(episode, request),
        "therapist_first_name": seen.pair.therapist.user.first_name,
        "steps": [_step(step, seen, request) for step in episode.steps.all()],
        "can_end": episode.ended_at is None,
        "can_say_talked": episode.state in MOVES[Episode.State.TALKED_ABOUT][0],
    }
    return render(request, "portal/repair.html", context)


def move_on(request: PersonRequest, code: str) -> HttpResponse:
    seen, episode = episode_for(request.user, code, at=request.now)
    to = request.POST.get("to", "")
    move(episode, to, by=seen, at=request.now, words=request.POST.get("words", ""))
    return redirect("portal:home") if to in ENDS else redirect("portal:repair", code=code)


def _episode(episode: Episode, request: PersonRequest) -> dict[str, Any]:
    return {
        "code": episode.code,
        "state": episode.state,
        "state_words": STATES[episode.state],
        "opened_at": clock.on_the_wall(episode.opened_at, request.user),
        "ended_at": episode.ended_at,
    }


def _step(step: Step, seen: Seen, request: PersonRequest) -> dict[str, Any]:
    who = "" if step.by is None else "you" if step.by_id == seen.viewer.pk else step.by.first_name
    at = clock.on_the_wall(step.at, request.user)
    return {"state_words": STATES[step.state], "who": who, "at": at, "words": step.words}
