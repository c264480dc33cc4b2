"""The places of Harbour Practice: Tess 18 of 20, Theo 20 of 20, Thandi 15 of 18 and 40 days old, Tia 9 of 10."""

import pytest

from accord.records.profiles.queries import own_profile


@pytest.fixture
def profile_of(person, now):
    """profile_of("tess") is her profile, counted now."""
    return lambda slug: own_profile(person(slug), at=now)
