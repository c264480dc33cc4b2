"""What the database says about itself: its kind, and whether what is saved stays saved."""

from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

SQLITE = {
    "journal_mode": _("changes are written to a log first"),
    "synchronous": _("2 means that an answer is on the disk before anybody is told that it is saved"),
    "foreign_keys": _("no row may point to nothing"),
    "secure_delete": _("what is deleted is overwritten"),
    "busy_timeout": _("milliseconds that a write waits for another"),
}
POSTGRESQL = {
    "synchronous_commit": _("on means that an answer is on the disk before anybody is told that it is saved"),
    "fsync": _("on means that the server insists on it"),
}


class Setting(NamedTuple):
    name: str
    value: str
    meaning: str


def kind() -> str:
    """The product and its version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        version = str(cursor.fetchone()[0]).split()[0]
    return f"{connection.display_name} {version}"


def read_back() -> list[Setting]:
    """The settings as the database holds them now, not as they were asked for."""
    names, word = (SQLITE, "PRAGMA") if connection.vendor == "sqlite" else (POSTGRESQL, "SHOW")
    with connection.cursor() as cursor:
        found = []
        for name, meaning in names.items():
            cursor.execute(f"{word} {name}")
            found.append(Setting(name, str(cursor.fetchone()[0]), str(meaning)))
    return found
