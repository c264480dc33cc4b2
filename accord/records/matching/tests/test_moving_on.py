"""What comes between while a move is open: a long time without a session, an end, somebody who leaves."""

from datetime import timedelta

import pytest

from accord.records.accounts.models import Notice
from accord.records.errors import Refused
from accord.records.matching import enquiring, moving, replying
from accord.records.matching.departures import bring_moves_back, end_enquiries
from accord.records.matching.models import Letter
from accord.records.matching.moving import Farewell
from accord.records.matching.moving_queries import left_open, people_for_move
from accord.records.matching.tests.conftest import LINK
from accord.records.pairs.actions import begin_pair, end_pair
from accord.records.practices.actions import end_post
from accord.records.profiles.models import Place
from accord.records.sessions.models import HeldHour, TherapySession

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def asked(lena, profile_of, now):
    move = moving.begin_move(by=lena, at=now)
    moving.choose_person(move, profile_of("tess").code, by=lena, at=now)
    moving.choose_goodbye(move, Farewell("none"), by=lena)
    moving.ask_new(move, by=lena, at=now)
    return move


@pytest.fixture
def offered(asked, person, now):
    moving.offer_first(asked, now + 8 * DAY, by=person("tess"), at=now)
    return asked


@pytest.fixture
def away(lena, now):
    """The last session was three weeks ago, and none is booked."""
    theirs = TherapySession.objects.filter(pair=lena.pair)
    theirs.filter(starts_at__gt=now).delete()
    for session in theirs:
        TherapySession.objects.filter(pk=session.pk).update(starts_at=session.starts_at - 21 * DAY)


@pytest.mark.parametrize("days", [2, 13])
def test_days_that_passed_without_a_session_do_not_stop_a_yes(away, asked, lena, person, now, days):
    moving.offer_first(asked, now + days * DAY, by=person("tess"), at=now)
    assert moving.confirm_move(asked, by=lena, at=now).therapist.user == person("tess")


def test_without_sessions_the_days_that_come_still_count(away, asked, person, now):
    with pytest.raises(Refused, match="more than 14 days"):
        moving.offer_first(asked, now + 15 * DAY, by=person("tess"), at=now)


def test_a_yes_that_would_cancel_the_session_between_waits_for_it(asked, lena, person, now):
    [coming] = TherapySession.objects.filter(pair=lena.pair, state="booked", starts_at__gt=now)[:1]
    moving.offer_first(asked, now + 13 * DAY, by=person("tess"), at=now)
    with pytest.raises(Refused, match="after your next one"):
        moving.confirm_move(asked, by=lena, at=now)
    TherapySession.objects.filter(pk=coming.pk).update(state="held")
    moving.confirm_move(asked, by=lena, at=coming.ends_at + HOUR)


def test_after_the_end_of_the_old_pair_the_yes_still_counts(offered, lena, person, now):
    end_pair(lena.pair, by=None, at=now)
    lena.pair.refresh_from_db()
    assert left_open(lena.viewer) == offered
    assert moving.confirm_move(offered, by=lena, at=now).therapist.user == person("tess")
    assert left_open(lena.viewer) is None


def test_after_the_end_of_the_old_pair_it_can_be_stopped_and_the_place_is_free(offered, lena, now):
    end_pair(lena.pair, by=None, at=now)
    lena.pair.refresh_from_db()
    moving.cancel_move(offered, by=lena, at=now)
    assert not Place.objects.filter(client=lena.viewer, released_at=None).exists()
    assert not HeldHour.objects.exists()


def test_after_the_end_of_the_old_pair_somebody_else_can_be_asked(offered, lena, profile_of, now):
    end_pair(lena.pair, by=None, at=now)
    lena.pair.refresh_from_db()
    moving.ask_other_time(offered, by=lena, at=now)
    moving.lapse_moves(offered.reply_by)
    offered.refresh_from_db()
    found = people_for_move(offered, at=now).people
    assert found
    assert profile_of("theo") not in [one.profile for one in found]
    moving.choose_person(offered, found[0].profile.code, by=lena, at=now)
    moving.ask_new(offered, by=lena, at=now)


def test_nobody_begins_with_a_therapist_who_has_left(offered, lena, now):
    end_post(offered.to.post, on=now.date())
    with pytest.raises(Refused, match="does not work here any more"):
        moving.confirm_move(offered, by=lena, at=now)
    lena.pair.refresh_from_db()
    assert lena.pair.ended_on is None, "the good old pair stands"


@pytest.mark.parametrize("stage", ["asked", "offered"])
def test_a_move_to_somebody_who_has_left_comes_back_and_the_client_is_told(stage, request, lena, now):
    move, told = request.getfixturevalue(stage), Notice.objects.filter(user=lena.viewer).count()
    assert bring_moves_back(now) == 0
    end_post(move.to.post, on=now.date())
    assert bring_moves_back(now) == 1
    move.refresh_from_db()
    assert (move.state, move.to, move.place) == ("begun", None, None)
    assert move.note, "what they wrote is kept"
    assert Notice.objects.filter(user=lena.viewer).count() == told + 1
    assert not Place.objects.filter(client=lena.viewer, released_at=None).exists()
    assert not HeldHour.objects.exists()


def test_with_a_pair_of_the_same_two_meanwhile_a_yes_is_refused_in_plain_words(offered, lena, now):
    begin_pair(lena.viewer, offered.to.post, by=None, at=now)
    with pytest.raises(Refused, match="work together already"):
        moving.confirm_move(offered, by=lena, at=now)
    lena.pair.refresh_from_db()
    assert lena.pair.ended_on is None
    moving.cancel_move(offered, by=lena, at=now)


@pytest.mark.parametrize("agreed", [False, True])
def test_an_enquiry_to_somebody_who_has_left_ends_with_the_letter_that_leads_on(agreed, enquiry, person, now):
    if agreed:
        replying.offer_call(enquiry, [now + DAY], how="I ring.", by=person("tess"), at=now, link_url=LINK)
        enquiring.choose_time(enquiry, now + DAY, by=None, at=now)
    letters = Letter.objects.count()
    assert end_enquiries(now, link_url=LINK) == 0
    end_post(enquiry.to, on=now.date())
    assert end_enquiries(now, link_url=LINK) == 1
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.name) == ("declined", None)
    assert Letter.objects.count() == letters + 1
    assert end_enquiries(now, link_url=LINK) == 0
