"""Find someone who fits: one question a page, then a few people with reasons. No account, and nothing is sent."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.errors import Gone, NotFound, Refused
from accord.records.matching.enlisting import lives_elsewhere, wait_of
from accord.records.matching.models import Search
from accord.records.matching.offering import ALSO, Found, Person, insurers, offered, people_for
from accord.records.matching.queries import answers_of, enquiries_of
from accord.records.matching.searching import answer_search, begin_search, clear_search, relax
from accord.records.matching.wishes import BY_SLUG, MUST, NOT_SURE, SKIPPED, SLUGS, Given, is_wish
from accord.records.profiles.queries import standing_of
from accord.surfaces.shared import limits, search_words, searches
from accord.surfaces.shared.digits import numeral
from accord.surfaces.shared.profile_words import standing_words
from accord.surfaces.shared.requests import AnyRequest

FIRST, MORE = 4, 4  # people on the page, and with each "show more"
BEGINNINGS = 120  # from one network address in an hour
INSTEAD = {"skip": SKIPPED, "not-sure": NOT_SURE}


def start(request: AnyRequest) -> HttpResponse:
    search = searches.search_of(request)
    if request.method == "POST":
        return _begin(request, search)
    context = {
        "begun": bool(answers_of(search)),
        "next": _next_open(search),
        "asked": enquiries_of(search),
        "total": numeral(len(SLUGS)),
    }
    return render(request, "portal/find.html", context)


def _begin(request: AnyRequest, search: Search | None) -> HttpResponse:
    if search is None and not limits.within(request, "search", BEGINNINGS):
        return render(request, "429.html", status=429)
    found = search or begin_search(by=searches.person_of(request), at=request.now)
    response = redirect("portal:find_question", slug=_next_open(found))
    return searches.remember(response, found, shared=request.POST.get("shared") == "yes")


def _next_open(search: Search | None) -> str:
    answers = answers_of(search)
    return next((slug for slug in SLUGS if slug not in answers), SLUGS[0])


def question(request: AnyRequest, slug: str) -> HttpResponse:
    search = searches.search_of(request)
    if slug not in BY_SLUG:
        raise NotFound(_("There is nothing here."))
    if search is None:
        return redirect("portal:find")
    return _receive(request, search, slug) if request.method == "POST" else _ask(request, search, slug)


def _receive(request: AnyRequest, search: Search, slug: str) -> HttpResponse:
    given = _given(request)
    if not given["picks"]:
        return _ask(request, search, slug, error=_("Pick something, or say that you are not sure."), given=given)
    try:
        answer_search(search, slug, given, at=request.now)
    except Refused as error:
        return _ask(request, search, slug, error=str(error))
    except Gone:
        return redirect("portal:find")
    last = slug == SLUGS[-1] or request.POST.get("then") == "people"
    return redirect("portal:find_people") if last else redirect("portal:find_question", slug=_after(slug))


def _given(request: AnyRequest) -> Given:
    instead = INSTEAD.get(request.POST.get("do", ""))
    if instead:
        return {"picks": [instead], "strength": ""}
    return {"picks": request.POST.getlist("picks"), "strength": request.POST.get("strength", "")}


def _after(slug: str) -> str:
    return SLUGS[SLUGS.index(slug) + 1]


def _ask(
    request: AnyRequest, search: Search, slug: str, *, error: str = "", given: Given | None = None
) -> HttpResponse:
    asked, place, answers = BY_SLUG[slug], SLUGS.index(slug), answers_of(search)
    held = given or answers.get(slug, {"picks": [], "strength": ""})
    names = insurers(at=request.now)
    changing = "people" in (request.GET.get("then"), request.POST.get("then"))
    context: dict[str, Any] = {
        "page": search_words.page(slug),
        "asked": asked,
        "choices": search_words.choices(asked, offered(at=request.now), names),
        "picks": held["picks"],
        "skipped": held["picks"] == [SKIPPED],
        "not_sure": held["picks"] == [NOT_SURE],
        "strengths": search_words.STRENGTHS.items() if asked.how == "weighed" else [],
        "strength": held["strength"],
        "place": numeral(place + 1),
        "total": numeral(len(SLUGS)),
        "before": "" if changing or not place else SLUGS[place - 1],
        "changing": changing,
        "begun": any(map(is_wish, answers.values())),
        "errors": [{"text": error, "href": "#answer"}] if error else [],
    }
    return render(request, "portal/find_question.html", context, status=422 if error else 200)


def people(request: AnyRequest) -> HttpResponse:
    """Looking changes nothing, so the choices about what to show stand in the address."""
    search = searches.search_of(request)
    if search is None:
        return redirect("portal:find")
    also = [kind for kind in ALSO if kind in request.GET.getlist("also")]
    shown = _number(request.GET.get("shown", ""))
    found, names = people_for(search, at=request.now, also=also), insurers(at=request.now)
    cards = [_card(person, found, names, request) for person in found.people[:shown]]
    context = {
        "people": cards,
        "nobody_open": not any(card["open"] for card in cards) and not lives_elsewhere(answers_of(search)),
        "wait": wait_of(search),
        "left": len(found.people) - shown,
        "shown_next": shown + MORE,
        "also": also,
        "hidden": found.hidden,
        "more": [_more(row, names) for row in found.more],
        "musts": _musts(search, names),
        "few": len(found.people) < 3,
        "answers": search_words.told(answers_of(search), names),
        "enquiries": enquiries_of(search),
    }
    return render(request, "portal/find_people.html", context)


def _number(typed: str) -> int:
    return min(int(typed), 200) if typed.isdecimal() and len(typed) < 5 and int(typed) > FIRST else FIRST


def _card(person: Person, found: Found, names: search_words.Names, request: AnyRequest) -> dict[str, Any]:
    standing = standing_of(person.profile, at=request.now)
    return {
        "profile": person.profile,
        "name": person.profile.post.user.name,
        "first_name": person.profile.post.user.first_name,
        "standing": standing_words(standing),
        "open": standing.state == "open",
        "can_ask": standing.state != "full",
        "fits": search_words.fits(person, found.asked, names),
        "lacks": search_words.lacks(person, found.asked, names),
    }


def _more(row: tuple[str, Any, int], names: search_words.Names) -> dict[str, Any]:
    slug, wish, count = row
    pick = next(iter(wish.any_of)).partition(":")[2]
    return {"slug": slug, "pick": pick, "what": search_words.wish_words(wish, names), "count": count}


def _musts(search: Search, names: search_words.Names) -> list[search_words.Line]:
    answers = answers_of(search)
    return [
        line
        for line in search_words.told(answers, names, blanks=False)
        if answers[line.slug]["strength"] == MUST or BY_SLUG[line.slug].how == "must"
    ]


def let_go(request: AnyRequest) -> HttpResponse:
    search = searches.search_of(request)
    if search is None:
        return redirect("portal:find")
    relax(search, request.POST.get("slug", ""), request.POST.get("pick", ""), at=request.now)
    return redirect("portal:find_people")


def clear(request: AnyRequest) -> HttpResponse:
    search = searches.search_of(request)
    if search is not None:
        clear_search(search, by=searches.person_of(request), at=request.now)
    return searches.forget(redirect(f"{reverse('portal:find')}?cleared=yes"))
