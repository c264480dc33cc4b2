"""Today: what needs words first, then the day in order, then everybody else."""

from django.http import HttpResponse
from django.shortcuts import render

from accord.records.audit.actions import record_reads
from accord.records.checkins.actions import mark_all_read
from accord.records.desk.queries import desk_stories
from accord.records.intake.queries import unread_intakes
from accord.records.matching.moving_queries import moves_at_desk
from accord.records.matching.queries import owed_by
from accord.records.pairs.queries import caseload
from accord.records.ruptures.queries import openings_by_pillar
from accord.records.sessions.queries import sessions_between
from accord.surfaces.shared import clock
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.desk import AHEAD, arrange, span_of_day
from accord.surfaces.workspace.going_back import notices


def today(request: PersonRequest) -> HttpResponse:
    if "therapist" not in request.roles:
        return render(request, "workspace/nothing_shared.html")
    pairs = list(caseload(request.user, at=request.now))
    midnight = span_of_day(request.now, request.user)[0]
    desk = arrange(
        desk_stories(pairs, viewer=request.user, at=request.now),
        list(sessions_between(pairs, midnight, midnight + AHEAD)),
        viewer=request.user,
        now=request.now,
        openings=openings_by_pillar(request.user),
    )
    shown = [card for card in desk.cards if card.read]
    record_reads(request.user, "saw a prep card", [card.pair for card in shown], at=request.now)
    mark_all_read([read for card in shown for read in card.read], by=request.user, at=request.now)
    moves, leaving = moves_at_desk(request.user, at=request.now)
    here = clock.on_the_wall(request.now, request.user)
    context = {
        "desk": desk,
        "here": here,
        "story_first": True,
        "moves": moves,
        "leaving": leaving,
        "intakes": unread_intakes(request.user, at=request.now),
        "enquiries": owed_by(request.user, at=request.now),
        "notices": notices(request),
    }
    return render(request, "workspace/today.html", context)
