"""Many rows at a stroke, and ids for them."""

import gc
import json
import os
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from multiprocessing import parent_process
from typing import TypeVar

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.persistence.tables import Table

T = TypeVar("T")
AT_A_STROKE = 5_000
"""Rows written, or values asked for, in one statement."""

AS_LIST = {
    "sqlite": "SELECT value FROM json_each(:list)",
    "postgresql": 'SELECT value COLLATE "C" FROM json_array_elements_text(CAST(:list AS json)) AS value',
}
"""Many texts in one parameter, as rows of one column: `value`. Their order and number are nothing to the planner."""

AMONG = {
    "sqlite": "IN (SELECT value FROM json_each(:list))",
    "postgresql": "= ANY(ARRAY(SELECT json_array_elements_text(CAST(:list AS json))))",
}
"""What a column is compared with that is to be one of them: PostgreSQL goes once along its index, as they do, in order.

As JSON, since the driver puts an array of its own in words text by text.
"""

TRIES = 100


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


def as_list(texts: Collection[str]) -> str:
    """What AS_LIST and AMONG take as their parameter."""
    return json.dumps(list(texts))


@contextmanager
def unpaused() -> Iterator[None]:
    """Python's search for cycles rests: it would look again and again through all that an import makes, in vain.

    Rows are in no cycles; of each stretch the database leaves some thirty, which can wait. What is still there at the
    end is frozen and thawed, which makes it old at once without a look at it. Otherwise the search would go through it
    three times, and everybody would wait.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.unfreeze()
            gc.enable()


def end_with_parent() -> None:
    """A parent that was killed says nothing; its children would wait for work for ever."""
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def strokes(things: Iterable[T], size: int = AT_A_STROKE) -> Iterator[list[T]]:
    """As many as one statement has room for, and so on."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some
