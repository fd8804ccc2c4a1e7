"""Foreign keys that the database is no longer to look up."""

import re
from collections.abc import Iterable

from alembic import op
from sqlalchemy import Connection


def forget_foreign_keys(keys: Iterable[tuple[str, str]]) -> None:
    """Of each its table and its own name."""
    if op.get_bind().dialect.name == "sqlite":
        _take_out(op.get_bind(), keys)
        return
    for table, name in keys:
        op.drop_constraint(op.f(name), table, type_="foreignkey")


def _take_out(connection: Connection, keys: Iterable[tuple[str, str]]) -> None:
    """From the words of the schema, as https://sqlite.org/lang_altertable.html (7) says how where no row changes by it:
    to rebuild the largest tables takes minutes at a million people."""
    run = connection.exec_driver_sql
    version = run("PRAGMA schema_version").scalar_one()
    run("PRAGMA writable_schema=ON")
    for table, name in keys:
        words = run("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).scalar_one()
        key = rf",\s*CONSTRAINT {name} FOREIGN KEY\(\w+\) REFERENCES \w+ \(id\)"
        words, found = re.subn(key, "", words)
        assert found == 1, (table, words)
        run("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (words, table))
    run(f"PRAGMA schema_version={version + 1}")
    run("PRAGMA writable_schema=RESET")
