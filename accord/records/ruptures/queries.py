"""What a therapist needs before a session, and where an episode stands: few queries, whatever the caseload."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from accord.records.accounts.models import User
from accord.records.alliance.models import Estimate
from accord.records.alliance.queries import estimates_of_pairs
from accord.records.checkins.queries import SessionAnswers, answers_of_pairs
from accord.records.errors import NotFound
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen
from accord.records.ruptures.models import Episode, Flag, Opening, Snooze
from accord.records.ruptures.openings import PHRASES, Phrase
from accord.science.ruptures import MOST_URGENT

LEARNING = 4  # check-ins before there is a usual band


class Story(NamedTuple):
    """All that a therapist may see about one pair now."""

    pair: CarePair
    answers: list[SessionAnswers]  # the sessions so far, oldest first
    estimates: dict[int, Estimate]  # by session
    flags: list[Flag]  # oldest first
    episode: Episode | None  # the open one
    snoozed_until: datetime | None

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
        newest = max((flag.session.number for flag in mine), default=0)
        return sorted((flag for flag in mine if flag.session.number == newest), key=_urgency)

    @property
    def shown_flag(self) -> Flag | None:
        """The one flag that is shown; what the client said outranks all numbers."""
        return next(iter(self.current_flags), None)

    @property
    def pillar_flag(self) -> Flag | None:
        """The flag that names a pillar, if one does: the least expected first."""
        return next((flag for flag in self.current_flags if flag.pillar), None)


def _urgency(flag: Flag) -> tuple[int, float]:
    return MOST_URGENT.index(flag.kind), flag.statistic if flag.statistic is not None else 1.0


def stories(pairs: Iterable[CarePair], *, viewer: User, at: datetime) -> list[Story]:
    """The therapist's view of several pairs of their own, in six queries."""
    mine = list(pairs)
    answers = answers_of_pairs(mine, "therapist", at=at)
    estimates = estimates_of_pairs(mine)
    flags: dict[int, list[Flag]] = {pair.pk: [] for pair in mine}
    for flag in Flag.objects.filter(pair__in=mine).select_related("session").order_by("session__number", "pk"):
        flags[flag.pair_id].append(flag)
    episodes = {episode.pair_id: episode for episode in Episode.objects.filter(pair__in=mine, ended_at=None)}
    snoozes = Snooze.objects.filter(episode__in=episodes.values(), by=viewer, undone_at=None, until__gt=at)
    until = {snooze.episode_id: snooze.until for snooze in snoozes}
    return [
        Story(
            pair=pair,
            answers=answers[pair.pk],
            estimates=estimates[pair.pk],
            flags=flags[pair.pk],
            episode=episodes.get(pair.pk),
            snoozed_until=until.get(episodes[pair.pk].pk) if pair.pk in episodes else None,
        )
        for pair in mine
    ]


def story(seen: Seen, *, at: datetime) -> Story:
    """One pair's story for its therapist."""
    return stories([seen.pair], viewer=seen.viewer, at=at)[0]


def episodes_of(seen: Seen) -> QuerySet[Episode]:
    """The pair's episodes with their steps, newest first; both people see them."""
    return seen.pair.episodes.select_related("session").prefetch_related("steps__by", "flags").order_by("-opened_at")


def episode_of(seen: Seen, code: str) -> Episode:
    episode = episodes_of(seen).filter(code=code).first()
    if episode is None:
        raise NotFound("There is nothing here.")
    return episode


class OwnOpening(NamedTuple):
    key: str
    words: str
    edited: bool


def openings_for(therapist: User, pillar: str) -> list[OwnOpening]:
    """Two openings for a pillar: the therapist's own versions first, what is not their style left out."""
    own = {opening.key: opening for opening in Opening.objects.filter(therapist=therapist)}
    fitting = [phrase for phrase in PHRASES if phrase.pillar == pillar]
    spare = [phrase for phrase in PHRASES if phrase.pillar == "" and phrase not in fitting]
    kept = [phrase for phrase in fitting + spare if not _hidden(own.get(phrase.key))]
    return [_own_version(phrase, own.get(phrase.key)) for phrase in kept[:2]]


def hidden_openings(therapist: User) -> list[Phrase]:
    """What is not this therapist's style, to be brought back."""
    hidden = set(Opening.objects.filter(therapist=therapist, hidden_at__isnull=False).values_list("key", flat=True))
    return [phrase for phrase in PHRASES if phrase.key in hidden]


def _hidden(opening: Opening | None) -> bool:
    return opening is not None and opening.hidden_at is not None


def _own_version(phrase: Phrase, own: Opening | None) -> OwnOpening:
    words = own.words if own is not None else None
    return OwnOpening(phrase.key, words or phrase.words, bool(words))
