"""Writes about ruptures: flags raised, episodes moved, things put aside at the therapist's desk."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved
from accord.records.lengths import too_long
from accord.records.pairs.queries import Seen, confirm_side
from accord.records.ruptures.models import Episode, Flag, Note, Opening, Snooze, Step
from accord.records.ruptures.openings import BY_KEY
from accord.records.sessions.models import TherapySession
from accord.science.ruptures import CANNOT_KNOW, VERSION

State = Episode.State
BOTH, CLIENT, THERAPIST = frozenset({"client", "therapist"}), frozenset({"client"}), frozenset({"therapist"})

# to -> (from which states, by whom). Only the client ends an episode.
MOVES: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {
    State.LOOKED_AT: ((State.NOTICED,), THERAPIST),
    # Also after something was agreed: what comes up anew is talked about anew.
    State.TALKED_ABOUT: ((State.NOTICED, State.LOOKED_AT, State.AGREED, State.ADDRESSED), BOTH),
    State.AGREED: ((State.NOTICED, State.LOOKED_AT, State.TALKED_ABOUT), BOTH),
    # "I think we have addressed it": from here it waits for the client, and stays open.
    State.ADDRESSED: ((State.NOTICED, State.LOOKED_AT, State.TALKED_ABOUT, State.AGREED), THERAPIST),
    State.CLOSED: (Episode.OPEN, CLIENT),
    State.LET_GO: (Episode.OPEN, CLIENT),
}
ENDS = (State.CLOSED, State.LET_GO)
LONGEST_WORDS = 2000
SNOOZE_FOR = timedelta(hours=20)


@transaction.atomic
def raise_flag(session: TherapySession, fields: dict[str, object], *, at: datetime) -> Flag | None:
    """Store a flag once. A talk-tier flag opens the pair's episode, or joins the open one.

    Whether and when the therapist gets a notice is decided above (accord.records.desk.jobs).
    """
    # Whatever the version: a session that an older rule has flagged for the same thing is not flagged twice.
    key = {name: fields[name] for name in ("kind", "pillar")}
    if Flag.objects.filter(session=session, note=None, **key).exists():
        return None
    talk = fields["kind"] in Flag.TALK
    episode = _open_episode(session, at=at) if talk else None
    try:
        with transaction.atomic():
            flag = Flag.objects.create(
                practice_id=session.practice_id,
                pair_id=session.pair_id,
                session=session,
                episode=episode,
                raised_at=at,
                **fields,
            )
    except IntegrityError:
        return None
    record(None, "flag raised", flag, at=at, kind=flag.kind, version=flag.version)
    return flag


@transaction.atomic
def flag_note(note: Note, session: TherapySession, *, at: datetime) -> Flag:
    """A note that was sent opens the pair's episode, or joins the open one. Who is told, and when, the note decides."""
    episode = _open_episode(session, at=at)
    pillar = note.about if note.about != Note.About.OTHER else ""
    flag = Flag.objects.create(
        practice_id=note.practice_id,
        pair_id=note.pair_id,
        session=session,
        episode=episode,
        note=note,
        kind=Flag.Kind.SAID,
        version=VERSION,
        pillar=pillar,
        readings=[session.number],
        cannot_know=CANNOT_KNOW["said"],
        raised_at=at,
    )
    record(None, "flag raised", flag, at=at, kind=flag.kind, version=flag.version)
    return flag


def _open_episode(session: TherapySession, *, at: datetime) -> Episode:
    """The pair's open episode. One at a time: the database holds that, also in a race."""
    # Locked, so that a flag never joins an episode which the client is closing at this moment.
    episode, new = Episode.objects.select_for_update().get_or_create(
        pair_id=session.pair_id,
        ended_at=None,
        defaults={"practice_id": session.practice_id, "session": session, "opened_at": at},
    )
    if new:
        Step.objects.create(episode=episode, practice_id=session.practice_id, state=State.NOTICED, by=None, at=at)
        record(None, "episode opened", episode, at=at)
    return episode


@transaction.atomic
def move(episode: Episode, to: str, *, by: Seen, at: datetime, words: str = "") -> None:
    """Move an episode, as one of its two people. Who may do what stands in MOVES."""
    if episode.pair_id != by.pair.pk:
        raise NotFound("There is nothing here.")
    if to not in MOVES:
        raise Refused(_("There is no such step."))
    confirm_side(by, at=at)
    start, sides = MOVES[to]
    if by.side not in sides:
        raise NotAllowed("Only the client can say that it is over." if to in ENDS else "This step is not yours.")
    if len(words) > LONGEST_WORDS:
        raise too_long(words, LONGEST_WORDS)
    ended = at if to in ENDS else None
    if not Episode.objects.filter(pk=episode.pk, state__in=start).update(state=to, ended_at=ended):
        raise StateMoved(_("This has moved on in the meantime. Reload the page to see where it is."))
    Step.objects.create(
        episode=episode,
        practice_id=episode.practice_id,
        state=to,
        by=by.viewer,
        at=at,
        words=words.strip() or None,
    )
    record(by.viewer, f"episode {to}", episode, at=at)


@transaction.atomic
def snooze(episode: Episode, *, by: Seen, at: datetime) -> Snooze:
    """Put it aside for today. It comes back by itself while it is not handled."""
    _refuse_client(by, episode, at)
    if Episode.objects.select_for_update().filter(pk=episode.pk, ended_at=None).first() is None:
        raise StateMoved(_("This is over. There is nothing to put aside."))
    Snooze.objects.filter(episode=episode, by=by.viewer, undone_at=None).update(undone_at=at)
    snoozed = Snooze.objects.create(episode=episode, by=by.viewer, at=at, until=at + SNOOZE_FOR)
    record(by.viewer, "episode snoozed", episode, at=at)
    return snoozed


@transaction.atomic
def undo_snooze(episode: Episode, *, by: Seen, at: datetime) -> None:
    _refuse_client(by, episode, at)
    if not Snooze.objects.filter(episode=episode, by=by.viewer, undone_at=None).update(undone_at=at):
        raise StateMoved(_("Nothing is put aside here."))
    record(by.viewer, "snooze undone", episode, at=at)


def _refuse_client(by: Seen, episode: Episode, at: datetime) -> None:
    if episode.pair_id != by.pair.pk:
        raise NotFound("There is nothing here.")
    confirm_side(by, at=at)
    if by.side != "therapist":
        raise NotAllowed("This is the therapist's desk.")


@transaction.atomic
def keep_opening(key: str, words: str, *, by: User, at: datetime) -> Opening:
    """Keep a therapist's own version of one of our sentences. An empty one brings ours back."""
    phrase = _known(key)
    if len(words) > LONGEST_WORDS:
        raise too_long(words, LONGEST_WORDS)
    opening, _new = Opening.objects.get_or_create(therapist=by, key=phrase)
    sealed = Opening._meta.get_field("words").sealed_for(opening, words.strip() or None)
    Opening.objects.filter(pk=opening.pk).update(words=sealed, hidden_at=None)
    opening.refresh_from_db()
    record(by, "opening kept", opening, at=at, key=phrase)
    return opening


@transaction.atomic
def hide_opening(key: str, *, by: User, at: datetime) -> None:
    """Not my style."""
    opening, _new = Opening.objects.update_or_create(therapist=by, key=_known(key), defaults={"hidden_at": at})
    record(by, "opening hidden", opening, at=at, key=key)


@transaction.atomic
def bring_back_opening(key: str, *, by: User, at: datetime) -> None:
    if Opening.objects.filter(therapist=by, key=_known(key)).update(hidden_at=None):
        record(by, "opening brought back", Opening.objects.get(therapist=by, key=key), at=at, key=key)


def _known(key: str) -> str:
    if key not in BY_KEY:
        raise NotFound("There is no such opening.")
    return key
