"""Every row of the test database, kept in memory: after a flush it is put back in milliseconds."""

from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, transaction


class Table(NamedTuple):
    name: str
    columns: list[str]
    rows: list[tuple[Any, ...]]


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def take() -> list[Table]:
    """The rows of all our tables."""
    models = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
    with connection.cursor() as cursor:
        return [_table(cursor, model._meta.db_table) for model in models]


def _table(cursor: Any, name: str) -> Table:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
    columns = [column[0] for column in cursor.description]
    return Table(name, columns, [tuple(map(_plain, row)) for row in cursor.fetchall()])


def restore(tables: list[Table]) -> None:
    """Put the rows back; what a flush leaves behind (nothing, or the content types) is replaced."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in reversed(tables):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table.name)}")
        for table in tables:
            _fill(cursor, table)


def _fill(cursor: Any, table: Table) -> None:
    if not table.rows:
        return
    columns = ", ".join(map(connection.ops.quote_name, table.columns))
    places = ", ".join(["%s"] * len(table.columns))
    into = connection.ops.quote_name(table.name)
    cursor.executemany(f"INSERT INTO {into} ({columns}) VALUES ({places})", table.rows)
