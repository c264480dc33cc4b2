"""Who may fit a search, in the science's order (`matching@1`), and what would bring more people. Nothing is kept."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from accord.records.matching.models import Search
from accord.records.matching.queries import answers_of, enquiries_of
from accord.records.matching.wishes import BY_KIND, asked
from accord.records.profiles.models import Insurance, Profile
from accord.records.profiles.queries import offers_of, published
from accord.science.matching import Asked, Match, Wish, is_stale, order, relaxations

STALE, FULL = "stale", "full"  # shown to those who choose to see them, too
ALSO = (STALE, FULL)


class Person(NamedTuple):
    """One therapist who may fit, with what speaks for it and what does not."""

    profile: Profile
    match: Match
    has: frozenset[str]


class Found(NamedTuple):
    people: list[Person]
    hidden: Mapping[str, int]  # how many of those who fit are not shown, because stale or full
    asked: Asked
    more: list[tuple[str, Wish, int]]  # without this must-have: its question, the wish, so many more


def people_for(search: Search, *, at: datetime, also: Collection[str] = ()) -> Found:
    """Those not asked yet, best first. also: who is not confirmed lately, who is full."""
    done = set(enquiries_of(search).values_list("to", flat=True))
    profiles = {one.code: one for one in published(at=at) if one.post_id not in done}
    offers = {one.id: one for one in offers_of(profiles.values(), at=at)}
    wanted = asked(answers_of(search))
    people, hidden = [], Counter[str]()
    for match in order(wanted, offers.values(), seed=search.seed, stale=True, full=True):
        days = offers[match.id].days_since_confirmed
        kind = FULL if match.standing == FULL else STALE if is_stale(days) else ""
        if kind and kind not in also:
            hidden[kind] += 1
        else:
            people.append(Person(profiles[match.id], match, offers[match.id].has))
    more = relaxations(wanted, offers.values(), stale=STALE in also, full=FULL in also)
    weighed = [(BY_KIND[wish.kind].slug, wish, count) for wish, count in more if BY_KIND[wish.kind].how == "weighed"]
    return Found(people, hidden, wanted, weighed)


def offered(*, at: datetime) -> frozenset[str]:
    """Every token that somebody who published offers: which languages, countries, towns and insurers there are."""
    there = published(at=at).order_by()
    said = {(kind, value) for says in there.values_list("says", flat=True) for kind in says for value in says[kind]}
    return frozenset(f"{kind}:{value}" for kind, value in said) | insurers(at=at).keys()


def insurers(*, at: datetime) -> dict[str, str]:
    """The names of insurers, by token, as the profiles give them."""
    theirs = Insurance.objects.filter(profile__in=published(at=at).order_by().values("pk"))
    named = theirs.order_by("slug", "name").values_list("slug", "name").distinct()
    return {f"insurer:{slug}": name for slug, name in named}
