"""Change how we work: pick wishes, add own words, look at it, send it. Kept as a draft that nobody else sees."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accord.records.errors import Refused, StateMoved
from accord.records.matching import changing as actions
from accord.records.matching.models import WayWish
from accord.records.matching.queries import agreed_tasks, way_draft, way_notes
from accord.records.pairs.queries import Seen
from accord.records.ruptures.models import Note
from accord.surfaces.portal import saying
from accord.surfaces.portal.fit_words import text_of, wishes
from accord.surfaces.portal.views.fit import nobody
from accord.surfaces.portal.with_whom import going_on
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.shared.said import said

BACK = "back"  # a button that keeps what is there and goes back


def pick(request: PersonRequest) -> HttpResponse:
    seen = going_on(request)
    if seen is None:
        return nobody(request)
    draft = way_draft(seen)
    if request.method != "POST":
        return _ask(request, seen, "pick", draft)
    chosen = [wish.code for wish in wishes() if wish.code in request.POST.getlist("picks")]
    actions.keep_way(by=seen, at=request.now, picks=chosen)
    return redirect("portal:fit_doors" if request.POST.get("do") == BACK else "portal:way_words")


def words(request: PersonRequest) -> HttpResponse:
    seen = going_on(request)
    draft = way_draft(seen) if seen is not None else None
    if seen is None or draft is None:
        return redirect("portal:way")
    if request.method != "POST":
        return _ask(request, seen, "words", draft)
    typed = request.POST.get("words", "")
    try:
        draft = actions.keep_way(by=seen, at=request.now, words=typed)
    except Refused as error:
        return _ask(request, seen, "words", draft, error=str(error), typed=typed)
    if request.POST.get("do") == BACK:
        return redirect("portal:way")
    if not text_of(draft):
        return _ask(request, seen, "words", draft, error=_("Write a few words, or go back and pick a wish."))
    return redirect("portal:way_check")


def check(request: PersonRequest) -> HttpResponse:
    seen = going_on(request)
    draft = way_draft(seen) if seen is not None else None
    if request.method == "POST":
        return _send(request, seen, draft)
    if seen is None or draft is None or not text_of(draft):
        return redirect("portal:way")
    return _ask(request, seen, "check", draft)


def _send(request: PersonRequest, seen: Seen | None, draft: WayWish | None) -> HttpResponse:
    """Sends what was looked at, and nothing that was typed in another tab since. Pressed twice, it is there already."""
    if seen is None:
        return redirect("portal:way")
    if draft is None:
        sent = way_notes(seen).first()
        return redirect("portal:said", code=sent.code) if sent is not None else redirect("portal:way")
    if not constant_time_compare(request.POST.get("looked_at", ""), looked_at(draft)):
        moved = _("This has changed in the meantime. Look at it once more.")
        return _ask(request, seen, "check", draft, error=moved, status=409)
    try:
        note = actions.send_way(draft, text_of(draft), by=seen, at=request.now)
    except Refused as error:
        return _ask(request, seen, "check", draft, error=str(error))
    except StateMoved:
        return redirect("portal:way_check")
    return redirect("portal:said", code=note.code)


def looked_at(draft: WayWish) -> str:
    """What the preview showed, in a form that fits into a hidden field."""
    return salted_hmac("accord.way.looked-at", f"{draft.code}\x1f{text_of(draft)}").hexdigest()


def drop(request: PersonRequest) -> HttpResponse:
    seen = going_on(request)
    draft = way_draft(seen) if seen is not None else None
    if seen is not None and draft is not None:
        actions.drop_way(draft, by=seen)
    return redirect("portal:fit_doors")


def _ask(
    request: PersonRequest,
    seen: Seen,
    page: str,
    draft: WayWish | None,
    *,
    error: str = "",
    typed: str | None = None,
    status: int = 422,
) -> HttpResponse:
    context: dict[str, Any] = {
        "therapist_first_name": seen.pair.therapist.user.first_name,
        "wishes": wishes(),
        "picks": draft.picks if draft is not None else [],
        "draft": draft if draft is not None and text_of(draft) else None,
        "typed": typed if typed is not None else (draft.words or "" if draft is not None else ""),
        "errors": [{"text": error, "href": "#answer"}] if error else [],
    }
    if page == "check" and draft is not None:
        context |= _preview(seen, draft)
    return render(request, f"portal/way_{page}.html", context, status=status if error else 200)


def _preview(seen: Seen, draft: WayWish) -> dict[str, Any]:
    name = seen.pair.therapist.user.first_name
    note = Note(pair=seen.pair, about=Note.About.TASK, words=text_of(draft), travels=saying.Travels.NOW)
    return {
        "said": said(note),
        "tasks": agreed_tasks(seen),
        "told_now": saying.told_now(name),
        "who": saying.who_will_see(note, name),
        "looked_at": looked_at(draft),
    }
