"""Writes on the page that both share while something is open: what happened, what they try, what will change."""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accord.records.accounts.notices import tell_of_notes
from accord.records.audit.actions import record
from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved
from accord.records.lengths import too_long
from accord.records.pairs.queries import Seen, confirm_side, goes_on
from accord.records.ruptures.actions import LONGEST_WORDS
from accord.records.ruptures.models import Change, Episode, Passage, Step

State, Answer, Field = Episode.State, Change.Answer, Passage.Field


def _open(episode: Episode, by: Seen, at: datetime) -> Episode:
    """The episode, held until the write is in: nothing is added to what the client is closing."""
    if episode.pair_id != by.pair.pk:
        raise NotFound("There is nothing here.")
    confirm_side(by, at=at)
    held = Episode.objects.select_for_update().filter(pk=episode.pk, ended_at=None).first()
    if held is None:
        raise StateMoved(_("This is over. What was written stays as it is."))
    return held


def _fitting(words: str) -> str:
    text = words.strip()
    if len(text) > LONGEST_WORDS:
        raise too_long(text, LONGEST_WORDS)
    return text


class Given(NamedTuple):
    """What somebody wrote into one field, and the version they wrote it over."""

    field: str
    words: str
    version: int
    look_on: date | None = None


@transaction.atomic
def write_passage(episode: Episode, given: Given, *, by: Seen, at: datetime) -> Passage:
    """A new version of one field. Two who write at once are told, never merged; the older texts stay."""
    text = _fitting(given.words)
    _refuse_other_field(given.field, by)
    if given.look_on is not None and given.look_on < at.astimezone(ZoneInfo(by.viewer.zone)).date():
        raise Refused(_("This day is over. Choose one that comes."))
    held = _open(episode, by, at)
    newest = Passage.objects.filter(episode=held, field=given.field).order_by("-version").first()
    if (newest.version if newest else 0) != given.version:
        raise StateMoved(_("Somebody wrote here in the meantime. Both texts are below: nothing is lost."))
    if newest is not None and (newest.words or "", newest.look_on) == (text, given.look_on):
        return newest
    passage = Passage.objects.create(
        practice_id=held.practice_id,
        episode=held,
        field=given.field,
        version=given.version + 1,
        by=by.viewer,
        at=at,
        words=text or None,
        look_on=given.look_on,
    )
    record(by.viewer, "repair page written", held, at=at, field=given.field, version=passage.version)
    return passage


def _refuse_other_field(field: str, by: Seen) -> None:
    if field not in Field.values:
        raise Refused(_("There is no such field."))
    if field not in Passage.SHARED and field != by.side:
        raise NotAllowed("Each side writes its own part.")


@transaction.atomic
def write_change(episode: Episode, words: str, *, by: Seen, at: datetime) -> Change:
    """What the therapist will change, for the client to answer. Said anew, it takes the place of what waits."""
    text = _fitting(words)
    if by.side != "therapist":
        raise NotAllowed("This is for the therapist to say.")
    if not text:
        raise Refused(_("Write what you will do differently."))
    held = _open(episode, by, at)
    Change.objects.filter(episode=held, answered_at=None, replaced_at=None).update(replaced_at=at)
    change = Change.objects.create(practice_id=held.practice_id, episode=held, by=by.viewer, at=at, words=text)
    record(by.viewer, "change promised", change, at=at)
    tell_of_notes(by.pair.client, at=at)
    return change


@transaction.atomic
def answer_change(change: Change, answer: str, *, by: Seen, at: datetime, reply: str = "") -> None:
    """ "Did I get it right?" Yes is an agreement of both; partly and no keep it open, and the therapist is told."""
    text = _fitting(reply)
    if by.side != "client":
        raise NotAllowed("Only the client can answer this.")
    if answer not in Answer.values:
        raise Refused(_("Choose yes, partly or no."))
    held = _open(change.episode, by, at)
    sealed = Change._meta.get_field("reply").sealed_for(change, text or None)
    waiting = Change.objects.filter(pk=change.pk, answered_at=None, replaced_at=None)
    if not waiting.update(answer=answer, answered_at=at, reply=sealed):
        raise StateMoved(_("This was answered, or said in new words meanwhile. Reload the page to see it."))
    record(by.viewer, "change answered", change, at=at)
    _go_on(held, answer, by, at)


def _go_on(episode: Episode, answer: str, by: Seen, at: datetime) -> None:
    if answer == Answer.YES:
        _step(episode, State.AGREED, (State.NOTICED, State.LOOKED_AT, State.TALKED_ABOUT), by, at)
        return
    _step(episode, State.TALKED_ABOUT, (State.AGREED, State.ADDRESSED), by, at)
    if goes_on(by.pair, on=at.date()):
        tell_of_notes(by.pair.therapist.user, at=at)


def _step(episode: Episode, to: str, start: tuple[str, ...], by: Seen, at: datetime) -> None:
    if Episode.objects.filter(pk=episode.pk, state__in=start).update(state=to):
        Step.objects.create(episode=episode, practice_id=episode.practice_id, state=to, by=by.viewer, at=at)
        record(by.viewer, f"episode {to}", episode, at=at)
