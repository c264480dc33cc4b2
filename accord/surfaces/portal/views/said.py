"""One note after it was finished: sent and read, or kept. Taken back, sent after all, changed, thrown away."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.errors import Refused, StateMoved
from accord.records.matching import changing as actions
from accord.records.matching.queries import is_way_wish
from accord.records.pairs.queries import Seen
from accord.records.ruptures.models import Note
from accord.records.ruptures.queries import note_for
from accord.records.sessions.queries import next_session
from accord.surfaces.portal import saying
from accord.surfaces.shared import clock
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.shared.said import said


def show(request: PersonRequest, code: str) -> HttpResponse:
    seen, note = note_for(request.user, code, at=request.now)
    return redirect("portal:say") if note.state == Note.State.DRAFT else _page(request, seen, note)


def take_back(request: PersonRequest, code: str) -> HttpResponse:
    seen, note = note_for(request.user, code, at=request.now)
    try:
        actions.take_back_note(note, by=seen, at=request.now)
    except StateMoved:
        note.refresh_from_db()
        return _page(request, seen, note, error=_too_late(note, seen), status=409)
    return redirect("portal:said", code=code)


def _too_late(note: Note, seen: Seen) -> str:
    """Only what is so: it was read, and when; or it was taken back before."""
    if note.read_at is None:
        return _("This was taken back already.")
    facts = {"name": seen.pair.therapist.user.first_name, "time": clock.told(note.read_at, seen.viewer)}
    return _("%(name)s read it, %(time)s. So it cannot be taken back any more.") % facts


def send(request: PersonRequest, code: str) -> HttpResponse:
    seen, note = note_for(request.user, code, at=request.now)
    try:
        actions.send_note(note, request.POST.get("travels", ""), by=seen, at=request.now)
    except (Refused, StateMoved) as error:
        note.refresh_from_db()
        return _page(request, seen, note, error=str(error), status=422 if isinstance(error, Refused) else 409)
    return redirect("portal:said", code=code)


def change(request: PersonRequest, code: str) -> HttpResponse:
    seen, note = note_for(request.user, code, at=request.now)
    try:
        is_way = actions.change_note(note, by=seen, at=request.now)
    except StateMoved as error:
        note.refresh_from_db()
        return _page(request, seen, note, error=str(error), status=409)
    return redirect("portal:way" if is_way else "portal:say_words")


def throw_away(request: PersonRequest, code: str) -> HttpResponse:
    seen, note = note_for(request.user, code, at=request.now)
    actions.throw_note_away(note, by=seen)
    return redirect("portal:home")


def _page(request: PersonRequest, seen: Seen, note: Note, *, error: str = "", status: int = 200) -> HttpResponse:
    name, viewer = seen.pair.therapist.user.first_name, request.user
    coming = next_session(seen.pair, at=request.now)
    next_at = coming.starts_at if coming else None
    context: dict[str, Any] = {
        "note": note,
        "said": said(note),
        "therapist_first_name": name,
        "sent_at": note.sent_at and clock.told(note.sent_at, viewer),
        "read_at": note.read_at and clock.told(note.read_at, viewer),
        "taken_back_at": note.taken_back_at and clock.told(note.taken_back_at, viewer),
        "kept_at": note.kept_at and clock.told(note.kept_at, viewer),
        "what_next": _what_next(note, name, next_at, request.now),
        "told_now": saying.told_now(name),
        "told_before": saying.told_before(name, next_at, at=request.now),
        "can_send": seen.pair.ended_on is None,
        "episode": note.episode,
        "board": reverse("portal:agreement", args=[seen.pair.code]) if is_way_wish(note) else "",
        "who": saying.who_will_see(note, name),
        "errors": [{"text": error}] if error else [],
    }
    return render(request, "portal/said.html", context, status=status)


def _what_next(note: Note, therapist: str, next_at: datetime | None, now: datetime) -> str:
    if note.travels == saying.Travels.NOW:
        return saying.told_now(therapist)
    if note.travels == saying.Travels.BEFORE_NEXT:
        return saying.told_before(therapist, next_at, at=now)
    return ""
