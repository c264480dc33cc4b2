"""The page that both share, from the therapist's side. What ends it is not here: only the client can."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accord.records.audit.actions import record_read
from accord.records.errors import Refused, StateMoved
from accord.records.pairs.queries import Seen, as_therapist
from accord.records.ruptures.actions import MOVES
from accord.records.ruptures.models import Episode
from accord.records.ruptures.openings import CHANGE
from accord.records.ruptures.queries import DeskOpening, episode_for, episode_of, guide_steps
from accord.records.ruptures.repairing import write_change, write_passage
from accord.surfaces.shared.passages import passage_from, status_of
from accord.surfaces.shared.repairs import shared
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.shared.storylines import told_to
from accord.surfaces.workspace.going_back import notices, tell
from accord.surfaces.workspace.guides import UNSURE, guide, kinds

State = Episode.State


def repair(request: PersonRequest, code: str) -> HttpResponse:
    return _page(request, _as_therapist(request, code), code)


def _as_therapist(request: PersonRequest, code: str) -> Seen:
    seen, _episode = episode_for(request.user, code, at=request.now)
    return as_therapist(request.user, seen.pair.code, at=request.now)


def write(request: PersonRequest, code: str) -> HttpResponse:
    """The therapist's own side, or a field that both write."""
    seen, episode = episode_for(request.user, code, at=request.now)
    try:
        write_passage(episode, passage_from(request.POST), by=seen, at=request.now)
    except (Refused, StateMoved) as error:
        typed = (request.POST.get("field", ""), request.POST.get("words", ""))
        return _page(request, seen, code, error=error, typed=typed)
    tell(request, _("Kept. You both see it."))
    return redirect("workspace:repair", code=code)


def change(request: PersonRequest, code: str) -> HttpResponse:
    """ "What I will change", written to the client."""
    seen, episode = episode_for(request.user, code, at=request.now)
    words = request.POST.get("words", "")
    try:
        if words.strip() == _starter(request).words.strip():
            raise Refused(_("Write what exactly you will change. The sentence alone says nothing yet."))
        write_change(episode, words, by=seen, at=request.now)
    except (Refused, StateMoved) as error:
        return _page(request, seen, code, error=error, typed=("change", words))
    tell(request, _("Sent. It waits for an answer."))
    return redirect("workspace:repair", code=code)


def _starter(request: PersonRequest) -> DeskOpening:
    return next(one for one in guide_steps(request.user) if one.key == CHANGE.key)


def help_with(request: PersonRequest, code: str) -> HttpResponse:
    """The guide, on a page of its own: the shared page may be turned to the client, this one is for the therapist."""
    seen = _as_therapist(request, code)
    kind = request.GET.get("shows", UNSURE)
    episode = episode_of(seen, code)
    flags = sorted(episode.flags.all(), key=lambda flag: flag.kind != "said")
    pillar = next((flag.pillar for flag in flags if flag.pillar), "")
    context = {
        "pair": seen.pair,
        "episode": episode,
        "kinds": kinds(),
        "kind": kind if kind in dict(kinds()) else UNSURE,
        "pillar": pillar,
        "guide": guide(kind, pillar),
    }
    return render(request, "workspace/guide.html", context)


def _page(
    request: PersonRequest,
    seen: Seen,
    code: str,
    *,
    error: Refused | StateMoved | None = None,
    typed: tuple[str, str] = ("", ""),
) -> HttpResponse:
    episode, name = episode_of(seen, code), seen.pair.client.first_name
    context: dict[str, Any] = {
        "pair": seen.pair,
        "episode": episode,
        "page": shared(episode, seen, at=request.now, typed=typed),
        "unsent": typed[1] if episode.ended_at else "",
        "story": told_to(seen, episode, at=request.now),
        "can_say_talked": episode.ended_at is None and episode.state in MOVES[State.TALKED_ABOUT][0],
        "can_say_addressed": episode.ended_at is None and episode.state in MOVES[State.ADDRESSED][0],
        "unread": [note for note in episode.sent_notes if note.read_at is None],
        "change_words": typed[1] if typed[0] == "change" else _starter(request).words,
        "who": _("you and %(name)s.") % {"name": name},
        "errors": [{"text": str(error), "href": f"#part-{typed[0]}"}] if error else [],
        "notices": notices(request),
    }
    record_read(request.user, "opened the repair page", seen.pair, at=request.now)
    return render(request, "workspace/repair.html", context, status=status_of(error))
