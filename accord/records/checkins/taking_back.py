"""For fifteen minutes somebody can take back what they sent.

Not read yet: it is gone, and only the key of the letter stays, so that a late copy does not bring it back. Read before:
what was read stays, and it stands beside it that it was taken back. Either way the check-in can be answered again.

Whoever takes back for real calls `ruptures.taking_back.take_back`, which also takes away what was made of the answers.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.checkins.actions import CLIENT, THERAPIST
from accord.records.checkins.models import CheckIn, TakenBack
from accord.records.checkins.queries import revealed_at
from accord.records.errors import Gone, NotAllowed, StateMoved
from accord.records.pairs.models import CarePair

WITHIN = timedelta(minutes=15)
EMPTY: dict[str, object] = {
    "answers": None,
    "scores": None,
    "modes": None,
    "note": None,
    "travels": "",
    "answered_at": None,
    "zone_offset": None,
    "received_at": None,
    "idempotency_key": None,
    "read_at": None,
}
KEPT = ("answers", "scores", "note", "travels", "answered_at", "zone_offset")


def may_take_back(check_in: CheckIn, *, at: datetime) -> bool:
    return check_in.received_at is not None and check_in.received_at <= at < check_in.received_at + WITHIN


@transaction.atomic
def withdraw(check_in: CheckIn, *, by: User, at: datetime) -> TakenBack:
    """The check-in is unanswered again. The row decides whether it was read: reading and taking back claim the same."""
    if check_in.session.pair.client_id != by.pk or check_in.rater != CheckIn.Rater.CLIENT:
        raise NotAllowed(_("Only the person who sent this can take it back."))
    if check_in.received_at is None:
        raise StateMoved(_("There is nothing to take back."))
    if not may_take_back(check_in, at=at):
        raise Gone(_("The 15 minutes are over. What you sent stays."))
    fields: dict[str, object] = {
        "practice_id": check_in.practice_id,
        "check_in": check_in,
        "at": at,
        "received_at": check_in.received_at,
        "idempotency_key": check_in.idempotency_key,
    }
    # The key names the very answers that this person saw as sent; they never change while it stands there.
    standing = CheckIn.objects.filter(pk=check_in.pk, idempotency_key=check_in.idempotency_key)
    if not standing.filter(read_at=None).update(**EMPTY, withdrawn_at=at):
        fields |= _what_was_read(check_in, at) | {"read_at": _read_at(standing)}
        if not standing.update(**EMPTY, withdrawn_at=at):
            raise StateMoved(_("There is nothing to take back."))
    gone = TakenBack.objects.create(**fields)
    record(by, "check-in taken back", check_in, at=at, read=gone.read_at is not None)
    check_in.refresh_from_db()
    return gone


def _what_was_read(check_in: CheckIn, at: datetime) -> dict[str, object]:
    """Only what the other one could see by then: words may have travelled ahead of answers that were still blind."""
    therapist = CheckIn.objects.filter(session=check_in.session_id, instrument=THERAPIST).first()
    opened = revealed_at(check_in, therapist) if check_in.instrument == CLIENT else None
    revealed = opened is not None and opened <= at
    travelled = {CheckIn.Travels.NOW, CheckIn.Travels.BEFORE_NEXT} if revealed else {CheckIn.Travels.NOW}
    seen = {name: getattr(check_in, name) for name in KEPT}
    if not revealed:
        seen |= {"answers": None, "scores": None}
    return seen if check_in.travels in travelled else seen | {"note": None, "travels": ""}


def _read_at(standing: QuerySet[CheckIn]) -> datetime | None:
    return standing.values_list("read_at", flat=True).first()


def corrections_of(pair: CarePair) -> QuerySet[TakenBack]:
    """What the therapist had read before the client took it back, oldest first; for whoever may see the pair."""
    read = TakenBack.objects.filter(check_in__session__pair=pair, check_in__instrument=CLIENT, read_at__isnull=False)
    return read.select_related("check_in__session__pair__client").order_by("at")
