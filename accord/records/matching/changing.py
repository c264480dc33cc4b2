"""Writes about "change how we work": a draft of one's own, then a note to the therapist and the tasks open again."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accord.records.agreements.actions import ask_to_agree_again, take_back_asking
from accord.records.audit.actions import record
from accord.records.errors import StateMoved
from accord.records.lengths import too_long
from accord.records.matching.actions import refuse_other_side
from accord.records.matching.models import WayWish
from accord.records.pairs.queries import Seen
from accord.records.ruptures import saying
from accord.records.ruptures.models import Note

LONGEST_OWN = 1400  # beside all the short wishes, it fits into a note


@transaction.atomic
def keep_way(*, by: Seen, at: datetime, picks: Iterable[str] | None = None, words: str | None = None) -> WayWish:
    """Keep what the client has so far. One draft a pair; nobody else sees it."""
    refuse_other_side(by)
    if words is not None and len(words.strip()) > LONGEST_OWN:
        raise too_long(words.strip(), LONGEST_OWN)
    fields = {"practice_id": by.pair.practice_id, "begun_at": at}
    draft, _new = WayWish.objects.get_or_create(about=by.pair, note=None, defaults=fields)
    values: dict[str, object] = {} if picks is None else {"picks": list(picks)}
    if words is not None:
        values["words"] = WayWish._meta.get_field("words").sealed_for(draft, words.strip() or None)
    if values:
        WayWish.objects.filter(pk=draft.pk, note=None).update(**values)
    draft.refresh_from_db()
    return draft


@transaction.atomic
def drop_way(draft: WayWish, *, by: Seen) -> None:
    """Thrown away: it was nobody else's, so nothing of it stays."""
    refuse_other_side(by)
    WayWish.objects.filter(pk=draft.pk, about=by.pair, note=None).delete()


@transaction.atomic
def send_way(draft: WayWish, text: str, *, by: Seen, at: datetime) -> Note:
    """The very text that was looked at goes to the therapist, and the agreed tasks need both people's yes again."""
    refuse_other_side(by)
    held = WayWish.objects.select_for_update().filter(pk=draft.pk, about=by.pair, note=None).first()
    if held is None or (held.picks, held.words or "") != (draft.picks, draft.words or ""):
        raise StateMoved(_("This has changed in the meantime. Look at it once more."))
    note = saying.say(text, Note.About.TASK, by=by, at=at)
    if not WayWish.objects.filter(pk=held.pk, note=None).update(note=note, asked_at=at):
        raise StateMoved(_("This was sent already."))
    ask_to_agree_again(by=by, at=at)
    return note


def _wish_of(note: Note) -> WayWish | None:
    return WayWish.objects.filter(note=note).first()


@transaction.atomic
def take_back_note(note: Note, *, by: Seen, at: datetime) -> None:
    """While it is unread. What it had opened on the board stands as before, where nobody has touched it since."""
    saying.take_back(note, by=by, at=at)
    wish = _wish_of(note)
    if wish is not None and wish.asked_at is not None:
        take_back_asking(wish.asked_at, by=by, at=at)
        WayWish.objects.filter(pk=wish.pk).update(asked_at=None)


@transaction.atomic
def send_note(note: Note, travels: str, *, by: Seen, at: datetime) -> None:
    """What was taken back is sent after all; a wish to work another way opens the tasks again."""
    saying.send_kept(note, travels, by=by, at=at)
    wish = _wish_of(note)
    if wish is not None:
        ask_to_agree_again(by=by, at=at)
        WayWish.objects.filter(pk=wish.pk).update(asked_at=at)


@transaction.atomic
def throw_note_away(note: Note, *, by: Seen) -> None:
    WayWish.objects.filter(note=note, note__pair=by.pair, note__state__in=Note.PRIVATE).delete()
    saying.throw_away(note, by=by)


@transaction.atomic
def change_note(note: Note, *, by: Seen, at: datetime) -> bool:
    """What was kept, to be changed. True: it is a wish to work another way, and its pages are the place for that."""
    wish = _wish_of(note)
    if wish is None:
        saying.reopen(note, by=by)
        return False
    if WayWish.objects.filter(about=by.pair, note=None).exists():
        raise StateMoved(_("You are writing something else just now. Finish that first, or throw it away."))
    if not WayWish.objects.filter(pk=wish.pk, note__state=Note.State.KEPT).update(note=None, asked_at=None):
        raise StateMoved(_("This was sent already."))
    saying.throw_away(note, by=by)
    record(by.viewer, "way wish taken up again", wish, at=at)
    return True
