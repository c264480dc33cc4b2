"""A therapist's own page and places: what it says, whether it is shown, and "still right" in one click."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accord.records.errors import Refused, StateMoved
from accord.records.profiles import actions
from accord.records.profiles.models import Profile
from accord.records.profiles.queries import own_profile, places_of, seen_by_therapist, standing_of
from accord.records.profiles.vocabulary import STYLE
from accord.surfaces.shared import clock
from accord.surfaces.shared.profile_words import confirmed_words, shown, standing_words
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.going_back import back, notices, tell
from accord.surfaces.workspace.profile_forms import (
    MOST_INSURERS,
    TICKED,
    ProfileForm,
    RoomForm,
    as_it_is,
    room_of,
)

HOME = "/desk/profile/"


def own(request: PersonRequest) -> Profile:
    """One's own, begun at the first look."""
    found = own_profile(request.user, at=request.now)
    if found is not None:
        return found
    actions.claim_profile(request.user, at=request.now)
    return own(request)


def overview(request: PersonRequest) -> HttpResponse:
    return _overview(request, own(request))


def _overview(request: PersonRequest, profile: Profile, **more: Any) -> HttpResponse:
    standing = standing_of(profile, at=request.now)
    context: dict[str, Any] = {
        "profile": profile,
        "standing": standing_words(standing),
        "state": standing.state,
        "confirmed": confirmed_words(standing.days),
        "places": places_of(profile),
        "people": seen_by_therapist(profile),
        "held": profile.held,
        "asked": clock.told(profile.asked_at, request.user) if profile.asked_at else "",
        "changed": clock.told(profile.changed_at, request.user),
        "form": RoomForm(initial=room_of(profile)),
        "errors": [],
        "notices": notices(request),
    } | more
    return render(request, "workspace/profile.html", context, status=422 if context["errors"] else 200)


def make_room(request: PersonRequest) -> HttpResponse:
    profile, form = own(request), RoomForm(request.POST)
    if not form.is_valid():
        return _overview(request, profile, form=form, errors=form.problems)
    try:
        actions.make_room(profile, form.room, by=request.user, at=request.now)
    except Refused as error:
        return _overview(request, profile, form=form, errors=[{"text": str(error), "href": "#id_capacity"}])
    tell(request, _("Kept. Your places count as confirmed today."))
    return redirect("workspace:own_profile")


def confirm(request: PersonRequest) -> HttpResponse:
    """The number that stood on the button; one that changed meanwhile is shown first."""
    typed = request.POST.get("places", "")
    places = int(typed) if typed.isdecimal() and len(typed) < 5 else -1
    try:
        actions.confirm(own(request), places=places, by=request.user, at=request.now)
    except StateMoved as error:
        tell(request, str(error))
        return redirect("workspace:own_profile")
    tell(request, _("Thank you. People see it as confirmed today."))
    return back(request, HOME)


def write(request: PersonRequest) -> HttpResponse:
    profile = own(request)
    if request.method != "POST":
        return _form(request, ProfileForm(initial=as_it_is(profile)))
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _form(request, form, errors=form.problems)
    try:
        revision = form.cleaned_data["revision"]
        actions.write_profile(profile, form.facts, revision=revision, by=request.user, at=request.now)
    except Refused as error:
        return _form(request, form, errors=[{"text": str(error), "href": "#id_title"}])
    except StateMoved as error:
        return _form(request, form, errors=[{"text": str(error), "href": "#id_title"}], status=409)
    return redirect("workspace:preview_profile")


def _form(
    request: PersonRequest, form: ProfileForm, *, errors: list[dict[str, str]] | None = None, status: int = 422
) -> HttpResponse:
    context = {
        "form": form,
        "errors": errors or [],
        "groups": {kind: form[kind] for kind in TICKED},
        "styles": [form[f"style_{side}"] for side in STYLE],
        "insurers": [
            [form[f"{part}_{row}"] for part in ("insurer", "checked", "source")] for row in range(MOST_INSURERS)
        ],
    }
    return render(request, "workspace/profile_write.html", context, status=status if errors else 200)


def preview(request: PersonRequest) -> HttpResponse:
    """Exactly what everybody sees, or would see."""
    profile = own(request)
    context = {"person": shown(profile, at=request.now), "profile": profile, "notices": notices(request)}
    return render(request, "workspace/profile_preview.html", context)


def publish(request: PersonRequest) -> HttpResponse:
    profile = own(request)
    try:
        actions.publish(profile, by=request.user, at=request.now)
    except Refused as error:
        return _overview(request, profile, errors=[{"text": str(error), "href": "#write"}])
    tell(request, _("Your page is there for everybody now."))
    return redirect("workspace:own_profile")


def unpublish(request: PersonRequest) -> HttpResponse:
    actions.unpublish(own(request), by=request.user, at=request.now)
    tell(request, _("Your page is taken down. Nobody sees it but you."))
    return redirect("workspace:own_profile")
