"""Sums kept up to date by the writes: added to and taken from in one order, so that two writers never wait in a ring.

What the whole team is counted by is noted while a unit of work goes on, and written at its end alone: everybody writes
there, and whoever waits for it waits no longer than another's last breath.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Insert, Table, bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.domain.pool import NEVER, month_of
from core.persistence.tables import (
    TEAM,
    AnswerMonth,
    GhostTally,
    MeetingMonth,
    PromiseMonth,
    PromiseTally,
    RhythmTally,
    ShareMonth,
    SilenceTally,
    SourceTally,
    ToldMonth,
)

Key = tuple[Any, ...]
"""The primary key of a sum, in the order of its columns."""
NOTED = "tallies noted"
POOL: tuple[Table, ...] = (SilenceTally.__table__, SourceTally.__table__, RhythmTally.__table__)
SUMS: tuple[Table, ...] = (
    *(*POOL, PromiseTally.__table__, PromiseMonth.__table__, GhostTally.__table__),
    *(ToldMonth.__table__, MeetingMonth.__table__, ShareMonth.__table__, AnswerMonth.__table__),
)
Pooled = Counter[tuple[int, Key]]
"""Numbers by which table of SUMS, and which key."""

COUNTED_BY = ("owner_id", "met_on", "last_word_on", "became", "came_from", "rhythm_count", "rhythm_unit", "in_touch_on")
"""Columns of a candidate, all of them settled, that say where in the pool they count."""


def pool_keys(person: Any) -> Iterator[tuple[int, Key]]:
    """Where somebody counts, by what stands settled of them: with their owner, and with the team."""
    if person.met_on is None:
        return
    last = month_of(person.last_word_on)
    for owner in (person.owner_id or 0, TEAM):
        yield 0, (owner, month_of(person.met_on), last)
        yield 1, (owner, person.came_from, person.became, last)
        if person.rhythm_unit is not None:
            yield 2, (owner, person.rhythm_unit, person.rhythm_count, person.in_touch_on or NEVER)


def note(session: Session, changes: Pooled) -> None:
    """To be counted when the unit of work is over."""
    noted: Pooled = session.info.setdefault(NOTED, Counter())
    noted.update(changes)


def write_noted(session: Session) -> None:
    """The last thing a unit of work does, but for its entries in the audit trail."""
    noted: Pooled = session.info.pop(NOTED, Counter())
    for place, table in enumerate(SUMS):
        add(session, table, Counter({key: number for (where, key), number in noted.items() if where == place}))


def add(session: Session, table: Table, changes: Counter[Key]) -> None:
    """Add to the sums, or take from them: what is added to and what is taken from, in one order."""
    names = [column.name for column in table.primary_key]
    ordered = sorted((key, number) for key, number in changes.items() if number)
    if not ordered:
        return
    run = session.connection().execute
    counted = [
        {**dict(zip(names, key, strict=True)), "number": max(number, 0), "more": number} for key, number in ordered
    ]
    run(_adding(table, session.get_bind().dialect.name), counted)
    if table is SourceTally.__table__:  # where somebody came from may say who they were
        of_names = [f"of_{name}" for name in names]
        if fewer := [dict(zip(of_names, key, strict=True)) for key, number in ordered if number < 0]:
            run(_FORGET_SOURCE, fewer)


@cache
def _adding(table: Table, dialect: str) -> Insert:
    """`more` is what is added, or taken; `number` what there is where there was none."""
    adding = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    number = table.c.number + bindparam("more")
    counted: Insert = adding.on_conflict_do_update(index_elements=list(table.primary_key), set_={"number": number})
    return counted


def _same(table: Table) -> list[ColumnElement[bool]]:
    return [column == bindparam(f"of_{column.name}") for column in table.primary_key]


_FORGET_SOURCE = delete(SourceTally.__table__).where(*_same(SourceTally.__table__), SourceTally.__table__.c.number == 0)
"""Statements are made once: each unit of work runs some of them."""
