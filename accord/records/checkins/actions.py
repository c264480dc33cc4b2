"""Writes about check-ins."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accord.records.accounts.actions import LIFE, make_link, send_notice
from accord.records.accounts.models import Link, User
from accord.records.accounts.notices import in_their_language
from accord.records.audit.actions import record, record_all
from accord.records.checkins.models import CheckIn, TakenBack
from accord.records.errors import AlreadyAnswered, Gone, KeyReused, NotAllowed, Refused, StateMoved
from accord.records.lengths import too_long
from accord.records.pairs.queries import goes_on
from accord.records.sessions.models import TherapySession
from accord.science import instruments
from accord.science.errors import ScienceError

CLIENT, THERAPIST, FIRST_IMPRESSION = "checkin@1", "checkin-therapist@1", "first-impression@1"
LONGEST_NOTE = 2000
ANSWERABLE_FOR = timedelta(days=8)  # as long as the link lives: a weekly rhythm never closes the door early
CLOCK_SLACK = timedelta(minutes=5)  # a phone that runs fast is not a reason to refuse an answer


class Answers(NamedTuple):
    """What somebody sent: their answers, their own words, and when and how they answered."""

    answers: Mapping[str, int | str]
    note: str = ""
    travels: str = ""
    modes: Mapping[str, str] = {}
    answered_at: datetime | None = None
    zone_offset: int | None = None
    turn: int | None = None  # how often it had been taken back when this was written


@transaction.atomic
def ask(session: TherapySession, instrument: str, *, at: datetime, link_url: str | None = None) -> CheckIn | None:
    """Ask once for one instrument after a session; the client's questions go out by mail with a link of their own.

    `link_url` is the public address with `{token}` in it; without it no mail goes out.
    """
    rater = CheckIn.Rater.THERAPIST if instrument == THERAPIST else CheckIn.Rater.CLIENT
    check_in, new = CheckIn.objects.get_or_create(
        session=session,
        instrument=instrument,
        defaults={"practice_id": session.practice_id, "rater": rater, "asked_at": at},
    )
    if not new:
        return None
    if link_url and rater == CheckIn.Rater.CLIENT:
        client = session.pair.client
        url = link_url.format(token=make_link(client, Link.Purpose.CHECK_IN, about=check_in.code, at=at))
        send_notice(
            client,
            *_mail(client, url),
            at=at,
            lasts=LIFE[Link.Purpose.CHECK_IN],
        )
    record(None, "check-in asked", check_in, at=at, instrument=instrument)
    return check_in


def _mail(client: User, url: str) -> tuple[str, str]:
    """Subject and body in the client's language: neutral words, for they may show on a locked screen."""
    with in_their_language(client):
        body = _("Hello,\n\nthis takes less than a minute:\n\n%(url)s\n") % {"url": url}
        return _("A few short questions for you"), body


def answer(check_in: CheckIn, given: Answers, *, by: User, key: str, at: datetime) -> CheckIn:
    """Score and seal a check-in, exactly once. The same key and body again is the same answer; it is not an error."""
    _refuse_wrong_person(check_in, by)
    if closed := why_closed(check_in, at=at):
        raise Gone(closed)
    values = _values(check_in, given, key, at)
    try:
        with transaction.atomic():
            unanswered = CheckIn.objects.filter(pk=check_in.pk, received_at=None, skipped_at=None)
            if unanswered.update(**values):
                _refuse_taken_back(check_in, given, key)
                record(by, "check-in answered", check_in, at=at, travels=given.travels)
                check_in.refresh_from_db()
                return check_in
    except IntegrityError as error:
        raise KeyReused(_("This was sent before, for other questions. Nothing was changed.")) from error
    return _as_before(check_in, given, key)


def why_closed(check_in: CheckIn, *, at: datetime) -> str:
    """Why a client can no longer answer, in words for them; "" while they can. Nothing says "sent" to nobody."""
    if check_in.rater != CheckIn.Rater.CLIENT or check_in.received_at is not None:
        return ""
    pair = check_in.session.pair
    if not goes_on(pair, on=at.date()):
        name = {"name": pair.therapist.user.first_name}
        return _("%(name)s does not work with you here any more, so this cannot be sent.") % name
    too_late = at >= check_in.asked_at + ANSWERABLE_FOR
    return _("It is too late to answer this one. The next one comes after your next session.") if too_late else ""


def _refuse_wrong_person(check_in: CheckIn, by: User) -> None:
    pair = check_in.session.pair
    rater = pair.client if check_in.rater == CheckIn.Rater.CLIENT else pair.therapist.user
    if rater.pk != by.pk:
        raise NotAllowed(_("Only the person who was asked can answer."))


def _refuse_taken_back(check_in: CheckIn, given: Answers, key: str) -> None:
    """A letter from before it was taken back. Asked after the row is ours: taking back is over by now, or not begun."""
    keys = TakenBack.objects.filter(check_in=check_in).values_list("idempotency_key", flat=True)
    if key in keys or (given.turn is not None and given.turn != len(keys)):
        raise Gone(_("You took this back. It was not sent again."))


def _values(check_in: CheckIn, given: Answers, key: str, at: datetime) -> dict[str, object]:
    """What the UPDATE writes; anything that does not fit is refused here, before the database sees it."""
    note = given.note.strip()
    if len(note) > LONGEST_NOTE:
        raise too_long(note, LONGEST_NOTE)
    if (note or given.travels) and given.travels not in CheckIn.Travels.values:
        raise Refused(_("Choose how your words should travel."))
    instrument = instruments.BY_ID[check_in.instrument]
    open_items = [item for item in instrument.items if item.name not in given.answers]
    if open_items and check_in.rater == CheckIn.Rater.CLIENT:
        text = _("One question is still open: “%(question)s” You can skip it, too.")
        raise Refused(text % {"question": _(open_items[0].question)})
    try:
        scores = instruments.score(instrument, given.answers)
    except ScienceError as error:
        raise Refused(str(error)) from error
    answered_at = given.answered_at or at
    return {
        "answers": dict(given.answers),
        "scores": scores,
        "modes": dict(given.modes),
        "note": CheckIn._meta.get_field("note").sealed_for(check_in, note or None),
        "travels": given.travels,
        "answered_at": min(answered_at, at) if answered_at - at < CLOCK_SLACK else at,
        "zone_offset": given.zone_offset,
        "received_at": at,
        "idempotency_key": key,
    }


def _as_before(check_in: CheckIn, given: Answers, key: str) -> CheckIn:
    """The row was taken: by this very sending (then all is well), by another body, or by another tab."""
    check_in.refresh_from_db()
    if check_in.idempotency_key != key:
        raise AlreadyAnswered(_("Your answers are in already. Nothing was changed."))
    same = (check_in.answers, check_in.note or "", check_in.travels) == (
        dict(given.answers),
        given.note.strip(),
        given.travels,
    )
    if not same:
        raise KeyReused(_("This was sent before with other answers. The first ones count."))
    return check_in


@transaction.atomic
def skip_rating(check_in: CheckIn, *, by: User, at: datetime) -> None:
    """The therapist chooses not to rate this session; the client's answers need not wait for it."""
    if check_in.rater != CheckIn.Rater.THERAPIST:
        raise NotAllowed("Only the therapist can skip their own rating.")
    _refuse_wrong_person(check_in, by)
    if not CheckIn.objects.filter(pk=check_in.pk, received_at=None, skipped_at=None).update(skipped_at=at):
        raise StateMoved(_("This rating is in, or skipped already."))
    record(by, "rating skipped", check_in, at=at)


def mark_opened(check_in: CheckIn, *, at: datetime) -> None:
    CheckIn.objects.filter(pk=check_in.pk, opened_at=None).update(opened_at=at)


def mark_all_read(check_ins: Iterable[CheckIn], *, by: User, at: datetime) -> None:
    """The other one has seen them, for the first time. What was taken back while the page was made is not shown."""
    fresh = [check_in for check_in in check_ins if check_in.read_at is None]
    if not fresh:
        return
    with transaction.atomic():
        claimed = [one for one in fresh if _as_it_was(one).filter(read_at=None).update(read_at=at)]
        record_all(by, "check-in read", claimed, at=at)
    if len(claimed) < len(fresh) and any(not _as_it_was(one).exists() for one in fresh if one not in claimed):
        raise StateMoved(_("Something on this page was just taken back. Load it again."))


def _as_it_was(check_in: CheckIn) -> QuerySet[CheckIn]:
    return CheckIn.objects.filter(pk=check_in.pk, received_at=check_in.received_at)


def mark_read(check_in: CheckIn, *, by: User, at: datetime) -> None:
    mark_all_read([check_in], by=by, at=at)
