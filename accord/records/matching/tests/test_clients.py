"""Who becomes a client by a mail address: anybody, but for those who work anywhere now, or ever worked here."""

from datetime import timedelta

import pytest

from accord.records.accounts.models import User
from accord.records.errors import NotFound, Refused
from accord.records.matching.clients import client_of
from accord.records.pairs.actions import begin_pair
from accord.records.practices.models import Post, Practice
from accord.records.sessions.actions import book
from accord.records.sessions.calendar_actions import make_address
from accord.records.sessions.queries import calendar_behind

DAY = timedelta(days=1)
ADDRESS = "nell@example.org"


@pytest.fixture
def client(harbour, now):
    return lambda address: client_of(address, harbour, name="Nell", language="", at=now)


@pytest.fixture
def worked(db, now):
    """Nell worked in a practice until today."""

    def former(practice: Practice) -> User:
        nell = User.objects.create_user(ADDRESS, "Nell Grove")
        day = now.date()
        Post.objects.create(practice=practice, user=nell, role="therapist", since=day - 900 * DAY, until=day)
        return nell

    return former


def test_it_is_made_for_an_address_that_is_new(client, harbour):
    assert (client(ADDRESS).name, client(ADDRESS).zone) == ("Nell", harbour.zone)


def test_it_is_the_one_who_is_known(client, person):
    assert client("KAI@harbour.example") == person("kai")


@pytest.mark.parametrize("slug", ["tess", "sana", "sam"])
def test_who_works_anywhere_now_is_refused(client, person, slug):
    with pytest.raises(Refused, match="No page can be made"):
        client(person(slug).email)


def test_a_former_colleague_is_refused(client, worked, harbour):
    worked(harbour)
    with pytest.raises(Refused, match="No page can be made"):
        client(ADDRESS)


def test_who_worked_elsewhere_before_is_a_client_like_anybody(client, worked):
    nell = worked(Practice.objects.create(name="Elsewhere"))
    assert client(ADDRESS) == nell


def test_their_calendar_opens_again_with_a_therapist_of_their_own(worked, person, now):
    nell, tess = worked(Practice.objects.create(name="Elsewhere")), person("tess")
    address = make_address(nell, at=now)
    with pytest.raises(NotFound):
        calendar_behind(address, at=now)
    pair = begin_pair(nell, Post.objects.get(user=tess, role="therapist"), by=tess, at=now)
    session = book(pair, now + 40 * DAY, by=tess, at=now)
    assert calendar_behind(address, at=now) == [session]


@pytest.mark.parametrize("address", ["", "nell", "nell@"])
def test_what_is_no_address_is_refused(client, address):
    with pytest.raises(Refused, match="No page can be made"):
        client(address)
