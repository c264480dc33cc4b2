"""A therapist's own track record: what their completed cases say, per problem that clients came with.

A completed case is a pair that ended with a goal whose progress its client rated twice or more. The outcome is how far
the goals had come at the last rating, the baseline how far at the first: the client's own measure of what they came
for, with its start. Not the alliance: in the trial behind track records it was no different, and check-ins stay honest
only while nobody is judged by them. The problem is what the client sent to this very therapist with their enquiry.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import numpy as np
from django.db.models import Q

from accord.records.accounts.models import User
from accord.records.agreements.models import Item, Rating
from accord.records.matching.models import Enquiry
from accord.records.matching.wishes import NEITHER
from accord.records.one_by_one import one_by_one
from accord.records.pairs.models import CarePair
from accord.records.practices.queries import posts_of
from accord.records.profiles.models import UsedRecord
from accord.records.profiles.recording import keep_record
from accord.science.matching import LEAST_CASES, Cases, Interval, track_records

VERSION = "track-record@1"
NEEDS = "needs"  # the question of a search
EVERY = timedelta(days=1)


class Case(NamedTuple):
    """One completed case with one problem."""

    therapist: int  # the post
    need: str  # token
    first: float  # mean progress of its goals when first rated, 0..10
    last: float


class Record(NamedTuple):
    """What one therapist's cases with one problem say; `interval` only from 15 on, and where there is an average."""

    need: str
    cases: int
    interval: Interval | None

    @property
    def missing(self) -> int:
        return max(LEAST_CASES - self.cases, 0)


class Own(NamedTuple):
    """Everything for the therapist's own page."""

    records: tuple[Record, ...]  # in order of needs
    uncounted: int  # pairs that ended and are no completed case, or whose problem is not known


def own_records(user: User, *, at: datetime) -> Own:
    """For the therapist alone. The number of queries is fixed; all therapists' cases make the average."""
    posts = {post.pk for post in posts_of(user, on=at.date()) if post.role == "therapist"}
    cases = completed_cases()
    records = tuple(record for post in posts for record in records_of(post, cases))
    ended = set(CarePair.objects.filter(therapist__in=posts, ended_on__isnull=False).values_list("pk", flat=True))
    return Own(tuple(sorted(records)), len(ended - {pair for pair, case in cases if case.therapist in posts}))


def records_of(post: int, cases: Sequence[tuple[int, Case]]) -> list[Record]:
    known = [case for _, case in cases]
    mine = [case for case in known if case.therapist == post]
    needs = sorted({case.need for case in mine})
    of_these = [case for case in known if case.need in needs]
    found, _ = track_records(
        Cases(
            np.array([str(case.therapist) for case in of_these]),
            np.array([case.last for case in of_these]),
            np.array([case.first for case in of_these]),
        ),
        np.array([case.need for case in of_these]),
    )
    counted = {need: sum(case.need == need for case in mine) for need in needs}
    return [
        Record(need, number, found[need].of[str(post)] if need in found and number >= LEAST_CASES else None)
        for need, number in counted.items()
    ]


def completed_cases() -> list[tuple[int, Case]]:
    """Pair and case, of everybody, one for each problem that a client came with. Two queries."""
    goals: dict[tuple[int, int], dict[int, list[int]]] = {}
    ratings = Rating.objects.filter(
        what=Rating.What.PROGRESS, item__kind=Item.Kind.GOAL, item__pair__ended_on__isnull=False
    ).order_by("at", "pk")
    for pair, post, goal, value in ratings.values_list("item__pair", "item__pair__therapist", "item", "value"):
        goals.setdefault((pair, post), {}).setdefault(goal, []).append(value)
    needs = _needs({pair for pair, _ in goals})
    cases = []
    for (pair, post), rated in goals.items():
        twice = [values for values in rated.values() if len(values) > 1]
        if twice:
            first, last = (float(np.mean([values[place] for values in twice])) for place in (0, -1))
            cases += [(pair, Case(post, need, first, last)) for need in needs.get(pair, ())]
    return cases


def _needs(pairs: set[int]) -> dict[int, tuple[str, ...]]:
    """What each client had sent to their therapist, and kept no part back of."""
    found: dict[int, tuple[str, ...]] = {}
    for enquiry in Enquiry.objects.filter(pair__in=pairs, answers__isnull=False):
        picks = json.loads(enquiry.answers or "{}").get(NEEDS, {}).get("picks", [])
        found[enquiry.pair_id or 0] = tuple(f"need:{pick}" for pick in picks if pick not in NEITHER)
    return found


def count_records(now: datetime) -> int:
    """Once a day, of those who allow it: what the search may use."""
    due = list(UsedRecord.objects.filter(Q(counted_at=None) | Q(counted_at__lte=now - EVERY)).select_related("profile"))
    cases = completed_cases() if due else []
    return one_by_one(due, partial(_count, cases=cases, now=now))


def _count(used: UsedRecord, cases: Sequence[tuple[int, Case]], now: datetime) -> bool:
    records = records_of(used.profile.post_id, cases)
    says = {one.need: one.interval for one in records if one.interval is not None}
    return keep_record(used, says, version=VERSION, at=now)
