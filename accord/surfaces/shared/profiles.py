"""The page of one person who helps, as its therapist wrote it. For everybody, signed in or not."""

from django.http import HttpResponse
from django.shortcuts import render

from accord.records.matching.queries import questions_of
from accord.records.profiles.queries import public_profile
from accord.surfaces.shared.profile_words import shown
from accord.surfaces.shared.requests import AnyRequest
from accord.surfaces.shared.searches import search_of


def profile(request: AnyRequest, code: str) -> HttpResponse:
    one = public_profile(code, at=request.now)
    context = {
        "person": shown(one, at=request.now),
        "kept_from": request.path,  # a question is kept, and here one goes on
        "kept": questions_of(search_of(request)),
    }
    return render(request, "shared/profile.html", context)
