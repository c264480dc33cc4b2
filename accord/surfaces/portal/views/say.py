"""Help me say it: one question a page. What is written is kept as a draft that nobody else sees."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accord.records.errors import NotFound, Refused, StateMoved
from accord.records.pairs.queries import Seen
from accord.records.ruptures import saying as actions
from accord.records.ruptures.models import Note
from accord.records.ruptures.queries import draft_of, note_for
from accord.records.sessions.queries import next_session
from accord.surfaces.portal import saying
from accord.surfaces.portal.with_whom import going_on
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.shared.said import said

BEGIN = "start-"  # a button that starts from one of our sentences: "start-1"


def what(request: PersonRequest) -> HttpResponse:
    seen = going_on(request)
    if seen is None:
        return render(request, "portal/say_nobody.html")
    if request.method == "POST":
        return _choose_what(request, seen)
    return _ask(request, seen, "what", draft_of(seen))


def _choose_what(request: PersonRequest, seen: Seen) -> HttpResponse:
    chosen = request.POST.get("about", "")
    if chosen == saying.UNSAFE:
        return redirect("portal:concern")
    asks = chosen == saying.ASK
    if not chosen:
        return _ask(request, seen, "what", draft_of(seen), error=_("Choose what fits best. “Something else” is fine."))
    actions.keep_draft(seen, at=request.now, about="" if asks else chosen, asks=asks)
    return redirect("portal:say_travels" if asks else "portal:say_words")


def words(request: PersonRequest) -> HttpResponse:
    seen, draft = _draft(request)
    if seen is not None and draft is None and request.POST.get("words", "").strip():
        return _begin_anew(request, seen)
    if seen is None or draft is None or not (draft.about or draft.asks):
        return redirect("portal:say")
    return _keep_words(request, seen, draft) if request.method == "POST" else _ask(request, seen, "words", draft)


def _begin_anew(request: PersonRequest, seen: Seen) -> HttpResponse:
    """Another tab has sent or dropped the note that this one was writing: the words here begin a new one."""
    try:
        draft = actions.keep_draft(seen, at=request.now, words=request.POST["words"])
    except Refused as error:
        return render(request, "refused.html", {"sentence": str(error), "unsent": request.POST["words"]}, status=422)
    told = _("Your note was sent or dropped in another tab. What you wrote here is kept. What is it about?")
    return _ask(request, seen, "what", draft, error=told, status=409)


def _draft(request: PersonRequest) -> tuple[Seen | None, Note | None]:
    seen = going_on(request)
    return seen, draft_of(seen) if seen is not None else None


def _keep_words(request: PersonRequest, seen: Seen, draft: Note) -> HttpResponse:
    pressed, typed = request.POST.get("do", ""), request.POST.get("words", "")
    try:
        if pressed.startswith(BEGIN):
            actions.keep_draft(seen, at=request.now, words=_begun(draft, pressed, typed), asks=False)
            return redirect("portal:say_words")
        asks = pressed == saying.ASK
        draft = actions.keep_draft(seen, at=request.now, words=typed, asks=asks)
    except Refused as error:
        return _ask(request, seen, "words", draft, error=str(error), typed=typed)
    except StateMoved as error:
        return _ask(request, seen, "words", draft, error=str(error), typed=typed, status=409)
    if not asks and not draft.words:
        empty = _("Write a few words, start from a sentence, or choose “please ask me about it”.")
        return _ask(request, seen, "words", draft, error=empty)
    return redirect("portal:say_travels")


def _begun(draft: Note, pressed: str, typed: str) -> str:
    """The sentence first, then what was typed: nothing is lost by trying one."""
    place = pressed.removeprefix(BEGIN)
    sentences = saying.starters(draft.about)
    if place not in {str(number) for number in range(len(sentences))}:
        raise Refused(_("There is no such sentence."))
    own = typed.strip()
    return "\n\n".join([sentences[int(place)], *([own] if own and own not in sentences else [])])


def travels(request: PersonRequest) -> HttpResponse:
    seen, draft = _draft(request)
    if seen is None or draft is None or not (draft.words or draft.asks):
        return redirect("portal:say")
    if request.method != "POST":
        return _ask(request, seen, "travels", draft)
    chosen = request.POST.get("travels", "")
    if chosen not in {way.code for way in _ways(seen, draft, request.now)}:
        return _ask(request, seen, "travels", draft, error=_("Choose how your words should travel."))
    actions.keep_draft(seen, at=request.now, travels=chosen)
    return redirect("portal:say_check")


def _ways(seen: Seen, draft: Note, now: datetime) -> list[saying.Choice]:
    coming = next_session(seen.pair, at=now)
    return saying.ways(draft, seen.pair.therapist.user.first_name, coming.starts_at if coming else None, at=now)


def check(request: PersonRequest) -> HttpResponse:
    seen, draft = _draft(request)
    if request.method == "POST":
        return _finish(request, seen, draft)
    if seen is None or draft is None or not draft.travels:
        return redirect("portal:say")
    return _ask(request, seen, "check", draft)


def _finish(request: PersonRequest, seen: Seen | None, draft: Note | None) -> HttpResponse:
    """Sends what was looked at, and nothing that was typed in another tab since."""
    if seen is None or draft is None:
        return _second_press(request)
    if not constant_time_compare(request.POST.get("looked_at", ""), looked_at(draft)):
        changed = _("This has changed since you looked. Look at it once more, then send.")
        return _ask(request, seen, "check", draft, error=changed, status=409)
    try:
        note = actions.finish(draft, by=seen, at=request.now)
    except Refused as error:
        return _ask(request, seen, "check", draft, error=str(error))
    except StateMoved:
        return _second_press(request)
    return redirect("portal:said", code=note.code)


def _second_press(request: PersonRequest) -> HttpResponse:
    """Pressed twice: the note is there already."""
    try:
        _, note = note_for(request.user, request.POST.get("code", ""), at=request.now)
    except NotFound:
        return redirect("portal:say")
    return redirect("portal:said", code=note.code) if note.state != Note.State.DRAFT else redirect("portal:say_check")


def looked_at(note: Note) -> str:
    """What the preview showed, in a form that fits into a hidden field."""
    shown = "\x1f".join((note.code, note.about, str(note.asks), note.travels, note.words or ""))
    return salted_hmac("accord.note.looked-at", shown).hexdigest()


def drop(request: PersonRequest) -> HttpResponse:
    seen, draft = _draft(request)
    if seen is not None and draft is not None:
        actions.throw_away(draft, by=seen)
    return redirect("portal:home")


def _ask(
    request: PersonRequest,
    seen: Seen,
    page: str,
    draft: Note | None,
    *,
    error: str = "",
    typed: str | None = None,
    status: int = 422,
) -> HttpResponse:
    name = seen.pair.therapist.user.first_name
    context: dict[str, Any] = {
        "draft": draft,
        "therapist_first_name": name,
        "errors": [{"text": error, "href": "#answer"}] if error else [],
        "things": saying.things_off(name),
        "typed": typed if typed is not None else (draft.words or "" if draft else ""),
    }
    if draft is not None:
        context |= _about(draft, seen, request.now)
    return render(request, f"portal/say_{page}.html", context, status=status if error else 200)


def _about(draft: Note, seen: Seen, now: datetime) -> dict[str, Any]:
    name, possible = seen.pair.therapist.user.first_name, _ways(seen, draft, now)
    return {
        "starters": saying.starters(draft.about),
        "ways": possible,
        "way": next((way for way in possible if way.code == draft.travels), None),
        "chosen": saying.ASK if draft.asks else draft.about,
        "said": said(draft),
        "sends": draft.travels in Note.SENDING,
        "who": saying.who_will_see(draft, name),
        "looked_at": looked_at(draft),
    }
