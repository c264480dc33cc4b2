"""What a therapist's own desk holds, read by the one person whose desk it is."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery

from accord.records.accounts.models import User
from accord.records.audit.actions import record_denial
from accord.records.desk.actions import TAKEN_BACK_WITHIN
from accord.records.desk.models import Preference, Quiet, Reflection
from accord.records.errors import NotAllowed, NotFound
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen, seen_by
from accord.records.ruptures.models import Episode, Flag, Judgement, Snooze, Step
from accord.records.ruptures.queries import HANDLED, LEARNING, Story, stories
from accord.records.sessions.models import TherapySession
from accord.records.sessions.queries import sessions_of
from accord.science.ruptures import limits_at

State = Episode.State
SESSIONS_OF_BUDGET = 10  # expected false alarms are told per ten judged sessions
CHANCE_SPAN = timedelta(weeks=4)


def with_quiet(flags: QuerySet[Flag], *, viewer: User) -> QuerySet[Flag]:
    """Each flag with `is_quiet`: whether its therapist does not want to be told. What the client said never is."""
    about = Q(kind=OuterRef("kind")) | (~Q(pillar="") & Q(pillar=OuterRef("pillar")))
    still = Q(until_session=None) | Q(until_session__gt=OuterRef("session__number"))
    quiets = Quiet.objects.filter(about, still, pair=OuterRef("pair"), by=viewer, undone_at=None)
    can_be = ExpressionWrapper(Q(kind__in=Quiet.KINDS) & Exists(quiets), output_field=BooleanField())
    return flags.annotate(is_quiet=can_be)


def is_quiet(flag: Flag) -> bool:
    """Of a flag that was read by `with_quiet`."""
    return bool(getattr(flag, "is_quiet", False))


def hushed(story: Story) -> Story:
    """The story without what is quiet. An episode of which nothing else is left is not told either."""
    told = [flag for flag in story.flags if not is_quiet(flag)]
    if story.episode is None or _still_told(story, told):
        return story._replace(flags=told)
    return story._replace(flags=told, episode=None, snoozed_until=None, moved_at=None)


def _still_told(story: Story, told: list[Flag]) -> bool:
    """Whether the open episode has something left to tell; one that began without a flag has."""
    episode = story.episode.pk if story.episode else None
    had = [flag for flag in story.flags if flag.episode_id == episode]
    return not had or any(flag.episode_id == episode for flag in told)


def whole_stories(
    pairs: Iterable[CarePair], *, viewer: User, at: datetime, episodes: Iterable[Episode] | None = None
) -> list[Story]:
    """As `ruptures.stories`, with what is quiet marked; `hushed` leaves it out. Five queries."""
    marked = with_quiet(Flag.objects.all(), viewer=viewer)
    return stories(pairs, viewer=viewer, at=at, among=marked, episodes=episodes)


def desk_stories(pairs: Iterable[CarePair], *, viewer: User, at: datetime) -> list[Story]:
    """What this therapist wants to be told of, and no more. Five queries."""
    return [hushed(story) for story in whole_stories(pairs, viewer=viewer, at=at)]


def quiets_in(seen: Seen) -> QuerySet[Quiet]:
    """What the viewer has made quiet in one pair."""
    return Quiet.objects.filter(pair=seen.pair, by=seen.viewer, undone_at=None).order_by("at", "pk")


def quiet_for(user: User, code: str, *, at: datetime) -> tuple[Seen, Quiet]:
    """Something quiet by its code, for the therapist who made it so."""
    quiet = Quiet.objects.select_related("pair").filter(code=code).first()
    if quiet is None:
        raise NotFound("There is nothing here.")
    seen = seen_by(user, quiet.pair.code, at=at)
    if quiet.by_id != user.pk:
        record_denial(user, "tried to open a desk", quiet, at=at)
        raise NotAllowed("This is somebody else's desk.")
    return seen, quiet


class PutAside(NamedTuple):
    """What lies aside at one desk, newest first."""

    snoozes: list[Snooze]
    talks: list[Step]  # "we talked about it", as long as it can be taken back
    quiets: list[Quiet]


def put_aside(viewer: User, pairs: Iterable[CarePair], *, at: datetime) -> PutAside:
    """Three queries, whatever the caseload."""
    mine = [pair.pk for pair in pairs]
    snoozes = Snooze.objects.filter(
        by=viewer, undone_at=None, until__gt=at, episode__pair__in=mine, episode__ended_at=None
    ).exclude(episode__state__in=HANDLED)
    newest = Step.objects.filter(episode=OuterRef("episode")).order_by("-pk")  # not by time: clocks differ
    talks = Step.objects.annotate(newest=Subquery(newest.values("pk")[:1])).filter(
        pk=F("newest"),
        by=viewer,
        state=State.TALKED_ABOUT,
        at__gte=at - TAKEN_BACK_WITHIN,
        episode__pair__in=mine,
        episode__state=State.TALKED_ABOUT,
    )
    quiets = Quiet.objects.filter(by=viewer, undone_at=None, pair__in=mine)
    return PutAside(
        list(snoozes.select_related("episode__pair__client").order_by("-at")),
        list(talks.select_related("episode__pair__client").order_by("-at")),
        list(quiets.select_related("pair__client").order_by("-at")),
    )


def preference_of(user: User) -> Preference:
    """As chosen, or as it is before anybody chose (not stored then)."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)


def reflection_of(seen: Seen, session: TherapySession | None = None) -> Reflection | None:
    """The viewer's own text about one session, or about the pair."""
    if seen.side != "therapist":
        raise NotAllowed("Only the therapist can do this.")
    return Reflection.objects.filter(author=seen.viewer, pair=seen.pair, session=session).first()


def reflected(seen: Seen) -> QuerySet[Reflection]:
    """Where the viewer has written something, without the texts themselves."""
    mine = Reflection.objects.filter(author=seen.viewer, pair=seen.pair).exclude(words=None)
    return mine.defer("words").select_related("session").order_by("-session__number")


def sessions_to_reflect_on(seen: Seen, *, at: datetime) -> QuerySet[TherapySession]:
    """The pair's sessions that have begun, in order."""
    return sessions_of(seen.pair).filter(starts_at__lte=at)


class Chance(NamedTuple):
    """How many notes from numbers alone would come by chance, if nothing changed anywhere."""

    budget: float  # dips and slides in ten judged sessions
    sessions: int  # that could be judged in the span
    since: datetime

    @property
    def one_in(self) -> int:
        """ "About one session in so many"."""
        return round(SESSIONS_OF_BUDGET / self.budget)

    @property
    def expected(self) -> float:
        return self.sessions * self.budget / SESSIONS_OF_BUDGET


def by_chance(pairs: Iterable[CarePair], *, at: datetime) -> Chance:
    """Over these pairs' sessions of the last weeks; the first four check-ins of a pair cannot be judged. One query."""
    since = at - CHANCE_SPAN
    judged = Judgement.objects.filter(
        estimate__pair__in=[pair.pk for pair in pairs],
        estimate__session__starts_at__gte=since,
        estimate__session__number__gt=LEARNING,
    )
    return Chance(limits_at(settings.FLAG_LIMITS).budget, judged.count(), since)
