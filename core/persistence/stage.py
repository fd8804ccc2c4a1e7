"""What is to be written, laid out beforehand in a file of its own beside the database.

Writing it is then one statement a table, which SQLite carries out by itself and PostgreSQL takes as a stream: whoever
waits for the writer's turn waits for no line of Python.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from core.persistence.store import sqlite_module
from core.persistence.tables import Table

PREFIX = "perennial-stage-"


def scratch(path: Path | None = None) -> Any:
    """A database of no importance, quick because it may be lost; without a path it ends with its connection."""
    db = sqlite_module().connect(str(path) if path else "", isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=NORMAL", "cache_size=-32768"):
        db.execute(f"PRAGMA {pragma}")
    return db


class Stage:
    """Tables of plain columns, filled outside the writer's turn and copied within it. Gone when it is closed."""

    def __init__(self, tables: Mapping[str, Sequence[str]]) -> None:
        """`tables`: of each table its columns, as SQLite declares them (`id INTEGER PRIMARY KEY`, or a name alone)."""
        _forget_broken_off()
        self._folder = tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", ignore_cleanup_errors=True)
        self.path = Path(self._folder.name) / "stage.db"
        self._db = scratch(self.path)
        self.tables = tuple(tables)
        self._marks: dict[str, str] = {}
        for name, columns in tables.items():
            self._db.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
            self._marks[name] = ", ".join("?" for column in columns if not column.startswith(("UNIQUE", "PRIMARY KEY")))
        self._db.execute("BEGIN")

    def add(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        self._db.executemany(f"INSERT INTO {table} VALUES ({self._marks[table]})", rows)  # noqa: S608 - our names

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        return list(self._db.execute(statement, values).fetchall())

    def run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        self._db.executemany(statement, rows)

    def number(self, table: str) -> int:
        return int(self.run(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - our names

    def done(self) -> None:
        """All of it is there, and may be read by others."""
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    def rows(self, query: str, values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        return iter(self._db.execute(query, values))

    def close(self) -> None:
        self._db.close()
        self._folder.cleanup()

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self.close()


def _forget_broken_off() -> None:
    """What a program that was killed had laid out is of nobody, and tells of people."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        number = folder.name.removeprefix(PREFIX).partition("-")[0]
        if number.isdigit() and not _is_running(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's, or Windows, where asking is not to be had so cheaply
        return True
    return True


def copy(
    session: Session, stage: Stage, table: type[Table], columns: Mapping[str, str], rest: str, **values: Any
) -> None:
    """Copy rows of the stage to a table: each column as an expression over them and over `values`.

    `rest` is the statement from its FROM on. On SQLite the session's database has the stage beside it
    (`Store.working(beside=…)`).
    """
    into = f"{table.__tablename__} ({', '.join(columns)})"
    query = f"SELECT {', '.join(columns.values())} {rest}"
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"INSERT INTO main.{into} {query}", values)
        return
    driver: Any = connection.connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copying:
        for row in stage.rows(query, values):
            copying.write_row(row)
