"""Everybody's places, for whoever leads: how many see how many, what is confirmed. No client, no answer, no rank."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.errors import Refused
from accord.records.profiles.actions import Room, ask_to_confirm, make_room
from accord.records.profiles.models import Profile
from accord.records.profiles.queries import led_profile, led_profiles, places_of, seen_by_therapist, standing_of
from accord.surfaces.shared import clock
from accord.surfaces.shared.profile_words import confirmed_words, standing_words
from accord.surfaces.shared.requests import PersonRequest

LIMITS = {"capacity": 120, "elsewhere": 120}


def places(request: PersonRequest) -> HttpResponse:
    return _page(request)


def _page(request: PersonRequest, *, problem: str = "", code: str = "") -> HttpResponse:
    profiles = list(led_profiles(request.user, at=request.now))
    lines = [_line(one, request) for one in profiles]
    context: dict[str, Any] = {
        "lines": lines,
        "free": sum(places_of(one) for one in profiles if standing_of(one, at=request.now).state == "open"),
        "stale": sum(line["stale"] for line in lines),
        "errors": [{"text": problem, "href": f"#capacity-{code}"}] if problem else [],
        "typed": {name: request.POST.get(name, "") for name in LIMITS} | {"code": code},
    }
    return render(request, "dashboard/places.html", context, status=422 if problem else 200)


def _line(profile: Profile, request: PersonRequest) -> dict[str, Any]:
    standing = standing_of(profile, at=request.now)
    return {
        "profile": profile,
        "name": profile.post.user.name,
        "people": seen_by_therapist(profile),
        "standing": standing_words(standing),
        "confirmed": confirmed_words(standing.days),
        "stale": standing.state in {"ask", "hidden"},
        "asked": clock.told(profile.asked_at, request.user) if profile.asked_at else "",
    }


def ask(request: PersonRequest, code: str) -> HttpResponse:
    profile = led_profile(request.user, code, at=request.now)
    address = f"{settings.PUBLIC_URL}{reverse('workspace:own_profile')}"
    ask_to_confirm(profile, by=request.user, at=request.now, address=address)
    return redirect("dashboard:places")


def set_places(request: PersonRequest, code: str) -> HttpResponse:
    """Within the hours that the therapist gives; more people than places are not kept."""
    profile = led_profile(request.user, code, at=request.now)
    typed = [request.POST.get(name, "") for name in LIMITS]
    if not all(one.isdecimal() and int(one) <= most for one, most in zip(typed, LIMITS.values(), strict=True)):
        return _page(request, problem=_("Two whole numbers, please, from 0 to 120."), code=code)
    capacity, elsewhere = map(int, typed)
    room = Room(capacity=capacity, hours=profile.hours, elsewhere=elsewhere, rhythm=profile.rhythm)
    try:
        make_room(profile, room, by=request.user, at=request.now)
    except Refused as error:
        return _page(request, problem=str(error), code=code)
    return redirect("dashboard:places")
