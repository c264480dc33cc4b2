"""The client's own page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.agreements.queries import tallies
from accord.records.alliance.queries import estimates_of
from accord.records.checkins.queries import SessionAnswers, answers_of, waiting_for_client
from accord.records.checkins.taking_back import may_take_back
from accord.records.intake.models import Intake
from accord.records.intake.queries import newest_intake
from accord.records.matching.moving_queries import left_open, open_move
from accord.records.matching.queries import newest_fit, newest_meet
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen, as_client
from accord.records.ruptures.models import Episode, Note
from accord.records.ruptures.queries import LEARNING, draft_of, episodes_of, notes_of
from accord.records.sessions.queries import next_session
from accord.surfaces.portal.fit_words import fit_waits, wish_standing
from accord.surfaces.portal.intake_words import intake_waits
from accord.surfaces.portal.moving_words import move_standing
from accord.surfaces.portal.saying import own_words, standing
from accord.surfaces.portal.wait_words import waits_at_home
from accord.surfaces.portal.with_whom import choose, others, turned_to
from accord.surfaces.portal.words import STATES, TRAVELLED, greeting, waiting_words
from accord.surfaces.shared import clock
from accord.surfaces.shared.appointments import place_words
from accord.surfaces.shared.charts import Figure, figure
from accord.surfaces.shared.histories import events_of, histories
from accord.surfaces.shared.requests import PersonRequest


def home(request: PersonRequest) -> HttpResponse:
    here, intake = clock.on_the_wall(request.now, request.user), newest_intake(request.user)
    context: dict[str, Any] = {
        "greeting": greeting(here.hour),
        "first_name": request.user.first_name,
        "today": here.date(),
        "waiting": _waiting(request, intake),
        "intake_read": intake is not None and intake.read_at is not None,
    }
    choose(request)
    pair = turned_to(request)
    if pair is not None:
        context["move_on"] = move_standing(left_open(request.user), request.user)
        context["others"] = others(request, pair)
        context |= _about(pair, request)
        context["waiting"] += [fit_waits(context["therapist_first_name"])] if context.pop("fit_asked") else []
    context |= waits_at_home(request)
    context["waiting"] += context.pop("place_cards")
    return render(request, "portal/home.html", context)


def _waiting(request: PersonRequest, intake: Intake | None) -> list[dict[str, str]]:
    check_ins = [
        {"url": reverse("portal:check_in", args=[check_in.code]), **waiting_words(check_in)}
        for check_in in waiting_for_client(request.user, at=request.now)
    ]
    if intake is None or intake.read_at is not None:
        return check_ins
    return [*check_ins, intake_waits(intake, intake.therapist.user.first_name)]


def _about(pair: CarePair, request: PersonRequest) -> dict[str, Any]:
    """What this client may see of the two of them now."""
    seen = as_client(request.user, pair.code, at=request.now)
    answers = answers_of(pair, "client", at=request.now)
    coming = next_session(pair, at=request.now)
    episodes = list(episodes_of(seen))
    known = sum(each.client is not None for each in answers)
    therapist = pair.therapist.user.first_name
    at = clock.on_the_wall(coming.starts_at, request.user) if coming else None
    where = place_words(coming.place) if coming and coming.place != coming.Place.IN_PERSON else ""
    return {
        "next_session": {"at": at, "therapist_first_name": therapist, "where": where} if at else None,
        "therapist_first_name": therapist,
        "figure": _figure(pair, answers, episodes),
        "just_sent": _just_sent(answers, request),
        "learning": {"seen": known, "needed": LEARNING} if 0 < known < LEARNING else None,
        "episodes": [_episode(episode, request) for episode in episodes],
        "agreement_url": reverse("portal:agreement", args=[pair.code]),
        "board": tallies([pair])[pair.pk],
        "notes": _notes(answers, request),
        "say": _say(seen, request),
        **_fit(seen, request),
    }


def _just_sent(answers: list[SessionAnswers], request: PersonRequest) -> dict[str, Any] | None:
    """The newest check-in, for as long as it can be taken back."""
    sent = next((each.client for each in reversed(answers) if each.client is not None), None)
    if sent is None or sent.received_at is None or not may_take_back(sent, at=request.now):
        return None
    at = clock.on_the_wall(sent.received_at, request.user)
    return {"url": reverse("portal:check_in", args=[sent.code]), "at": at}


def _say(seen: Seen, request: PersonRequest) -> dict[str, Any] | None:
    """What this person has to say, or said, outside the check-ins; nothing once the two no longer work together."""
    notes = list(notes_of(seen))
    if seen.pair.ended_on is not None and not notes:
        return None
    return {"draft": draft_of(seen) is not None, "notes": [_note(note, seen, request) for note in notes]}


def _fit(seen: Seen, request: PersonRequest) -> dict[str, Any]:
    """The fit check, asked or not, and a wish on its way; nothing once the two no longer work together."""
    if seen.pair.ended_on is not None:
        return {"fit": None, "fit_asked": False}
    check, wish = newest_fit(seen), newest_meet(seen)
    asked = check is not None and check.begun_at is None
    half = check is not None and check.begun_at is not None and check.finished_at is None
    fit: dict[str, Any] = {"half": half, "offered": not asked, "wish": wish_standing(wish, request.user)}
    fit["move"] = move_standing(open_move(seen), request.user)
    return {"fit": fit, "fit_asked": asked}


def _note(note: Note, seen: Seen, request: PersonRequest) -> dict[str, Any]:
    return {
        "url": reverse("portal:said", args=[note.code]),
        "words": own_words(note),
        "on": clock.on_the_wall(note.started_at, request.user),
        "standing": standing(note, seen.pair.therapist.user.first_name, request.user),
    }


def _figure(pair: CarePair, answers: list[SessionAnswers], episodes: list[Episode]) -> Figure | None:
    if not any(each.client or each.therapist for each in answers):
        return None
    events = events_of(episodes, answers)
    drawn = histories(answers, estimates=estimates_of(pair), viewer=pair.client, events=events)
    return figure(drawn, client=_("you"), therapist=pair.therapist.user.first_name, ident="over-time")


def _episode(episode: Episode, request: PersonRequest) -> dict[str, Any]:
    return {
        "url": reverse("portal:repair", args=[episode.code]),
        "code": episode.code,
        "state": episode.state,
        "state_words": STATES[episode.state],
        "since": clock.on_the_wall(episode.ended_at or episode.opened_at, request.user),
        "is_open": episode.ended_at is None,
    }


def _notes(answers: list[SessionAnswers], request: PersonRequest) -> list[dict[str, Any]]:
    """This person's own words, newest first."""
    written = [each for each in answers if each.words is not None]
    return [
        {
            "words": each.words.text,
            "on": clock.on_the_wall(each.words.sent_at, request.user),
            "session": each.session.number,
            "travels_words": TRAVELLED[each.words.travels],
        }
        for each in reversed(written)
        if each.words is not None
    ]
