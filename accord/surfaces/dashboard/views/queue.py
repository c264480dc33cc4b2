"""The practice's queue: who waits, what is suggested, what was offered. For whoever leads, and the named contact."""

from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.audit.actions import record_reads
from accord.records.errors import Conflict, NotAllowed, Refused
from accord.records.practices.models import Practice
from accord.records.profiles.models import Profile
from accord.records.profiles.queries import offers_of
from accord.records.profiles.vocabulary import CLOSED
from accord.records.waiting import actions, offering
from accord.records.waiting.asks import NICE, unpack
from accord.records.waiting.models import Wait
from accord.records.waiting.queries import (
    fairness,
    is_silent,
    last_contact,
    line_behind,
    open_offer,
    profiles_by_code,
    queue,
    queues_of,
    shown_name,
    suggestion,
    told,
    wait_for,
    who_would,
)
from accord.science.matching import Asked, Assignment, Offer, Proposal, Wish, is_stale
from accord.surfaces.dashboard import queue_words as words
from accord.surfaces.shared import clock, wish_words
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.shared.token_words import label

LANGUAGES = ("en", "pt", "es", "ar", "fr", "de", "uk")


class Suggested(NamedTuple):
    """The queue of one practice with what is suggested for all of it at once."""

    practice: Practice
    waits: list[Wait]
    profiles: dict[str, Profile]
    assignment: Assignment
    by_wait: dict[str, Proposal]
    offers: list[Offer]

    @property
    def names(self) -> dict[str, str]:
        return {code: one.post.user.name for code, one in self.profiles.items()}


def _suggested(practice: Practice, request: PersonRequest) -> Suggested:
    waits = queue(practice)
    found = suggestion(practice, waits, at=request.now)
    profiles = dict(profiles_by_code(practice, at=request.now))
    offers = offers_of(profiles.values(), at=request.now)
    return Suggested(practice, waits, profiles, found, {one.client: one for one in found.proposals}, offers)


def waiting(request: PersonRequest) -> HttpResponse:
    practices = [_suggested(one, request) for one in queues_of(request.user, on=request.now)]
    record_reads(request.user, "read the queue", [wait for one in practices for wait in one.waits], at=request.now)
    context = {
        "practices": [
            {
                "practice": one.practice,
                "lines": [_line(wait, one, request) for wait in one.waits],
                "silent": sum(is_silent(wait, at=request.now) for wait in one.waits),
                "groups": [words.group(group) for group in fairness(one.practice, at=request.now)],
                "seed": one.assignment.seed,
            }
            for one in practices
        ]
    }
    return render(request, "dashboard/queue.html", context)


def _line(wait: Wait, one: Suggested, request: PersonRequest) -> dict[str, Any]:
    offer, proposal, contact = open_offer(wait), one.by_wait.get(wait.code), last_contact(wait)
    asked = unpack(wait.wishes)
    return {
        "wait": wait,
        "name": shown_name(wait),
        "first_name": shown_name(wait).split()[0],
        "urgency": words.URGENCY[wait.urgency],
        "waits": words.weeks((request.now - wait.since).days),
        "contact": clock.told(contact, request.user) if contact else "",
        "silent": is_silent(wait, at=request.now),
        "needs": wish_words.needs(asked),
        "nice": wish_words.nice(asked),
        "offer": words.step(offer, request.user) if offer else "",
        "suggested": words.suggested(proposal, one.names) or _without_place(wait, one) if proposal else "",
        "profile": proposal.offer if proposal is not None else "",
        "reasons": wish_words.reasons(proposal.match) if proposal is not None else [],
        "lacks": wish_words.lacks(proposal.match) if proposal is not None else [],
    }


def _without_place(wait: Wait, one: Suggested) -> str:
    """Who would fit, were there a place that is confirmed."""
    fitting = set(who_would(wait, one.offers))
    full = [one.names[each.id] for each in one.offers if each.id in fitting and each.places <= 0]
    open_ones = [each for each in one.offers if each.id in fitting and each.places > 0]
    stale = [one.names[each.id] for each in open_ones if is_stale(each.days_since_confirmed)]
    return words.without_place(full, stale, kept=len(open_ones) > len(stale))


def person(request: PersonRequest, code: str) -> HttpResponse:
    return _person(request, wait_for(request.user, code, at=request.now))


def _person(request: PersonRequest, wait: Wait, *, problem: str = "", status: int = 422) -> HttpResponse:
    record_reads(request.user, "read a wait", [wait], at=request.now)
    one = _suggested(wait.practice, request)
    proposal = one.by_wait.get(wait.code)
    position = told(wait, at=request.now)
    context: dict[str, Any] = {
        "line": _line(wait, one, request),
        "since": clock.told(wait.since, request.user),
        "choices": _choices(proposal, one),
        "line_behind": _behind(wait, proposal, one),
        "offer": open_offer(wait),
        "steps": [words.step(offer, request.user) for offer in wait.offers.all()],
        "touches": [
            (clock.told(touch.at, request.user), touch.by.name, touch.words or "") for touch in wait.touches.all()
        ],
        "message": request.POST.get("words") or words.message(wait, position, by=request.user, at=request.now),
        "urgencies": [(value, text) for value, text in words.URGENCY.items()],
        "errors": [{"text": problem, "href": "#offer"}] if problem else [],
    }
    return render(request, "dashboard/queue_person.html", context, status=status if problem else 200)


def _choices(proposal: Proposal | None, one: Suggested) -> list[dict[str, Any]]:
    """The suggestion first, then the others who fit, each with what it costs to take them."""
    if proposal is None:
        return []
    first = [{"code": proposal.offer, "name": one.names[proposal.offer], "cost": ""}] if proposal.offer else []
    others = [
        {"code": other.offer, "name": one.names[other.offer], "cost": words.cost(other, one.assignment)}
        for other in proposal.others[:5]
        if one.profiles[other.offer].places > 0  # type: ignore[attr-defined]
    ]
    return [*first, *others]


def _behind(wait: Wait, proposal: Proposal | None, one: Suggested) -> list[str]:
    if proposal is None or proposal.offer is None:
        return []
    names = {other.code: shown_name(other) for other in one.waits}
    return [names[code] for code in line_behind(one.assignment.proposals, proposal.offer, first=wait.code)]


def offer(request: PersonRequest, code: str) -> HttpResponse:
    """A person confirms the suggestion, or takes somebody else who has a place."""
    wait = wait_for(request.user, code, at=request.now)
    one = _suggested(wait.practice, request)
    profile = one.profiles.get(request.POST.get("profile", ""))
    typed = request.POST.get("days", "3")
    if profile is None or not typed.isdecimal():
        return _person(request, wait, problem=_("Choose whose place it is."))
    passes = request.POST.get("passes") == "yes"
    line = line_behind(one.assignment.proposals, profile.code, first=wait.code) if passes else []
    try:
        offering.offer_place(wait, profile, by=request.user, at=request.now, days=int(typed[:3]), line=line)
    except (Refused, Conflict, NotAllowed) as error:
        return _person(request, wait, problem=str(error), status=409 if isinstance(error, Conflict) else 422)
    return redirect("dashboard:queue")


def withdraw(request: PersonRequest, code: str) -> HttpResponse:
    wait = wait_for(request.user, code, at=request.now)
    found = open_offer(wait)
    if found is not None:
        offering.withdraw_offer(found, by=request.user, at=request.now)
    return redirect("dashboard:waiting_person", wait.code)


def write(request: PersonRequest, code: str) -> HttpResponse:
    """The ready message, as the person left it; or only that they spoke."""
    wait = wait_for(request.user, code, at=request.now)
    try:
        if request.POST.get("do") == "spoke":
            actions.note_contact(wait, by=request.user, at=request.now)
        else:
            address = f"{settings.PUBLIC_URL}{reverse('portal:wait')}"
            text = request.POST.get("words", "")
            actions.send_message(wait, text, by=request.user, at=request.now, address=address)
    except Refused as error:
        return _person(request, wait, problem=str(error))
    return redirect("dashboard:waiting_person", wait.code)


def urgency(request: PersonRequest, code: str) -> HttpResponse:
    wait = wait_for(request.user, code, at=request.now)
    typed = request.POST.get("urgency", "")
    if not typed.isdecimal():
        return _person(request, wait, problem=_("Choose one of the answers."))
    actions.set_urgency(wait, int(typed[:3]), by=request.user, at=request.now)
    return redirect("dashboard:waiting_person", wait.code)


def add(request: PersonRequest) -> HttpResponse:
    """Somebody rang or wrote. What they ask for goes on the list only with their yes."""
    if request.method != "POST":
        return _add(request)
    try:
        practice, (name, email) = _chosen(request), _who(request)
        wait = actions.add_person(practice, _asked(request), name=name, email=email, by=request.user, at=request.now)
    except Refused as error:
        return _add(request, problem=str(error))
    return redirect("dashboard:waiting_person", wait.code)


def _chosen(request: PersonRequest) -> Practice:
    """Whose list; whoever looks after one only has nothing to choose."""
    practices = queues_of(request.user, on=request.now)
    found = [one for one in practices if one.code == request.POST.get("practice")]
    if not found and len(practices) > 1:
        raise Refused(_("Choose whose list it is."))
    return (found or practices)[0]


def _who(request: PersonRequest) -> tuple[str, str]:
    name, email = request.POST.get("name", "").strip(), request.POST.get("email", "").strip()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(_("This is not a mail address.")) from None
    if not name or len(name) > 120:
        raise Refused(_("What is their name?"))
    if request.POST.get("agreed") != "yes":
        raise Refused(_("Ask them first whether this may stand on the list, and tick that they said yes."))
    return name, email


def _asked(request: PersonRequest) -> Asked:
    """A language and a way to meet are musts when they say so; times and what it is about would be nice."""
    musts = [Wish(kind, frozenset(picks)) for kind in ("language", "mode") if (picks := _picked(request, kind))]
    times = _picked(request, "time")
    nice = [(Wish("time", frozenset(times)), NICE)] if times else []
    nice += [(Wish("need", frozenset({token})), NICE) for token in _picked(request, "need")]
    return Asked(tuple(musts), tuple(nice))


def _picked(request: PersonRequest, kind: str) -> list[str]:
    return [f"{kind}:{value}" for value in request.POST.getlist(kind) if value]


def _add(request: PersonRequest, *, problem: str = "") -> HttpResponse:
    values = {"language": LANGUAGES, **{kind: CLOSED[kind] for kind in ("mode", "time", "need")}}
    context = {
        "groups": {
            kind: [(one, label(f"{kind}:{one}"), one in request.POST.getlist(kind)) for one in found]
            for kind, found in values.items()
        },
        "practices": queues_of(request.user, on=request.now),
        "typed": {name: request.POST.get(name, "") for name in ("practice", "name", "email", "agreed")},
        "errors": [{"text": problem, "href": "#name"}] if problem else [],
    }
    return render(request, "dashboard/queue_add.html", context, status=422 if problem else 200)
