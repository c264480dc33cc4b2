"""The triggers: whoever holds the connection, an entry is never changed and never removed."""

import pytest
from django.db import DatabaseError, connection, transaction

from accord.records.audit import append_only
from accord.records.audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(pair_of, now) -> Entry:
    append_only.install(connection)  # the test's transaction takes them away again
    found = Entry.objects.filter(verb="check-in answered").first()
    assert found
    return found


def refused(statement: str) -> None:
    with pytest.raises(DatabaseError, match=append_only.SENTENCE), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_update_is_refused(entry) -> None:
    refused(f"UPDATE audit_entry SET verb = 'nothing happened' WHERE id = {entry.pk}")


def test_a_delete_is_refused(entry) -> None:
    refused(f"DELETE FROM audit_entry WHERE id = {entry.pk}")


def test_the_orm_is_refused_too(entry) -> None:
    with pytest.raises(DatabaseError, match=append_only.SENTENCE), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(verb="nothing happened")
    with pytest.raises(DatabaseError, match=append_only.SENTENCE), transaction.atomic():
        entry.delete()
    entry.refresh_from_db()
    assert entry.verb == "check-in answered"


def test_a_replacing_insert_is_refused(entry) -> None:
    """SQLite's REPLACE removes a row without asking the DELETE trigger."""
    columns = 'id, at, kind, verb, "table", row, pair, detail, actor_id, practice_id'
    taken = "SELECT id, at, kind, 'nothing happened', \"table\", row, pair, detail, actor_id, practice_id"
    if connection.vendor == "postgresql":
        refused(
            f"INSERT INTO audit_entry ({columns}) {taken} FROM audit_entry WHERE id = {entry.pk} "
            "ON CONFLICT (id) DO UPDATE SET verb = 'nothing happened'"
        )
    else:
        refused(f"REPLACE INTO audit_entry ({columns}) {taken} FROM audit_entry WHERE id = {entry.pk}")


def test_emptying_the_table_is_refused(entry) -> None:
    refused("TRUNCATE audit_entry" if connection.vendor == "postgresql" else "DELETE FROM audit_entry")


def test_a_new_entry_is_welcome(entry, now) -> None:
    new = Entry.objects.create(at=now, kind="read", verb="looked", table="pairs.carepair", row="x")
    assert Entry.objects.filter(pk__in=[entry.pk, new.pk]).count() == 2


def test_installing_is_what_the_migration_does_and_it_can_be_taken_back(entry) -> None:
    append_only.remove(connection)
    assert Entry.objects.filter(pk=entry.pk).delete()[0] == 1
