"""Only the client ends a rupture, only both together agree: tried by everybody, through every page and every action.

What may come about stands in MAY. Whatever else comes about in the database, by whomever, fails.
"""

import importlib
import inspect
import itertools
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, NamedTuple

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import resolve

from accord.config.harbour import CAST
from accord.config.policy import NOBODY_YET, PAIR, SIGNED_IN
from accord.records import agreements, ruptures
from accord.records.accounts.models import User
from accord.records.agreements.actions import Text, add, agree, ask_to_agree_again, end, reword
from accord.records.agreements.models import Ending, Item, Reply, Version
from accord.records.agreements.queries import item_of
from accord.records.checkins.models import CheckIn
from accord.records.errors import RecordsError
from accord.records.pairs.actions import begin_pair, end_pair
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen
from accord.records.practices.actions import appoint, end_post
from accord.records.ruptures.models import Change, Episode, Note
from accord.records.ruptures.openings import BY_KEY
from accord.records.ruptures.repairing import Given
from accord.records.ruptures.saying import keep_draft
from accord.surfaces.shared.agreement.changes import BUTTONS
from tests.cells import ROUTES, Codes, address, policy_of, prepare
from tests.plugins.making import given, sheet

MAY = {
    ("kai", "the rupture is over"),
    ("kai", "hers is agreed"),
    ("kai", "her suggestion is agreed"),
    ("tess", "his is agreed"),
    ("tess", "it rests"),
}
# fred was Kai's therapist before and led the practice; now he does neither. nuno stands for the other clients of Tess.
TWO = ("kai", "tess")
EVERYBODY = ["", *(each.slug for each in CAST), "nuno", "sam", "nia", "fred"]
STATES = (*Episode.State.values, "resolved", "")
ANSWERS = (*Change.Answer.values, "")
ASKS = {
    "portal:move_repair": ("to", STATES),
    "workspace:move_episode": ("state", STATES),
    "portal:answer_change": ("answer", ANSWERS),
}
ALL_AT_ONCE = {
    "to": "closed",
    "state": "closed",
    "what": "agree",
    "answer": "yes",
    "about": "bond",
    "travels": "now",
    "do": "send",
    "words": "It is over.",
    "field": "try",
    "version": "0",
}
NOT_WRITING = {"apps", "migrations", "models", "openings", "queries", "jobs", "tests"}

Act = Callable[[], object]


class Before(NamedTuple):
    over: frozenset[int]
    agreed: frozenset[int]
    rest: frozenset[int]


class Things(NamedTuple):
    """What is open between Kai and Tess."""

    pair: CarePair
    codes: Codes
    episode: Episode
    change: Change
    sent: Note
    draft: Note
    waiting: dict[str, Version]  # what would have come about -> the wording that it hangs on
    resting: Version
    before: Before


def stands() -> Before:
    """Straight from the rows: which ruptures are over, which wordings have both yeses, what was ended by both."""
    yes = Reply.objects.filter(answer=Reply.Answer.AGREE, ended_at=None).values_list("version", "side")
    sides: dict[int, set[str]] = {}
    for version, side in yes:
        sides.setdefault(version, set()).add(side)
    return Before(
        frozenset(Episode.objects.exclude(ended_at=None).values_list("pk", flat=True)),
        frozenset(version for version, both in sides.items() if len(both) == 2),
        frozenset(Ending.objects.exclude(agreed_at=None).values_list("pk", flat=True)),
    )


def came_about(things: Things) -> set[str]:
    """What is over or agreed now that was not before."""
    now = stands()
    named = {version.pk: what for what, version in things.waiting.items()}
    return {
        *("the rupture is over" for _ in now.over - things.before.over),
        *(named.get(pk, "something else is agreed") for pk in now.agreed - things.before.agreed),
        *("it rests" for _ in now.rest - things.before.rest),
    }


@pytest.fixture
def things(harbour, pair_of, person, now) -> Things:
    fred = User.objects.create_user("fred@harbour.example", "Fred Sousa", zone=harbour.zone)
    appoint(harbour, fred, "lead", since=now.date() - timedelta(days=90))
    post = appoint(harbour, fred, "therapist", since=now.date() - timedelta(days=90))
    end_pair(
        begin_pair(person("kai"), post, by=None, at=now - timedelta(days=60)), by=None, at=now - timedelta(days=50)
    )
    for held in fred.posts.all():
        end_post(held, on=now.date() - timedelta(days=30))
    pair = pair_of_two(person("kai"), person("tess"))
    check_in = CheckIn.objects.get(session__pair=pair, instrument="checkin@1", received_at=None)
    given(check_in, sheet(3, 7, 7, tension="a-bit", travels="before-next"), at=now)
    codes = prepare(pair, now)
    kai, tess = Seen(pair, person("kai"), "client"), Seen(pair, person("tess"), "therapist")
    waiting, resting = board(kai, tess, now)
    return Things(
        pair,
        codes,
        Episode.objects.get(code=codes.episode),
        Change.objects.get(code=codes.change),
        Note.objects.get(code=codes.note),
        keep_draft(kai, at=now, words="not yet", about="bond", travels="now"),
        waiting,
        resting,
        stands(),
    )


def pair_of_two(client: User, therapist: User) -> CarePair:
    return CarePair.objects.select_related("client", "therapist__user").get(client=client, therapist__user=therapist)


def board(kai: Seen, tess: Seen, now: datetime) -> tuple[dict[str, Version], Version]:
    """One of each kind that waits for a yes."""
    his, hers = (add("goal", Text(f"{by.side} first"), by=by, at=now) for by in (kai, tess))
    again, worded, resting = (add("task", Text(words), by=kai, at=now) for words in ("walk", "write", "rest"))
    for item in (again, worded, resting):
        agree(item.versions.get(), by=tess, at=now)
    ask_to_agree_again(by=kai, at=now)
    for by in (kai, tess):
        for item in (worded, resting):
            agree(item.versions.get(), by=by, at=now)
    end(resting, Ending.Kind.ASIDE, by=kai, at=now)
    suggestion = reword(worded, Text("write by hand"), seen=worded.versions.get().code, by=tess, at=now)
    waiting = {
        "his is agreed": his.versions.get(),
        "hers is agreed": hers.versions.get(),
        "what both were asked again is agreed": again.versions.get(),
        "her suggestion is agreed": suggestion,
    }
    return waiting, resting.versions.get()


def outcomes(things: Things, slug: str, acts: Iterable[Act]) -> set[tuple[str, str]]:
    """What came about by it. The two do one thing at a time; the others all of it in a row."""
    tries = ([act] for act in acts) if slug in TWO else [list(acts)]
    return {(slug, what) for each in tries for what in after(things, each)}


def after(things: Things, acts: Iterable[Act]) -> set[str]:
    """Do it, look what came about, take it back."""
    with transaction.atomic():
        for act in acts:
            attempt(act)
        found = came_about(things)
        transaction.set_rollback(True)
    return found


def attempt(act: Act) -> None:
    try:
        with transaction.atomic():
            act()
    except (RecordsError, IntegrityError):
        pass  # refused, and how is for the tests of each action to say


# Through the pages


def moves_something(route: str, url: str) -> bool:
    """Whether the view's module knows anything of ruptures or agreements: then the route is tried."""
    if "POST" not in policy_of(route).methods:
        return False
    module = inspect.getmodule(inspect.unwrap(resolve(url).func))
    homes = {getattr(each, "__module__", None) or getattr(each, "__name__", "") for each in vars(module).values()}
    rooms = ("accord.records.ruptures", "accord.records.agreements", "accord.surfaces.shared.agreement")
    return any(str(home).startswith(rooms) for home in homes)


def forms(route: str, things: Things, *, thorough: bool) -> Iterator[dict[str, str]]:
    """Every value of the field that says what shall become of it. Thorough: every button of every wording."""
    if route in ASKS:
        name, values = ASKS[route]
        yield from ({name: value, "words": "It is over."} for value in values)
    elif route.endswith(":change_agreement"):
        versions = [*things.waiting.values(), things.resting]
        pairs = itertools.product(versions, BUTTONS) if thorough else zip(itertools.cycle(versions), BUTTONS)
        for version, button in pairs:
            known = {"item": version.item.code, "version": version.code, "seen": version.code}
            texts = {"words": version.words or "", "kind": version.item.kind, "value": "10"}
            yield {"what": button, **known, **texts}
    else:
        yield ALL_AT_ONCE


def tried(things: Things, now: datetime) -> dict[str, str]:
    """route -> its address."""
    urls = {route: address(route, things.codes, things.pair, now) for route in ROUTES}
    return {route: url for route, url in urls.items() if moves_something(route, url)}


def post(client: Client, url: str, form: dict[str, str]) -> None:
    cookies = client.cookies.copy()
    client.post(url, form)
    client.cookies = cookies


def test_every_page_that_could_is_tried(things, now) -> None:
    found = set(tried(things, now))
    assert {*ASKS, "portal:change_agreement", "workspace:change_agreement", "workspace:take_back_talk"} <= found
    named = {route for route in ROUTES if policy_of(route).object == PAIR and "POST" in policy_of(route).methods}
    assert {route for route in named if "repair" in route or "episode" in route or "agreement" in route} <= found


def test_every_role_is_among_those_who_try(things, person) -> None:
    posts = {role for slug in EVERYBODY if slug for role in person(slug).posts.filter(until=None).values_list("role")}
    assert {role for (role,) in posts} | {"client", NOBODY_YET} == SIGNED_IN | {NOBODY_YET}


def test_through_the_pages_only_who_may(things, browse, now) -> None:
    found, urls = set(), tried(things, now)
    for slug in EVERYBODY:
        client, thorough = browse(slug), slug in TWO
        for route, url in urls.items():
            pressed = (partial(post, client, url, form) for form in forms(route, things, thorough=thorough))
            found |= outcomes(things, slug, pressed)
    assert found == MAY


# Through the actions


@cache
def written() -> dict[str, Any]:
    """Every public function of what writes ruptures and agreements: a new one is in it by itself."""
    found = {}
    for room in (ruptures, agreements):
        for module in pkgutil.iter_modules(room.__path__):
            if module.name in NOT_WRITING:
                continue
            home = importlib.import_module(f"{room.__name__}.{module.name}")
            for name, each in inspect.getmembers(home, inspect.isfunction):
                if each.__module__ == home.__name__ and not name.startswith("_"):
                    found[f"{room.__name__.rpartition('.')[2]}.{module.name}.{name}"] = each
    return found


Cases = dict[str, list[dict[str, Any]]]  # name -> the arguments of each try, by their names


def about_ruptures(things: Things, by: Seen) -> Cases:
    episode, session = {"episode": things.episode}, things.pair.sessions.get(number=5)
    flag = {"kind": "dip", "version": "flags@1", "params": "", "pillar": "", "readings": [5], "cannot_know": "why"}
    openings = [{"key": key} for key in list(BY_KEY)[:1]]
    notes = [{"note": note} for note in (things.sent, things.draft)]
    return {
        "ruptures.actions.move": [episode | {"to": to, "words": "It is over."} for to in STATES],
        "ruptures.actions.snooze": [episode],
        "ruptures.actions.undo_snooze": [episode],
        "ruptures.actions.raise_flag": [{"session": session, "fields": flag}],
        "ruptures.actions.flag_note": [note | {"session": session} for note in notes],
        "ruptures.actions.keep_opening": [one | {"words": "closed", "by": by.viewer} for one in openings],
        "ruptures.actions.hide_opening": [one | {"by": by.viewer} for one in openings],
        "ruptures.actions.bring_back_opening": [one | {"by": by.viewer} for one in openings],
        "ruptures.repairing.write_passage": [
            episode | {"given": Given(field, "It is over.", 0)}
            for field in ("client", "therapist", "try", "again", "x")
        ],
        "ruptures.repairing.write_change": [episode | {"words": "I will ask first."}],
        "ruptures.repairing.answer_change": [{"change": things.change, "answer": answer} for answer in ANSWERS],
        "ruptures.saying.keep_draft": [{"words": "closed", "about": "bond", "travels": "now"}],
        "ruptures.saying.say": [{"words": "closed", "about": "bond"}],
        "ruptures.saying.send_kept": [note | {"travels": "now"} for note in notes],
        **{f"ruptures.saying.{name}": notes for name in ("throw_away", "reopen", "finish", "join_later", "tell")},
        **{f"ruptures.saying.{name}": notes for name in ("read", "take_back")},
        "ruptures.taking_back.take_back": [
            {"check_in": CheckIn.objects.get(code=code), "by": by.viewer}
            for code in (things.codes.own, things.codes.rating)
        ],
        "ruptures.concerns.raise_concern": [{"words": "closed"}],
        **{f"ruptures.concerns.{name}": [{"pair": things.pair}] for name in ("duty_people", "named_contacts")},
        **{f"ruptures.concerns.{name}": READ_ONLY for name in ("concerns_for", "concern_for", "concerns_of")},
        "ruptures.concerns.mark_seen": READ_ONLY,
    }


READ_ONLY: list[dict[str, Any]] = []  # it takes no rupture and no agreement: there is nothing to try


def about_agreements(things: Things, by: Seen) -> Cases:
    versions = [*things.waiting.values(), things.resting]
    one = [{"version": version} for version in versions]
    items = [{"item": version.item} for version in versions]
    text = Text("mine")
    return {
        "agreements.actions.add": [{"kind": kind, "text": text} for kind in Item.Kind.values],
        "agreements.actions.reword": [
            {"item": version.item, "text": words, "seen": version.code}
            for version in versions
            for words in (text, Text(version.words or ""))
        ],
        "agreements.actions.agree": one,
        "agreements.actions.doubt": [each | {"answer": answer} for each in one for answer in Reply.Answer.values],
        "agreements.actions.decline": one,
        "agreements.actions.withdraw": one,
        "agreements.actions.rate": [each | {"what": "progress", "value": 10} for each in items],
        "agreements.actions.end": [each | {"kind": kind} for each in items for kind in Ending.Kind.values],
        **{f"agreements.actions.{name}": items for name in ("agree_to_end", "take_back", "go_on")},
        "agreements.actions.ask_to_agree_again": [{}],
        "agreements.actions.take_back_asking": [{"asked_at": version.item.again_at} for version in versions],
        "agreements.actions.arrive": [{"seen": by}],
        "agreements.actions.still_here": [{"visits": ["none"]}],
        "agreements.actions.leave": [{"visit": "none"}],
    }


def acts(things: Things, by: Seen, now: datetime) -> Iterator[Act]:
    functions = written()
    for name, cases in (about_ruptures(things, by) | about_agreements(things, by)).items():
        takes = inspect.signature(functions[name]).parameters
        who = {key: value for key, value in {"by": by, "at": now}.items() if key in takes}
        yield from (partial(functions[name], **(who | case)) for case in cases)


def disguises(things: Things, user: User) -> list[Seen]:
    """As whom they may pretend to come: either side of the pair or none, and what they truly are elsewhere."""
    true = [Seen(pair, user, "client") for pair in user.pairs_as_client.select_related("client", "therapist__user")]
    return [*(Seen(things.pair, user, side) for side in ("client", "therapist", "")), *true]


def test_every_action_that_could_is_tried(things, person) -> None:
    by = Seen(things.pair, person("kai"), "client")
    assert set(about_ruptures(things, by) | about_agreements(things, by)) == set(written())


def test_through_the_actions_only_who_may_whatever_side_they_claim(things, person, now) -> None:
    found = set()
    for slug in filter(None, EVERYBODY):
        for by in disguises(things, person(slug)):
            found |= outcomes(things, slug, acts(things, by, now))
    assert found == MAY


@pytest.mark.parametrize(("without", "with_"), [("kai", "tess"), ("tess", "kai")])
def test_all_the_others_together_cannot_either_however_often(things, person, now, without, with_) -> None:
    """Everybody but one does everything in a row, and Kai or Tess twice: what needs that one does not come about."""
    others = [slug for slug in EVERYBODY if slug not in ("", without)]
    for slug in (*others, with_):
        for by in disguises(things, person(slug)):
            for act in acts(things, by, now):
                attempt(act)
    assert came_about(things) <= {what for who, what in MAY if who == with_}


def test_both_together_agree(things, person, now) -> None:
    """What neither can do alone: without this the tests above could pass on a house where nothing works."""
    version = things.waiting["what both were asked again is agreed"]
    for slug, side, state in (("kai", "client", "needs-ok"), ("tess", "therapist", "agreed")):
        by = Seen(things.pair, person(slug), side)
        agree(version, by=by, at=now)
        assert item_of(by, version.item.code).state == state
    assert came_about(things) == {"what both were asked again is agreed"}
