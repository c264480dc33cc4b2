"""The board's pages, for whichever of the two is looking. Finds, validates, acts, answers; the audience says where."""

from typing import Any, NamedTuple

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accord.records.agreements.queries import here_now, items_of, number_of, other, version_of
from accord.records.audit.actions import record_read
from accord.records.errors import Refused, StateMoved, WordsMoved
from accord.records.pairs.queries import Seen
from accord.surfaces.shared import clock
from accord.surfaces.shared.agreement import live as live_pages
from accord.surfaces.shared.agreement.cards import Two, board, words_of
from accord.surfaces.shared.agreement.changes import Pressed, change
from accord.surfaces.shared.agreement.history import chapters
from accord.surfaces.shared.agreement.note import note
from accord.surfaces.shared.agreement.way import asked
from accord.surfaces.shared.digits import dated
from accord.surfaces.shared.passages import status_of
from accord.surfaces.shared.requests import PersonRequest

PART = "X-Part"  # asked for by the page's own script: the changing part alone


class Door(NamedTuple):
    """An audience: the space of its addresses, and its page around the board."""

    space: str
    template: str

    def url(self, name: str, seen: Seen) -> str:
        return reverse(f"{self.space}:{name}", args=[seen.pair.code])

    def urls(self, seen: Seen) -> dict[str, str]:
        return {
            "board": self.url("agreement", seen),
            "part": self.url("agreement_part", seen),
            "live": self.url("agreement_live", seen),
            "history": self.url("agreement_history", seen),
            "change": self.url("change_agreement", seen),
        }


def _context(request: PersonRequest, seen: Seen, door: Door) -> dict[str, Any]:
    """The number is read first: what changes while the rest is read is told to the page at once."""
    number, two = number_of(seen), Two(seen)
    shown = board(items_of(seen), two)
    today = dated(clock.local(request.now, request.user), "j F Y")
    return {
        "pair": seen.pair,
        "side": seen.side,
        "number": number,
        "board": shown,
        "urls": door.urls(seen),
        "open": seen.pair.ended_on is None,
        "client_name": two.first("client"),
        "therapist_name": two.first("therapist"),
        "other_name": two.other_name,
        "note": note(shown, two, today),
        "here": other(seen.side) in here_now(seen, at=request.now),
    }


def _page(request: PersonRequest, door: Door, context: dict[str, Any], *, part: str, status: int = 200) -> HttpResponse:
    return render(request, door.template, context | {"part": part}, status=status)


def show(request: PersonRequest, seen: Seen, door: Door) -> HttpResponse:
    record_read(request.user, "opened the board", seen.pair, at=request.now)
    context = _context(request, seen, door) | {"way": asked(seen)}
    return _page(request, door, context, part="agreement/page.html")


def show_part(request: PersonRequest, seen: Seen, door: Door) -> HttpResponse:
    """What changes, without the page around it. The page itself was entered in the audit when it was opened."""
    return render(request, "agreement/board.html", _context(request, seen, door))


def stream(request: PersonRequest, seen: Seen) -> StreamingHttpResponse:
    known = request.headers.get("Last-Event-ID") or request.GET.get("known", "")
    stay = request.stay
    page = live_pages.Page(seen, request.session.session_key or "", until=stay.ends_at)
    told = live_pages.events(page, known=known)
    return StreamingHttpResponse(told, content_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def receive(request: PersonRequest, seen: Seen, door: Door) -> HttpResponse:
    try:
        code = change(Pressed(request.POST, seen, request.now))
    except WordsMoved as moved:
        return _both_texts(request, seen, door, moved)
    except (Refused, StateMoved) as error:
        if "words" not in request.POST or request.headers.get("Accept") == "application/json":
            raise  # nothing was typed, or it still stands in the page
        return _once_more(request, seen, door, error)
    if request.headers.get(PART):
        return show_part(request, seen, door)
    return redirect(f"{door.url('agreement', seen)}#item-{code}")


def _both_texts(request: PersonRequest, seen: Seen, door: Door, moved: WordsMoved) -> HttpResponse:
    """The other was faster. Nothing is lost: both texts are here, and mine can be put beside theirs."""
    held, version = version_of(seen, moved.newest)
    context = {
        "kind": held.item.kind,
        "item": held.item.code,
        "theirs": words_of(version, Two(seen), {}),
        "mine": Pressed(request.POST, seen, request.now).text,
        "urls": door.urls(seen),
        "other_name": Two(seen).first(version.side),
    }
    return _page(request, door, context, part="agreement/moved.html", status=409)


def _once_more(request: PersonRequest, seen: Seen, door: Door, error: Refused | StateMoved) -> HttpResponse:
    """It could not be saved: why, and the same form with everything that was typed."""
    pressed = Pressed(request.POST, seen, request.now)
    context = {
        "errors": [{"text": str(error), "href": "#again-words"}],
        "mine": pressed.text,
        "what": pressed.word("what"),
        "sent": {name: request.POST[name] for name in ("kind", "item", "seen", "version") if name in request.POST},
        "has": {name: name in request.POST for name in ("how_known", "why")},
        "urls": door.urls(seen),
    }
    return _page(request, door, context, part="agreement/again.html", status=status_of(error))


def show_history(request: PersonRequest, seen: Seen, door: Door) -> HttpResponse:
    record_read(request.user, "opened the board's history", seen.pair, at=request.now)
    context = {
        "chapters": chapters(items_of(seen), Two(seen)),
        "urls": door.urls(seen),
        "open": seen.pair.ended_on is None,
    }
    return _page(request, door, context, part="agreement/history.html")
