"""The page of one person who helps, as its therapist wrote it. For everybody, signed in or not."""

from django.http import HttpResponse
from django.shortcuts import render

from accord.records.profiles.queries import public_profile
from accord.surfaces.shared.profile_words import shown
from accord.surfaces.shared.requests import AnyRequest


def profile(request: AnyRequest, code: str) -> HttpResponse:
    one = public_profile(code, at=request.now)
    return render(request, "shared/profile.html", {"person": shown(one, at=request.now)})
