from datetime import timedelta

import pytest

from accord.records.accounts.models import Notice
from accord.records.audit.models import Entry
from accord.records.errors import Full, NotAllowed, Refused, StateMoved
from accord.records.pairs.actions import begin_pair
from accord.records.pairs.queries import caseload
from accord.records.practices.actions import end_post
from accord.records.profiles.places import take_place
from accord.records.profiles.queries import places_of
from accord.records.waiting.actions import join_list
from accord.records.waiting.jobs import end_waits_of_begun, pass_on_unanswered, tell_of_places
from accord.records.waiting.models import PlaceOffer
from accord.records.waiting.offering import accept_place, decline_place, offer_place, withdraw_offer
from accord.science.matching import Asked

DAY = timedelta(days=1)


@pytest.fixture
def offered(wait_of, profile_of, person, now):
    """Petra is offered a place with Tess for three days; Ravi comes after her, then Silas."""
    line = [wait_of("ravi").code, wait_of("silas").code]
    return offer_place(wait_of("petra"), profile_of("tess"), by=person("vera"), at=now, line=line)


def test_it_keeps_the_place_from_the_offer_on(offered, profile_of, now) -> None:
    assert places_of(profile_of("tess")) == 1
    assert (offered.reply_by, offered.place.client) == (now + 3 * DAY, offered.wait.client)


def test_it_offers_nothing_that_is_not_there(wait_of, profile_of, person, now) -> None:
    with pytest.raises(Full):
        offer_place(wait_of("petra"), profile_of("theo"), by=person("vera"), at=now)


def test_it_offers_one_place_at_a_time(offered, wait_of, profile_of, person, now) -> None:
    with pytest.raises(StateMoved):
        offer_place(wait_of("petra"), profile_of("tia"), by=person("vera"), at=now)
    assert places_of(profile_of("tia")) == 1
    for days in (0, 15):
        with pytest.raises(Refused):
            offer_place(wait_of("ravi"), profile_of("tia"), by=person("vera"), at=now, days=days)


def test_a_yes_begins_the_work_and_ends_the_wait(offered, person, profile_of, wait_of, now) -> None:
    pair = accept_place(offered, by=person("petra"), at=now + DAY)
    assert pair in caseload(person("tess"), at=now + DAY)
    assert (wait_of("petra").ended, places_of(profile_of("tess"))) == ("placed", 1)
    with pytest.raises(StateMoved):
        decline_place(offered, by=person("petra"), at=now + DAY)


def test_a_no_passes_it_on_and_they_stay_on_the_list(offered, person, wait_of, profile_of, now) -> None:
    decline_place(offered, by=person("petra"), at=now + DAY)
    following = PlaceOffer.objects.get(state="open")
    assert (following.wait, following.place, following.by) == (wait_of("ravi"), offered.place, None)
    assert following.reply_by == now + 4 * DAY
    assert (wait_of("petra").ended_at, places_of(profile_of("tess"))) == (None, 1)


def test_without_an_answer_it_passes_on_by_itself_to_the_end_of_the_line(offered, wait_of, profile_of, now) -> None:
    assert pass_on_unanswered(now + 3 * DAY - timedelta(minutes=1)) == 0
    for turn, slug in enumerate(("ravi", "silas")):
        at = now + 3 * DAY * (turn + 1)
        assert (pass_on_unanswered(at), pass_on_unanswered(at)) == (1, 0)
        assert PlaceOffer.objects.get(state="open").wait == wait_of(slug)
        assert places_of(profile_of("tess")) == 1
    assert pass_on_unanswered(now + 9 * DAY) == 1
    assert not PlaceOffer.objects.filter(state="open").exists()
    assert places_of(profile_of("tess")) == 2
    steps = Entry.objects.filter(table="waiting.placeoffer").values_list("verb", flat=True)
    assert sorted(steps) == ["offer passed on"] * 3 + ["place offered"] * 3


def test_it_passes_over_whoever_has_another_offer_or_left(offered, wait_of, profile_of, person, now) -> None:
    offer_place(wait_of("ravi"), profile_of("tia"), by=person("vera"), at=now, days=14)
    pass_on_unanswered(now + 3 * DAY)
    assert PlaceOffer.objects.get(state="open", profile=profile_of("tess")).wait == wait_of("silas")


def test_after_its_time_there_is_no_yes(offered, person, now) -> None:
    with pytest.raises(StateMoved):
        accept_place(offered, by=person("petra"), at=now + 3 * DAY)


def test_it_is_nobody_elses_to_answer(offered, person, now) -> None:
    for act in (accept_place, decline_place):
        with pytest.raises(NotAllowed):
            act(offered, by=person("cleo"), at=now)


def test_the_practice_takes_it_back_while_it_is_open(offered, person, profile_of, now) -> None:
    withdraw_offer(offered, by=person("omar"), at=now)
    assert places_of(profile_of("tess")) == 2
    with pytest.raises(StateMoved):
        withdraw_offer(offered, by=person("omar"), at=now)


def test_each_is_told_once_in_neutral_words_and_not_at_night(offered, person, now) -> None:
    address = "https://accord.example/me/wait/"
    assert tell_of_places(now.replace(hour=23), address=address) == 0
    assert (tell_of_places(now, address=address), tell_of_places(now, address=address)) == (1, 0)
    (mail,) = Notice.objects.filter(user=person("petra"))
    assert address in (mail.body or "")
    assert not [word for word in ("Tess", "place", "therap", "Harbour") if word in mail.subject + (mail.body or "")]


def test_a_place_taken_elsewhere_meanwhile_is_not_offered(wait_of, profile_of, person, now) -> None:
    take_place(profile_of("tia"), by=None, at=now)
    with pytest.raises(Full):
        offer_place(wait_of("olga"), profile_of("tia"), by=person("vera"), at=now)
    assert not PlaceOffer.objects.exists()


def test_whoever_works_together_already_cannot_begin_twice(offered, person, profile_of, wait_of, now) -> None:
    begin_pair(person("petra"), profile_of("tess").post, by=None, at=now)
    with pytest.raises(Refused, match="already"):
        accept_place(offered, by=person("petra"), at=now + DAY)
    assert wait_of("petra").ended_at is None
    decline_place(offered, by=person("petra"), at=now + DAY)


def test_a_place_with_somebody_who_left_goes_to_nobody(offered, person, profile_of, wait_of, now) -> None:
    end_post(profile_of("tess").post, on=now.date())
    with pytest.raises(Refused, match="any more"):
        accept_place(offered, by=person("petra"), at=now + DAY)
    assert pass_on_unanswered(now + 3 * DAY) == 1
    assert not PlaceOffer.objects.filter(state="open")
    assert (wait_of("petra").ended_at, wait_of("ravi").ended_at) == (None, None)
    offered.place.refresh_from_db()
    assert offered.place.released_at


def test_who_has_begun_here_otherwise_waits_no_more(wait_of, person, profile_of, now) -> None:
    begin_pair(person("noor"), profile_of("tess").post, by=person("tess"), at=now + DAY)
    assert (end_waits_of_begun(now + DAY), end_waits_of_begun(now + DAY)) == (1, 0)
    assert wait_of("noor").ended == "placed"
    assert wait_of("petra").ended_at is None
    assert Entry.objects.filter(verb="wait ended with a start").count() == 1


def test_who_has_begun_and_is_offered_a_place_answers_that_first(offered, person, profile_of, wait_of, now) -> None:
    begin_pair(person("petra"), profile_of("tia").post, by=person("tia"), at=now)
    assert end_waits_of_begun(now) == 0
    decline_place(offered, by=person("petra"), at=now + DAY)
    assert end_waits_of_begun(now + DAY) == 1


def test_who_worked_with_somebody_here_before_may_wait_for_another(person, pair_of, harbour, now) -> None:
    join_list(harbour, person("lena"), Asked(), by=person("lena"), at=now)
    pair_of("lena")
    assert end_waits_of_begun(now + DAY) == 0
