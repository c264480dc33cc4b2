"""What each of the cast gets from an address."""

import pytest

PEOPLE = ("omar", "rui", "ines", "tess", "theo", "sana", "sam", "kai", "jo", "")


@pytest.fixture
def cast(browse):
    def tries(path):
        return {slug: browse(slug).get(path).status_code for slug in PEOPLE}

    return tries


@pytest.fixture
def only():
    """only("omar") is what everybody gets from a page that is Omar's alone."""
    return lambda one: {slug: 200 if slug == one else 403 if slug else 302 for slug in PEOPLE}
