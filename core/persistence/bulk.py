"""Many rows at a stroke.

Python alone: the process that reads a long list imports it, and SQLAlchemy would take longer to import than all else.
"""

import gc
import json
import os
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process, spawn
from typing import Any, TypeVar

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


@contextmanager
def feeding() -> Iterator[None]:
    """Python's one lock changes hands ten times as often as it does by itself.

    Whoever sends rows to PostgreSQL while another thread makes the next is told late, by up to five milliseconds each
    time, that there is room for more: a tenth of the time PostgreSQL had nothing to do.
    """
    sys.setswitchinterval(_OFTEN)
    try:
        yield
    finally:
        sys.setswitchinterval(_AS_EVER)


_AS_EVER = sys.getswitchinterval()
_OFTEN = _AS_EVER / 10
_told_of_this_one = spawn.get_preparation_data


def _told_without_the_page(name: str) -> dict[str, Any]:
    """What a new process begins with. Streamlit calls the page drawn last the program: it would be run there."""
    return {what: told for what, told in _told_of_this_one(name).items() if not what.startswith("init_main_")}


spawn.get_preparation_data = _told_without_the_page


def processes(number: int, begin: Callable[..., None], told: tuple[object, ...]) -> ProcessPoolExecutor:
    """So many processes of their own, each of which first does `begin`."""
    return ProcessPoolExecutor(number, get_context("spawn"), begin, told)


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
