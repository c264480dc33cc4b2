"""Tess's desk: what she may do as the therapist of a pair, and flags to do it about."""

import pytest

from accord.records.pairs.queries import Seen
from accord.records.ruptures.actions import raise_flag

FIELDS = {"version": "flags@2", "params": "alliance@1-default", "readings": [1], "cannot_know": "why"}


@pytest.fixture
def at_desk(pair_of, person):
    """at_desk("kai") is Kai's pair as Tess sees it."""
    return lambda slug: Seen(pair_of(slug), person("tess"), "therapist")


@pytest.fixture
def as_client(pair_of, person):
    return lambda slug: Seen(pair_of(slug), person(slug), "client")


@pytest.fixture
def flagged(pair_of, now):
    """flagged("kai", "dip", "bond") raises a flag at the newest session."""

    def flag(slug, kind, pillar="", *, number=5, at=None):
        session = pair_of(slug).sessions.get(number=number)
        raised = raise_flag(session, {**FIELDS, "kind": kind, "pillar": pillar}, at=at or now)
        assert raised
        return raised

    return flag
