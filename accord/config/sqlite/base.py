"""SQLite with `PRAGMA trusted_schema=OFF`, as trust asks for.

With it, SQLite before 3.41 calls json_valid() in a CHECK "unsafe" and refuses the table. Django writes such a
CHECK for each JSONField, the sign-in library's too. Django itself encodes what goes into them, so the CHECK goes.
"""

from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    data_type_check_constraints: dict[str, Any] = {
        name: check for name, check in base.DatabaseWrapper.data_type_check_constraints.items() if name != "JSONField"
    }
