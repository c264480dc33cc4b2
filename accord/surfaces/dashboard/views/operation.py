"""For whoever runs the machine: the database, the background work, the mail. No clinical text."""

from django.http import HttpResponse
from django.shortcuts import render

from accord.records.accounts.queries import undelivered_notices, waiting_notices
from accord.records.alliance.queries import parameters
from accord.records.audit.queries import last_done_by_accord
from accord.records.matching.queries import letters_waiting
from accord.records.sessions.queries import past_but_booked
from accord.science.alliance import DEFAULT
from accord.surfaces.dashboard import words
from accord.surfaces.dashboard.database import kind, read_back
from accord.surfaces.shared import clock
from accord.surfaces.shared.requests import PersonRequest


def operation(request: PersonRequest) -> HttpResponse:
    notices, last = waiting_notices(request.now), last_done_by_accord()
    oldest = notices.first()
    context = {
        "database": kind(),
        "settings": read_back(),
        "params": parameters().id,
        "fitted": parameters().id != DEFAULT.id,
        "notices": words.waiting(notices.count() + letters_waiting()),
        "undelivered": words.undelivered(undelivered_notices(request.now).count()),
        "oldest": clock.on_the_wall(oldest.made_at, request.user) if oldest else None,
        "worked": clock.on_the_wall(last.at, request.user) if last else None,
        "behind": past_but_booked(request.now).count(),
    }
    return render(request, "dashboard/operation.html", context)
