"""One rupture episode, from the client's side. Only the client can end it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from accord.records.errors import Refused, StateMoved
from accord.records.pairs.queries import Seen
from accord.records.ruptures.actions import MOVES, move
from accord.records.ruptures.concerns import named_contacts
from accord.records.ruptures.models import Episode
from accord.records.ruptures.queries import change_for, episode_for, episode_of
from accord.records.ruptures.repairing import answer_change, write_passage
from accord.surfaces.portal.words import STATES
from accord.surfaces.shared import clock
from accord.surfaces.shared.passages import passage_from, status_of
from accord.surfaces.shared.repairs import shared
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.shared.storylines import told_to

Typed = tuple[str, str]
REPLY = "reply"  # what was typed beside yes, partly or no


def show(request: PersonRequest, code: str) -> HttpResponse:
    seen, _ = episode_for(request.user, code, at=request.now)
    return _page(request, seen, code)


def move_on(request: PersonRequest, code: str) -> HttpResponse:
    seen, episode = episode_for(request.user, code, at=request.now)
    to = request.POST.get("to", "")
    move(episode, to, by=seen, at=request.now, words=request.POST.get("words", ""))
    return redirect("portal:home") if to == Episode.State.CLOSED else redirect("portal:repair", code=code)


def write(request: PersonRequest, code: str) -> HttpResponse:
    """The client's own side, or a field that both write."""
    seen, episode = episode_for(request.user, code, at=request.now)
    try:
        write_passage(episode, passage_from(request.POST), by=seen, at=request.now)
    except (Refused, StateMoved) as error:
        typed = (request.POST.get("field", ""), request.POST.get("words", ""))
        return _page(request, seen, code, error=error, typed=typed)
    return redirect("portal:repair", code=code)


def answer(request: PersonRequest, code: str) -> HttpResponse:
    """ "Did I get it right?" """
    seen, change = change_for(request.user, code, at=request.now)
    episode, given, reply = change.episode.code, request.POST.get("answer", ""), request.POST.get("reply", "")
    try:
        answer_change(change, given, by=seen, at=request.now, reply=reply)
    except (Refused, StateMoved) as error:
        return _page(request, seen, episode, error=error, typed=(REPLY, reply))
    return redirect("portal:repair", code=episode)


def _page(
    request: PersonRequest, seen: Seen, code: str, *, error: Refused | StateMoved | None = None, typed: Typed = ("", "")
) -> HttpResponse:
    episode, name = episode_of(seen, code), seen.pair.therapist.user.first_name
    page = shared(episode, seen, at=request.now, typed=typed)
    answering = typed[0] == REPLY
    context: dict[str, Any] = {
        "episode": _episode(episode, request),
        "therapist_first_name": name,
        "page": page,
        "answer": request.POST.get("answer", ""),
        "reply": typed[1] if answering else "",
        "unsent": "" if page.is_open and (page.waiting or not answering) else typed[1],
        "story": told_to(seen, episode, at=request.now),
        "can_end": episode.ended_at is None,
        "can_say_talked": episode.ended_at is None and episode.state in MOVES[Episode.State.TALKED_ABOUT][0],
        "contacts": named_contacts(seen.pair, at=request.now) if episode.state == Episode.State.LET_GO else [],
        "practice": seen.pair.practice,
        "who": gettext("you and %(name)s.") % {"name": name},
        "errors": [{"text": str(error), "href": "#waits" if answering else f"#part-{typed[0]}"}] if error else [],
    }
    return render(request, "portal/repair.html", context, status=status_of(error))


def _episode(episode: Episode, request: PersonRequest) -> dict[str, Any]:
    return {
        "code": episode.code,
        "state": episode.state,
        "state_words": STATES[episode.state],
        "opened_at": clock.on_the_wall(episode.opened_at, request.user),
        "ended_at": episode.ended_at,
    }
