"""Many rows at a stroke: as fast as the database takes them, with the types of the tables."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.persistence.tables import Table

T = TypeVar("T")
AT_A_STROKE = 5_000
"""Rows written, or values asked for, in one statement."""

AS_LIST = {
    "sqlite": "SELECT value FROM json_each(:list)",
    "postgresql": 'SELECT unnest(CAST(:list AS text[])) COLLATE "C" AS value',
}
"""Many texts in one parameter, as rows of one column: `value`. Their order and number are nothing to the planner."""

Step = Callable[[int], None]
"""Told how many rows more are written."""


def insert_rows(
    session: Session, table: type[Table], columns: Sequence[str], rows: Sequence[tuple[Any, ...]], step: Step | None
) -> None:
    """Insert these, in their order. Nothing is filled in: every column that may not be null is named."""
    into = table.__table__
    for some in strokes(rows):
        _insert(session, into, columns, some)
        if step is not None:
            step(len(some))


def reserved_ids(session: Session, table: type[Table], number: int) -> list[int]:
    """Ids for so many new rows, ascending, which nobody else will use."""
    if session.get_bind().dialect.name == "sqlite":  # its one writer is us
        last: int = session.scalar(select(func.max(table.__table__.c.id))) or 0
        return list(range(last + 1, last + 1 + number))
    sequence = f"{table.__tablename__}_id_seq"
    query = text("SELECT nextval(CAST(:sequence AS regclass)) FROM generate_series(1, :number)")
    return sorted(session.scalars(query, {"sequence": sequence, "number": number}))


def strokes(things: Iterable[T], size: int = AT_A_STROKE) -> Iterator[list[T]]:
    """As many as one statement has room for, and so on."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some


def as_list(dialect: str, texts: Sequence[str]) -> Any:
    """What AS_LIST takes as its parameter."""
    return json.dumps(texts) if dialect == "sqlite" else list(texts)


def _insert(session: Session, table: sqlalchemy.Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    connection = session.connection()
    stored = _as_stored([table.c[name].type for name in columns], rows, connection.dialect)
    named = ", ".join(columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({named}) VALUES ({marks})", stored)  # noqa: S608 - our names
        return
    driver: Any = connection.connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({named}) FROM STDIN") as copy:
        for row in stored:
            copy.write_row(row)


def _as_stored(
    types: Sequence[Any], rows: Sequence[tuple[Any, ...]], dialect: sqlalchemy.Dialect
) -> list[tuple[Any, ...]]:
    """Column by column, since few of them need anything done."""
    turned = [type_.dialect_impl(dialect).bind_processor(dialect) for type_ in types]
    if not any(turned):
        return list(rows)
    columns = list(zip(*rows, strict=True))
    for place, turn in enumerate(turned):
        if turn is not None:
            columns[place] = tuple(map(turn, columns[place]))
    return list(zip(*columns, strict=True))
