"""Writes about the fit check: asked once, answered a question at a time, the client's alone."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accord.records.accounts.actions import send_notice
from accord.records.accounts.notices import in_their_language
from accord.records.audit.actions import record
from accord.records.errors import NotAllowed, Refused, StateMoved
from accord.records.matching.models import FitCheck
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen
from accord.science import instruments
from accord.science.errors import ScienceError

FIT_CHECK = "fit-check@1"


def refuse_other_side(by: Seen) -> None:
    """All of this is the client's."""
    if by.side != "client":
        raise NotAllowed(_("Only the client can do this."))
    if by.pair.ended_on is not None:
        raise Refused(_("You two do not work together any more. This page is here to read."))


def ask_for_fit(pair: CarePair, *, at: datetime) -> FitCheck | None:
    """Once a pair, after the third visit; None where it was asked, or the client was faster. It waits on their page."""
    fields = {"practice_id": pair.practice_id, "about": pair, "instrument": FIT_CHECK, "asked_at": at}
    try:
        with transaction.atomic():
            check = FitCheck.objects.create(**fields)
            record(None, "fit check asked", check, at=at)
            return check
    except IntegrityError:
        return None


@transaction.atomic
def tell_of_fit(check: FitCheck, *, at: datetime, address: str) -> bool:
    """One neutral mail about a fit check that nobody has begun."""
    waiting = FitCheck.objects.filter(pk=check.pk, told_at=None, begun_at=None)
    if not waiting.update(told_at=at):
        return False
    client = check.about.client
    with in_their_language(client):
        body = _("Hello,\n\nthis takes less than a minute:\n\n%(url)s\n") % {"url": address}
        send_notice(client, _("A few short questions for you"), body, at=at)
    return True


@transaction.atomic
def begin_fit(*, by: Seen, at: datetime) -> FitCheck:
    """The one that waits or is half done; else a new one. Asked for twice at once, it is the same one."""
    refuse_other_side(by)
    fields = {"practice_id": by.pair.practice_id, "instrument": FIT_CHECK}
    check, _new = FitCheck.objects.get_or_create(about=by.pair, finished_at=None, defaults=fields)
    if FitCheck.objects.filter(pk=check.pk, begun_at=None).update(begun_at=at):
        record(by.viewer, "fit check begun", check, at=at)
        check.refresh_from_db()
    return check


@transaction.atomic
def answer_fit(check: FitCheck, answers: Mapping[str, str], *, by: Seen, at: datetime) -> FitCheck:
    """One more answer, or another one. The newest check can be changed: nobody else has seen it."""
    refuse_other_side(by)
    instrument = instruments.BY_ID[check.instrument]
    try:
        instruments.check(instrument, answers)
    except ScienceError as error:
        raise Refused(_("There is no such answer.")) from error
    held = FitCheck.objects.select_for_update().filter(pk=check.pk, about=by.pair, begun_at__isnull=False).first()
    if held is None or FitCheck.objects.filter(about=by.pair, pk__gt=held.pk).exists():
        raise StateMoved(_("You have begun anew since then."))
    values: dict[str, object] = {"answers": {**held.answers, **answers}}
    if held.finished_at is None and all(item.name in {**held.answers, **answers} for item in instrument.items):
        values["finished_at"] = at
    FitCheck.objects.filter(pk=held.pk).update(**values)
    record(by.viewer, "fit check answered", held, at=at)
    held.refresh_from_db()
    return held
