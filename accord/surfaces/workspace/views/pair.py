"""One pair over time: the sentence first, three pillars from both sides, what happened, and when."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accord.records.audit.actions import record_read
from accord.records.checkins.actions import mark_all_read
from accord.records.desk.queries import hushed, quiets_in, whole_stories
from accord.records.intake.queries import intake_of_pair
from accord.records.matching.moving_queries import brought
from accord.records.pairs.queries import as_therapist
from accord.records.ruptures.queries import episodes_of, openings_by_pillar, standing
from accord.records.sessions.queries import sessions_between
from accord.surfaces.shared import clock
from accord.surfaces.shared.charts import figure
from accord.surfaces.shared.histories import events_of, histories
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.cards import card
from accord.surfaces.workspace.chronicle import retell, times
from accord.surfaces.workspace.corrections import corrections
from accord.surfaces.workspace.desk import AHEAD, next_of, span_of_day
from accord.surfaces.workspace.going_back import notices
from accord.surfaces.workspace.hushing import told


def pair(request: PersonRequest, code: str) -> HttpResponse:
    seen = as_therapist(request.user, code, at=request.now)
    episodes = list(standing(episodes_of(seen), viewer=request.user, at=request.now))
    known = whole_stories([seen.pair], viewer=request.user, at=request.now, episodes=episodes)[0]
    midnight = span_of_day(request.now, request.user)[0]
    upcoming = next_of(sessions_between([seen.pair], midnight, midnight + AHEAD), request.now)
    client, therapist = seen.pair.client.first_name, request.user.first_name
    events = events_of(episodes, known.answers)
    drawn = histories(known.answers, estimates=known.estimates, viewer=request.user, events=events)
    shown = card(hushed(known), upcoming, viewer=request.user, openings=openings_by_pillar(request.user))
    context = {
        "pair": seen.pair,
        "here_date": clock.on_the_wall(request.now, request.user).date(),
        "card": shown,
        "figure": figure(drawn, client=client, therapist=therapist, ident="pair"),
        "chapters": [retell(episode, known, seen=seen) for episode in episodes],
        "corrections": corrections(seen.pair, viewer=request.user),
        "times": times(known, viewer=request.user),
        "who": _("you and %(name)s.") % {"name": client},
        "quiets": [(quiet, told(quiet)) for quiet in quiets_in(seen)],
        "intake": intake_of_pair(seen.pair),
        "brought": brought(seen.pair),
        "notices": notices(request),
    }
    record_read(request.user, "opened the pair's page", seen.pair, at=request.now)
    mark_all_read([one.client for one in known.answers if one.client], by=request.user, at=request.now)
    return render(request, "workspace/pair.html", context)
