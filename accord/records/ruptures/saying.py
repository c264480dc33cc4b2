"""Writes about notes: what a client wants to say, how it travels, read or taken back. Private until it is sent."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accord.records.accounts.notices import tell_of_notes
from accord.records.audit.actions import record
from accord.records.checkins.models import CheckIn
from accord.records.digits import numeral
from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved
from accord.records.lengths import too_long
from accord.records.pairs.queries import Seen, confirm_side, goes_on
from accord.records.ruptures.actions import LONGEST_WORDS, flag_note, move
from accord.records.ruptures.models import Episode, Flag, Note, Snooze, Step
from accord.records.sessions.queries import newest_session

State, Travels = Note.State, CheckIn.Travels


@transaction.atomic
def keep_draft(by: Seen, *, at: datetime, words: str | None = None, **chosen: str | bool) -> Note:
    """Keep what the client has so far: `about`, `asks`, `travels`, words. One draft a pair; the client's alone."""
    _refuse_other_side(by)
    if words is not None and len(words.strip()) > LONGEST_WORDS:
        raise too_long(words.strip(), LONGEST_WORDS)
    _refuse_unknown(chosen)
    draft, _new = Note.objects.get_or_create(
        pair=by.pair, state=State.DRAFT, defaults={"practice_id": by.pair.practice_id, "started_at": at}
    )
    values: dict[str, object] = dict(chosen)
    if words is not None:
        values["words"] = _sealed(draft, words)
    if not Note.objects.filter(pk=draft.pk, state=State.DRAFT).update(**values):
        raise StateMoved(_("This was sent or kept a moment ago, in another tab. What you wrote here is not in it."))
    draft.refresh_from_db()
    return draft


def _refuse_other_side(by: Seen) -> None:
    if by.side != "client" or by.viewer.pk != by.pair.client_id:
        raise NotAllowed("Only the client can do this.")


def _refuse_unknown(chosen: dict[str, str | bool]) -> None:
    if chosen.get("about", "") not in ("", *Note.About.values):
        raise Refused(_("Choose what is off, or “something else”."))
    if chosen.get("travels", "") not in ("", *Travels.values):
        raise Refused(_("Choose how your words should travel."))


def _sealed(note: Note, words: str | None) -> bytes | None:
    return Note._meta.get_field("words").sealed_for(note, (words or "").strip() or None)


@transaction.atomic
def throw_away(note: Note, *, by: Seen) -> None:
    """A draft, or what was kept. It was nobody else's, so nothing of it stays."""
    _refuse_strangers(note, by)
    if not Note.objects.filter(pk=note.pk, state__in=Note.PRIVATE).delete()[0]:
        raise StateMoved(_("This was sent already. While it is unread, you can take it back."))


@transaction.atomic
def reopen(note: Note, *, by: Seen) -> None:
    """What was kept becomes the draft again, to be changed before it is sent."""
    _refuse_strangers(note, by)
    try:
        with transaction.atomic():
            again = Note.objects.filter(pk=note.pk, state=State.KEPT).update(state=State.DRAFT)
    except IntegrityError as error:
        raise StateMoved(_("You are writing something else just now. Finish that first, or throw it away.")) from error
    if not again:
        raise StateMoved(_("This was sent already."))


@transaction.atomic
def finish(note: Note, *, by: Seen, at: datetime) -> Note:
    """The draft becomes what the client chose: sent, or kept. A second press finds no draft."""
    _refuse_strangers(note, by)
    _refuse_unfinished(note)
    sending = note.travels in Note.SENDING
    values: dict[str, object] = {"state": State.KEPT, "kept_at": at}
    if sending:
        _refuse_closed_door(by, at)
        values = {"state": State.SENT, "sent_at": at}
    values |= _only_what_was_chosen(note)
    # Held and looked at again: what goes out is what the client looked at, whatever another tab has typed since.
    held = Note.objects.select_for_update().filter(pk=note.pk, state=State.DRAFT).first()
    if held is None or _content(held) != _content(note):
        raise StateMoved(_("This has changed in the meantime. Look at it once more."))
    Note.objects.filter(pk=note.pk, state=State.DRAFT).update(**values)
    return _settled(note, by, at, sending=sending)


@transaction.atomic
def say(words: str, about: str, *, by: Seen, at: datetime) -> Note:
    """Words that were looked at elsewhere go to the therapist now. A note that is being written is left alone."""
    _refuse_other_side(by)
    _refuse_unknown({"about": about})
    if not words.strip() or len(words.strip()) > LONGEST_WORDS:
        raise Refused(_("Write a few words; at most %(most)s characters fit.") % {"most": numeral(LONGEST_WORDS)})
    _refuse_closed_door(by, at)
    note = Note(practice_id=by.pair.practice_id, pair=by.pair, about=about, travels=Travels.NOW, words=words.strip())
    note.state, note.started_at, note.sent_at = State.SENT, at, at
    note.save(force_insert=True)
    return _settled(note, by, at, sending=True)


def _content(note: Note) -> tuple[str, bool, str, str]:
    return note.about, note.asks, note.travels, note.words or ""


def _only_what_was_chosen(note: Note) -> dict[str, object]:
    """ "Please ask me about it" sends only that: no pillar, and none of the words typed before."""
    return {"about": "", "words": None} if note.asks else {}


@transaction.atomic
def send_kept(note: Note, travels: str, *, by: Seen, at: datetime) -> Note:
    """What was kept is sent after all."""
    _refuse_strangers(note, by)
    if travels not in Note.SENDING:
        raise Refused(_("Choose how your words should travel."))
    _refuse_closed_door(by, at)
    kept = Note.objects.filter(pk=note.pk, state=State.KEPT)
    if not kept.update(state=State.SENT, travels=travels, sent_at=at, taken_back_at=None):
        raise StateMoved(_("This was sent already."))
    return _settled(note, by, at, sending=True)


def _settled(note: Note, by: Seen, at: datetime, *, sending: bool) -> Note:
    note.refresh_from_db()
    if sending:
        _deliver(note, by, at)
    record(by.viewer, "note sent" if sending else "note kept", note, at=at)
    return note


def _refuse_strangers(note: Note, by: Seen) -> None:
    if note.pair_id != by.pair.pk:
        raise NotFound("There is nothing here.")
    _refuse_other_side(by)


def _refuse_unfinished(note: Note) -> None:
    if not note.asks and not note.words:
        raise Refused(_("There are no words yet. Write some, or choose “please ask me about it”."))
    if not note.travels:
        raise Refused(_("Choose how your words should travel."))
    if note.asks and note.travels not in Note.SENDING:
        raise Refused(_("“Please ask me” has to reach the other one. Choose now, or before the next session."))


def _refuse_closed_door(by: Seen, at: datetime) -> None:
    """Nothing says "sent" that nobody can open."""
    if not goes_on(by.pair, on=at.date()):
        name = by.pair.therapist.user.first_name
        raise Refused(
            _("%(name)s does not work with you here any more, so this cannot be sent. Your words are kept.")
            % {"name": name}
        )


def _deliver(note: Note, by: Seen, at: datetime) -> None:
    """It opens the pair's episode or joins it; "now" tells the therapist at once, in neutral words."""
    _join_episode(note, at=at)
    if note.travels == Travels.NOW:
        tell(note, at=at)


def _join_episode(note: Note, *, at: datetime) -> None:
    session = newest_session(note.pair, at=at)
    if session is not None:
        note.episode = flag_note(note, session, at=at).episode
        Note.objects.filter(pk=note.pk).update(episode=note.episode)


@transaction.atomic
def join_later(note: Note, *, at: datetime) -> bool:
    """A note from before the first session was booked joins once there is one."""
    if Note.objects.select_for_update().filter(pk=note.pk, state=State.SENT, episode=None).first() is None:
        return False
    _join_episode(note, at=at)
    return note.episode is not None


@transaction.atomic
def tell(note: Note, *, at: datetime) -> bool:
    """One neutral notice about one note, whoever is asked to send it."""
    if not Note.objects.filter(pk=note.pk, state=State.SENT, told_at=None, read_at=None).update(told_at=at):
        return False
    tell_of_notes(note.pair.therapist.user, at=at)
    return True


@transaction.atomic
def read(note: Note, *, by: Seen, at: datetime) -> Note:
    """The therapist opens the words: from here on they cannot be taken back. Gone, if they were taken back before."""
    if note.pair_id != by.pair.pk:
        raise NotFound("There is nothing here.")
    confirm_side(by, at=at)
    if by.side != "therapist":
        raise NotAllowed("Only the therapist can read this for the first time.")
    first = Note.objects.filter(pk=note.pk, state=State.SENT, read_at=None).update(read_at=at)
    if not first and not Note.objects.filter(pk=note.pk, state=State.SENT).exists():
        raise NotFound("There is nothing here.")
    note.refresh_from_db()
    if first:
        record(by.viewer, "note read", note, at=at)
        _look_at(note, by, at)
    return note


def _look_at(note: Note, by: Seen, at: datetime) -> None:
    episode = note.episode
    if episode is not None and episode.state == Episode.State.NOTICED:
        try:
            move(episode, Episode.State.LOOKED_AT, by=by, at=at)
        except StateMoved:
            return  # it moved on at this moment; the words were read all the same


@transaction.atomic
def take_back(note: Note, *, by: Seen, at: datetime) -> None:
    """While it is unread. Then nothing of it stays on the therapist's desk, and the words are the client's again."""
    _refuse_strangers(note, by)
    opened = note.episode
    unread = Note.objects.filter(pk=note.pk, state=State.SENT, read_at=None)
    back = {"sent_at": None, "told_at": None, "episode": None, "taken_back_at": at}
    if not unread.update(state=State.KEPT, travels=Travels.KEEP, kept_at=at, **back):
        raise StateMoved(_("It was read a moment before, so it cannot be taken back."))
    Flag.objects.filter(note=note).delete()
    _undo_opening(opened)
    record(by.viewer, "note taken back", note, at=at)
    note.refresh_from_db()


def _undo_opening(opened: Episode | None) -> None:
    """An episode that this note alone had opened, and in which nobody did anything, never was."""
    if opened is None:
        return
    episode = Episode.objects.select_for_update().filter(pk=opened.pk, state=Episode.State.NOTICED).first()
    if episode is None or episode.flags.exists() or episode.notes.exists():
        return
    if episode.changes.exists() or episode.passages.exists() or episode.steps.exclude(by=None).exists():
        return
    try:
        with transaction.atomic():
            Snooze.objects.filter(episode=episode).delete()
            Step.objects.filter(episode=episode).delete()
            episode.delete()
    except ProtectedError:
        return  # somebody has hung something on it: it stays, without the note
