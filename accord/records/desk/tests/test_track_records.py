"""Track records out of what happened: whose cases count, and what may be said of them."""

from datetime import timedelta

import numpy as np
import pytest

from accord.records.desk.tests.cases import completed
from accord.records.desk.track_records import completed_cases, count_records, own_records
from accord.records.practices.models import Post
from accord.records.profiles.models import UsedRecord
from accord.records.profiles.queries import offers_of, own_profile, published
from accord.records.profiles.recording import allow_record, forbid_record
from accord.science.matching import Cases, track_record


@pytest.fixture
def posts(harbour):
    return list(Post.objects.filter(role="therapist").order_by("pk"))


@pytest.fixture
def tess(person):
    return person("tess").posts.get(role="therapist")


@pytest.fixture
def fill(posts, person, now):
    """fill(20) gives each therapist so many cases; Tess's goals come further by `more`."""

    def do(number, *, more=0, mine=None):
        rng = np.random.default_rng(1)
        for post in posts:
            own = post.user == person("tess")
            for _ in range(mine if own and mine is not None else number):
                first, last = int(rng.integers(0, 5)), int(rng.integers(3, 7))
                completed(post, person("kai"), at=now, values=(first, min(last + more * own, 10)))

    return do


@pytest.fixture
def profile(person, now):
    return own_profile(person("tess"), at=now)


@pytest.fixture
def offer(profile, now):
    """What the search reads of Tess."""
    return lambda: next(one for one in offers_of(published(at=now), at=now) if one.id == profile.code)


def of_tess(person, now):
    return {one.need: one for one in own_records(person("tess"), at=now).records}


def test_a_case_is_a_pair_that_ended_with_a_goal_rated_twice(tess, person, now):
    completed(tess, person("kai"), at=now, values=(2, 4, 7))
    completed(tess, person("kai"), at=now, values=(2,))
    completed(tess, person("kai"), at=now, need="")
    going = completed(tess, person("kai"), at=now)
    going.ended_on = None
    going.client = person("cleo")
    going.save()
    ((_, case),) = completed_cases()
    assert (case.need, case.first, case.last) == ("need:anxiety", 2.0, 7.0)
    own = own_records(person("tess"), at=now)
    assert [(one.need, one.cases, one.interval) for one in own.records] == [("need:anxiety", 1, None)]
    assert own.uncounted == 2 + before(tess)


def before(post):
    """Pairs of Harbour Practice that had ended anyway."""
    return post.pairs.filter(ended_on__isnull=False, agreement_items=None).count()


def test_what_was_kept_back_is_not_known(tess, person, now):
    pair = completed(tess, person("kai"), at=now)
    type(pair.enquiry).objects.filter(pk=pair.enquiry.pk).update(answers=None)
    assert completed_cases() == []


def test_fourteen_cases_are_too_few_and_fifteen_are_not(fill, tess, person, now):
    fill(16, mine=14)
    assert of_tess(person, now)["need:anxiety"].interval is None
    assert of_tess(person, now)["need:anxiety"].missing == 1
    completed(tess, person("kai"), at=now)
    assert of_tess(person, now)["need:anxiety"].interval.n == 15


def test_it_is_what_the_science_says_of_the_same_cases(fill, person, now):
    fill(18, more=2)
    cases = [case for _, case in completed_cases()]
    found = track_record(
        Cases([str(one.therapist) for one in cases], [one.last for one in cases], [one.first for one in cases])
    )
    post = person("tess").posts.get(role="therapist").pk
    assert of_tess(person, now)["need:anxiety"].interval == pytest.approx(found.of[str(post)])


def test_with_fewer_than_five_therapists_there_is_no_average(tess, person, now):
    for _ in range(16):
        completed(tess, person("kai"), at=now)
    assert of_tess(person, now)["need:anxiety"].interval is None
    assert of_tess(person, now)["need:anxiety"].missing == 0


def test_more_cases_cost_no_more_queries(fill, person, now, django_assert_num_queries):
    user = person("tess")
    fill(2)
    with django_assert_num_queries(4):
        own_records(user, at=now)
    fill(18)
    with django_assert_num_queries(4):
        own_records(user, at=now)


def test_nothing_is_kept_of_those_who_do_not_allow_it(fill, offer, now):
    fill(16, more=3)
    assert count_records(now) == 0
    assert (offer().track, offer().track_used) == ({}, False)


def test_allowed_it_reaches_the_search_and_forbidden_it_goes(fill, person, profile, offer, now):
    fill(16, more=3)
    allow_record(profile, by=person("tess"), at=now)
    assert count_records(now) == 1
    assert count_records(now + timedelta(hours=1)) == 0  # once a day
    assert offer().track_used
    assert offer().track["need:anxiety"] == pytest.approx(of_tess(person, now)["need:anxiety"].interval)
    forbid_record(profile, by=person("tess"), at=now)
    assert not UsedRecord.objects.exists()
    assert (offer().track, offer().track_used) == ({}, False)
