"""The week at a glance, and booking."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.records.errors import Conflict, Refused
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import caseload
from accord.records.sessions.actions import book_series
from accord.records.sessions.local_times import weekly
from accord.records.sessions.models import TherapySession
from accord.records.sessions.queries import all_between, busy_between, held_between
from accord.surfaces.shared import clock
from accord.surfaces.shared.digits import numeral
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.going_back import back, notices, tell
from accord.surfaces.workspace.session_forms import BookForm
from accord.surfaces.workspace.week import lay_out, monday_of, span_of


def week(request: PersonRequest) -> HttpResponse:
    today = clock.on_the_wall(request.now, request.user).date()
    monday = monday_of(request.GET.get("of", ""), today)
    start, end = span_of(monday, request.user)
    pairs = list(caseload(request.user, at=request.now))
    laid_out = lay_out(
        monday,
        all_between(pairs, start, end),
        [*busy_between(request.user, start, end), *held_between(request.user, start, end)],
        viewer=request.user,
        now=request.now,
    )
    context = {"week": laid_out, "zone": request.user.zone, "notices": notices(request)}
    return render(request, "workspace/week.html", context)


def book(request: PersonRequest) -> HttpResponse:
    pairs = list(caseload(request.user, at=request.now))
    if request.method != "POST":
        given = {name: request.GET[name] for name in ("pair", "day") if name in request.GET}
        return _ask(request, BookForm(pairs, initial=given))
    form = BookForm(pairs, request.POST)
    if not form.is_valid():
        return _ask(request, form)
    try:
        booked = _book(request, form, pairs)
    except (Refused, Conflict) as error:
        return _ask(request, form, str(error))
    _tell(request, booked)
    return back(request, f"{reverse('workspace:week')}?of={form.cleaned_data['day']}")


def _book(request: PersonRequest, form: BookForm, pairs: list[CarePair]) -> list[TherapySession]:
    pair = next(pair for pair in pairs if pair.code == form.cleaned_data["pair"])
    count, apart = form.cleaned_data["times"], int(form.cleaned_data["weeks_apart"])
    starts = weekly(form.wall, request.user.zone, count=count, weeks_apart=apart)
    if starts[0] <= request.now:
        raise Refused(_("This time is over.") if count == 1 else _("The first of these times is over."))
    return book_series(pair, starts, by=request.user, at=request.now, terms=form.terms)


def _tell(request: PersonRequest, booked: list[TherapySession]) -> None:
    text = ngettext("Booked.", "%(count)s sessions booked.", len(booked)) % {"count": numeral(len(booked))}
    undo = reverse("workspace:cancel_session", args=[booked[0].code])
    tell(request, text, undo_url=undo if len(booked) == 1 else "")


def _ask(request: PersonRequest, form: BookForm, problem: str = "") -> HttpResponse:
    errors = [{"text": problem, "href": "#id_day"}] if problem else form.problems
    context = {"form": form, "errors": errors, "zone": request.user.zone}
    return render(request, "workspace/book.html", context, status=422 if errors else 200)
