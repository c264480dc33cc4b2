"""Saved means saved: what the database was asked for is read back, and less does not start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from accord.config.durability import check_durability, refuse_less, shortcomings
from accord.config.environment import SQLITE_PRAGMAS, DatabaseUrl

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL")
ROOT = Path(__file__).parents[3]


def read(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"{'PRAGMA' if connection.vendor == 'sqlite' else 'SHOW'} {name}")
        return str(cursor.fetchone()[0]).lower()


def test_this_very_connection_falls_short_of_nothing() -> None:
    assert shortcomings(connection) == []
    refuse_less()
    assert check_durability(None, databases=["default"]) == []


def test_without_a_database_at_hand_the_check_says_nothing() -> None:
    assert check_durability(None) == []


@on_sqlite
@pytest.mark.parametrize(("name", "value"), SQLITE_PRAGMAS.items())
def test_each_pragma_is_read_back_as_asked(name, value) -> None:
    assert read(name) == value


@on_sqlite
def test_power_cuts_are_waited_for_and_not_only_crashes() -> None:
    assert SQLITE_PRAGMAS["synchronous"] == "2"  # FULL; 1 would be NORMAL


@on_postgres
@pytest.mark.parametrize("name", ["synchronous_commit", "fsync", "full_page_writes"])
def test_each_setting_is_read_back_as_asked(name) -> None:
    assert read(name) == "on"


@on_postgres
def test_a_session_that_does_not_wait_for_the_disk_is_refused() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    with pytest.raises(ImproperlyConfigured, match="synchronous_commit is off, it must be on"):
        refuse_less()


def start(tmp_path: Path, url: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """The application, in a process of its own, with a database of its own."""
    around = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    around |= {"ACCORD_DEMO": "1", "ACCORD_VAR": str(tmp_path), "PYTHONPATH": f"{tmp_path}:{ROOT}", **environment}
    if url:
        around["DATABASE_URL"] = url
    command = [sys.executable, "-c", "import accord.config.asgi"]
    return subprocess.run(command, env=around, capture_output=True, text=True, timeout=60, cwd=tmp_path)


@on_sqlite
@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("synchronous=NORMAL", "synchronous is 1, it must be 2"),
        ("journal_mode=DELETE", "journal_mode is delete, it must be wal"),
    ],
)
def test_a_weaker_sqlite_does_not_start(tmp_path, asked, named) -> None:
    (tmp_path / "weaker.py").write_text(
        f"from accord.config.settings import *\nDATABASES['default']['OPTIONS']['init_command'] += 'PRAGMA {asked};'\n"
    )
    started = start(tmp_path, DJANGO_SETTINGS_MODULE="weaker")
    assert started.returncode != 0
    assert named in started.stderr


@on_sqlite
def test_sqlite_as_we_ask_for_it_starts(tmp_path) -> None:
    started = start(tmp_path, DJANGO_SETTINGS_MODULE="accord.config.settings")
    assert started.returncode == 0, started.stderr


@on_postgres
@pytest.mark.parametrize(("commit", "starts"), [("off", False), ("local", False), ("on", True)])
def test_a_weaker_postgresql_does_not_start(tmp_path, commit, starts) -> None:
    held = connection.settings_dict
    url = f"postgresql://{held['USER']}@{held['HOST']}:{held['PORT']}/{held['NAME']}"
    options = {"PGOPTIONS": f"-c synchronous_commit={commit}", "DJANGO_SETTINGS_MODULE": "accord.config.settings"}
    started = start(tmp_path, url, **options)
    assert (started.returncode == 0) is starts, started.stderr
    assert starts or f"synchronous_commit is {commit}" in started.stderr


@on_sqlite
def test_foreign_keys_and_one_writer_at_a_time_are_asked_for() -> None:
    options = DatabaseUrl("sqlite:////tmp/accord-no-such-folder-needed.sqlite3").settings()["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "PRAGMA synchronous=2;" in options["init_command"]


@on_sqlite
def test_the_tests_themselves_run_on_a_file_as_real_life_does() -> None:
    assert not connection.is_in_memory_db()  # type: ignore[attr-defined]
