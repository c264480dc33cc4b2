"""Fixtures over Harbour Practice: `harbour`, `person`, `browse` and the pairs of the cast."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accord.config.harbour import open_harbour_practice
from accord.records.accounts.models import User
from accord.records.audit import append_only
from accord.records.matching.models import Search
from accord.records.pairs.actions import begin_pair
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import pairs_of_client
from accord.records.practices.models import Practice
from accord.records.profiles.queries import own_profile
from accord.records.waiting.models import Wait
from tests.plugins import snapshot

ROWS: list[Any] = []  # Harbour Practice as it was built, for tests that come after a flush


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, now: datetime) -> None:
    """Migrate, take the audit's triggers away (a flush would trip them), build Harbour Practice once."""
    with django_db_blocker.unblock():
        append_only.remove(connection)
        open_harbour_practice(now)
        ROWS[:] = snapshot.take()


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """What one network address may do in an hour is counted anew for each test."""
    cache.clear()


@pytest.fixture
def harbour(db: None) -> Practice:
    """Harbour Practice as the fixture describes it; put back where an earlier test flushed it."""
    found = Practice.objects.filter(name="Harbour Practice").first()
    if found is None:
        snapshot.restore(ROWS)
    return found or Practice.objects.get(name="Harbour Practice")


@pytest.fixture
def person(harbour: Practice) -> Callable[[str], User]:
    """person("kai") is Kai's user."""
    return lambda slug: User.objects.get(email=f"{slug}@harbour.example")


@pytest.fixture
def no_search_before(harbour: Practice) -> None:
    """Lena's search, with which the demo begins, is not what is counted."""
    Search.objects.all().delete()


@pytest.fixture
def newcomers(harbour: Practice) -> Callable[[int], list[User]]:
    """newcomers(12) are people who never worked here and are nobody's client yet."""
    return lambda number: [
        User.objects.create_user(f"newcomer-{place}@harbour.example", f"Newcomer {place}", zone=harbour.zone)
        for place in range(number)
    ]


@pytest.fixture
def profile_of(person: Callable[[str], User], now: datetime) -> Callable[[str], Any]:
    """profile_of("tess") is what Tess says about herself, with her places as they are counted now."""
    return lambda slug: own_profile(person(slug), at=now)


@pytest.fixture
def wait_of(person: Callable[[str], User]) -> Callable[[str], Wait]:
    """wait_of("petra") is Petra's place on Harbour Practice's waiting list."""
    return lambda slug: Wait.objects.get(client=person(slug))


@pytest.fixture
def pair_of(person: Callable[[str], User]) -> Callable[[str], CarePair]:
    """pair_of("kai") is the care pair of Kai and his therapist."""
    return lambda slug: pairs_of_client(person(slug)).get()


@pytest.fixture
def new_pair(person: Callable[[str], User], now: datetime) -> CarePair:
    """Cleo begins with Tess, a week ago; they have not met yet."""
    return begin_pair(person("cleo"), person("tess").posts.get(role="therapist"), by=None, at=now - timedelta(weeks=1))


@pytest.fixture
def clock_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Put Accord's clock to a moment (it goes on from there)."""

    def put(moment: datetime) -> None:
        offset = (moment - datetime.now(UTC)) / timedelta(seconds=1)  # two zones alike would forget summer time
        monkeypatch.setattr(settings, "CLOCK_OFFSET", offset)

    return put


@pytest.fixture
def browse(
    person: Callable[[str], User], clock_at: Callable[[datetime], None], now: datetime
) -> Callable[[str], Client]:
    """browse("tess") is a test client signed in as Tess, at the fixture's time; browse("") is signed out."""
    clock_at(now)

    def as_person(slug: str) -> Client:
        client = Client()
        if slug:
            client.force_login(person(slug), backend="allauth.account.auth_backends.AuthenticationBackend")
            session = client.session
            session["demo"] = True
            session.save()
        return client

    return as_person
