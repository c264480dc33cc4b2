"""Kai and Tess, each on their side; a note of Kai's, as far as a test wants it."""

from datetime import timedelta

import pytest

from accord.records.pairs.queries import Seen
from accord.records.ruptures.saying import finish, keep_draft

WORDS = "canary-7d31 I left feeling a bit missed"


@pytest.fixture
def kai(pair_of, person) -> Seen:
    return Seen(pair_of("kai"), person("kai"), "client")


@pytest.fixture
def tess(pair_of, person) -> Seen:
    return Seen(pair_of("kai"), person("tess"), "therapist")


@pytest.fixture
def draft(kai, now):
    """draft(travels="now") is what Kai has written so far."""

    def write(**chosen):
        given = {"about": "bond", "words": WORDS, "travels": "now"} | chosen
        return keep_draft(kai, at=now, **given)

    return write


@pytest.fixture
def note(draft, kai, now):
    """note(travels="keep") is finished a minute later."""
    return lambda **chosen: finish(draft(**chosen), by=kai, at=now + timedelta(minutes=1))
