"""Ask one person for a free first call: how to be reached, exactly what they will see, then what became of it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accord.records.errors import Conflict, Gone, Refused
from accord.records.matching import enquiring as actions
from accord.records.matching.letters import ask_for_link, come_back, look_at_link
from accord.records.matching.models import Enquiry, Search
from accord.records.matching.offering import STALE, insurers, people_for
from accord.records.matching.queries import answers_of, contact_of, enquiries_of, enquiry_of, questions_of
from accord.records.matching.searching import MOST_QUESTIONS, ask_no_more, ask_too, begin_search, keep_contact
from accord.records.profiles.models import Profile
from accord.records.profiles.queries import public_profile, standing_of
from accord.surfaces.portal.enquiry_words import standing_of_enquiry
from accord.surfaces.portal.wait_words import put_on_list
from accord.surfaces.shared import clock, limits, search_words, searches
from accord.surfaces.shared.enquiries import shown
from accord.surfaces.shared.profile_words import standing_words
from accord.surfaces.shared.requests import AnyRequest
from accord.surfaces.shared.sign_in import onward

SENDINGS = 30  # from one network address in an hour
FIELDS = ("name", "reach", "address", "words", "tells")
BACK_URL = "{url}/find/back/{{token}}/"


def questions(request: AnyRequest) -> HttpResponse:
    """The list is theirs: nobody is sent it, and it stands beside the call."""
    search = searches.search_of(request)
    if request.method != "POST":
        return _list(request, search)
    if search is None and not limits.within(request, "search", SENDINGS):
        return render(request, "429.html", status=429)
    found = search or begin_search(by=searches.person_of(request), at=request.now)
    try:
        _change_list(request, found)
    except Refused as error:
        return _list(request, found, error=str(error))
    response = redirect(onward.asked_for(request) or "portal:find_questions")
    return searches.remember(response, found) if search is None else response


def _change_list(request: AnyRequest, search: Search) -> None:
    drop = request.POST.get("drop", "")
    if drop:
        ask_no_more(search, drop, at=request.now)
    else:
        ask_too(search, request.POST.get("keep") or request.POST.get("own", ""), at=request.now)


def _list(request: AnyRequest, search: Search | None, *, error: str = "") -> HttpResponse:
    kept = questions_of(search)
    context = {
        "kept": kept,
        "ideas": [str(text) for text in search_words.ASK_THEM if str(text) not in kept],
        "full": len(kept) >= MOST_QUESTIONS,
        "typed": request.POST.get("own", "") if error else "",
        "enquiries": enquiries_of(search),
        "errors": [{"text": error, "href": "#own"}] if error else [],
    }
    return render(request, "portal/find_questions.html", context, status=422 if error else 200)


def contact(request: AnyRequest, code: str) -> HttpResponse:
    """Only now, and only for this one person: a name, and a way to answer."""
    profile, search = public_profile(code, at=request.now), searches.search_of(request)
    if request.method != "POST":
        return _contact(request, profile, contact_of(search))
    if search is None and not limits.within(request, "search", SENDINGS):
        return render(request, "429.html", status=429)
    found = search or begin_search(by=searches.person_of(request), at=request.now)
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        keep_contact(found, actions.check_contact(typed), at=request.now)
    except Refused as error:
        return _contact(request, profile, typed, error=str(error))
    response = redirect("portal:find_check", code=code)
    return searches.remember(response, found) if search is None else response


def _contact(request: AnyRequest, profile: Profile, typed: dict[str, str], *, error: str = "") -> HttpResponse:
    search, person = searches.search_of(request), searches.person_of(request)
    known = {"name": person.first_name, "address": person.email} if person is not None else {}
    context = {
        "profile": profile,
        "name": profile.post.user.first_name,
        "typed": {**known, **typed} if not error else typed,
        "has_answers": bool(answers_of(search)),
        "errors": [{"text": error, "href": "#answer"}] if error else [],
    }
    return render(request, "portal/find_contact.html", context, status=422 if error else 200)


def check(request: AnyRequest, code: str) -> HttpResponse:
    profile, search = public_profile(code, at=request.now), searches.search_of(request)
    typed = contact_of(search)
    if search is None or "tells" not in typed:  # none typed yet, or an address for a link alone
        return redirect("portal:find_contact", code=code)
    if request.method != "POST":
        return _preview(request, profile, search)
    if not constant_time_compare(request.POST.get("looked_at", ""), looked_at(search)):
        moved = _("This has changed since you looked. Look at it once more, then send.")
        return _preview(request, profile, search, error=moved, status=409)
    if request.POST.get("website") or not limits.within(request, "enquiry", SENDINGS):
        return render(request, "429.html", status=429)
    try:
        enquiry = actions.send_enquiry(search, profile, typed, by=searches.person_of(request), at=request.now)
    except Refused as error:
        return _preview(request, profile, search, error=str(error))
    return redirect("portal:enquiry", code=enquiry.code)


def looked_at(search: Search) -> str:
    """What the preview showed, in a form that fits into a hidden field."""
    held = f"{search.code}\x1f{search.contact}\x1f{search.answers}"
    return salted_hmac("accord.enquiry.looked-at", held).hexdigest()


def _preview(
    request: AnyRequest, profile: Profile, search: Search, *, error: str = "", status: int = 422
) -> HttpResponse:
    typed = contact_of(search)
    answers = answers_of(search) if typed["tells"] == "yes" else {}
    by = actions.reply_by(request.now, profile.post.user.zone)
    context = {
        "profile": profile,
        "name": profile.post.user.first_name,
        "told": shown(typed, answers, insurers(at=request.now)),
        "reply_by": clock.told(by, profile.post.user),
        "looked_at": looked_at(search),
        "errors": [{"text": error, "href": "#answer"}] if error else [],
    }
    return render(request, "portal/find_check.html", context, status=status if error else 200)


def enquiry(request: AnyRequest, code: str) -> HttpResponse:
    """Where it stands. Once a call is booked, this is the page for the call; after a start, it is behind the door."""
    if searches.waits_for_its_client(request):
        return searches.sign_in_first(request.path)
    search = searches.search_of(request)
    return _enquiry(request, search, enquiry_of(search, code))


def _enquiry(
    request: AnyRequest, search: Search | None, one: Enquiry, *, error: str = "", status: int = 422
) -> HttpResponse:
    context: dict[str, Any] = {
        "one": one,
        "name": one.to.user.first_name,
        "stands": standing_of_enquiry(one, at=request.now),
        "times": [(moment, clock.told(moment, one.to.user)) for moment in offered_times(one, at=request.now)],
        "call_at": clock.told(one.call_at, one.to.user) if one.call_at else "",
        "reply_by": clock.told(one.reply_by, one.to.user),
        "zone": one.to.user.zone,
        "questions": questions_of(search),
        "has_address": bool(contact_of(search).get("address")),
        "next": _next(search, one, request.now),
        "errors": [{"text": error, "href": "#answer"}] if error else [],
    }
    return render(request, "portal/enquiry.html", context, status=status if error else 200)


def offered_times(one: Enquiry, *, at: datetime) -> list[datetime]:
    if one.state != Enquiry.State.OFFERED:
        return []
    return [moment for moment in map(datetime.fromisoformat, one.times) if moment > at]


def _next(search: Search | None, one: Enquiry, now: datetime) -> dict[str, Any] | None:
    """Who comes next, from the same answers: nothing is entered again."""
    if search is None or one.state not in Enquiry.OVER:
        return None
    found = people_for(search, at=now)
    if not found.people and found.hidden.get(STALE):
        found = people_for(search, at=now, also=(STALE,))
    if not found.people:
        return None
    person, names = found.people[0], insurers(at=now)
    return {
        "profile": person.profile,
        "standing": standing_words(standing_of(person.profile, at=now)),
        "name": person.profile.post.user.first_name,
        "full_name": person.profile.post.user.name,
        "fits": search_words.fits(person, found.asked, names),
        "lacks": search_words.lacks(person, found.asked, names),
    }


def answer(request: AnyRequest, code: str) -> HttpResponse:
    """A time for the call, other times, or taking it back."""
    if searches.waits_for_its_client(request):
        return searches.sign_in_first(reverse("portal:enquiry", args=[code]))
    search = searches.search_of(request)
    one = enquiry_of(search, code)
    try:
        _act(request, one)
    except Refused as error:
        return _enquiry(request, search, one, error=str(error))
    except Conflict as error:
        return _enquiry(request, search, enquiry_of(search, code), error=str(error), status=409)
    return redirect("portal:enquiry", code=code)


def _act(request: AnyRequest, one: Enquiry) -> None:
    by, do = searches.person_of(request), request.POST.get("do", "")
    if do == "withdraw":
        actions.withdraw(one, by=by, at=request.now)
    elif do == "other-times":
        actions.ask_other_times(one, by=by, at=request.now)
    else:
        actions.choose_time(one, _moment(request.POST.get("time", "")), by=by, at=request.now)


def _moment(typed: str) -> datetime:
    try:
        return datetime.fromisoformat(typed)
    except ValueError as error:
        raise Refused(_("Choose a time, or ask for others.")) from error


def send_link(request: AnyRequest) -> HttpResponse:
    """A way back by mail, to the address that they gave."""
    search = searches.search_of(request)
    if search is None or not limits.within(request, "letter", SENDINGS):
        return redirect("portal:find") if search is None else render(request, "429.html", status=429)
    address = request.POST.get("address", "").strip()
    try:
        if address:
            known = contact_of(search)
            keep_contact(search, {**known, "address": actions.check_address(address)}, at=request.now)
            search.refresh_from_db()
        ask_for_link(search, at=request.now, link_url=BACK_URL.format(url=settings.PUBLIC_URL))
    except Refused as error:
        return _mail(request, address, error=str(error))
    return redirect(f"{reverse('portal:find_mail')}?{urlencode({'sent': 'yes'})}")


def mail(request: AnyRequest) -> HttpResponse:
    search = searches.search_of(request)
    if search is None:
        return redirect("portal:find")
    if request.method == "POST":
        return send_link(request)
    return _mail(request, contact_of(search).get("address", ""))


def _mail(request: AnyRequest, typed: str, *, error: str = "") -> HttpResponse:
    context = {
        "typed": typed,
        "sent": request.GET.get("sent") == "yes",
        "errors": [{"text": error, "href": "#address"}] if error else [],
    }
    return render(request, "portal/find_mail.html", context, status=422 if error else 200)


def back(request: AnyRequest, token: str) -> HttpResponse:
    """The button brings the search into this browser; opening the page does nothing."""
    try:
        if request.method != "POST":
            look_at_link(token, at=request.now)
            return render(request, "portal/find_back.html")
        search = come_back(token, at=request.now)
        wait = put_on_list(request, search)
    except (Gone, Refused) as error:
        return render(request, "portal/find_back.html", {"sentence": str(error)}, status=410)
    asked = enquiries_of(search).first()
    path = reverse("portal:enquiry", args=[asked.code]) if asked is not None else reverse("portal:find")
    path = path if wait is None else reverse("portal:find_wait")
    to = searches.sign_in_first(path) if searches.behind_the_door(request, search) else redirect(path)
    return searches.remember(to, search)
