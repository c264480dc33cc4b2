"""Who may see which answers, and when: blind until both are in.

Neither side sees the other's answers until both are in, or the therapist skips rating, or a day has passed.
What the client asked to send now never waits.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accord.records.accounts.actions import find_link
from accord.records.accounts.models import Link, User
from accord.records.accounts.queries import consents_to
from accord.records.audit.actions import record_denial
from accord.records.checkins.actions import ANSWERABLE_FOR, CLIENT, FIRST_IMPRESSION, THERAPIST
from accord.records.checkins.models import CheckIn
from accord.records.errors import NotAllowed, NotFound
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import pairs_that_go_on, seen_by
from accord.records.practices.queries import practices_where
from accord.records.sessions.models import TherapySession

BLIND_FOR = timedelta(days=1)


class Words(NamedTuple):
    """A client's own words, as they may be seen."""

    text: str
    travels: str
    sent_at: datetime
    check_in: CheckIn  # where they came from: for marking it as read, never for showing


class SessionAnswers(NamedTuple):
    """One session as one side may see it now. `None` is not there, or not to be seen yet."""

    session: TherapySession
    client: CheckIn | None
    therapist: CheckIn | None
    words: Words | None
    waiting_for: str  # "", or what this side can do: "rate", "other"
    own: CheckIn | None = None  # this side's own check-in while it can still be answered
    other_is_in: bool = False  # the other one has answered; what they said may still be blind
    taken_back_at: datetime | None = None  # the client took their answers back, and has not sent others


def _in(check_in: CheckIn | None) -> bool:
    return check_in is not None and check_in.received_at is not None


def revealed_at(client: CheckIn | None, therapist: CheckIn | None) -> datetime | None:
    """When the two see each other's answers; None: not by what has happened so far."""
    if client is None or client.received_at is None:
        if therapist is None or therapist.received_at is None:
            return None
        return therapist.received_at + BLIND_FOR
    if therapist is not None and therapist.received_at is not None:
        both_in = max(client.received_at, therapist.received_at)
        return min(both_in, min(client.received_at, therapist.received_at) + BLIND_FOR)
    if therapist is not None and therapist.skipped_at is not None:
        return max(client.received_at, therapist.skipped_at)
    return client.received_at + BLIND_FOR


def is_revealed(check_in: CheckIn, *, at: datetime) -> bool:
    """Whether the therapist sees this check-in of the client's by now."""
    other = check_in.session.check_ins.filter(instrument=THERAPIST).first()
    moment = revealed_at(check_in, other)
    return moment is not None and moment <= at


def _words(check_in: CheckIn | None, side: str, *, revealed: bool) -> Words | None:
    if check_in is None or check_in.received_at is None or check_in.note is None:
        return None
    sent_now = check_in.travels == CheckIn.Travels.NOW
    shared = sent_now or (revealed and check_in.travels == CheckIn.Travels.BEFORE_NEXT)
    if side == "therapist" and not shared:
        return None
    return Words(check_in.note, check_in.travels, check_in.received_at, check_in)


def _seen(
    session: TherapySession, pair_of_answers: tuple[CheckIn | None, CheckIn | None], side: str, at: datetime
) -> SessionAnswers:
    client, therapist = pair_of_answers
    opened = revealed_at(client, therapist)
    revealed = opened is not None and opened <= at
    # A client who may still answer is not led by what the therapist thought, however long ago that came in.
    open_for_client = client is not None and not _in(client) and at < client.asked_at + ANSWERABLE_FOR
    own_missing = therapist is not None and not _in(therapist) and therapist.skipped_at is None
    waiting = ""
    if not revealed and side == "therapist" and own_missing:
        waiting = "rate"
    elif not revealed and _in(client if side == "client" else therapist):
        waiting = "other"
    own, other = (client, therapist) if side == "client" else (therapist, client)
    return SessionAnswers(
        session=session,
        client=client if _in(client) and (side == "client" or revealed) else None,
        therapist=therapist if _in(therapist) and (side == "therapist" or (revealed and not open_for_client)) else None,
        words=_words(client, side, revealed=revealed),
        waiting_for=waiting,
        own=own if own is not None and not _in(own) and own.skipped_at is None else None,
        other_is_in=_in(other),
        taken_back_at=client.withdrawn_at if client is not None and not _in(client) else None,
    )


def _by_session(check_ins: Iterable[CheckIn]) -> dict[int, dict[str, CheckIn]]:
    found: dict[int, dict[str, CheckIn]] = {}
    for check_in in check_ins:
        found.setdefault(check_in.session_id, {})[check_in.instrument] = check_in
    return found


def answers_of_pairs(pairs: Iterable[CarePair], side: str, *, at: datetime) -> dict[int, list[SessionAnswers]]:
    """For each pair (by primary key) its sessions so far, oldest first, as this side may see them. Two queries."""
    codes = [pair.pk for pair in pairs]
    sessions = TherapySession.objects.filter(pair__in=codes, starts_at__lte=at).exclude(state="cancelled")
    answers = CheckIn.objects.filter(session__pair__in=codes, instrument__in=[CLIENT, THERAPIST])
    answers = answers.select_related("session__pair")  # whoever marks them as read writes down which pair it was
    by_session = _by_session(answers)
    seen: dict[int, list[SessionAnswers]] = {code: [] for code in codes}
    for session in sessions.order_by("pair_id", "number"):
        both = by_session.get(session.pk, {})
        seen[session.pair_id].append(_seen(session, (both.get(CLIENT), both.get(THERAPIST)), side, at))
    return seen


def answers_of(pair: CarePair, side: str, *, at: datetime) -> list[SessionAnswers]:
    """One pair's sessions so far, as this side may see them."""
    return answers_of_pairs([pair], side, at=at)[pair.pk]


def session_answers(session: TherapySession, side: str, *, at: datetime) -> SessionAnswers:
    """One session as one side may see it now."""
    answers = CheckIn.objects.filter(session=session, instrument__in=[CLIENT, THERAPIST])
    both = _by_session(answers).get(session.pk, {})
    return _seen(session, (both.get(CLIENT), both.get(THERAPIST)), side, at)


def answers_for_both(pair: CarePair, *, at: datetime) -> list[SessionAnswers]:
    """The sessions so far as both may see them: nothing that is still blind for either, only words that were sent."""
    for_client = {seen.session.pk: seen.therapist for seen in answers_of(pair, "client", at=at)}
    return [
        seen._replace(therapist=for_client[seen.session.pk], own=None, waiting_for="")
        for seen in answers_of(pair, "therapist", at=at)
    ]


def _with_people() -> QuerySet[CheckIn]:
    return CheckIn.objects.select_related("session__pair__client", "session__pair__therapist__user", "practice")


def by_link(token: str, *, at: datetime) -> CheckIn:
    """The client's check-in behind a link that came by mail; no sign-in."""
    link = find_link(token, Link.Purpose.CHECK_IN, at=at)
    check_in = _with_people().filter(code=link.about, session__pair__client=link.user).first()
    if check_in is None:
        raise NotFound(_("This link does not open anything."))
    return check_in


def asked_of(user: User, code: str, *, at: datetime) -> CheckIn:
    """A check-in for the person who was asked."""
    check_in = _with_people().filter(code=code).first()
    if check_in is None:
        raise NotFound(_("There is nothing here."))
    side = seen_by(user, check_in.session.pair.code, at=at).side
    if side != check_in.rater:
        record_denial(user, "tried to open a check-in", check_in, at=at)
        raise NotAllowed(_("Only the person who was asked can open this."))
    return check_in


def waiting_for_client(client: User, *, at: datetime) -> QuerySet[CheckIn]:
    """Questions a client has not answered yet, newest first; never more than eight days old."""
    recent = at - ANSWERABLE_FOR
    return (
        _with_people()
        .filter(
            session__pair__client=client,
            session__pair__in=pairs_that_go_on(on=at.date()),
            rater="client",
            received_at=None,
            asked_at__gt=recent,
            asked_at__lte=at,
        )
        .order_by("-asked_at")
    )


def first_impression_of(session: TherapySession) -> CheckIn | None:
    return CheckIn.objects.filter(session=session, instrument=FIRST_IMPRESSION).first()


def times_for_research(researcher: User, *, at: datetime) -> QuerySet[CheckIn]:
    """When consenting clients of the researcher's own practice were asked, answered and heard: times, no answer."""
    practices = practices_where(researcher, "researcher", on=at.date())
    return (
        CheckIn.objects.filter(
            instrument=CLIENT, practice__in=practices, session__pair__client__in=consents_to("research")
        )
        .select_related("session__pair")
        .order_by("session__pair__code", "session__number")
    )
