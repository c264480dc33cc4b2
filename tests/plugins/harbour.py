"""Fixtures over Harbour Practice: `harbour`, `person`, `browse` and the pairs of the cast."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

NOW_KEY = "tests.now"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Migrate as in real life, then take the audit's triggers away: flushing between tests would trip them."""
    from accord.records.audit import append_only  # noqa: PLC0415 (models load after Django is set up)

    with django_db_blocker.unblock():
        append_only.remove(connection)


@pytest.fixture
def harbour(db: None, now: datetime) -> Any:
    """Harbour Practice as the fixture describes it; built anew where an earlier test flushed it."""
    from accord.config.harbour import open_harbour_practice  # noqa: PLC0415
    from accord.records.practices.models import Practice  # noqa: PLC0415

    found = Practice.objects.filter(name="Harbour Practice").first()
    return found or open_harbour_practice(now)


@pytest.fixture
def person(harbour: Any) -> Callable[[str], Any]:
    """person("kai") is Kai's user."""
    from accord.records.accounts.models import User  # noqa: PLC0415

    return lambda slug: User.objects.get(email=f"{slug}@harbour.example")


@pytest.fixture
def pair_of(person: Callable[[str], Any]) -> Callable[[str], Any]:
    """pair_of("kai") is the care pair of Kai and his therapist."""
    from accord.records.pairs.queries import pairs_of_client  # noqa: PLC0415

    return lambda slug: pairs_of_client(person(slug)).get()


@pytest.fixture
def clock_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Put Accord's clock to a moment (it goes on from there)."""

    def put(moment: datetime) -> None:
        offset = (moment - datetime.now(tz=moment.tzinfo)) / timedelta(seconds=1)
        monkeypatch.setattr(settings, "CLOCK_OFFSET", offset)

    return put


@pytest.fixture
def browse(
    person: Callable[[str], Any], clock_at: Callable[[datetime], None], now: datetime
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
