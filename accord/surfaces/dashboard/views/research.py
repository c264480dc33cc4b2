"""Research: how many consented, and when their check-ins were asked, answered, received."""

import csv

from django.http import HttpResponse
from django.shortcuts import render

from accord.records.audit.actions import record_read
from accord.records.checkins.queries import times_for_research
from accord.records.practices.queries import practices_where
from accord.surfaces.dashboard.csv_safe import safe
from accord.surfaces.dashboard.times import COLUMNS, rows
from accord.surfaces.shared.requests import PersonRequest


def research(request: PersonRequest) -> HttpResponse:
    found = list(times_for_research(request.user, at=request.now))
    context = {
        "pairs": len({one.session.pair_id for one in found}),
        "asked": len(found),
        "answered": sum(one.received_at is not None for one in found),
        "columns": COLUMNS,
    }
    return render(request, "dashboard/research.html", context)


def check_in_times(request: PersonRequest) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="check-in-times.csv"'
    table = csv.writer(response)
    table.writerow(COLUMNS)
    table.writerows([[safe(cell) for cell in row] for row in rows(times_for_research(request.user, at=request.now))])
    for practice in practices_where(request.user, "researcher", on=request.now.date()):
        record_read(request.user, "exported check-in times", practice, at=request.now)
    return response
