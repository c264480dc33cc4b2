"""Signing in as Tess, who works at Harbour Practice, and as Kai, who is a client there; outside the demo."""

import base64
import hmac
import struct
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accord.records.accounts.actions import make_link
from accord.records.accounts.models import Link, Notice, User
from accord.records.audit.models import Entry
from accord.records.practices.models import Practice

PASSWORD = "four random words indeed"


@pytest.fixture(autouse=True)
def _quick_and_fresh(settings: Any) -> Iterator[None]:
    """A cheap password hash (argon2 takes 100 MiB), and no counts of wrong tries from the test before."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    reverse("demo")  # the addresses are read once a run: for every test, with those of the demo
    settings.DEMO = False  # the doors of the demo are not under test here
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def at_nine(clock_at: Callable[[datetime], None], now: datetime) -> datetime:
    clock_at(now)
    return now


@pytest.fixture
def kai(person: Callable[[str], User]) -> User:
    return person("kai")


@pytest.fixture
def tess(person: Callable[[str], User]) -> User:
    return person("tess")


@pytest.fixture
def written(harbour: Practice) -> Callable[[], list[tuple[str, str]]]:
    """What the audit has taken down since the test began: (verb, name)."""
    before = Entry.objects.count()

    def lines() -> list[tuple[str, str]]:
        entries = Entry.objects.select_related("actor").order_by("pk")[before:]
        return [(entry.verb, str(entry.actor or "")) for entry in entries]

    return lines


@pytest.fixture
def mails(db: None) -> Callable[[], list[Notice]]:
    """The notices since the test began."""
    before = Notice.objects.count()
    return lambda: list(Notice.objects.select_related("user").order_by("pk")[before:])


@pytest.fixture
def checked() -> Client:
    """A browser whose forms are checked for their token, as in real life."""
    return Client(enforce_csrf_checks=True)


def code_of(secret: str) -> str:
    """RFC 6238 by hand: HMAC-SHA-1 over the number of the half minute, six digits.

    In the last seconds of a half minute it waits for the next, so that no test straddles two.
    """
    if time.time() % 30 > 27:
        time.sleep(30.1 - time.time() % 30)
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@pytest.fixture(name="code_of")
def _code_of() -> Callable[[str], str]:
    return code_of


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def begun(tess: User, at_nine: datetime, client: Client) -> Client:
    """Tess has opened her invitation and has set up nothing yet."""
    token = make_link(tess, Link.Purpose.INVITATION, at=at_nine)
    client.post(f"/invitation/{token}/")
    return client


@pytest.fixture
def secret(begun: Client, password: str) -> str:
    """Tess has chosen a password and set up her app: the app's secret. She has written down her codes."""
    begun.post("/staff/ways-in/password/", {"password": password})
    found = str(begun.get("/staff/ways-in/app/").context["form"].secret)
    begun.post("/staff/ways-in/app/", {"code": code_of(found)})
    return found
