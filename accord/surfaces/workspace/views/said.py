"""A client's note: opening it is reading it, and the client is told so. Beside it a guide, not forced."""

from django.http import HttpResponse
from django.shortcuts import render

from accord.records.audit.actions import record_read
from accord.records.matching.queries import is_way_wish
from accord.records.ruptures.openings import CHANGE
from accord.records.ruptures.queries import guide_steps, note_for
from accord.records.ruptures.saying import read
from accord.surfaces.shared import clock
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.shared.said import said
from accord.surfaces.workspace.going_back import notices
from accord.surfaces.workspace.steps import steps


def note(request: PersonRequest, code: str) -> HttpResponse:
    seen, found = note_for(request.user, code, at=request.now)
    opened = read(found, by=seen, at=request.now)
    record_read(request.user, "opened a note", opened, at=request.now)
    desk = guide_steps(request.user)
    context = {
        "note": opened,
        "pair": seen.pair,
        "is_way": is_way_wish(opened),
        "said": said(opened),
        "sent_at": clock.on_the_wall(opened.sent_at or request.now, request.user),
        "read_at": clock.on_the_wall(opened.read_at or request.now, request.user),
        "steps": steps(desk),
        "change": next(one for one in desk if one.key == CHANGE.key),
        "episode": opened.episode if opened.episode and opened.episode.ended_at is None else None,
        "notices": notices(request),
    }
    return render(request, "workspace/note.html", context)
