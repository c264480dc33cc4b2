"""Lena and Theo: three visits, two agreed tasks, a fit check that waits. And Cleo, who looks for somebody."""

import pytest

from accord.records.matching.enquiring import send_enquiry
from accord.records.matching.searching import answer_search, begin_search, keep_contact
from accord.records.pairs.queries import Seen


@pytest.fixture
def pair(pair_of):
    return pair_of("lena")


@pytest.fixture
def lena(pair):
    return Seen(pair, pair.client, "client")


@pytest.fixture
def theo(pair):
    return Seen(pair, pair.therapist.user, "therapist")


def given(*picks, strength=""):
    return {"picks": list(picks), "strength": strength}


CLEOS = {
    "needs": given("anxiety", strength="much"),
    "language": given("language:es", strength="must"),
    "way": given("video", strength="much"),
    "times": given("evenings", strength="some"),
    "structure": given("right-much"),
    "homework": given("not-sure"),
    "person": given("skipped"),
}
CONTACT = {
    "name": "Cleo",
    "reach": "555 0104, evenings",
    "address": "c.marsh@example.org",
    "words": "It is the nights.",
    "tells": "yes",
}
LINK = "http://localhost/find/back/{token}/"


@pytest.fixture
def search(harbour, now):
    """Cleo, signed out: worry, Spanish, video, evenings, a plan."""
    found = begin_search(by=None, at=now)
    for slug, answer in CLEOS.items():
        found = answer_search(found, slug, answer, at=now)
    return keep_contact(found, CONTACT, at=now)


@pytest.fixture
def enquiry(search, profile_of, now):
    """To Tess."""
    return send_enquiry(search, profile_of("tess"), CONTACT, by=None, at=now)
