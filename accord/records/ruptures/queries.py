"""What a therapist needs before a session, and where an episode stands: few queries, whatever the caseload."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Max, OuterRef, Prefetch, QuerySet, Subquery

from accord.records.accounts.models import User
from accord.records.alliance.models import Estimate
from accord.records.alliance.queries import estimates_of_pairs
from accord.records.audit.actions import record_denial
from accord.records.checkins.queries import SessionAnswers, answers_of_pairs
from accord.records.errors import NotFound
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen, seen_by
from accord.records.ruptures.models import Change, Episode, Flag, Note, Opening, Snooze, Step
from accord.records.ruptures.openings import CHANGE, PHRASES, STEPS, Phrase
from accord.science.ruptures import MOST_URGENT

LEARNING = 4  # check-ins before there is a usual band
HANDLED = (Episode.State.TALKED_ABOUT, Episode.State.AGREED, Episode.State.ADDRESSED)
NOT_YET = (Change.Answer.PARTLY, Change.Answer.NO)


class Story(NamedTuple):
    """All that a therapist may see about one pair now."""

    pair: CarePair
    answers: list[SessionAnswers]  # the sessions so far, oldest first
    estimates: dict[int, Estimate]  # by session
    flags: list[Flag]  # oldest first
    episode: Episode | None  # the open one
    snoozed_until: datetime | None
    moved_at: datetime | None = None  # the open episode's newest step
    notes: tuple[Note, ...] = ()  # what the client sent: unread, or part of what is open; oldest first

    @property
    def follow_up(self) -> bool:
        """The client has answered "partly" or "no", and nothing new was offered since."""
        return self.episode is not None and getattr(self.episode, "last_answer", "") in NOT_YET

    @property
    def handled(self) -> bool:
        """Talked about, and nothing new was noticed since."""
        if self.follow_up:
            return False
        if self.episode is None or self.moved_at is None or self.episode.state not in HANDLED:
            return False
        return all(flag.raised_at <= self.moved_at for flag in self.current_flags)

    @property
    def wants_talk(self) -> bool:
        """Something is open that is neither handled nor put aside for today, nor taken back."""
        open_now = self.episode is not None and not self.handled and self.snoozed_until is None
        return open_now and self.taken_back is None

    @property
    def check_ins(self) -> int:
        """How many of the client's check-ins can be seen."""
        return sum(answers.client is not None for answers in self.answers)

    @property
    def learning(self) -> bool:
        return self.check_ins < LEARNING

    @property
    def current_flags(self) -> list[Flag]:
        """The newest flags of the open episode; without one, the newest session's notes. Most urgent first."""
        if self.episode is not None:
            mine = [flag for flag in self.flags if flag.episode_id == self.episode.pk]
        else:
            last = max((answers.session.number for answers in self.answers if answers.client), default=0)
            mine = [flag for flag in self.flags if flag.session.number == last and flag.kind not in Flag.TALK]
        mine = [flag for flag in mine if self._gone(flag) is None] or mine
        newest = max((flag.session.number for flag in mine), default=0)
        return sorted((flag for flag in mine if flag.session.number == newest), key=_urgency)

    @property
    def taken_back(self) -> SessionAnswers | None:
        """The answers that all open flags speak of, where the client took them back after they were read."""
        return self._gone(self.shown_flag) if self.shown_flag is not None else None

    def _gone(self, flag: Flag) -> SessionAnswers | None:
        if flag.note_id is not None:
            return None  # a note is taken back by itself
        return next((one for one in self.answers if one.session.pk == flag.session_id and one.taken_back_at), None)

    @property
    def shown_flag(self) -> Flag | None:
        """The one flag that is shown; what the client said outranks all numbers."""
        return next(iter(self.current_flags), None)

    @property
    def pillar_flag(self) -> Flag | None:
        """The flag that names a pillar, if one does: the least expected first, a number before what a note is about."""
        named = [flag for flag in self.current_flags if flag.pillar]
        return min(named, key=lambda flag: flag.note_id is not None, default=None)


def _urgency(flag: Flag) -> tuple[int, float]:
    return MOST_URGENT.index(flag.kind), flag.statistic if flag.statistic is not None else 1.0


def stories(
    pairs: Iterable[CarePair],
    *,
    viewer: User,
    at: datetime,
    among: QuerySet[Flag] | None = None,
    episodes: Iterable[Episode] | None = None,
) -> list[Story]:
    """The therapist's view of several pairs of their own, in five queries. `among`: flags with more told about them.

    `episodes`: all of these pairs, where the caller has asked for them already (`standing`), which saves one.
    """
    mine = list(pairs)
    all_flags = Flag.objects.all() if among is None else among
    answers = answers_of_pairs(mine, "therapist", at=at)
    estimates = estimates_of_pairs(mine)
    flags: dict[int, list[Flag]] = {pair.pk: [] for pair in mine}
    shown = all_flags.filter(pair__in=mine).select_related("session", "note")
    for flag in shown.order_by("session__number", "pk"):
        flags[flag.pair_id].append(flag)
    if episodes is None:
        episodes = standing(Episode.objects.filter(pair__in=mine, ended_at=None), viewer=viewer, at=at)
    open_now = {episode.pair_id: episode for episode in episodes if episode.ended_at is None}
    return [
        Story(
            pair=pair,
            answers=answers[pair.pk],
            estimates=estimates[pair.pk],
            flags=flags[pair.pk],
            episode=open_now.get(pair.pk),
            snoozed_until=getattr(open_now.get(pair.pk), "snoozed_until", None),
            moved_at=getattr(open_now.get(pair.pk), "moved_at", None),
            notes=_open_notes(pair, flags[pair.pk], open_now.get(pair.pk)),
        )
        for pair in mine
    ]


def standing(episodes: QuerySet[Episode], *, viewer: User, at: datetime) -> QuerySet[Episode]:
    """Each with the time of its newest step, the newest answer, and until when the viewer put it aside."""
    snoozed = Snooze.objects.filter(episode=OuterRef("pk"), by=viewer, undone_at=None, until__gt=at)
    newest = Change.objects.filter(episode=OuterRef("pk")).order_by("-at", "-pk")
    return episodes.annotate(
        moved_at=Max("steps__at"),
        snoozed_until=Subquery(snoozed.values("until")[:1]),
        last_answer=Subquery(newest.values("answer")[:1]),
    )


def _open_notes(pair: CarePair, flags: list[Flag], episode: Episode | None) -> tuple[Note, ...]:
    """The notes that its therapist still has to do with: unread, or part of what is open. Their flags brought them."""
    found = []
    for flag in flags:
        note = flag.note
        if note is not None and note.state == Note.State.SENT:
            note.pair = pair
            if note.read_at is None or (episode is not None and flag.episode_id == episode.pk):
                found.append(note)
    return tuple(found)


def story(seen: Seen, *, at: datetime) -> Story:
    """One pair's story for its therapist."""
    return stories([seen.pair], viewer=seen.viewer, at=at)[0]


# Every note that was sent has its flag, in the same episode: the notes come with the flags.
_PARTS = (
    Prefetch("steps", Step.objects.select_related("by")),
    Prefetch("flags", Flag.objects.select_related("note")),
    "changes",
)


def episodes_of(seen: Seen) -> QuerySet[Episode]:
    """The pair's episodes with their steps, newest first; both people see them."""
    return seen.pair.episodes.select_related("session").prefetch_related(*_PARTS).order_by("-opened_at")


def episode_of(seen: Seen, code: str) -> Episode:
    episode = episodes_of(seen).prefetch_related("passages__by").filter(code=code).first()
    if episode is None:
        raise NotFound("There is nothing here.")
    return episode


def episode_for(user: User, code: str, *, at: datetime) -> tuple[Seen, Episode]:
    """An episode by its code, for one of the pair's two people."""
    episode = Episode.objects.select_related("pair").filter(code=code).first()
    if episode is None:
        raise NotFound("There is nothing here.")
    return seen_by(user, episode.pair.code, at=at), episode


def notes_of(seen: Seen) -> QuerySet[Note]:
    """Newest first. The client's own, drafts left out; of the other side, what was sent and not taken back."""
    if seen.side == "client":
        return seen.pair.notes.exclude(state=Note.State.DRAFT).order_by("-started_at", "-pk")
    return seen.pair.notes.filter(state=Note.State.SENT).order_by("-started_at", "-pk")


def draft_of(seen: Seen) -> Note | None:
    """What the client has begun to write; for the other side there is none."""
    return seen.pair.notes.filter(state=Note.State.DRAFT).first() if seen.side == "client" else None


def note_for(user: User, code: str, *, at: datetime) -> tuple[Seen, Note]:
    """A note by its code, for one of the pair's two people. What is private is absent for the therapist."""
    note = Note.objects.select_related("pair").filter(code=code).first()
    if note is None:
        raise NotFound("There is nothing here.")
    seen = seen_by(user, note.pair.code, at=at)
    if seen.side == "therapist" and note.state != Note.State.SENT:
        record_denial(user, "tried to open a note", note, at=at)
        raise NotFound("There is nothing here.")
    return seen, note


def change_for(user: User, code: str, *, at: datetime) -> tuple[Seen, Change]:
    """ "What I will change" by its code, for one of the pair's two people."""
    change = Change.objects.select_related("episode__pair").filter(code=code).first()
    if change is None:
        raise NotFound("There is nothing here.")
    return seen_by(user, change.episode.pair.code, at=at), change


class OwnOpening(NamedTuple):
    key: str
    words: str
    edited: bool


class DeskOpening(NamedTuple):
    """One opening as it lies on a therapist's desk, hidden or not."""

    key: str
    pillar: str
    words: str
    edited: bool
    hidden: bool


def desk_openings(therapist: User) -> list[DeskOpening]:
    """All openings in the therapist's own versions, in the order of the list. One query."""
    return _on_desk_all(therapist, PHRASES)


def guide_steps(therapist: User) -> list[DeskOpening]:
    """Thank, own part, ask, agree a change, and the sentence for a change: in the therapist's own versions."""
    return _on_desk_all(therapist, (*STEPS, CHANGE))


def _on_desk_all(therapist: User, phrases: tuple[Phrase, ...]) -> list[DeskOpening]:
    own = {opening.key: opening for opening in Opening.objects.filter(therapist=therapist)}
    return [_on_desk(phrase, own.get(phrase.key)) for phrase in phrases]


def _on_desk(phrase: Phrase, own: Opening | None) -> DeskOpening:
    words = own.words if own is not None else None
    hidden = own is not None and own.hidden_at is not None
    return DeskOpening(phrase.key, phrase.pillar, words or phrase.words, bool(words), hidden)


def openings_by_pillar(therapist: User) -> dict[str, list[OwnOpening]]:
    """Two openings for each pillar and for none in particular ("")."""
    kept = [opening for opening in desk_openings(therapist) if not opening.hidden]
    return {pillar: _two(kept, pillar) for pillar in dict.fromkeys(phrase.pillar for phrase in PHRASES)}


def _two(kept: list[DeskOpening], pillar: str) -> list[OwnOpening]:
    """Those of the pillar first, then those that fit anything."""
    fitting = [opening for opening in kept if opening.pillar == pillar]
    spare = [opening for opening in kept if opening.pillar == "" and opening not in fitting]
    return [OwnOpening(o.key, o.words, o.edited) for o in (fitting + spare)[:2]]


def openings_for(therapist: User, pillar: str) -> list[OwnOpening]:
    """Two openings for a pillar: the therapist's own versions, what is not their style left out."""
    return openings_by_pillar(therapist)[pillar]


def hidden_openings(therapist: User) -> list[DeskOpening]:
    """What is not this therapist's style, to be brought back."""
    return [opening for opening in desk_openings(therapist) if opening.hidden]
