"""Clients: ask for a link, open it, sign out; and how long they stay."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render

from accord.records.accounts.actions import LIFE, use_link
from accord.records.accounts.models import Link, User
from accord.records.errors import Gone, NotFound
from accord.surfaces.shared import clock, searches
from accord.surfaces.shared.sign_in import links, onward, stays
from accord.surfaces.shared.sign_in.door import let_out
from accord.surfaces.shared.sign_in.forms import AddressForm


def sign_in(request: HttpRequest) -> HttpResponse:
    """The same answer to every address: who is known here is nobody's business."""
    if request.user.is_authenticated:
        return redirect(onward.asked_for(request) or "home")
    form = AddressForm(request.POST or None)
    if not form.is_valid():
        return _ask_for_address(request, form)
    with links.evenly():
        onward.remember(request)
        links.ask(form.cleaned_data["email"], at=clock.now())
    minutes = int(LIFE[Link.Purpose.SIGN_IN].total_seconds() // 60)
    return render(request, "sign_in/sent.html", {"email": form.cleaned_data["email"], "minutes": minutes})


def _ask_for_address(request: HttpRequest, form: AddressForm) -> HttpResponse:
    errors = [{"text": text, "href": "#email"} for text in form.errors.get("email", [])]
    further = onward.asked_for(request)
    action = f"?{urlencode({'next': further})}" if further else ""
    context = {"email": form["email"].value(), "errors": errors, "action": action}
    return render(request, "sign_in/ask.html", context, status=422 if errors else 200)


def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link spends nothing, because mail programs open links too. The button does."""
    try:
        if request.method != "POST":
            person = links.look(token, Link.Purpose.SIGN_IN, at=clock.now())
            return render(request, "sign_in/open.html", {"person": person})
        further = links.leads_to(token, at=clock.now())
        user = use_link(token, Link.Purpose.SIGN_IN, at=clock.now())
    except (NotFound, Gone) as error:
        return render(request, "sign_in/over.html", {"sentence": str(error)}, status=410)
    if not links.enter(request, user, at=clock.now()):
        return redirect("account_login")
    return redirect(further or onward.take(request))


def sign_out(request: HttpRequest) -> HttpResponse:
    """The search goes with them: whoever uses this browser next finds nothing of it."""
    let_out(request, at=clock.now())
    return searches.forget(redirect("home"))


def stay(request: HttpRequest) -> JsonResponse:
    """For the script that warns before the end: how long still, who it is, and a fresh token for open forms."""
    now = stays.of(request)
    if now is None or not isinstance(request.user, User):
        return JsonResponse({"seconds": 0})
    seconds = now.seconds_left(clock.now())
    return JsonResponse({"seconds": seconds, "person": request.user.code, "token": get_token(request)})
