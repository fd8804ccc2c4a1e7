"""What is to be written, laid out beforehand in a file of its own beside the database.

Writing it is then one statement a table, which SQLite carries out by itself and PostgreSQL takes as a stream: whoever
waits for the writer's turn waits for no line of Python.
"""

import re
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, ColumnElement, String, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.persistence.bulk import strokes
from core.persistence.folders import own_folder, put_away
from core.persistence.store import sqlite_module
from core.persistence.tables import Table

TOGETHER = 100
STREAMED = 500
"""Rows put in words together: so few that PostgreSQL still has some to write meanwhile."""
TRIES = 100


def scratch(of: object) -> Any:
    """A database of no importance, quick because it may be lost; it goes when what it is `of` goes.

    In a file all the same: SQLite keeps a database without a name in memory, however large, where it is built so.
    """
    folder = own_folder()
    db = _open(folder / "scratch.db")
    weakref.finalize(of, _put_away, db, folder)
    return db


def put(db: Any, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows, a hundred to a statement, which takes half the time of one by one."""
    into = f"INSERT INTO {table} VALUES "  # noqa: S608 - our names
    for some in strokes(rows, TOGETHER):
        marks = f"({', '.join('?' * len(some[0]))})"
        db.execute(into + ", ".join([marks] * len(some)), list(chain.from_iterable(some)))


def _put_away(db: Any, folder: Path) -> None:
    db.close()
    put_away(folder)


def _open(path: Path) -> Any:
    db = sqlite_module().connect(str(path), isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=NORMAL", "cache_size=-32768"):
        db.execute(f"PRAGMA {pragma}")
    db.execute("BEGIN")  # and no end of it, or each row would be one
    return db


class Stage:
    """Tables of plain columns, filled outside the writer's turn and copied within it. Gone when it is closed."""

    def __init__(self, tables: Mapping[str, Sequence[str]]) -> None:
        """`tables`: of each table its columns, as SQLite declares them (`id INTEGER PRIMARY KEY`, or a name alone)."""
        self._folder = own_folder()
        self.path = self._folder / "stage.db"
        self._db = _open(self.path)
        self.tables = tuple(tables)
        self.number: Mapping[str, int] = {}
        """Rows of each, once it is done."""
        for name, columns in tables.items():
            in_order = "WITHOUT ROWID" if columns[-1].startswith("PRIMARY KEY") else ""
            self._db.execute(f"CREATE TABLE {name} ({', '.join(columns)}) {in_order}")

    def add(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        put(self._db, table, rows)

    def run(self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        return list(self._db.execute(statement, values).fetchall())

    def last(self, table: str) -> int:
        """The number of the newest row of one whose rows are numbered as they come."""
        return int(self.run(f"SELECT coalesce(max(rowid), 0) FROM {table}")[0][0])  # noqa: S608 - our names

    def done(self) -> None:
        """All of it is there, counted, and may be read by others."""
        self.number = {name: int(self.run(f"SELECT count(*) FROM {name}")[0][0]) for name in self.tables}  # noqa: S608
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    def rows(self, query: str, values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        return iter(self._db.execute(query, values))

    def close(self) -> None:
        _put_away(self._db, self._folder)

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def ids_from(session: Session, table: type[Table], number: int) -> int:
    """The first of so many ids in a row that nobody else will use."""
    if session.get_bind().dialect.name == "sqlite":  # its one writer is us
        last: int = session.scalar(select(func.max(table.__table__.c.id))) or 0
        return last + 1
    query = text(
        "SELECT min(id), max(id) FROM"
        " (SELECT nextval(CAST(:sequence AS regclass)) AS id FROM generate_series(1, :number)) AS taken"
    )
    for _ in range(TRIES if number else 0):
        first, last = session.execute(query, {"sequence": f"{table.__tablename__}_id_seq", "number": number}).one()
        if last - first + 1 == number:  # else somebody has taken one in between, and these are let go
            return int(first)
    return 1


STRETCH = "{0} > :after AND {0} <= :upto ORDER BY {0}"
"""Rows of one stretch of a table, by the column that numbers them as they come."""


def copy(
    session: Session, stage: Stage, table: type[Table], columns: Mapping[str, str], rest: str, values: Mapping[str, Any]
) -> None:
    """Copy rows of the stage to a table: each column as an expression over them and over `values`.

    `rest` is the statement from its FROM on, with a STRETCH: the rows after `values["after"]`, up to `values["upto"]`.
    On SQLite the session's database has the stage beside it (`Store.working(beside=…)`).
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        into, query = ", ".join(columns), f"SELECT {', '.join(columns.values())} {rest}"
        connection.exec_driver_sql(f"INSERT INTO main.{table.__tablename__} ({into}) {query}", values)
    else:
        send(session, table, columns, in_words(stage, table, columns, rest, values))


def in_words(
    stage: Stage, table: type[Table], columns: Mapping[str, str], rest: str, values: Mapping[str, Any]
) -> Iterator[str]:
    """The same rows as PostgreSQL is to be told of them, some hundreds at a time."""
    varying, alike = _parted(columns)
    line = " || ',' || ".join(_said(table.__table__.c[name], of) for name, of in varying.items())
    end = "".join(f",{_told(of, values)}" for of in alike.values())
    query = f"SELECT group_concat(line, '') FROM (SELECT {line} || :end AS line {rest})"  # noqa: S608 - our names
    for after in range(values["after"], values["upto"], STREAMED):
        some = {"after": after, "upto": min(after + STREAMED, values["upto"]), "end": f"{end}\n"}
        [(lines,)] = stage.run(query, {**values, **some})
        if lines:
            yield lines


def send(session: Session, table: type[Table], columns: Mapping[str, str], lines: Iterable[str]) -> None:
    """Rows of a table of PostgreSQL, as `in_words` has told them."""
    connection = session.connection()
    driver: Any = connection.connection
    varying, alike = _parted(columns)
    copy_in = f"COPY {table.__tablename__} ({', '.join([*varying, *alike])}) FROM STDIN (FORMAT csv)"
    try:
        with driver.cursor() as cursor, cursor.copy(copy_in) as copying:
            for some in lines:
                copying.write(some)
    except connection.dialect.loaded_dbapi.IntegrityError as taken:  # as of any statement
        raise IntegrityError(copy_in, None, taken, hide_parameters=True) from taken


def _parted(columns: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What varies from row to row, and what is the same in all of them."""
    alike = {name: of for name, of in columns.items() if _ALIKE.fullmatch(of)}
    return {name: of for name, of in columns.items() if name not in alike}, alike


_ALIKE = re.compile(r":\w+|'[^']*'|\d+")
"""What is the same in all rows is put in words once, and stands at their end."""


def _said(column: ColumnElement[Any], of: str) -> str:
    """Text in quotation marks; nothing at all, which is no empty text, without. Numbers and days need none."""
    if not isinstance(column.type, String | JSON):
        return f"coalesce({of}, '')"
    return f"""coalesce('"' || replace({of}, '"', '""') || '"', '')"""


def _told(of: str, values: Mapping[str, Any]) -> str:
    """The same of what is known already: a value, a number or a text."""
    value = values[of[1:]] if of.startswith(":") else int(of) if of.isdigit() else of.strip("'")
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    return '"' + str(value).replace('"', '""') + '"'
