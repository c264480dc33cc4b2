"""Writes at the therapist's own desk: what rests, reflections, how they want to be told. All can be taken back."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.desk.models import Preference, Quiet, Reflection
from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved
from accord.records.lengths import too_long
from accord.records.pairs.queries import Seen
from accord.records.ruptures.models import Episode, Step
from accord.records.sessions.models import TherapySession

RESTS_FOR = 4  # sessions that a discussed note stays away
TAKEN_BACK_WITHIN = timedelta(days=1)
LONGEST_REFLECTION = 20_000
PILLARS = ("goal", "task", "bond")
State = Episode.State


class About(NamedTuple):
    """What is to be quiet: one kind of note, or one pillar."""

    kind: str = ""
    pillar: str = ""


def mute(what: About, *, by: Seen, at: datetime) -> Quiet:
    """Not to be told of one kind of note, or of one pillar, in this pair, until unmuted."""
    _refuse_client(by)
    if bool(what.kind) == bool(what.pillar) or (what.pillar and what.pillar not in PILLARS):
        raise Refused(_("Choose one kind of note, or one pillar."))
    return _quieten(what, Quiet.Why.MUTED, by=by, at=at)


def rest(kind: str, *, after_session: int, by: Seen, at: datetime) -> Quiet:
    """Already discussed: this kind of note rests for some sessions, and comes back if it still stands then."""
    _refuse_client(by)
    return _quieten(About(kind), Quiet.Why.DISCUSSED, by=by, at=at, until=after_session + RESTS_FOR)


def _quieten(what: About, why: str, *, by: Seen, at: datetime, until: int | None = None) -> Quiet:
    if what.kind and what.kind not in Quiet.KINDS:
        raise Refused(_("What a client says is always told."))
    try:
        with transaction.atomic():
            quiet = Quiet.objects.create(
                practice_id=by.pair.practice_id,
                pair=by.pair,
                by=by.viewer,
                why=why,
                kind=what.kind,
                pillar=what.pillar,
                until_session=until,
                at=at,
            )
            record(by.viewer, f"note {why}", quiet, at=at, kind=what.kind, pillar=what.pillar)
    except IntegrityError as error:
        raise StateMoved(_("This is quiet already.")) from error
    return quiet


@transaction.atomic
def unquiet(quiet: Quiet, *, by: Seen, at: datetime) -> None:
    """It is told again."""
    _refuse_client(by)
    if quiet.pair_id != by.pair.pk or quiet.by_id != by.viewer.pk:
        raise NotFound("There is nothing here.")
    if not Quiet.objects.filter(pk=quiet.pk, undone_at=None).update(undone_at=at):
        raise StateMoved(_("This is told again already."))
    record(by.viewer, "note told again", quiet, at=at)


@transaction.atomic
def take_back_talk(episode: Episode, *, by: Seen, at: datetime) -> None:
    """ "We talked about it" was pressed by mistake. The history keeps both; nothing may have happened since."""
    _refuse_client(by)
    if episode.pair_id != by.pair.pk:
        raise NotFound("There is nothing here.")
    held = Episode.objects.select_for_update().filter(pk=episode.pk, state=State.TALKED_ABOUT).first()
    steps = list(Step.objects.filter(episode=episode).order_by("-pk")[:2])  # not by time: clocks differ
    if held is None or not _can_be_taken_back(steps, by.viewer, at):
        raise StateMoved(_("This has moved on in the meantime, and cannot be taken back any more."))
    Episode.objects.filter(pk=episode.pk, state=State.TALKED_ABOUT).update(state=State.NOTICED)
    Step.objects.create(
        episode=episode, practice_id=episode.practice_id, state=State.NOTICED, by=by.viewer, at=at, words=None
    )
    record(by.viewer, "talk taken back", episode, at=at)


def _can_be_taken_back(steps: list[Step], viewer: User, at: datetime) -> bool:
    """The newest step is their own, and the one before it was no talk yet: to that it goes back."""
    if len(steps) < 2 or steps[1].state not in (State.NOTICED, State.LOOKED_AT):
        return False
    mine = steps[0].state == State.TALKED_ABOUT and steps[0].by_id == viewer.pk
    return mine and at - steps[0].at <= TAKEN_BACK_WITHIN


def keep_reflection(
    words: str, *, by: Seen, at: datetime, version: int, session: TherapySession | None = None
) -> Reflection:
    """Keep what a therapist writes for themselves. `version` is the one they began from; 0: there was none."""
    _refuse_client(by)
    if len(words) > LONGEST_REFLECTION:
        raise too_long(words, LONGEST_REFLECTION)
    if session is not None and session.pair_id != by.pair.pk:
        raise NotFound("There is nothing here.")
    moved = StateMoved("This was changed in another window. Nothing there was overwritten.")
    try:
        with transaction.atomic():
            kept = _written(words, by, at=at, version=version, session=session)
            if kept is None:
                raise moved
            record(by.viewer, "reflection kept", kept, at=at)
            return kept
    except IntegrityError as error:
        raise moved from error


def _written(words: str, by: Seen, *, at: datetime, version: int, session: TherapySession | None) -> Reflection | None:
    place = {"author": by.viewer, "pair": by.pair, "session": session}
    if version == 0:
        return Reflection.objects.create(
            **place, practice_id=by.pair.practice_id, words=words.strip() or None, changed_at=at
        )
    known = Reflection.objects.filter(**place).first()
    if known is None:
        return None
    sealed = Reflection._meta.get_field("words").sealed_for(known, words.strip() or None)
    changed = Reflection.objects.filter(pk=known.pk, version=version)
    if not changed.update(words=sealed, version=version + 1, changed_at=at):
        return None
    known.refresh_from_db()
    return known


@transaction.atomic
def choose(wishes: dict[str, str | bool], *, by: User, at: datetime) -> Preference:
    """How the desk should be: `notices`, `density`, `single_keys`; what is not named stays."""
    known: dict[str, list[str] | list[bool]] = {
        "notices": Preference.Notices.values,
        "density": Preference.Density.values,
        "single_keys": [True, False],
    }
    if any(name not in known or value not in known[name] for name, value in wishes.items()):
        raise Refused(_("There is no such choice."))
    preference, _new = Preference.objects.update_or_create(user=by, defaults={**wishes, "changed_at": at})
    record(by, "desk arranged", preference, at=at, **wishes)
    return preference


def _refuse_client(by: Seen) -> None:
    if by.side != "therapist":
        raise NotAllowed("This is the therapist's desk.")
