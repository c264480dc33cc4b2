"""What the matrix and the header tests share: every route, its address filled from Harbour Practice."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accord.config.policy import PAIR, Policy, routes, table
from accord.records.accounts.actions import make_link
from accord.records.checkins.models import CheckIn
from accord.records.desk.actions import About, mute
from accord.records.intake.actions import Allowed, Given, answer_intake, ask_for_intake, begin_intake, send_intake
from accord.records.matching.enquiring import send_enquiry
from accord.records.matching.letters import write_letter
from accord.records.matching.models import Enquiry
from accord.records.matching.searching import ask_too, begin_search, keep_contact
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen
from accord.records.profiles.queries import published
from accord.records.ruptures.actions import raise_flag
from accord.records.ruptures.repairing import write_change
from accord.records.ruptures.saying import finish, keep_draft
from accord.records.sessions.calendar_actions import make_address
from accord.records.sessions.models import TherapySession
from accord.records.waiting.models import Wait

ROUTES = sorted({name for name, _ in routes()})
PATHS = dict(routes())
GETS = [name for name in ROUTES if name in table() and "GET" in table()[name].methods]
OBJECTS = [name for name in ROUTES if name in table() and table()[name].object == PAIR]
CANARY = "canary-29c1 I felt missed"
ABSENT = "thereisnone2"
OFF: dict[str, object] = {
    "kind": "said",
    "version": "flags@1",
    "params": "",
    "pillar": "",
    "readings": [5],
    "cannot_know": "why",
}


class Codes(NamedTuple):
    """Kai's things, by what they are called in a URL."""

    pair: str
    own: str  # his check-in, answered
    rating: str  # his therapist's check-in
    episode: str
    session: str  # his next one
    note: str  # what he sent
    change: str  # what his therapist will change
    quiet: str = ""  # what his therapist has muted
    intake: str = ""  # what he sent before they first met
    enquiry: str = ""  # he asked Tess for a first call
    profile: str = ""  # his therapist's
    wait: str = ""  # of the first on the waiting list


def prepare(pair: CarePair, now: datetime) -> Codes:
    """Kai has said something, with a canary in it, and an episode is open."""
    session = TherapySession.objects.get(pair=pair, number=5)
    own = CheckIn.objects.get(session=session, instrument="checkin@1")
    rating = CheckIn.objects.get(session=session, instrument="checkin-therapist@1")
    flag = raise_flag(session, OFF, at=now)
    assert flag
    assert flag.episode
    kai, tess = Seen(pair, pair.client, "client"), Seen(pair, pair.therapist.user, "therapist")
    quiet = mute(About(pillar="task"), by=tess, at=now)
    coming = pair.sessions.get(number=6).code
    note = finish(keep_draft(kai, at=now, words=CANARY, about="bond", travels="before-next"), by=kai, at=now)
    change = write_change(flag.episode, CANARY, by=tess, at=now)
    rest = {
        "quiet": quiet.code,
        "intake": told_before(pair, now),
        "enquiry": ask_for_a_call(pair, now).code,
        "profile": pair.therapist.profile.code,
        "wait": Wait.objects.filter(practice=pair.practice).order_by("pk")[0].code,
    }
    return Codes(pair.code, own.code, rating.code, flag.episode.code, coming, note.code, change.code, **rest)


def told_before(pair: CarePair, now: datetime, words: str = CANARY) -> str:
    """The client's intake, sent to the pair's therapist; its code."""
    ask_for_intake(pair.client, pair.therapist, at=now, pair=pair)
    intake = pair.client.intakes.get(therapist=pair.therapist)
    if intake.sent_at is None:
        begin_intake(intake, by=pair.client, at=now)
        answer_intake(intake, Given("brings", words), by=pair.client, at=now)
        send_intake(intake, Allowed(read=True), known=(), by=pair.client, at=now)
    return intake.code


def ask_for_a_call(pair: CarePair, now: datetime, *, words: str = CANARY) -> Enquiry:
    """Kai looks for somebody, and asks the therapist whom he sees already."""
    contact = {"name": "Kai", "reach": words, "address": "", "words": words, "tells": "yes"}
    search = ask_too(begin_search(by=pair.client, at=now), words, at=now)
    profile = published(at=now).get(post=pair.therapist)
    return send_enquiry(keep_contact(search, contact, at=now), profile, contact, by=pair.client, at=now)


OTHERS = (
    ("^profile$|:find_contact|:find_check", "profile"),
    ("enquiry|offer_call|confirm_start", "enquiry"),
    ("wait|_place$|urgency", "wait"),
)


def code_for(route: str, codes: Codes) -> str:
    """Which of Kai's codes a route means by <code>; a new route that means something else says so here."""
    named = {"portal:check_in": codes.own, "portal:take_back": codes.own, "portal:answer_change": codes.change}
    named |= {"workspace:intake": codes.intake, "workspace:unquiet": codes.quiet}
    if route in named:
        return named[route]
    for names, meant in OTHERS:
        if re.search(names, route):
            return str(getattr(codes, meant))
    if route != "workspace:write_change" and re.search(":said|note", route):
        return codes.note
    if "rat" in route.partition(":")[2]:
        return codes.rating
    if "session" in route.partition(":")[2]:
        return codes.session
    if re.search("episode|snooze|repair|guide|write_change|take_back_talk", route):
        return codes.episode
    return codes.pair


def address(route: str, codes: Codes, pair: CarePair, now: datetime, *, code: str = "") -> str:
    """The route's address with something real in every place."""
    names = re.findall(r"<(?:\w+:)?(\w+)>", PATHS[route])
    fillers: dict[str, Callable[[], Any]] = {
        "code": lambda: code or code_for(route, codes),
        "token": lambda: token_for(route, codes, pair, now),
        "slug": lambda: "jo",
        "key": lambda: "bond-missed",
        "pk": lambda: 1,
    }
    missing = [name for name in names if name not in fillers]
    assert not missing, f"tell tests/cells.py what to put into {missing} of {route}"
    return reverse(route, kwargs={name: fillers[name]() for name in names})


def token_for(route: str, codes: Codes, pair: CarePair, now: datetime) -> str:
    if route == "calendar_feed":
        return make_address(pair.client, at=now)
    if route in {"portal:check_in_by_link", "portal:take_back_by_link"}:
        return make_link(pair.client, "check-in", about=codes.own, at=now)
    if route == "portal:find_back":
        return link_back(now)
    person, purpose = (pair.therapist.user, "invitation") if route == "invitation" else (pair.client, "sign-in")
    return make_link(person, purpose, at=now)


def link_back(now: datetime) -> str:
    """To the search of somebody without an account."""
    search = keep_contact(begin_search(by=None, at=now), {"address": "somebody@example.org"}, at=now)
    write_letter(search, "back", at=now, link_url="<{token}>")
    found = re.search("<(.*)>", search.letters.get().body or "")
    assert found
    return found[1]


def ask(client: Client, method: str, url: str, **extra: Any) -> HttpResponse:
    """One request; its traces in the database and among the cookies are taken back afterwards."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        response: Any = client.generic(method, url, **extra)
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def same_for_everybody(response: HttpResponse) -> str:
    """A page without what changes from request to request."""
    text = response.content.decode()
    text = re.sub(r'nonce="[^"]*"', "", text)
    return re.sub(r'(csrfmiddlewaretoken" value|name="csrf-token" content)="[^"]*"', "", text)


def policy_of(route: str) -> Policy:
    return table()[route]


def pages(
    client: Client, codes: Codes, pair: CarePair, now: datetime, extra: Iterable[Any] = ()
) -> Iterator[tuple[str, str]]:
    """Every page there is as one person gets it: its address and its source. extra: more notes to look behind."""
    for route in GETS:
        urls = [address(route, codes, pair, now)]
        if "<str:code>" in urls[0] or route in ("portal:said", "workspace:note"):
            urls += [address(route, codes, pair, now, code=note.code) for note in extra]
        for url in urls:
            yield url, source(ask(client, "GET", url))


def source(response: HttpResponse) -> str:
    """A page's text. A board's live stream has none: it only ever says that something changed."""
    return "" if response.streaming else response.content.decode()
