"""Everything that this person can go to, on one page of links. The palette reads the same page."""

from django.http import HttpResponse
from django.shortcuts import render

from accord.records.pairs.queries import caseload
from accord.surfaces.shared.requests import PersonRequest


def find(request: PersonRequest) -> HttpResponse:
    pairs = list(caseload(request.user, at=request.now)) if "therapist" in request.roles else []
    return render(request, "workspace/find.html", {"pairs": pairs})
