"""Who opens which check-in, and what the researcher sees of it."""

from datetime import timedelta

import pytest

from accord.records.accounts.actions import make_link, withdraw_consent
from accord.records.audit.models import Entry
from accord.records.checkins.models import CheckIn
from accord.records.checkins.queries import asked_of, by_link, first_impression_of, times_for_research
from accord.records.errors import NotAllowed, NotFound
from accord.records.pairs.actions import end_pair
from accord.records.practices.actions import end_post


@pytest.fixture
def kais(pair_of):
    """Kai's two check-ins of his fifth session, his own and his therapist's."""
    return {one.rater: one for one in CheckIn.objects.filter(session__pair=pair_of("kai"), session__number=5)}


def test_each_opens_their_own(kais, person, now) -> None:
    assert asked_of(person("kai"), kais["client"].code, at=now) == kais["client"]
    assert asked_of(person("tess"), kais["therapist"].code, at=now) == kais["therapist"]


@pytest.mark.parametrize(("slug", "whose"), [("kai", "therapist"), ("tess", "client")])
def test_neither_opens_the_others_and_the_try_is_kept(kais, person, now, slug, whose) -> None:
    with pytest.raises(NotAllowed):
        asked_of(person(slug), kais[whose].code, at=now)
    assert Entry.objects.filter(kind="denied", actor=person(slug), row=kais[whose].code).exists()


@pytest.mark.parametrize("slug", ["theo", "sana", "omar", "rui", "ines"])
def test_a_colleague_is_refused(kais, person, now, slug) -> None:
    for check_in in kais.values():
        with pytest.raises(NotAllowed):
            asked_of(person(slug), check_in.code, at=now)


@pytest.mark.parametrize("slug", ["jo", "cleo", "sam", "nia"])
def test_a_stranger_finds_what_is_not_there(kais, person, now, slug) -> None:
    said = set()
    for code in (kais["client"].code, kais["therapist"].code, "thereisnone2"):
        with pytest.raises(NotFound) as caught:
            asked_of(person(slug), code, at=now)
        said.add(str(caught.value))
    assert len(said) == 1


def test_after_the_end_the_therapist_opens_nothing(kais, pair_of, person, now) -> None:
    end_pair(pair_of("kai"), by=person("tess"), at=now)
    with pytest.raises(NotAllowed):
        asked_of(person("tess"), kais["therapist"].code, at=now)


def test_a_departed_therapist_opens_nothing(kais, person, now) -> None:
    end_post(person("tess").posts.get(), on=now.date())
    with pytest.raises(NotFound):
        asked_of(person("tess"), kais["therapist"].code, at=now)


def test_a_link_of_one_client_does_not_open_anothers_questions(kais, person, now) -> None:
    token = make_link(person("jo"), "check-in", about=kais["client"].code, at=now)
    with pytest.raises(NotFound):
        by_link(token, at=now)


def test_a_link_to_nothing_opens_nothing(person, now) -> None:
    token = make_link(person("kai"), "check-in", about="gone", at=now)
    with pytest.raises(NotFound):
        by_link(token, at=now)


def test_a_sign_in_link_does_not_open_a_check_in(kais, person, now) -> None:
    token = make_link(person("kai"), "sign-in", about=kais["client"].code, at=now)
    with pytest.raises(NotFound):
        by_link(token, at=now)


def test_the_first_impression_is_the_one_of_the_session(pair_of) -> None:
    first, second = pair_of("kai").sessions.order_by("number")[:2]
    impression = first_impression_of(first)
    assert impression
    assert impression.answers == {"impression": "good"}
    assert first_impression_of(second) is None


def test_the_researcher_sees_times_of_those_who_consented_in_their_own_practice(person, now) -> None:
    clients = {one.session.pair.client.first_name for one in times_for_research(person("rui"), at=now)}
    assert clients == {"Kai", "Jo", "Max", "Lou", "Lena"}


def test_a_withdrawn_consent_takes_a_client_out_at_once(person, now) -> None:
    withdraw_consent(person("kai"), "research", at=now)
    assert "Kai" not in {one.session.pair.client.first_name for one in times_for_research(person("rui"), at=now)}


@pytest.mark.parametrize("slug", ["tess", "sana", "omar", "ines", "kai", "sam"])
def test_nobody_else_gets_the_times(person, now, slug) -> None:
    assert not times_for_research(person(slug), at=now).exists()


def test_a_departed_researcher_gets_nothing(person, now) -> None:
    end_post(person("rui").posts.get(), on=now.date() - timedelta(days=1))
    assert not times_for_research(person("rui"), at=now).exists()
