"""The intake: one question a page, saved as it is given, kept as it is typed; review, consent, sent."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.accounts.queries import has_consented
from accord.records.errors import NotFound, Refused, StateMoved
from accord.records.intake.actions import (
    Allowed,
    Given,
    answer_intake,
    answered_elsewhere,
    begin_intake,
    keep_words,
    send_intake,
    take_back_intake,
)
from accord.records.intake.models import Intake, IntakeAnswer
from accord.records.intake.queries import answers_in, newest_intake, put_right
from accord.records.intake.questions import BY_NAME, KNOWN, NAMES, Known
from accord.records.matching.known import known_of
from accord.records.matching.queries import told_to
from accord.records.sessions.queries import next_session
from accord.surfaces.portal import intake_words as words
from accord.surfaces.shared import clock, intakes
from accord.surfaces.shared.digits import dated, localised
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.shared.search_words import needed
from accord.surfaces.shared.sign_in import links

REVIEW = "review"
State = IntakeAnswer.State


def start(request: PersonRequest) -> HttpResponse:
    """How long, why, who sees it, and how to leave, before the first question."""
    intake = newest_intake(request.user)
    if intake is None:
        return render(request, "portal/intake_nobody.html")
    if intake.sent_at is not None:
        return redirect("portal:intake_sent")
    if request.method == "POST":
        begin_intake(intake, by=request.user, at=request.now)
        return redirect("portal:intake_on")
    context = _who(intake) | {
        "half": intake.begun_at is not None,
        "minutes": words.minutes_left(intake),
        "mailed": "mailed" in request.GET,
        "email": request.user.email,
    }
    return render(request, "portal/intake.html", context)


def go_on(request: PersonRequest) -> HttpResponse:
    """The question that they stopped at, on whatever device."""
    intake = newest_intake(request.user)
    if intake is None or intake.begun_at is None or intake.sent_at is not None:
        return redirect("portal:intake")
    if intake.place in NAMES:
        return redirect("portal:intake_question", slug=intake.place)
    return redirect("portal:intake_review")


def mail_link(request: PersonRequest) -> HttpResponse:
    """A sign-in link to oneself, so that the other device needs nothing but the letterbox."""
    links.ask(request.user.email, at=request.now, about="intake")
    return redirect(reverse("portal:intake") + "?mailed=1")


def _who(intake: Intake) -> dict[str, Any]:
    return {"therapist_first_name": intake.therapist.user.first_name, "practice": intake.practice}


def question(request: PersonRequest, slug: str) -> HttpResponse:
    intake = newest_intake(request.user)
    if slug not in NAMES:
        raise NotFound(_("There is nothing here."))
    if intake is None or intake.begun_at is None or intake.sent_at is not None:
        return redirect("portal:intake")
    return _receive(request, intake, slug) if request.method == "POST" else _ask(request, intake, slug)


def _receive(request: PersonRequest, intake: Intake, name: str) -> HttpResponse:
    pressed, given = request.POST.get("do", ""), _given(request, name)
    try:
        if pressed in ("keep", "stop"):
            return _keep(request, intake, given, stop=pressed == "stop")
        if given.state == State.GIVEN and not given.words.strip() and not BY_NAME[name].optional:
            return _ask(request, intake, name, error=words.blank(name))
        answer_intake(intake, given, by=request.user, at=request.now)
    except Refused as error:
        return _ask(request, intake, name, error=str(error))
    except StateMoved as error:
        return _ask(request, intake, name, error=str(error), status=409)
    return redirect("portal:intake_review") if _from_review(request) else _after(name)


def _given(request: PersonRequest, name: str) -> Given:
    pressed, revision = request.POST.get("do", ""), request.POST.get("revision", "")
    number = int(revision) if revision.isdecimal() and revision.isascii() and len(revision) < 7 else 0
    state = {"skip": State.SKIPPED, "later": State.LATER}.get(pressed, State.GIVEN)
    return Given(name, request.POST.get("answer", ""), state, number)


def _keep(request: PersonRequest, intake: Intake, given: Given, *, stop: bool) -> HttpResponse:
    kept = keep_words(intake, given, by=request.user, at=request.now)
    if stop and not kept:
        raise answered_elsewhere()
    if stop:
        return redirect("portal:intake")
    return JsonResponse({"kept": kept, "at": clock.told(request.now, request.user)}, status=200 if kept else 409)


def _from_review(request: PersonRequest) -> bool:
    return (request.POST.get("from") or request.GET.get("from")) == REVIEW


def _after(name: str) -> HttpResponse:
    following = next(iter(NAMES[NAMES.index(name) + 1 :]), "")
    return redirect("portal:intake_question", slug=following) if following else redirect("portal:intake_review")


def _ask(request: PersonRequest, intake: Intake, name: str, *, error: str = "", status: int = 422) -> HttpResponse:
    place, therapist = NAMES.index(name), intake.therapist.user.first_name
    answer = answers_in(intake).get(name)
    held = (answer.words or "") if answer else ""
    typed = request.POST.get("answer", "") if error else held
    context = _who(intake) | {
        "item": intakes.asked(name, therapist),
        "typed": typed,
        "elsewhere": held if status == 409 and held != typed.strip() else "",
        "revision": answer.revision if answer else 0,
        "who": words.who_reads(name, therapist),
        "place": localised(str(place + 1)),
        "total": localised(str(len(NAMES))),
        "before": NAMES[place - 1] if place else "",
        "from_review": _from_review(request),
        "errors": [{"text": error, "href": "#answer"}] if error else [],
    }
    return render(request, "portal/intake_question.html", context, status=status if error else 200)


def _open(request: PersonRequest) -> Intake | None:
    intake = newest_intake(request.user)
    return intake if intake is not None and intake.begun_at is not None and intake.sent_at is None else None


def _known(intake: Intake) -> list[Known]:
    return put_right(_known_before(intake), answers_in(intake))


def _known_before(intake: Intake) -> list[Known]:
    """With what the client told this very therapist when they asked for the first call."""
    needs = needed(told_to(intake.client, intake.therapist))
    return [*known_of(intake.client), *([Known("must-have", needs)] if needs else [])]


def change_known(request: PersonRequest, slug: str) -> HttpResponse:
    """Something that was known before and is not asked: put right here, for this intake."""
    intake = _open(request)
    if intake is None:
        return redirect("portal:intake")
    known = next((one for one in _known(intake) if one.key == slug), None)
    if known is None:
        raise NotFound(_("There is nothing here."))
    answer = answers_in(intake).get(f"{KNOWN}{slug}")
    error = ""
    if request.method == "POST":
        try:
            answer_intake(intake, _given(request, f"{KNOWN}{slug}"), by=request.user, at=request.now)
            return redirect("portal:intake_review")
        except (Refused, StateMoved) as refused:
            error = str(refused)
    context = _who(intake) | {
        "label": intakes.known_words(slug),
        "typed": request.POST.get("answer", known.value),
        "revision": answer.revision if answer else 0,
        "errors": [{"text": error, "href": "#answer"}] if error else [],
    }
    return render(request, "portal/intake_known.html", context, status=422 if error else 200)


def review(request: PersonRequest) -> HttpResponse:
    intake = _open(request)
    if intake is None:
        return redirect("portal:intake")
    return render(request, "portal/intake_review.html", _who(intake) | _told(intake))


def _told(intake: Intake) -> dict[str, Any]:
    """Every question with its answer, and what was known before."""
    answers, therapist = answers_in(intake), intake.therapist.user.first_name
    rows = [
        {"name": name, "question": intakes.asked(name, therapist).text, "answer": intakes.told(answers.get(name))}
        | {"own": bool(answers.get(name) and answers[name].words and not BY_NAME[name].choices)}
        for name in NAMES
    ]
    known = [{"key": one.key, "label": intakes.known_words(one.key), "value": one.value} for one in _known(intake)]
    return {"rows": rows, "known": known}


def consent(request: PersonRequest) -> HttpResponse:
    """Separate choices, none ticked; only one of them is needed to send."""
    intake = _open(request)
    if intake is None:
        return redirect("portal:intake")
    error = ""
    if request.method == "POST":
        allowed = Allowed(*(name in request.POST for name in ("read", "supervise", "research")))
        try:
            send_intake(intake, allowed, known=_known_before(intake), by=request.user, at=request.now)
            return redirect("portal:intake_sent")
        except Refused as refused:
            error = str(refused)
        except StateMoved:
            return redirect("portal:intake_sent")
    context = _who(intake) | {
        "ticked": set(request.POST),
        "in_research": has_consented(request.user, "research"),
        "in_supervision": has_consented(request.user, "supervision"),
        "errors": [{"text": error, "href": "#read"}] if error else [],
    }
    return render(request, "portal/intake_consent.html", context, status=422 if error else 200)


def sent(request: PersonRequest) -> HttpResponse:
    """Sent, and when; what happens next, and when; read, as soon as it was."""
    intake = newest_intake(request.user)
    if intake is None or intake.sent_at is None:
        return redirect("portal:intake")
    return _sent_page(request, intake)


def _sent_page(request: PersonRequest, intake: Intake, *, error: str = "") -> HttpResponse:
    coming = next_session(intake.pair, at=request.now) if intake.pair is not None else None
    meets = coming.starts_at if coming else None
    when = dated(clock.on_the_wall(meets, request.user), "l j F, H:i") if meets else ""
    therapist = intake.therapist.user.first_name
    context = (
        _who(intake)
        | _told(intake)
        | {
            "sent_at": clock.told(intake.sent_at or request.now, request.user),
            "read_at": clock.told(intake.read_at, request.user) if intake.read_at else "",
            "next_step": words.next_step(therapist, meets, when),
            "intake": intake,
            "errors": [{"text": error}] if error else [],
        }
    )
    return render(request, "portal/intake_sent.html", context, status=409 if error else 200)


def take_back(request: PersonRequest) -> HttpResponse:
    intake = newest_intake(request.user)
    if intake is None:
        return redirect("portal:intake")
    try:
        take_back_intake(intake, by=request.user, at=request.now)
    except StateMoved as error:
        return _sent_page(request, intake, error=str(error)) if intake.sent_at else redirect("portal:intake")
    return redirect("portal:intake_review")
