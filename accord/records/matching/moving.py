"""Writes about a move: written by the client, asked of one new therapist, and done in one step, or not at all.

The pair that is, its sessions and its place stand until the very step that begins the new one.
"""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accord.records.accounts.actions import send_notice
from accord.records.accounts.models import User
from accord.records.agreements.actions import Text, add
from accord.records.audit.actions import record
from accord.records.digits import numeral
from accord.records.errors import NotAllowed, Refused, StateMoved, Taken
from accord.records.matching.actions import refuse_other_side
from accord.records.matching.enquiring import WAITS, reply_by
from accord.records.matching.models import Move
from accord.records.matching.moving_queries import (
    MOST_GAP,
    Line,
    agreed_goals,
    answers_in_move,
    draft_lines,
    known_wishes,
    last_held,
    last_session_before,
    lines_of,
    open_move,
    people_for_move,
    wished_changes,
)
from accord.records.matching.wishes import BY_SLUG, Given, is_answer
from accord.records.one_by_one import one_by_one
from accord.records.pairs.actions import end_pair
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen
from accord.records.profiles.models import Place
from accord.records.profiles.places import begin_in_place, release_place, take_place
from accord.records.ruptures.concerns import named_contacts
from accord.records.sessions.actions import book, cancel
from accord.records.sessions.holding import hold_hour, release_hour
from accord.records.sessions.models import TherapySession

LONGEST, MOST_LINES, LONGEST_LINE = 1000, 40, 4000
State = Move.State
WITHOUT_WORDS: dict[str, None] = dict.fromkeys(("answers", "before", "keep", "avoid", "note", "farewell"))
WITHOUT_PLACE: dict[str, None] = {"place": None, "first_at": None}


class Farewell(NamedTuple):
    goodbye: str
    words: str = ""
    tell: str = Move.Tell.MOVED


@transaction.atomic
def begin_move(*, by: Seen, at: datetime) -> Move:
    """The one that is open, or a new one: pre-filled with what is known, so that nothing is asked twice."""
    refuse_other_side(by)
    known = known_wishes(by)
    fields = {"practice_id": by.pair.practice_id, "client": by.viewer, "begun_at": at, "seed": secrets.randbelow(2**31)}
    move, new = Move.objects.get_or_create(about=by.pair, state__in=Move.OPEN, defaults=fields)
    if new:
        answers, lines = {**known, **wished_changes(by)}, [line._asdict() for line in draft_lines(by)]
        _write(move, {"before": _json(known), "answers": _json(answers), "note": _json(lines)})
        record(by.viewer, "move begun", move, at=at)
    found = open_move(by)
    if found is None:
        raise StateMoved(_("This is over. You can begin again."))
    return found


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write(move: Move, texts: dict[str, str | None], **values: Any) -> None:
    """While it is the client's alone; sealed field by field."""
    sealed = {name: Move._meta.get_field(name).sealed_for(move, text or None) for name, text in texts.items()}  # type: ignore[union-attr]
    if not Move.objects.filter(pk=move.pk, state=State.BEGUN).update(**sealed, **values):
        raise StateMoved(_("This was sent already. Cancel it first to change it."))
    move.refresh_from_db()


def _mine(move: Move, by: Seen) -> None:
    """Also when the two no longer work together: a move that is open then is not lost."""
    if by.side != "client" or move.client_id != by.viewer.pk or move.about_id != by.pair.pk:
        raise NotAllowed(_("Only the client can do this."))


@transaction.atomic
def keep_wishes(move: Move, answers: dict[str, Given], *, keep: str, avoid: str, by: Seen) -> None:
    """What to keep and what to avoid; no reason is asked."""
    _mine(move, by)
    for slug, given in answers.items():
        if slug not in BY_SLUG or not is_answer(BY_SLUG[slug], given):
            raise Refused(_("There is no such answer."))
    if max(len(keep.strip()), len(avoid.strip())) > LONGEST:
        raise Refused(_("This is too long: at most %(most)s characters fit.") % {"most": numeral(LONGEST)})
    merged = {**answers_in_move(move), **answers}
    _write(move, {"answers": _json(merged), "keep": keep.strip(), "avoid": avoid.strip()})


@transaction.atomic
def choose_person(move: Move, code: str, *, by: Seen, at: datetime) -> None:
    """One of those who are open now. Nobody is told yet."""
    _mine(move, by)
    person = next((one for one in people_for_move(move, at=at).people if one.profile.code == code), None)
    if person is None:
        raise StateMoved(_("There is no free place with them any more. Choose somebody else."))
    _write(move, {}, to=person.profile)


@transaction.atomic
def keep_lines(move: Move, lines: Sequence[Line], *, by: Seen) -> None:
    """The note, line by line, as the client wants it. A line without words is gone."""
    _mine(move, by)
    clean = [line._replace(words=line.words.strip()) for line in lines if line.words.strip()]
    if len(clean) > MOST_LINES or any(len(line.words) > LONGEST_LINE for line in clean):
        raise Refused(_("This is too long: at most %(most)s characters fit.") % {"most": numeral(LONGEST_LINE)})
    _write(move, {"note": _json([line._asdict() for line in clean])})


@transaction.atomic
def choose_goodbye(move: Move, farewell: Farewell, *, by: Seen) -> None:
    """A message, a last talk, or none: all are fine."""
    _mine(move, by)
    words = farewell.words.strip()
    if farewell.goodbye not in Move.Goodbye.values or farewell.tell not in Move.Tell.values:
        raise Refused(_("Choose one of the three. None of them is better."))
    if len(words) > LONGEST:
        raise Refused(_("This is too long: at most %(most)s characters fit.") % {"most": numeral(LONGEST)})
    if farewell.goodbye == Move.Goodbye.MESSAGE and not words:
        raise Refused(_("Write your message, or choose another goodbye."))
    tell = Move.Tell.DATE if farewell.goodbye == Move.Goodbye.LAST_TALK else farewell.tell
    kept = words if farewell.goodbye == Move.Goodbye.MESSAGE else ""
    _write(move, {"farewell": kept}, goodbye=farewell.goodbye, tell=tell)


@transaction.atomic
def ask_new(move: Move, *, by: Seen, at: datetime) -> None:
    """The request to the one who was chosen. The pair that is stays as it is; one person is named meanwhile."""
    _mine(move, by)
    if move.to is None or not move.goodbye:
        raise Refused(_("Choose a person and a goodbye first. Nothing was sent."))
    if move.to.code not in {one.profile.code for one in people_for_move(move, at=at).people}:
        raise Refused(_("There is no free place with them any more. Choose somebody else."))
    contact = next(iter(named_contacts(by.pair, at=at)), None)
    until = reply_by(at, move.to.post.user.zone)
    _go(move, (State.BEGUN,), {"state": State.ASKED, "asked_at": at, "reply_by": until, "contact": contact})
    record(by.viewer, "move asked", move, at=at)
    send_notice(move.to.post.user, *WAITS, at=at)


def _go(move: Move, states: tuple[str, ...], change: dict[str, Any]) -> None:
    """One conditional UPDATE: only from the states that this step starts from."""
    if not Move.objects.filter(pk=move.pk, state__in=states).update(**change):
        raise StateMoved(_("Something has changed in the meantime. Look again."))
    move.refresh_from_db()


@transaction.atomic
def offer_first(move: Move, first_at: datetime, *, by: User, at: datetime) -> None:
    """A yes with a first time. The place is held from here on; the client confirms, or not."""
    if move.to is None or move.to.post.user_id != by.pk:
        raise NotAllowed(_("Only the one who was asked can answer."))
    _three_alone(move)
    refuse_gap(move, first_at, at=at)
    place = take_place(move.to, by=by, at=at, client=move.client)
    _go(move, (State.ASKED,), {"state": State.OFFERED, "place": place, "first_at": first_at})
    hold_hour(move.to.post, move.client, first_at, by=by, at=at)
    record(by, "first time offered", move, at=at)
    send_notice(move.client, *WAITS, at=at)
    if move.tell == Move.Tell.DATE:
        send_notice(move.about.therapist.user, *WAITS, at=at)


def refuse_gap(move: Move, first_at: datetime, *, at: datetime) -> None:
    """Nobody falls between two therapists: the calendar shows no gap that is longer than the limit."""
    if first_at <= at:
        raise Refused(_("Choose a time that is still to come."))
    if _gap(first_at, last_session_before(move, first_at), at=at) > MOST_GAP:
        raise Refused(
            _("That is more than %(days)s days without a session. Choose an earlier time.")
            % {"days": numeral(MOST_GAP.days)}
        )


def _gap(first_at: datetime, last: TherapySession | None, *, at: datetime) -> timedelta:
    """What is still to come of it. Days that passed without a session before are not the move's fault."""
    return first_at - (max(at, last.ends_at) if last is not None else at)


def _refuse_early_yes(move: Move, first_at: datetime, *, at: datetime) -> None:
    """The same rule, and one thing more: a yes now cancels what is booked here, so it may have to wait for that."""
    last, held = last_session_before(move, first_at), last_held(move, at=at)
    since = held.ends_at if held is not None else at
    loses_one = last is not None and last.starts_at > at and since >= at - MOST_GAP
    if (first_at - since if loses_one else _gap(first_at, last, at=at)) > MOST_GAP:
        late = _("That would be more than %(days)s days without a session. Say yes after your next one, or ask again.")
        raise Refused(late % {"days": numeral(MOST_GAP.days)})


@transaction.atomic
def decline_move(move: Move, *, by: User, at: datetime) -> None:
    """No reason owed. The client keeps everything they wrote, and sees who else is open."""
    if move.to is None or move.to.post.user_id != by.pk:
        raise NotAllowed(_("Only the one who was asked can answer."))
    bring_back(move, (State.ASKED,), at=at, by=by, verb="move declined")
    send_notice(move.client, *WAITS, at=at)


def _free_hour(move: Move, *, by: User | None, at: datetime) -> None:
    if move.to is not None and move.first_at is not None:
        release_hour(move.to.post.user, move.client, move.first_at, by=by, at=at)


def bring_back(move: Move, states: tuple[str, ...], *, at: datetime, by: User | None, verb: str) -> None:
    _free_hour(move, by=by, at=at)
    place, passed = move.place, [*move.passed, *([move.to.code] if move.to is not None else [])]
    fresh = {"to": None, "asked_at": None, "reply_by": None, "contact": None, "passed": passed}
    _go(move, states, {"state": State.BEGUN, **fresh, **WITHOUT_PLACE})
    if place is not None:
        release_place(place, by=by, at=at)
    record(by, verb, move, at=at)


@transaction.atomic
def cancel_move(move: Move, *, by: Seen, at: datetime) -> None:
    """Everything is as before: the pair was never touched, the place there is free, the words are gone."""
    _mine(move, by)
    held = Move.objects.select_for_update(of=("self",)).select_related("place", "to__post__user").get(pk=move.pk)
    place, asked = held.place, held.to if held.state != State.BEGUN else None
    _free_hour(held, by=by.viewer, at=at)
    over = {"state": State.CANCELLED, "over_at": at, **WITHOUT_WORDS, **WITHOUT_PLACE}
    _go(held, Move.OPEN, over)
    if place is not None:
        release_place(place, by=by.viewer, at=at)
    if asked is not None:
        send_notice(asked.post.user, *WAITS, at=at)
    record(by.viewer, "move cancelled", held, at=at)


@transaction.atomic
def confirm_move(move: Move, *, by: Seen, at: datetime) -> CarePair:
    """The one step: the old pair ends, the new one begins, with its first session, the note and the goals."""
    _mine(move, by)
    held, place, first_at = _offered(move, at=at)
    if by.pair.ended_on is None:
        _refuse_early_yes(held, first_at, at=at)
    goals = [one.asked.version for one in agreed_goals(by)]
    pair = _begin_new(place, by=by, at=at)
    _go(held, (State.OFFERED,), {"state": State.MOVED, "over_at": at, "new_pair": pair})
    _free_hour(held, by=by.viewer, at=at)
    _end_old(by, at=at)
    _book_first(pair, first_at, at=at)
    seen = Seen(pair, by.viewer, "client")
    kept = {line.about for line in lines_of(held) if line.kept}
    for goal in goals:
        if f"goal:{goal.item.code}" in kept:
            add("goal", Text(goal.words or "", how_known=goal.how_known or ""), by=seen, at=at)
    record(by.viewer, "moved", held, at=at)
    for person in (pair.therapist.user, by.pair.therapist.user):
        send_notice(person, *WAITS, at=at)
    return pair


def _offered(move: Move, *, at: datetime) -> tuple[Move, Place, datetime]:
    """The move as it stands, held, with its place and its first time. All three people first: two moves may cross."""
    _three_alone(move)
    held = Move.objects.select_for_update(of=("self",)).select_related("place__profile__post__user").get(pk=move.pk)
    if held.state != State.OFFERED or held.place is None or held.first_at is None or held.to_id != move.to_id:
        raise StateMoved(_("Something has changed in the meantime. Look again."))
    if held.first_at <= at:
        raise StateMoved(_("This time is over. Ask for another one."))
    return held, held.place, held.first_at


def _three_alone(move: Move) -> None:
    """The client and both therapists, in one order, before anything else: as booking takes the two of a pair."""
    people = [move.client_id, move.about.therapist.user_id, *([move.to.post.user_id] if move.to is not None else [])]
    list(User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))


def _begin_new(place: Place, *, by: Seen, at: datetime) -> CarePair:
    try:
        with transaction.atomic():
            return begin_in_place(place, by.viewer, by=by.viewer, at=at)
    except IntegrityError as error:
        name = {"name": place.profile.post.user.first_name}
        raise Refused(_("You and %(name)s work together already. You can stop this move.") % name) from error


def _end_old(by: Seen, *, at: datetime) -> None:
    if by.pair.ended_on is None:
        end_pair(by.pair, by=by.viewer, at=at)
    for session in by.pair.sessions.filter(state=TherapySession.State.BOOKED, starts_at__gt=at):
        cancel(session, by=None, at=at)


def _book_first(pair: CarePair, first_at: datetime, *, at: datetime) -> None:
    try:
        book(pair, first_at, by=pair.therapist.user, at=at)
    except Taken as error:
        raise StateMoved(_("This time has gone meanwhile. Ask for another one. Everything is as it was.")) from error


@transaction.atomic
def ask_other_time(move: Move, *, by: Seen, at: datetime) -> None:
    """The first time does not suit: the same person is asked again, and the place is free until they answer."""
    _mine(move, by)
    place, person = move.place, move.to
    if person is None:
        raise StateMoved(_("Something has changed in the meantime. Look again."))
    _free_hour(move, by=by.viewer, at=at)
    again = {"state": State.ASKED, "asked_at": at, "reply_by": reply_by(at, person.post.user.zone), **WITHOUT_PLACE}
    _go(move, (State.OFFERED,), again)
    if place is not None:
        release_place(place, by=by.viewer, at=at)
    send_notice(person.post.user, *WAITS, at=at)
    record(by.viewer, "another time asked", move, at=at)


def lapse_moves(now: datetime) -> int:
    """No answer in time, or a first time that passed unconfirmed: back to the client, who keeps what they wrote."""
    late = Move.objects.filter(state=State.ASKED, reply_by__lte=now) | Move.objects.filter(
        state=State.OFFERED, first_at__lte=now
    )
    return one_by_one(late.select_related("client", "to", "place").order_by("pk")[:200], partial(_lapse, now=now))


@transaction.atomic
def _lapse(move: Move, now: datetime) -> None:
    bring_back(move, (move.state,), at=now, by=None, verb="move lapsed")
    send_notice(move.client, *WAITS, at=now)
