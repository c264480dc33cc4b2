"""Somebody would like to move here: a yes with a first time, or a no. And somebody moves on."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accord.records.agreements.models import Item
from accord.records.agreements.queries import items_of
from accord.records.audit.actions import record_read
from accord.records.errors import Conflict, Refused
from accord.records.matching import moving as actions
from accord.records.matching.models import Move
from accord.records.matching.moving_queries import (
    MOST_GAP,
    answers_in_move,
    brought,
    leaving_for,
    lines_of,
    move_for,
)
from accord.records.matching.offering import insurers
from accord.records.pairs.queries import as_therapist
from accord.records.sessions.local_times import moment
from accord.surfaces.shared import clock, intakes, search_words
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.going_back import notices, tell


def asked_move(request: PersonRequest, code: str) -> HttpResponse:
    move = move_for(request.user, code, at=request.now)
    record_read(request.user, "opened a move", move, at=request.now)
    return _page(request, move)


def _page(request: PersonRequest, move: Move, *, error: str = "") -> HttpResponse:
    context = {
        "move": move,
        "name": move.client.first_name,
        "told": search_words.told(answers_in_move(move), insurers(at=request.now), blanks=False),
        "reply_by": clock.told(move.reply_by, request.user) if move.reply_by else "",
        "first_at": clock.told(move.first_at, request.user) if move.first_at else "",
        "typed": request.POST.get("first_at", ""),
        "earliest": clock.on_the_wall(request.now, request.user).strftime("%Y-%m-%dT%H:%M"),
        "days": MOST_GAP.days,
        "zone": request.user.zone,
        "errors": [{"text": error, "href": "#first_at"}] if error else [],
        "notices": notices(request),
    }
    return render(request, "workspace/asked_move.html", context, status=422 if error else 200)


def answer(request: PersonRequest, code: str) -> HttpResponse:
    move = move_for(request.user, code, at=request.now)
    try:
        if request.POST.get("do") == "no":
            actions.decline_move(move, by=request.user, at=request.now)
            tell(request, _("They are told in neutral words, and see who else is open."))
            return redirect("workspace:today")
        first_at = moment(_wall(request.POST.get("first_at", "")), request.user.zone)
        actions.offer_first(move, first_at, by=request.user, at=request.now)
    except (Refused, Conflict) as error:
        return _page(request, move_for(request.user, code, at=request.now), error=str(error))
    tell(request, _("Sent. The place is held until they say yes."))
    return redirect("workspace:asked_move", code=code)


def _wall(typed: str) -> datetime:
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=None)
    except ValueError as error:
        raise Refused(_("Give the time as a day and an hour.")) from error


def leaving_page(request: PersonRequest, code: str) -> HttpResponse:
    """No score, no reason, nobody else told by name."""
    move = leaving_for(request.user, code, at=request.now)
    record_read(request.user, "opened a goodbye", move, at=request.now)
    still = move.about.ended_on is None
    context = {
        "name": move.client.first_name,
        "farewell": move.farewell or "",
        "last_talk": move.goodbye == Move.Goodbye.LAST_TALK and still,
        "pair": move.about if still else None,
        "notices": notices(request),
    }
    return render(request, "workspace/leaving.html", context)


def brought_along(request: PersonRequest, code: str) -> HttpResponse:
    """The note that the client wrote, and the goals that came with it."""
    seen = as_therapist(request.user, code, at=request.now)
    move = brought(seen.pair)
    lines = [line for line in lines_of(move) if line.kept] if move is not None else []
    record_read(request.user, "opened a hand-over note", seen.pair, at=request.now)
    context = {
        "pair": seen.pair,
        "name": seen.pair.client.first_name,
        "lines": [(_title(line.about, request.user.first_name), line.words) for line in lines],
        "goals": [
            held.asked.version.words
            for held in (items_of(seen) if move is not None else [])
            if held.item.kind == Item.Kind.GOAL and not held.closed
        ],
        "notices": notices(request),
    }
    return render(request, "workspace/brought.html", context)


def _title(about: str, name: str) -> str:
    kind, _colon, what = about.partition(":")
    if kind == "intake":
        return intakes.asked(what, name).text
    return _("A goal from before") if kind == "goal" else ""
