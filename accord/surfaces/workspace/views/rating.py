"""The therapist's own rating of a session: blind, with a guess at the client's answers."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.checkins.actions import Answers, answer, mark_all_read, skip_rating
from accord.records.checkins.models import CheckIn
from accord.records.checkins.queries import asked_of, session_answers
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.forms import RatingForm
from accord.surfaces.workspace.going_back import back, notices, tell
from accord.surfaces.workspace.side_by_side import side_by_side


def rate(request: PersonRequest, code: str) -> HttpResponse:
    asked = asked_of(request.user, code, at=request.now)
    if request.method == "POST":
        return _receive(request, asked)
    return _ask(request, asked, RatingForm()) if asked.received_at is None else _show(request, asked)


def skip(request: PersonRequest, code: str) -> HttpResponse:
    asked = asked_of(request.user, code, at=request.now)
    skip_rating(asked, by=request.user, at=request.now)
    tell(request, _("Skipped. You will see the answers as soon as they are in."))
    return back(request, reverse("workspace:prep", args=[asked.session.pair.code]))


def _receive(request: PersonRequest, asked: CheckIn) -> HttpResponse:
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _ask(request, asked, form, status=422)
    given = Answers(form.answers, answered_at=request.now)
    answer(asked, given, by=request.user, key=form.cleaned_data["key"], at=request.now)
    return redirect("workspace:rate", code=asked.code)


def _ask(request: PersonRequest, asked: CheckIn, form: RatingForm, *, status: int = 200) -> HttpResponse:
    """Nothing of the client's answers comes near this page."""
    errors = [{"text": text, "href": "#bond"} for text in form.non_field_errors()]
    context = {"asked": asked, "pair": asked.session.pair, "form": form, "errors": errors, "who": _who(asked)}
    return render(request, "workspace/rate.html", context, status=status)


def _who(asked: CheckIn) -> str:
    name = asked.session.pair.client.first_name
    return _("you; and %(name)s, once both of you have answered.") % {"name": name}


def _show(request: PersonRequest, asked: CheckIn) -> HttpResponse:
    """Both, side by side, as far as they may be seen now."""
    seen = session_answers(asked.session, "therapist", at=request.now)
    if seen.client is not None:
        mark_all_read([seen.client], by=request.user, at=request.now)
    context = {
        "asked": asked,
        "pair": asked.session.pair,
        "rows": side_by_side(asked, seen.client),
        "client_in": seen.client is not None,
        "notices": notices(request),
    }
    return render(request, "workspace/rated.html", context)
