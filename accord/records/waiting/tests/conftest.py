"""Five people wait at Harbour Practice; Tess has two places, Tia one, Theo none, Thandi's are stale."""

import pytest

from accord.records.profiles.queries import own_profile
from accord.records.waiting.models import Wait


@pytest.fixture
def wait_of(harbour):
    return lambda slug: Wait.objects.get(client__email=f"{slug}@harbour.example")


@pytest.fixture
def profile_of(person, now):
    return lambda slug: own_profile(person(slug), at=now)
