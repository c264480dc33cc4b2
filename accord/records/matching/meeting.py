"""Writes about "meet someone else": to the practice's named contact, past the therapist. The place stays as it is."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.accounts.notices import tell_of_something
from accord.records.audit.actions import record, record_reads
from accord.records.digits import numeral
from accord.records.errors import Refused, StateMoved
from accord.records.matching.actions import refuse_other_side
from accord.records.matching.models import MeetWish
from accord.records.pairs.queries import Seen
from accord.records.ruptures.concerns import LONGEST_REACH, named_contacts

LONGEST_WORDS = 1000
OPEN = Q(answered_at=None, taken_back_at=None)


@transaction.atomic
def keep_meet(*, by: Seen, at: datetime, words: str = "", reach: str = "") -> MeetWish:
    """Keep what the client has so far. Nobody else sees it before it is sent."""
    refuse_other_side(by)
    text, way = words.strip(), reach.strip()
    if len(text) > LONGEST_WORDS or len(way) > LONGEST_REACH:
        raise Refused(_("This is too long: at most %(most)s characters fit.") % {"most": numeral(LONGEST_WORDS)})
    fields = {"practice_id": by.pair.practice_id, "client": by.viewer, "begun_at": at}
    wish, _new = MeetWish.objects.filter(OPEN).get_or_create(
        about=by.pair, answered_at=None, taken_back_at=None, defaults=fields
    )
    sealed = {
        "words": MeetWish._meta.get_field("words").sealed_for(wish, text or None),
        "reach": MeetWish._meta.get_field("reach").sealed_for(wish, way or None),
    }
    kept = MeetWish.objects.filter(pk=wish.pk, sent_at=None).update(**sealed)
    wish.refresh_from_db()
    if not kept and (wish.words or "", wish.reach or "") != (text, way):
        raise StateMoved(_("You have sent this already, in another tab. What you wrote here did not go with it."))
    return wish


@transaction.atomic
def send_meet(wish: MeetWish, *, by: Seen, at: datetime) -> MeetWish:
    """One neutral notice to each named contact; refused where nobody would get it. A second press changes nothing."""
    refuse_other_side(by)
    contacts = named_contacts(by.pair, at=at)
    if not contacts:
        raise Refused(_("Nobody is named for this in your practice now, so nothing was sent."))
    unsent = MeetWish.objects.filter(OPEN, pk=wish.pk, about=by.pair, sent_at=None)
    if unsent.update(sent_at=at):
        record(by.viewer, "wish sent", wish, at=at)
        for person in contacts:
            tell_of_something(person, at=at)
    wish.refresh_from_db()
    return wish


@transaction.atomic
def take_back_meet(wish: MeetWish, *, by: Seen, at: datetime) -> MeetWish:
    """Until somebody has got in touch. It is gone from the contact's page, and its words from everywhere."""
    refuse_other_side(by)
    unanswered = MeetWish.objects.filter(OPEN, pk=wish.pk, about=by.pair, sent_at__isnull=False)
    if not unanswered.update(taken_back_at=at, words=None, reach=None):
        raise StateMoved(_("Someone has got in touch about this already, or it was taken back before."))
    record(by.viewer, "wish taken back", wish, at=at)
    wish.refresh_from_db()
    return wish


@transaction.atomic
def read_wishes(wishes: list[MeetWish], *, by: User, at: datetime) -> None:
    """A contact looks at what waits: the client is told when it was first seen."""
    MeetWish.objects.filter(OPEN, pk__in=[wish.pk for wish in wishes], read_at=None).update(read_at=at)
    record_reads(by, "read a wish", wishes, at=at)


@transaction.atomic
def got_in_touch(wish: MeetWish, *, by: User, at: datetime) -> None:
    """ "I have got in touch": the client is told who, and when."""
    waiting = MeetWish.objects.filter(OPEN, pk=wish.pk, sent_at__isnull=False)
    if not waiting.update(answered_at=at, answered_by=by):
        raise StateMoved(_("This was taken back, or somebody has marked it already."))
    record(by, "wish answered", wish, at=at)
