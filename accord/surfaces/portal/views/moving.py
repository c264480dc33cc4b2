"""Moving on: what to keep and avoid, who is open, the note, the goodbye, and one step at the end."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accord.records.errors import Refused, StateMoved
from accord.records.matching import moving as actions
from accord.records.matching.models import Move
from accord.records.matching.moving_queries import (
    MOST_GAP,
    Line,
    answers_in_move,
    changed_in,
    last_held,
    last_move,
    left_open,
    lines_of,
    open_move,
    people_for_move,
)
from accord.records.matching.offering import insurers, offered
from accord.records.matching.wishes import BY_SLUG, MUST, SKIPPED, Given
from accord.records.pairs.queries import Seen, as_client
from accord.records.ruptures.concerns import named_contacts
from accord.surfaces.portal import moving_words as words
from accord.surfaces.portal.views.fit import nobody
from accord.surfaces.portal.with_whom import going_on
from accord.surfaces.shared import clock, search_words
from accord.surfaces.shared.requests import PersonRequest

STYLES = ("homework", "structure", "challenge", "now")
KNOWN = ("needs", "language", "way", "times", "person")


def moving(request: PersonRequest) -> HttpResponse:
    """What moving on is; or where it stands."""
    seen, move = _here(request)
    if seen is None:
        return nobody(request)
    if request.method == "POST":
        if move is None:
            actions.begin_move(by=seen, at=request.now)
        return redirect("portal:moving_wishes")
    return _standing(request, seen)


def _here(request: PersonRequest) -> tuple[Seen | None, Move | None]:
    """The pair this is about, and its open move; else a move that is open from a pair that has ended."""
    seen = going_on(request)
    move = open_move(seen) if seen is not None else None
    left = left_open(request.user) if move is None else None
    return (as_client(request.user, left.about.code, at=request.now), left) if left is not None else (seen, move)


def _standing(request: PersonRequest, seen: Seen, *, error: str = "", status: int = 409) -> HttpResponse:
    move = open_move(seen)
    context = _who(request, seen) | {"move": move, "errors": [{"text": error}] if error else []}
    done = last_move(request.user)
    if move is None and done is not None and done.new_pair_id == seen.pair.pk:
        context |= {"done": done, "when": clock.told(done.first_at or request.now, request.user)}
    if move is not None and move.to is not None and move.state != Move.State.BEGUN:
        context |= _where(move, request)
    return render(request, "portal/moving.html", context, status=status if error else 200)


def _who(request: PersonRequest, seen: Seen) -> dict[str, Any]:
    contact = next(iter(named_contacts(seen.pair, at=request.now)), None)
    return {
        "therapist_first_name": seen.pair.therapist.user.first_name,
        "practice": seen.pair.practice,
        "over": seen.pair.ended_on is not None,
        "contact": contact,
        "days": words.days(),
    }


def _where(move: Move, request: PersonRequest) -> dict[str, Any]:
    """Both times beside each other, so that no gap is hidden."""
    last = last_held(move, at=request.now) if move.first_at else None
    gap = (move.first_at - last.starts_at).days if move.first_at and last else 0
    return {
        "to": move.to.post.user.first_name if move.to else "",
        "reply_by": clock.told(move.reply_by, request.user) if move.reply_by else "",
        "first_at": clock.on_the_wall(move.first_at, request.user) if move.first_at else None,
        "last_at": clock.on_the_wall(last.starts_at, request.user) if last else None,
        "gap": gap,
        "close": gap <= MOST_GAP.days,
        "contact": move.contact,
        "offered": move.state == Move.State.OFFERED,
        "last_talk": move.goodbye == Move.Goodbye.LAST_TALK,
    }


def while_begun(step: Callable[[PersonRequest, Seen, Move], HttpResponse]) -> Callable[[PersonRequest], HttpResponse]:
    """A page of a move about which nobody was asked yet; without one, the page that says where it stands."""

    @wraps(step)
    def page(request: PersonRequest) -> HttpResponse:
        seen, move = _here(request)
        if seen is None or move is None or move.state != Move.State.BEGUN:
            return redirect("portal:moving")
        return step(request, seen, move)

    return page


@while_begun
def wishes(request: PersonRequest, seen: Seen, move: Move) -> HttpResponse:
    """What to keep and what to avoid, pre-filled. Nobody asks why."""
    if request.method != "POST":
        return _wishes_page(request, seen, move)
    keep, avoid = request.POST.get("keep", ""), request.POST.get("avoid", "")
    try:
        actions.keep_wishes(move, _given(request, move), keep=keep, avoid=avoid, by=seen)
    except Refused as error:
        return _wishes_page(request, seen, move, error=str(error))
    return redirect("portal:moving_people")


def _given(request: PersonRequest, move: Move) -> dict[str, Given]:
    """As it was picked; how much it matters stays as it was said before."""
    held = answers_in_move(move)
    found: dict[str, Given] = {}
    for slug in (*STYLES, *KNOWN):
        picks = request.POST.getlist(slug)
        strength = held[slug]["strength"] if slug in held and picks else ""
        found[slug] = Given(picks=picks or [SKIPPED], strength=strength)
    return found


def _wishes_page(request: PersonRequest, seen: Seen, move: Move, *, error: str = "") -> HttpResponse:
    answers, there, names = answers_in_move(move), offered(at=request.now), insurers(at=request.now)
    asked = {
        slug: {
            "slug": slug,
            "question": search_words.page(slug).question,
            "choices": search_words.choices(BY_SLUG[slug], there, names),
            "picked": answers[slug]["picks"] if slug in answers else [],
            "must": slug in answers and answers[slug]["strength"] == MUST,
            "many": BY_SLUG[slug].many,
        }
        for slug in (*STYLES, *KNOWN)
    }
    context = _who(request, seen) | {
        "styles": [asked[slug] for slug in STYLES],
        "known": [asked[slug] for slug in KNOWN],
        "told": [line for line in search_words.told(answers, names, blanks=False) if line.slug in KNOWN],
        "keep": request.POST.get("keep", move.keep or ""),
        "avoid": request.POST.get("avoid", move.avoid or ""),
        "errors": [{"text": error, "href": "#keep"}] if error else [],
    }
    return render(request, "portal/moving_wishes.html", context, status=422 if error else 200)


@while_begun
def people(request: PersonRequest, seen: Seen, move: Move) -> HttpResponse:
    """Only those with a place that was confirmed lately. Each with reasons; what does not fit, too."""
    error = ""
    if request.method == "POST":
        try:
            actions.choose_person(move, request.POST.get("to", ""), by=seen, at=request.now)
            return redirect("portal:moving_note")
        except (Refused, StateMoved) as moved:
            error = str(moved)
    context = _who(request, seen) | {
        "people": _people(move, request),
        "errors": [{"text": error, "href": "#people"}] if error else [],
    }
    return render(request, "portal/moving_people.html", context, status=409 if error else 200)


def _people(move: Move, request: PersonRequest) -> list[dict[str, Any]]:
    found, names = people_for_move(move, at=request.now), insurers(at=request.now)
    changed, answers = changed_in(move), answers_in_move(move)
    shown = []
    for person in found.people[:5]:
        new = words.changed_words(person.match.style_fits, answers, changed)
        rest = [text for text in search_words.fits(person, found.asked, names) if text not in new]
        shown.append(
            {
                "profile": person.profile,
                "name": person.profile.post.user.name,
                "first_name": person.profile.post.user.first_name,
                "changed": new,
                "fits": rest,
                "lacks": search_words.lacks(person, found.asked, names),
            }
        )
    return shown


@while_begun
def note(request: PersonRequest, seen: Seen, move: Move) -> HttpResponse:
    """The hand-over note, line by line: the client's own words and the goals both agreed on."""
    if move.to is None:
        return redirect("portal:moving_people")
    if request.method != "POST":
        return _note_page(request, seen, move)
    try:
        actions.keep_lines(move, _lines(request), by=seen)
    except Refused as error:
        return _note_page(request, seen, move, error=str(error))
    return redirect("portal:moving_note" if request.POST.get("do") == "more" else "portal:moving_goodbye")


def _lines(request: PersonRequest) -> list[Line]:
    places = [name.removeprefix("about-") for name in request.POST if name.startswith("about-")]
    return [
        Line(request.POST[f"about-{at}"][:64], request.POST.get(f"line-{at}", ""), f"keep-{at}" in request.POST)
        for at in places
    ]


def _note_page(request: PersonRequest, seen: Seen, move: Move, *, error: str = "") -> HttpResponse:
    name = seen.pair.therapist.user.first_name
    lines = _lines(request) if error else lines_of(move)
    context = _who(request, seen) | {
        "lines": [(line, words.line_title(line, name)) for line in lines],
        "to": move.to.post.user.first_name if move.to else "",
        "errors": [{"text": error, "href": "#lines"}] if error else [],
    }
    return render(request, "portal/moving_note.html", context, status=422 if error else 200)


@while_begun
def goodbye(request: PersonRequest, seen: Seen, move: Move) -> HttpResponse:
    error = ""
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in ("goodbye", "words", "tell")}
        try:
            actions.choose_goodbye(move, actions.Farewell(**given), by=seen)
            return redirect("portal:moving_check")
        except Refused as refused:
            error = str(refused)
    name = seen.pair.therapist.user.first_name
    context = _who(request, seen) | {
        "goodbyes": words.goodbyes(name, meets=seen.pair.ended_on is None),
        "tells": words.tells(name),
        "goodbye": request.POST.get("goodbye", move.goodbye),
        "tell": request.POST.get("tell", move.tell),
        "typed": request.POST.get("words", move.farewell or ""),
        "errors": [{"text": error, "href": "#answer"}] if error else [],
    }
    return render(request, "portal/moving_goodbye.html", context, status=422 if error else 200)


@while_begun
def check(request: PersonRequest, seen: Seen, move: Move) -> HttpResponse:
    """Everything that would go to anybody, as they would see it."""
    if move.to is None or not move.goodbye:
        return redirect("portal:moving_people" if move.to is None else "portal:moving_goodbye")
    if request.method == "POST":
        try:
            actions.ask_new(move, by=seen, at=request.now)
        except (Refused, StateMoved) as error:
            return _check_page(request, seen, move, error=str(error))
        return redirect("portal:moving")
    return _check_page(request, seen, move)


def _check_page(request: PersonRequest, seen: Seen, move: Move, *, error: str = "") -> HttpResponse:
    name = seen.pair.therapist.user.first_name
    context = _who(request, seen) | {
        "move": move,
        "to": move.to.post.user.first_name if move.to else "",
        "lines": [(line, words.line_title(line, name)) for line in lines_of(move) if line.kept],
        "told": search_words.told(answers_in_move(move), insurers(at=request.now), blanks=False),
        "goodbye": words.goodbye_told(move, name),
        "errors": [{"text": error}] if error else [],
    }
    return render(request, "portal/moving_check.html", context, status=409 if error else 200)


def confirm(request: PersonRequest) -> HttpResponse:
    return _step(request, actions.confirm_move)


def other_time(request: PersonRequest) -> HttpResponse:
    return _step(request, actions.ask_other_time)


def cancel(request: PersonRequest) -> HttpResponse:
    return _step(request, actions.cancel_move)


def _step(request: PersonRequest, do: Any) -> HttpResponse:
    """Each from the state it starts from; where that has changed, the page says so and nothing is done."""
    seen, move = _here(request)
    if seen is None or move is None:
        return redirect("portal:moving")
    try:
        do(move, by=seen, at=request.now)
    except (Refused, StateMoved) as error:
        return _standing(request, seen, error=str(error))
    return redirect("portal:moving")
