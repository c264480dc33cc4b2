"""What every test stands on: a demo of its own in a temporary folder, Harbour Practice, and the fixture's clock."""

import os
import tempfile
from datetime import datetime
from zoneinfo import ZoneInfo

os.environ["ACCORD_DEMO"] = "1"
os.environ["ACCORD_VAR"] = tempfile.mkdtemp(prefix="accord-tests-")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser driver runs a loop of its own in this thread

os.environ["DJANGO_SETTINGS_MODULE"] = "accord.config.settings"  # not in pyproject.toml: what stands above comes first

import django
import hypothesis
import pytest
from django.urls import get_resolver

hypothesis.settings.register_profile("house", deadline=None)  # time is measured in benchmarks, never in a test
hypothesis.settings.load_profile("house")

django.setup()
assert get_resolver().url_patterns  # read now: a test that plays "no demo" must not be the first to ask

pytest_plugins = ["tests.plugins.harbour"]

NOW = datetime(2024, 5, 6, 9, 0, tzinfo=ZoneInfo("Europe/Lisbon"))


@pytest.fixture(scope="session")
def now() -> datetime:
    """Monday 6 May, nine in the morning in Lisbon: ten minutes before Kai's sixth session."""
    return NOW
