"""Writes about profiles. A therapist's are their own; who leads may ask, and make places fewer or more within hours."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.digits import numeral
from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved
from accord.records.practices.models import Post
from accord.records.practices.queries import posts_of
from accord.records.profiles.letters import tell_something_waits
from accord.records.profiles.models import Insurance, Profile
from accord.records.profiles.queries import with_places
from accord.records.profiles.vocabulary import refuse_odd_style, refuse_unknown

LONGEST = {"helps": 1200, "works": 1200, "hello": 2000, "questions": 1200}


class Insurer(NamedTuple):
    slug: str
    name: str
    checked_on: date
    source: str


class Facts(NamedTuple):
    """Everything a profile says, apart from its places."""

    says: Mapping[str, Sequence[str]]
    title: str = ""
    style: Mapping[str, float] = {}
    words: Mapping[str, str] = {}  # helps, works, hello, questions
    fee: int | None = None
    fee_reduced: int | None = None
    currency: str = "EUR"
    insurers: Sequence[Insurer] = ()


class Room(NamedTuple):
    """How many people somebody sees at most, in which hours, and how many of them are not in Accord."""

    capacity: int
    hours: int
    elsewhere: int = 0
    rhythm: int = Profile.Rhythm.WEEKLY


@transaction.atomic
def begin_profile(post: Post, *, by: User, at: datetime) -> Profile:
    """An empty one, seen by nobody else. A therapist claims their own."""
    if post.role != Post.Role.THERAPIST or post.user_id != by.pk:
        raise NotAllowed(_("A profile is written by its therapist."))
    fields = {"practice_id": post.practice_id, "changed_at": at}
    profile, new = Profile.objects.get_or_create(post=post, defaults=fields)
    if new:
        record(by, "profile begun", profile, at=at)
    return profile


def claim_profile(user: User, *, at: datetime) -> Profile:
    """One's own, begun at the first look; for the first practice, where somebody works in two."""
    post = posts_of(user, on=at.date()).filter(role=Post.Role.THERAPIST).order_by("pk").first()
    if post is None:
        raise NotFound("There is nothing here.")
    return begin_profile(post, by=user, at=at)


@transaction.atomic
def write_profile(profile: Profile, facts: Facts, *, revision: int, by: User, at: datetime) -> None:
    """All of it anew, from the revision that was looked at. What is published changes at once."""
    _refuse_others(profile, by)
    refuse_unknown(facts.says)
    refuse_odd_style(facts.style)
    _refuse_long(facts)
    fields: dict[str, Any] = {
        "says": {kind: list(values) for kind, values in facts.says.items()},
        **{name: getattr(facts, name) for name in ("title", "style", "fee", "fee_reduced", "currency")},
        **{name: _sealed(profile, name, facts.words.get(name, "")) for name in LONGEST},
    }
    looked_at = Profile.objects.filter(pk=profile.pk, revision=revision)
    if not looked_at.update(**fields, changed_at=at, revision=F("revision") + 1):
        raise StateMoved(_("This was changed in another window meanwhile."))
    _insure(profile, facts.insurers)
    record(by, "profile written", profile, at=at)


def _sealed(profile: Profile, name: str, text: str) -> bytes | None:
    return Profile._meta.get_field(name).sealed_for(profile, text.strip() or None)  # type: ignore[union-attr, no-any-return]


def _refuse_long(facts: Facts) -> None:
    for name, most in LONGEST.items():
        if len(facts.words.get(name, "").strip()) > most:
            raise Refused(_("This is too long: at most %(most)s characters fit.") % {"most": numeral(most)})
    if facts.fee is not None and facts.fee_reduced is not None and facts.fee_reduced > facts.fee:
        raise Refused(_("The reduced fee is higher than the fee."))


def _insure(profile: Profile, insurers: Sequence[Insurer]) -> None:
    Insurance.objects.filter(profile=profile).delete()
    Insurance.objects.bulk_create([Insurance(profile=profile, **one._asdict()) for one in insurers])


def _refuse_others(profile: Profile, by: User) -> None:
    if profile.post.user_id != by.pk:
        raise NotAllowed(_("A profile is written by its therapist."))


@transaction.atomic
def make_room(profile: Profile, room: Room, *, by: User, at: datetime) -> None:
    """How many people fit. Refused below the people who are there, and beyond the hours.

    Only a therapist's own number counts as confirmed: one that somebody else made larger waits for their word.
    """
    _refuse_beyond_hours(room)
    mine = profile.post.user_id == by.pk
    fits = with_places(Profile.objects.filter(pk=profile.pk)).annotate(people=F("held") + F("pairs"))
    fresh: dict[str, Any] = {"confirmed_at": at, "asked_at": None, "warned_at": None} if mine else {}
    if not mine and room.capacity - room.elsewhere > profile.capacity - profile.elsewhere:
        fresh = {"confirmed_at": None}
    if not fits.filter(people__lte=room.capacity - room.elsewhere).update(**room._asdict(), **fresh):
        raise Refused(_overfull(profile, room))
    record(by, "places set", profile, at=at, **room._asdict())


def _refuse_beyond_hours(room: Room) -> None:
    if not 0 <= room.hours <= 60:
        raise Refused(_("Between 0 and 60 hours a week."))
    if not 0 <= room.elsewhere <= room.capacity:
        raise Refused(_("There would be more people than places, so nothing was changed."))
    if room.capacity > room.hours * room.rhythm:
        raise Refused(
            ngettext(
                "%(hours)s hour a week does not hold %(people)s people, so nothing was changed.",
                "%(hours)s hours a week do not hold %(people)s people, so nothing was changed.",
                room.hours,
            )
            % {"hours": room.hours, "people": room.capacity}
        )


def _overfull(profile: Profile, room: Room) -> str:
    now = with_places(Profile.objects.filter(pk=profile.pk)).get()
    people = now.held + now.pairs + room.elsewhere
    return _("%(people)s people would have %(places)s places, so nothing was changed. The page stays as it is.") % {
        "people": people,
        "places": room.capacity,
    }


@transaction.atomic
def confirm(profile: Profile, *, places: int, by: User, at: datetime) -> None:
    """ "Still right": the number that was looked at. If a place went meanwhile, the new number comes first."""
    _refuse_others(profile, by)
    same = with_places(Profile.objects.filter(pk=profile.pk)).filter(places=places)
    if not same.update(confirmed_at=at, asked_at=None, warned_at=None):
        raise StateMoved(_("The number changed a moment ago. Look at it once more."))
    record(by, "places confirmed", profile, at=at, places=places)


@transaction.atomic
def publish(profile: Profile, *, by: User, at: datetime) -> None:
    """For everybody to find, signed in or not. A second press changes nothing."""
    _refuse_others(profile, by)
    if not profile.says.get("language") or not profile.says.get("need") or not profile.says.get("mode"):
        raise Refused(_("Say at least what you help with, your languages and how people meet you. Then publish."))
    if Profile.objects.filter(pk=profile.pk, published_at=None).update(published_at=at):
        record(by, "profile published", profile, at=at)


@transaction.atomic
def unpublish(profile: Profile, *, by: User, at: datetime) -> None:
    _refuse_others(profile, by)
    if Profile.objects.filter(pk=profile.pk, published_at__isnull=False).update(published_at=None):
        record(by, "profile taken down", profile, at=at)


@transaction.atomic
def ask_to_confirm(profile: Profile, *, by: User, at: datetime, address: str) -> None:
    """One neutral mail to the therapist. Asked already, nothing happens."""
    if Profile.objects.filter(pk=profile.pk, asked_at=None).update(asked_at=at):
        tell_something_waits(profile.post.user, at=at, address=address)
        record(by, "asked to confirm", profile, at=at)
