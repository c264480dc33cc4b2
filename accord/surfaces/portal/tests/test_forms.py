"""What a client's browser sends becomes what the actions take; nothing is invented."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from accord.science.instruments import BY_ID
from accord.surfaces.portal.forms import answers_from

CHECK_IN = BY_ID["checkin@1"]


def read(**sent: str):
    posted = QueryDict(mutable=True)
    posted.update(sent)
    return answers_from(posted, CHECK_IN, at=datetime(2024, 5, 6, 9, tzinfo=UTC))


def test_numbers_are_numbers_and_codes_are_codes():
    given = read(bond="3", goal="skipped", task="not-sure", tension="a-bit")
    assert given.answers == {"bond": 3, "goal": "skipped", "task": "not-sure", "tension": "a-bit"}


def test_what_was_not_sent_is_not_there():
    assert read(bond="3", goal="").answers == {"bond": 3}


@pytest.mark.parametrize("odd", ["٣", "3.0", "-1", "1e1", "³", "9" * 5000])
def test_an_odd_number_stays_text_and_is_refused_by_the_instrument(odd):
    assert read(bond=odd).answers == {"bond": odd}


@pytest.mark.parametrize("tension", ["no", "not-sure", "skipped"])
def test_words_that_no_longer_apply_do_not_travel(tension):
    given = read(tension=tension, note="I was going to say", travels="now")
    assert (given.note, given.travels) == ("", "")


def test_words_travel_when_something_is_off():
    given = read(tension="yes", note="It felt rushed", travels="myself")
    assert (given.note, given.travels) == ("It felt rushed", "myself")


def test_the_phones_clock_and_zone_are_kept():
    given = read(answered_at="2024-05-06T08:12:30+01:00", zone_offset="60")
    assert given.answered_at == datetime(2024, 5, 6, 7, 12, 30, tzinfo=UTC)
    assert given.zone_offset == 60


def test_a_time_without_a_zone_is_read_in_the_phones():
    given = read(answered_at="2024-05-06T08:12:30", zone_offset="-120")
    assert given.answered_at == datetime(2024, 5, 6, 10, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("moment", ["", "soon", "2024-13-45T99:99", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"])
def test_a_time_that_cannot_be_read_is_left_out(moment):
    assert read(answered_at=moment).answered_at is None


@pytest.mark.parametrize("offset", ["", "east", "100000", "1.5"])
def test_a_zone_that_cannot_be_is_left_out(offset):
    assert read(zone_offset=offset).zone_offset is None


def test_the_way_of_answering_is_kept_for_known_items_and_ways_only():
    given = read(bond="3", goal="7", mode="bond:slider goal:telepathy colour:words")
    assert given.modes == {"bond": "slider"}
