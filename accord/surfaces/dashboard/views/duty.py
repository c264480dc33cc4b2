"""The duty person's page: what clients told past their therapist."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accord.records.audit.actions import record_reads
from accord.records.ruptures.concerns import concern_for, concerns_for, mark_seen
from accord.records.ruptures.models import Concern
from accord.surfaces.shared import clock
from accord.surfaces.shared.requests import PersonRequest


def duty(request: PersonRequest) -> HttpResponse:
    concerns = list(concerns_for(request.user, at=request.now)[:200])
    record_reads(request.user, "read a concern", concerns, at=request.now)
    return render(request, "dashboard/duty.html", {"concerns": [_told(one, request) for one in concerns]})


def _told(one: Concern, request: PersonRequest) -> dict[str, Any]:
    return {
        "code": one.code,
        "client": one.client.name,
        "email": one.client.email,
        "therapist": one.about.therapist.user.name,
        "practice": one.practice.name,
        "words": one.words,
        "reach": one.reach or "",
        "at": clock.told(one.raised_at, request.user),
        "seen_at": clock.told(one.seen_at, request.user) if one.seen_at else "",
        "seen_by": one.seen_by.name if one.seen_by else "",
    }


def see(request: PersonRequest, code: str) -> HttpResponse:
    mark_seen(concern_for(request.user, code, at=request.now), by=request.user, at=request.now)
    return redirect("dashboard:duty")
