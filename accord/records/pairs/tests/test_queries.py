"""Who sees a pair: its two people. A colleague is refused, a stranger finds nothing, and every try is kept."""

import contextlib
from datetime import timedelta

import pytest

from accord.records.accounts.models import User
from accord.records.audit.models import Entry
from accord.records.errors import NotAllowed, NotFound
from accord.records.pairs.actions import begin_pair, end_pair
from accord.records.pairs.queries import as_client, as_therapist, caseload, pairs_of_client, seen_by
from accord.records.practices.actions import appoint, end_post

COLLEAGUES = ["theo", "thandi", "tia", "sana", "omar", "rui", "ines"]
STRANGERS = ["jo", "cleo", "lena", "sam", "nia"]


def denials(user, pair) -> int:
    return Entry.objects.filter(kind="denied", actor=user, pair=pair.code).count()


def test_its_two_people_see_it(pair_of, person, now) -> None:
    pair = pair_of("kai")
    assert seen_by(person("kai"), pair.code, at=now)[1:] == (person("kai"), "client")
    assert seen_by(person("tess"), pair.code, at=now)[1:] == (person("tess"), "therapist")


@pytest.mark.parametrize("slug", COLLEAGUES)
def test_a_colleague_is_refused_and_the_try_is_kept(pair_of, person, now, slug) -> None:
    pair = pair_of("kai")
    with pytest.raises(NotAllowed):
        seen_by(person(slug), pair.code, at=now)
    assert denials(person(slug), pair) == 1


@pytest.mark.parametrize("slug", STRANGERS)
def test_a_stranger_finds_nothing_and_the_try_is_kept(pair_of, person, now, slug) -> None:
    pair = pair_of("kai")
    with pytest.raises(NotFound) as hidden:
        seen_by(person(slug), pair.code, at=now)
    with pytest.raises(NotFound) as absent:
        seen_by(person(slug), "thereisnone2", at=now)
    assert str(hidden.value) == str(absent.value)
    assert denials(person(slug), pair) == 1


def test_seeing_leaves_no_denial(pair_of, person, now) -> None:
    pair = pair_of("kai")
    seen_by(person("tess"), pair.code, at=now)
    assert not Entry.objects.filter(kind="denied").exists()


def test_the_therapist_of_an_ended_pair_sees_it_no_more_and_the_client_does(pair_of, person, now) -> None:
    pair, tess = pair_of("kai"), person("tess")
    end_pair(pair, by=tess, at=now)
    with pytest.raises(NotAllowed):  # still a colleague in the practice
        seen_by(tess, pair.code, at=now)
    assert seen_by(person("kai"), pair.code, at=now).side == "client"
    assert pair not in caseload(tess, at=now)


def test_a_departed_therapist_is_a_stranger_on_the_very_day(pair_of, person, now) -> None:
    pair, tess = pair_of("kai"), person("tess")
    end_post(tess.posts.get(), on=now.date())
    with pytest.raises(NotFound):
        seen_by(tess, pair.code, at=now)
    assert not caseload(tess, at=now).exists()
    assert denials(tess, pair) == 1


def test_a_post_that_begins_tomorrow_opens_nothing_today(pair_of, person, now) -> None:
    pair, tess = pair_of("kai"), person("tess")
    tess.posts.update(since=now.date() + timedelta(days=1))
    with pytest.raises(NotFound):
        seen_by(tess, pair.code, at=now)


def test_a_switched_off_therapist_sees_nothing(pair_of, person, now) -> None:
    pair = pair_of("kai")
    User.objects.filter(email="tess@harbour.example").update(is_active=False)
    with pytest.raises(NotFound):
        seen_by(person("tess"), pair.code, at=now)
    assert not caseload(person("tess"), at=now).exists()


def test_a_new_post_of_a_departed_therapist_does_not_bring_old_pairs_back(pair_of, person, now) -> None:
    pair, tess = pair_of("kai"), person("tess")
    end_post(tess.posts.get(), on=now.date())
    appoint(pair.practice, tess, "supervisor", since=now.date())
    with pytest.raises(NotAllowed):
        seen_by(tess, pair.code, at=now)


def test_the_doors_are_for_one_side(pair_of, person, now) -> None:
    code = pair_of("kai").code
    assert as_client(person("kai"), code, at=now).side == "client"
    assert as_therapist(person("tess"), code, at=now).side == "therapist"
    with pytest.raises(NotAllowed):
        as_client(person("tess"), code, at=now)
    with pytest.raises(NotAllowed):
        as_therapist(person("kai"), code, at=now)


def test_a_client_finds_their_own_pairs_and_no_others(pair_of, person) -> None:
    assert list(pairs_of_client(person("kai"))) == [pair_of("kai")]
    assert not pairs_of_client(person("tess")).exists()
    assert not pairs_of_client(person("cleo")).exists()


def test_a_client_keeps_ended_pairs_after_the_open_one(pair_of, person, now) -> None:
    old = pair_of("kai")
    end_pair(old, by=person("tess"), at=now)
    new = begin_pair(person("kai"), person("theo").posts.get(), by=None, at=now)
    assert set(pairs_of_client(person("kai"))) == {new, old}


def test_a_caseload_is_one_therapists_open_pairs(pair_of, person, now) -> None:
    tess = caseload(person("tess"), at=now)
    assert len(tess) == 18
    assert {pair.therapist.user for pair in tess} == {person("tess")}
    assert list(caseload(person("theo"), at=now)) == [pair_of("lena")]
    for slug in ("sana", "omar", "rui", "ines", "kai"):
        assert not caseload(person(slug), at=now).exists()


@pytest.mark.parametrize("slug", ["kai", "tess", "omar", "sam"])
def test_looking_costs_few_queries_whoever_looks(pair_of, person, now, slug, django_assert_max_num_queries) -> None:
    code, user = pair_of("kai").code, person(slug)
    with django_assert_max_num_queries(3), contextlib.suppress(NotFound, NotAllowed):
        seen_by(user, code, at=now)
