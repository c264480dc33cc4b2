"""The named contact's page: clients who would like to meet someone else. Nobody else in the practice is told."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accord.records.matching.meeting import got_in_touch, read_wishes
from accord.records.matching.models import MeetWish
from accord.records.matching.queries import CONTACT, wish_for, wishes_for
from accord.records.practices.queries import practices_where
from accord.surfaces.shared import clock
from accord.surfaces.shared.requests import PersonRequest


def contact(request: PersonRequest) -> HttpResponse:
    practices = practices_where(request.user, CONTACT, on=request.now.date())
    wishes = list(wishes_for(request.user, at=request.now)[:200])
    read_wishes(wishes, by=request.user, at=request.now)
    context = {"practices": practices, "wishes": [_told(one, request) for one in wishes]}
    return render(request, "dashboard/contact.html", context)


def _told(one: MeetWish, request: PersonRequest) -> dict[str, Any]:
    return {
        "code": one.code,
        "client": one.client.name,
        "email": one.client.email,
        "therapist": one.about.therapist.user.name,
        "practice": one.practice.name,
        "words": one.words or "",
        "reach": one.reach or "",
        "at": clock.told(one.sent_at or one.begun_at, request.user),
        "answered_at": clock.told(one.answered_at, request.user) if one.answered_at else "",
        "answered_by": one.answered_by.name if one.answered_by else "",
    }


def done(request: PersonRequest, code: str) -> HttpResponse:
    got_in_touch(wish_for(request.user, code, at=request.now), by=request.user, at=request.now)
    return redirect("dashboard:contact")
