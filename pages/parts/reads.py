"""What pages read. What is measured slow is kept for a minute, and every action forgets it."""

from typing import Any

from core.persistence.work import Viewer
from core.queries import promises
from core.queries.page import Page
from core.queries.promises import PromiseFilters, Today, Waiting
from pages.parts import runtime

_KEPT: list[Any] = []
"""The cached reads; `forget` clears these and no other cache."""


def forget() -> None:
    """Something changed: the next look is a fresh one."""
    for read in _KEPT:
        read.clear()


def today(viewer: Viewer, filters: PromiseFilters, page: Page) -> Today:
    store = runtime.store()
    with store.reading() as session:
        return promises.today(session, viewer, filters, now=store.now(), calendar=store.calendar, page=page)


def history(viewer: Viewer, *, mine: bool, page: Page) -> list[Waiting]:
    store = runtime.store()
    with store.reading() as session:
        return promises.history(session, viewer, mine=mine, now=store.now(), calendar=store.calendar, page=page)
