"""Saved means saved: what the database was asked for is read back at start, and less is refused."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from accord.config.environment import SQLITE_PRAGMAS


def shortcomings(db: BaseDatabaseWrapper) -> list[str]:
    """What this connection does not hold to; an empty list is what we want."""
    wanted = SQLITE_PRAGMAS if db.vendor == "sqlite" else {"synchronous_commit": "on", "fsync": "on"}
    if db.vendor == "sqlite" and db.is_in_memory_db():  # type: ignore[attr-defined]
        wanted = {name: value for name, value in wanted.items() if name not in {"journal_mode", "busy_timeout"}}
    word = "PRAGMA" if db.vendor == "sqlite" else "SHOW"
    found = {}
    with db.cursor() as cursor:
        for name in wanted:
            cursor.execute(f"{word} {name}")
            found[name] = str(cursor.fetchone()[0]).lower()
    return [f"{name} is {found[name]}, it must be {value}" for name, value in wanted.items() if found[name] != value]


def refuse_less() -> None:
    """Called before the first request is served."""
    found = shortcomings(connection)
    if found:
        raise ImproperlyConfigured(f"The database would lose answers that were acknowledged: {'; '.join(found)}.")


def check_durability(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if not kwargs.get("databases"):
        return []
    return [Error(text, id="accord.E002") for text in shortcomings(connection)]
