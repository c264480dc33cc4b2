"""Look at this together: safe to turn the screen. What both may see, in neutral words, and nothing of the desk."""

from django.http import HttpResponse
from django.shortcuts import render

from accord.records.alliance.queries import estimates_of
from accord.records.audit.actions import record_read
from accord.records.checkins.actions import mark_all_read
from accord.records.checkins.queries import answers_for_both
from accord.records.pairs.queries import as_therapist
from accord.records.ruptures.queries import episodes_of
from accord.surfaces.shared.charts import figure
from accord.surfaces.shared.histories import events_of, histories
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.cards import newest_words
from accord.surfaces.workspace.histories import last_readings
from accord.surfaces.workspace.words import together as sentence


def together(request: PersonRequest, code: str) -> HttpResponse:
    seen = as_therapist(request.user, code, at=request.now)
    answers, estimates = answers_for_both(seen.pair, at=request.now), estimates_of(seen.pair)
    events = events_of(episodes_of(seen), answers)
    drawn = histories(answers, estimates=estimates, viewer=request.user, events=events)
    client, therapist = seen.pair.client.first_name, request.user.first_name
    context = {
        "pair": seen.pair,
        "figure": figure(
            drawn, client=client, therapist=therapist, ident="together", sentence=sentence(last_readings(drawn))
        ),
        "heard": newest_words(answers),
    }
    record_read(request.user, "opened the view for both", seen.pair, at=request.now)
    mark_all_read([one.client for one in answers if one.client], by=request.user, at=request.now)
    return render(request, "workspace/together.html", context)
