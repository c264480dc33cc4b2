"""The prep card of one pair, alone, for the ten seconds before a session."""

from django.http import HttpResponse
from django.shortcuts import render

from accord.records.audit.actions import record_read
from accord.records.checkins.actions import mark_all_read
from accord.records.desk.queries import desk_stories
from accord.records.intake.queries import intake_of_pair
from accord.records.matching.moving_queries import brought
from accord.records.pairs.queries import as_therapist
from accord.records.ruptures.queries import openings_by_pillar
from accord.records.sessions.queries import sessions_between
from accord.surfaces.shared import clock
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.cards import card
from accord.surfaces.workspace.desk import AHEAD, next_of, span_of_day
from accord.surfaces.workspace.going_back import notices


def prep(request: PersonRequest, code: str) -> HttpResponse:
    seen = as_therapist(request.user, code, at=request.now)
    midnight = span_of_day(request.now, request.user)[0]
    sessions = sessions_between([seen.pair], midnight, midnight + AHEAD)
    shown = card(
        desk_stories([seen.pair], viewer=request.user, at=request.now)[0],
        next_of(sessions, request.now),
        viewer=request.user,
        openings=openings_by_pillar(request.user),
    )
    record_read(request.user, "opened a prep card", seen.pair, at=request.now)
    mark_all_read(shown.read, by=request.user, at=request.now)
    today = clock.on_the_wall(request.now, request.user).date()
    first = shown.session is None or shown.session.number == 1  # later it is a click away, on the pair's page
    before = intake_of_pair(seen.pair) if first else None
    along = brought(seen.pair) if first else None
    context = {"card": shown, "here_date": today, "intake": before, "brought": along, "notices": notices(request)}
    return render(request, "workspace/prep.html", context)
