"""Lena and Theo: three visits, two agreed tasks, a fit check that waits."""

import pytest

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
