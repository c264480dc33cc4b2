"""Who offers what, and whether they have a place. Profiles are public once published; everything else is one's own.

Availability is true because it is counted: capacity, less the people seen elsewhere, the open pairs and the places
that are held. It is believed for 14 days after its therapist confirmed it, then it reads "ask"; after 30 it is
shown only to those who chose to see such profiles, too.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any, NamedTuple

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accord.records.accounts.models import User
from accord.records.audit.queries import one_for
from accord.records.errors import NotFound
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Post, Practice
from accord.records.practices.queries import posts_of, practices_where
from accord.records.profiles.models import Profile
from accord.science.matching import ASK_AFTER, HIDDEN_AFTER, Interval, Offer, is_stale, standing

FRESH, LISTED = timedelta(days=ASK_AFTER), timedelta(days=HIDDEN_AFTER)
PACE, FEWEST_ENDINGS = timedelta(weeks=26), 3  # a wait is told only from at least so many endings
NEVER = 10_000  # days since a confirmation that never was
HIDDEN = "hidden"


class Standing(NamedTuple):
    """How a profile stands now. `weeks`: about how long a full one takes, None where nobody can know."""

    state: str  # open, ask, full, hidden
    places: int
    days: int  # since the confirmation
    weeks: int | None = None


def with_places(profiles: QuerySet[Profile]) -> QuerySet[Any]:
    """Each with `pairs`, its open pairs that have no `Place`, and `places`, what is free: below 0 it is overfull."""
    outside = CarePair.objects.filter(therapist=OuterRef("post_id"), ended_on=None, place=None).order_by()
    number = outside.values("therapist").annotate(number=Count("pk")).values("number")
    counted = profiles.annotate(pairs=Coalesce(Subquery(number, output_field=IntegerField()), 0))
    return counted.annotate(places=F("capacity") - F("elsewhere") - F("held") - F("pairs"))


def _with_people() -> QuerySet[Any]:
    return with_places(
        Profile.objects.select_related("post__user", "practice", "used_record").prefetch_related("insurances")
    )


def _held(on: date) -> Q:
    """Their post lasts and they are here."""
    lasts = Q(post__until=None) | Q(post__until__gt=on)
    return lasts & Q(post__since__lte=on, post__user__is_active=True)


def published(*, at: datetime, practice: Practice | None = None) -> QuerySet[Profile]:
    """The directory, of one practice or of all."""
    found = _with_people().filter(_held(at.date()), published_at__isnull=False)
    return (found.filter(practice=practice) if practice is not None else found).order_by("post__user__name", "pk")


def of_practice(practice: Practice, *, at: datetime) -> QuerySet[Profile]:
    """Everybody in a practice who could get a client from its queue, published or not."""
    return _with_people().filter(_held(at.date()), practice=practice).order_by("post__user__name", "pk")


def public_profile(code: str, *, at: datetime) -> Profile:
    found = published(at=at).filter(code=code).first()
    if found is None:
        raise NotFound("There is nothing here.")
    return found


def own_profile(user: User, *, at: datetime) -> Profile | None:
    """A therapist's own; the first, where somebody works in two practices."""
    posts = posts_of(user, on=at.date()).filter(role=Post.Role.THERAPIST)
    return _with_people().filter(post__in=posts).order_by("pk").first()


def led_profiles(user: User, *, at: datetime) -> QuerySet[Profile]:
    """Everybody's places, for whoever leads the practice."""
    led = practices_where(user, Post.Role.LEAD, on=at.date())
    return _with_people().filter(_held(at.date()), practice__in=led).order_by("practice__name", "post__user__name")


def led_profile(user: User, code: str, *, at: datetime) -> Profile:
    """One of them; a colleague is refused, a stranger finds nothing; both tries are kept."""
    return one_for(user, led_profiles(user, at=at), code, tried="tried to change a profile", at=at)


def places_of(profile: Profile) -> int:
    """Free places, never below 0. The profile comes from one of the queries here."""
    return max(0, _free(profile))


def seen_by_therapist(profile: Profile) -> int:
    """People they see now, or have promised a place."""
    return profile.capacity - _free(profile)


def _free(profile: Any) -> int:
    return int(profile.places)


def days_since_confirmed(profile: Profile, *, at: datetime) -> int:
    return (at - profile.confirmed_at).days if profile.confirmed_at is not None else NEVER


def standing_of(profile: Profile, *, at: datetime, ahead: int = 0) -> Standing:
    """ahead: how many people wait for this therapist already."""
    places, days = places_of(profile), days_since_confirmed(profile, at=at)
    state = standing(places, days)
    if state == "full":
        return Standing(state, 0, days, _weeks(profile, at=at, ahead=ahead))
    return Standing(HIDDEN if is_stale(days) else state, places, days)


def _weeks(profile: Profile, *, at: datetime, ahead: int) -> int | None:
    """From the pace at which this therapist's clients ended in half a year. Fewer than three endings are no pace."""
    since, today = (at - PACE).date(), at.date()
    endings = CarePair.objects.filter(therapist=profile.post_id, ended_on__gt=since, ended_on__lte=today).count()
    over = seen_by_therapist(profile) - profile.capacity
    return ceil((ahead + over + 1) * (PACE / timedelta(weeks=1)) / endings) if endings >= FEWEST_ENDINGS else None


def tokens_of(profile: Profile) -> frozenset[str]:
    said = {f"{kind}:{value}" for kind, values in profile.says.items() for value in values}
    return frozenset(said | {f"insurer:{one.slug}" for one in profile.insurances.all()})


def _track(profile: Profile) -> dict[str, Interval]:
    """What their cases say, if they allow it."""
    used = getattr(profile, "used_record", None)
    return {need: Interval(*numbers) for need, numbers in used.says.items()} if used is not None else {}


def offers_of(profiles: Iterable[Profile], *, at: datetime) -> list[Offer]:
    """What the matching reads of each: two queries, however many."""
    return [
        Offer(
            profile.code,
            tokens_of(profile),
            profile.style,
            places_of(profile),
            days_since_confirmed(profile, at=at),
            min(1.0, seen_by_therapist(profile) / profile.capacity) if profile.capacity else 1.0,
            _track(profile),
            getattr(profile, "used_record", None) is not None,
        )
        for profile in profiles
    ]
