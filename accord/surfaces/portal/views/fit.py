"""Is this the right fit? One question a page, for the client alone; then three doors of the same size."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accord.records.errors import NotFound, Refused, StateMoved
from accord.records.matching.actions import FIT_CHECK, answer_fit, begin_fit
from accord.records.matching.models import FitCheck
from accord.records.matching.queries import newest_fit
from accord.records.pairs.queries import Seen
from accord.science.instruments import BY_ID, SKIPPED, Item
from accord.surfaces.portal.with_whom import going_on
from accord.surfaces.shared import clock
from accord.surfaces.shared.digits import localised
from accord.surfaces.shared.items import worded
from accord.surfaces.shared.requests import PersonRequest

ITEMS = BY_ID[FIT_CHECK].items
NAMES = [item.name for item in ITEMS]


def nobody(request: PersonRequest) -> HttpResponse:
    return render(request, "portal/fit_nobody.html")


def start(request: PersonRequest) -> HttpResponse:
    seen = going_on(request)
    if seen is None:
        return nobody(request)
    if request.method == "POST":
        check = begin_fit(by=seen, at=request.now)
        return redirect("portal:fit_question", slug=_next_open(check))
    newest = newest_fit(seen)
    finished = newest.finished_at if newest else None
    context = {
        "therapist_first_name": seen.pair.therapist.user.first_name,
        "half": newest is not None and newest.begun_at is not None and finished is None,
        "last": clock.on_the_wall(finished, request.user) if finished else None,
    }
    return render(request, "portal/fit.html", context)


def _next_open(check: FitCheck) -> str:
    return next((name for name in NAMES if name not in check.answers), NAMES[0])


def question(request: PersonRequest, slug: str) -> HttpResponse:
    seen = going_on(request)
    check = newest_fit(seen) if seen is not None else None
    if slug not in NAMES:
        raise NotFound(_("There is nothing here."))
    if seen is None or check is None or check.begun_at is None:
        return redirect("portal:fit")
    return _receive(request, seen, check, slug) if request.method == "POST" else _ask(request, check, slug)


def _receive(request: PersonRequest, seen: Seen, check: FitCheck, name: str) -> HttpResponse:
    given = SKIPPED if request.POST.get("do") == "skip" else request.POST.get("answer", "")
    if not given:
        return _ask(request, check, name, error=_("Choose one, or skip this question."))
    was_finished = check.finished_at is not None
    try:
        answer_fit(check, {name: given}, by=seen, at=request.now)
    except Refused as error:
        return _ask(request, check, name, error=str(error))
    except StateMoved:
        return redirect("portal:fit")
    last = name == NAMES[-1]
    return redirect("portal:fit_doors") if last or was_finished else redirect("portal:fit_question", slug=_after(name))


def _after(name: str) -> str:
    return NAMES[NAMES.index(name) + 1]


def _ask(request: PersonRequest, check: FitCheck, name: str, *, error: str = "") -> HttpResponse:
    place = NAMES.index(name)
    context = {
        "item": worded(ITEMS[place]),
        "chosen": check.answers.get(name, ""),
        "place": localised(str(place + 1)),
        "total": localised(str(len(NAMES))),
        "before": NAMES[place - 1] if place else "",
        "errors": [{"text": error, "href": "#answer"}] if error else [],
    }
    return render(request, "portal/fit_question.html", context, status=422 if error else 200)


def doors(request: PersonRequest) -> HttpResponse:
    """The same three, whatever was answered, or nothing was."""
    seen = going_on(request)
    if seen is None:
        return nobody(request)
    check = newest_fit(seen)
    context = {
        "therapist_first_name": seen.pair.therapist.user.first_name,
        "answers": _told(check) if check is not None and check.finished_at is not None else [],
    }
    return render(request, "portal/fit_doors.html", context)


def _told(check: FitCheck) -> list[dict[str, Any]]:
    return [{"name": item.name, "question": worded(item).question, "answer": _answer(item, check)} for item in ITEMS]


def _answer(item: Item, check: FitCheck) -> str:
    given = check.answers.get(item.name, SKIPPED)
    found = next((choice.text for choice in worded(item).choices if choice.code == given), "")
    return found or _("Skipped")
