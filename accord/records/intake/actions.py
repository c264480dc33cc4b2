"""Writes of the intake: kept while it is typed, answered a question at a time, sent when the client says so."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accord.records.accounts.actions import give_consent, send_notice, withdraw_consent
from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.digits import numeral
from accord.records.errors import NotAllowed, Refused, StateMoved
from accord.records.intake.letters import asked, something_waits
from accord.records.intake.models import Intake, IntakeAnswer
from accord.records.intake.questions import BY_NAME, KNOWN, LONGEST, NAMES, Known
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Post

State = IntakeAnswer.State


class Given(NamedTuple):
    """One answer as it was sent; `revision` is the one that the page had shown."""

    question: str
    words: str = ""
    state: str = State.GIVEN
    revision: int = 0


class Allowed(NamedTuple):
    """What the client ticked. Only the first is needed to send; the others change nothing in the care."""

    read: bool
    supervise: bool = False
    research: bool = False


@transaction.atomic
def ask_for_intake(
    client: User, therapist: Post, *, at: datetime, pair: CarePair | None = None, address: str = ""
) -> Intake | None:
    """Once for two people; None where it was asked already. With an address, one neutral mail says so."""
    defaults = {"practice_id": therapist.practice_id, "pair": pair, "asked_at": at}
    intake, new = Intake.objects.get_or_create(client=client, therapist=therapist, defaults=defaults)
    if not new:
        return None
    record(None, "intake asked", intake, at=at)
    if address:
        send_notice(client, *asked(client, address=address), at=at)
    return intake


@transaction.atomic
def begin_intake(intake: Intake, *, by: User, at: datetime) -> Intake:
    held = _open(intake, by)
    if Intake.objects.filter(pk=held.pk, begun_at=None).update(begun_at=at, place=NAMES[0]):
        record(by, "intake begun", held, at=at)
    held.refresh_from_db()
    return held


def _open(intake: Intake, by: User) -> Intake:
    """The intake, locked, while it is its client's alone."""
    if by.pk != intake.client_id:
        raise NotAllowed(_("Only the client can do this."))
    held = Intake.objects.select_for_update().filter(pk=intake.pk, sent_at=None).first()
    if held is None:
        raise StateMoved(_("This was sent already."))
    return held


def _check(given: Given) -> None:
    question = BY_NAME.get(given.question)
    if question is None and not (given.question.startswith(KNOWN) and len(given.question) <= 48):
        raise Refused(_("There is no such question."))
    if len(given.words) > LONGEST:
        raise Refused(_("This is too long: at most %(most)s characters fit.") % {"most": numeral(LONGEST)})
    if question is not None and question.choices and given.words and given.words not in question.choices:
        raise Refused(_("There is no such answer."))


@transaction.atomic
def keep_words(intake: Intake, given: Given, *, by: User, at: datetime) -> bool:
    """What is typed so far. False: the question was answered otherwise elsewhere since, and that stands."""
    _check(given)
    held = _open(intake, by)
    answer = _answer(held, given.question, at=at)
    if answer.revision != given.revision:
        return (answer.words or "") == given.words.strip()
    state = answer.state if answer.state == State.GIVEN else State.DRAFT
    _write(answer, state=state, words=given.words, at=at)
    Intake.objects.filter(pk=held.pk).update(place=_place(held, given.question))
    return True


def answered_elsewhere() -> StateMoved:
    return StateMoved(_("You wrote this on another device in the meantime. Look at both, then go on."))


def _answer(intake: Intake, question: str, *, at: datetime) -> IntakeAnswer:
    defaults = {"practice_id": intake.practice_id, "state": State.DRAFT, "changed_at": at}
    return IntakeAnswer.objects.get_or_create(intake=intake, question=question, defaults=defaults)[0]


def _write(answer: IntakeAnswer, *, state: str, words: str, at: datetime) -> None:
    sealed = IntakeAnswer._meta.get_field("words").sealed_for(answer, words.strip() or None)
    IntakeAnswer.objects.filter(pk=answer.pk).update(words=sealed, state=state, changed_at=at)


def _place(intake: Intake, question: str) -> str:
    return question if question in NAMES else intake.place


@transaction.atomic
def answer_intake(intake: Intake, given: Given, *, by: User, at: datetime) -> None:
    """One answer, or another one. Where another device has answered with other words since, both are shown."""
    _check(given)
    held = _open(intake, by)
    question, words = BY_NAME.get(given.question), given.words.strip()
    state = given.state if given.state in (State.SKIPPED, State.LATER) else State.GIVEN
    if state == State.GIVEN and not words:
        state = State.SKIPPED
    if state == State.LATER and (question is None or not question.can_wait):
        raise Refused(_("There is no such answer."))
    answer = _answer(held, given.question, at=at)
    if answer.revision != given.revision and (answer.words or "") != words:
        raise answered_elsewhere()
    _write(answer, state=state, words=words if state == State.GIVEN else "", at=at)
    IntakeAnswer.objects.filter(pk=answer.pk).update(revision=answer.revision + 1)
    Intake.objects.filter(pk=held.pk).update(place=_after(held, given.question))
    record(by, "intake answered", held, at=at)


def _after(intake: Intake, question: str) -> str:
    """The next question; past the last one there is the review, which has no name here."""
    if question not in NAMES:
        return intake.place
    return next(iter(NAMES[NAMES.index(question) + 1 :]), "")


@transaction.atomic
def send_intake(intake: Intake, allowed: Allowed, *, known: Iterable[Known], by: User, at: datetime) -> None:
    """Every answer as it stands, and what was known before, so that the therapist asks nothing twice."""
    held = _open(intake, by)
    if not allowed.read:
        raise Refused(_("Tick that your therapist may read it, or leave it here. Nothing was sent."))
    values = {"may_read": True, "may_supervise": allowed.supervise, "may_research": allowed.research}
    if not Intake.objects.filter(pk=held.pk, sent_at=None, begun_at__isnull=False).update(sent_at=at, **values):
        raise StateMoved(_("This was sent already."))
    for one in known:
        answer, new = IntakeAnswer.objects.get_or_create(
            intake=held,
            question=f"{KNOWN}{one.key}",
            defaults={"practice_id": held.practice_id, "state": State.KNOWN, "changed_at": at},
        )
        if new:
            _write(answer, state=State.KNOWN, words=one.value, at=at)
    for purpose, ticked in (("research", allowed.research), ("supervision", allowed.supervise)):
        if ticked:
            give_consent(by, purpose, at=at)
    record(by, "intake sent", held, at=at, supervise=allowed.supervise, research=allowed.research)
    send_notice(held.therapist.user, *something_waits(held.therapist.user), at=at)


@transaction.atomic
def take_back_intake(intake: Intake, *, by: User, at: datetime) -> None:
    """While it is unread: it is the client's alone again, every answer as it was."""
    if by.pk != intake.client_id:
        raise NotAllowed(_("Only the client can do this."))
    unread = Intake.objects.filter(pk=intake.pk, sent_at__isnull=False, read_at=None)
    if not unread.update(sent_at=None, place=""):
        raise StateMoved(_("This was read already, so it cannot be taken back."))
    IntakeAnswer.objects.filter(intake=intake, state=State.KNOWN).delete()
    intake.refresh_from_db()
    for purpose, ticked in (("research", intake.may_research), ("supervision", intake.may_supervise)):
        if ticked:
            withdraw_consent(by, purpose, at=at)
    Intake.objects.filter(pk=intake.pk).update(may_read=False, may_supervise=False, may_research=False)
    record(by, "intake taken back", intake, at=at)


@transaction.atomic
def read_intake(intake: Intake, *, by: User, at: datetime) -> None:
    """The first look is told to the client; every look is in the audit (the view writes that)."""
    if Intake.objects.filter(pk=intake.pk, sent_at__isnull=False, read_at=None).update(read_at=at):
        record(by, "intake read", intake, at=at)
