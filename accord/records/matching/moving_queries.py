"""Reads about moves: the client's own, the asked therapist's, and the little that the one before may see."""

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, Q, QuerySet, When

from accord.records.accounts.models import User
from accord.records.agreements.models import Item
from accord.records.agreements.queries import AGREED, items_of
from accord.records.audit.queries import one_for
from accord.records.intake.models import Intake, IntakeAnswer
from accord.records.intake.questions import QUESTIONS
from accord.records.matching.models import Enquiry, Move, Search, WayWish
from accord.records.matching.offering import Person
from accord.records.matching.wishes import Answers, Given, asked
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen
from accord.records.practices.models import Practice
from accord.records.practices.queries import posts_of
from accord.records.profiles.queries import offers_of, published
from accord.records.sessions.models import TherapySession
from accord.science.matching import Asked, order

MOST_GAP = timedelta(days=14)  # between the last session here and the first one there
WAITING = Q(state__in=[Move.State.ASKED, Move.State.OFFERED])  # for the therapist who was asked
SHOWN_FOR = timedelta(days=30)  # how long the therapist before finds it on their desk


class Line(NamedTuple):
    """One line of the hand-over note."""

    about: str  # "intake:brings", "goal:CODE", "own"
    words: str
    kept: bool = True


def _open_moves(client: User) -> QuerySet[Move]:
    found = Move.objects.filter(client=client, state__in=Move.OPEN)
    return found.select_related("to__post__user", "contact", "place", "about__therapist__user", "practice")


def open_move(seen: Seen) -> Move | None:
    return _open_moves(seen.viewer).filter(about=seen.pair).first()


def left_open(client: User) -> Move | None:
    """One from a therapist with whom they no longer work: it stands until they say yes, or stop it."""
    return _open_moves(client).filter(about__ended_on__isnull=False).order_by("-pk").first()


def last_move(client: User) -> Move | None:
    """The one that brought this client to their therapist."""
    found = Move.objects.filter(client=client, state=Move.State.MOVED)
    return found.select_related("to__post__user", "about__therapist__user").order_by("-over_at").first()


def answers_in_move(move: Move) -> Answers:
    return json.loads(move.answers) if move.answers else {}


def before_in_move(move: Move) -> Answers:
    return json.loads(move.before) if move.before else {}


def lines_of(move: Move) -> list[Line]:
    return [Line(**line) for line in json.loads(move.note)] if move.note else []


def known_wishes(seen: Seen) -> Answers:
    """What this client asked for when they found their therapist, or looked for last; else nothing."""
    enquiry = Enquiry.objects.filter(pair=seen.pair).first()
    if enquiry is not None and enquiry.answers:
        return dict(json.loads(enquiry.answers))
    search = Search.objects.filter(client=seen.viewer).order_by("-pk").first()
    return dict(json.loads(search.answers)) if search is not None and search.answers else {}


CHANGES: dict[str, tuple[str, str]] = {
    "less-homework": ("homework", "left-much"),
    "more-homework": ("homework", "right-much"),
    "more-structure": ("structure", "right-much"),
    "more-room": ("structure", "left-much"),
    "gentle": ("challenge", "left-much"),
    "push": ("challenge", "right-much"),
}


def wished_changes(seen: Seen) -> Answers:
    """What they asked their therapist to change, as a wish for the next one."""
    wish = WayWish.objects.filter(about=seen.pair).order_by("-pk").first()
    picked = [CHANGES[pick] for pick in wish.picks if pick in CHANGES] if wish is not None else []
    return {slug: Given(picks=[pick], strength="") for slug, pick in picked}


def changed_in(move: Move) -> frozenset[str]:
    """The questions that are answered otherwise than when they found the one before."""
    before, now = before_in_move(move), answers_in_move(move)
    return frozenset(slug for slug in now if now[slug]["picks"] != before.get(slug, {"picks": []})["picks"])


class Openings(NamedTuple):
    people: list[Person]
    asked: Asked


def people_for_move(move: Move, *, at: datetime) -> Openings:
    """Only people with a place that was confirmed lately; neither the one they move from, nor who has said no."""
    mine = CarePair.objects.filter(client=move.client_id, ended_on=None).values("therapist")
    listed = published(at=at, practice=move.practice).exclude(code__in=move.passed)
    listed = listed.exclude(post__in=mine).exclude(post=move.about.therapist_id)
    profiles = {profile.code: profile for profile in listed}
    offers = {offer.id: offer for offer in offers_of(profiles.values(), at=at)}
    wanted = asked(answers_in_move(move))
    found = order(wanted, offers.values(), seed=move.seed)
    people = [Person(profiles[one.id], one, offers[one.id].has) for one in found if one.standing == "open"]
    return Openings(people, wanted)


def draft_lines(seen: Seen) -> list[Line]:
    """From the client's own intake and the goals the two agreed on: nothing that anybody else wrote alone."""
    intake = Intake.objects.filter(client=seen.viewer, sent_at__isnull=False).order_by("-pk").first()
    given = {one.question: one for one in intake.answers.all()} if intake is not None else {}
    own = [question.name for question in QUESTIONS if not question.choices]
    told = [given[name] for name in own if name in given and given[name].state == IntakeAnswer.State.GIVEN]
    lines = [Line(f"intake:{one.question}", one.words or "") for one in told if one.words]
    return lines + [Line(f"goal:{held.item.code}", held.asked.version.words or "") for held in agreed_goals(seen)]


def agreed_goals(seen: Seen) -> list[Any]:
    goals = [held for held in items_of(seen) if held.item.kind == Item.Kind.GOAL and not held.closed]
    return [held for held in goals if held.state == AGREED]


def last_session_before(move: Move, moment: datetime) -> TherapySession | None:
    """With the therapist they see now: held, or booked and still to come before that moment."""
    states = [TherapySession.State.HELD, TherapySession.State.BOOKED]
    theirs = TherapySession.objects.filter(pair=move.about_id, state__in=states, starts_at__lt=moment)
    return theirs.order_by("-starts_at").first()


def last_held(move: Move, *, at: datetime) -> TherapySession | None:
    """What a move at this moment would leave as the last session here."""
    held = TherapySession.objects.filter(pair=move.about_id, state=TherapySession.State.HELD, starts_at__lt=at)
    return held.order_by("-starts_at").first()


def asked_moves(user: User, *, at: datetime) -> QuerySet[Move]:
    """What a therapist was asked, while it is open."""
    posts = posts_of(user, on=at.date()).filter(role="therapist")
    found = Move.objects.filter(WAITING, to__post__in=posts)
    return found.select_related("client", "to__post__user", "place", "practice", "about").order_by("asked_at")


def move_for(user: User, code: str, *, at: datetime) -> Move:
    """One of them; a colleague is refused, a stranger finds nothing; both tries are kept."""
    return one_for(user, asked_moves(user, at=at), code, tried="tried to open a move", at=at)


def _told(at: datetime) -> Q:
    return Q(state=Move.State.OFFERED, tell=Move.Tell.DATE) | Q(state=Move.State.MOVED, over_at__gt=at - SHOWN_FOR)


def moves_at_desk(user: User, *, at: datetime) -> tuple[list[Move], list[Move]]:
    """`asked_moves` and `leaving` for the page that shows both, in one query."""
    posts = posts_of(user, on=at.date()).filter(role="therapist")
    to_them, from_them = WAITING & Q(to__post__in=posts), _told(at) & Q(about__therapist__in=posts)
    marked = Move.objects.annotate(comes=Case(When(to_them, then=True), default=False))
    found: list[Any] = list(marked.filter(to_them | from_them).select_related("client"))
    coming = sorted((move for move in found if move.comes), key=lambda move: (move.asked_at, move.pk))
    return coming, sorted((move for move in found if not move.comes), key=lambda move: (move.begun_at, move.pk))


def leaving(user: User, *, at: datetime) -> QuerySet[Move]:
    """Whom a therapist is told about: from the moment that the client has chosen, and for a month after."""
    posts = posts_of(user, on=at.date()).filter(role="therapist")
    found = Move.objects.filter(_told(at), about__therapist__in=posts)
    return found.select_related("client", "about").order_by("begun_at")


def leaving_for(user: User, code: str, *, at: datetime) -> Move:
    return one_for(user, leaving(user, at=at), code, tried="tried to open a goodbye", at=at)


def brought(pair: CarePair) -> Move | None:
    """The move that began this pair, with its note. The caller has looked whether the viewer may see the pair."""
    return Move.objects.filter(new_pair=pair).first()


def moves_in(practice: Practice, *, until: datetime) -> int:
    """How many moved on within a year, up to a moment that does not run with the clock: a number, and nobody's name."""
    since = until - timedelta(days=365)
    return Move.objects.filter(practice=practice, state=Move.State.MOVED, over_at__gte=since, over_at__lt=until).count()
