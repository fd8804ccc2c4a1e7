"""What people want to become: the notes of one of them, and whoever begins as something or has told us, as a list."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, text
from sqlalchemy.orm import Session

from core.domain.calendar import Calendar
from core.domain.growth import Beginner
from core.domain.promises import State, state
from core.persistence.facts import merged_records
from core.persistence.tables import Candidate, Fact, GrowthNote, Member, Promise
from core.persistence.tables.people import GROWING
from core.queries.page import Page

MOST = 1_000
"""So many people the list shows at most; whoever looks for one among more narrows it."""
MOST_NOTES = 200
SOON = timedelta(days=7)

FACT, NOTE = Fact.__table__, GrowthNote.__table__


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What they wanted, what we advised, when we look again, and what came of it."""

    id: int
    noted_at: datetime
    noted_by: str
    wants: str
    advice: str
    revisit_on: date | None
    revisit: State | None
    """How it stands with coming back; None where no day was set, or its ground fell away."""
    came_of_it: str | None
    came_of_it_at: datetime | None


class Order(StrEnum):
    AGAIN = "again"
    """Who is to be looked at again first; then those with no day for it."""
    NOTED = "noted"
    """The latest note; then those without one."""


@dataclass(frozen=True, slots=True)
class GrowthFilters:
    owner_id: int | None = None
    """None: anybody's."""
    begins_as: Beginner | None = None
    is_due: bool = False
    """To be looked at again by now, or within a week."""
    order: Order = Order.AGAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Growing:
    """A row of the list: of the notes, the last that says what they want, and the last that advises."""

    id: int
    name: str
    title: str
    begins_as: Beginner | None
    revisit_due_at: datetime | None
    wants: str = ""
    advice: str = ""
    advised_at: datetime | None = None
    came_of_it: str = ""
    """Of that advice; without any, of the wish."""


@dataclass(frozen=True, slots=True)
class People:
    rows: list[Growing]
    number: int
    """How many the list has, up to MOST."""
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Numbers:
    """Of everybody there is, or of an owner's."""

    begin: dict[Beginner | None, int]
    """None: they want something, and begin as nothing."""
    due: int

    @property
    def people(self) -> int:
        return sum(self.begin.values())


def notes(session: Session, candidate_id: int, *, now: datetime, calendar: Calendar) -> list[Note]:
    """The latest first."""
    records = list(merged_records(session, [candidate_id]))
    query = (
        select(
            NOTE,
            FACT.c.happened_at,
            Member.name.label("by"),
            Promise.status,
            Promise.due_at,
        )
        .join(FACT, FACT.c.id == NOTE.c.id)
        .outerjoin(Member, Member.id == FACT.c.by_id)
        .outerjoin(Promise, (Promise.about_id == NOTE.c.id) & (Promise.candidate_id == candidate_id))
        .where(FACT.c.candidate_id.in_(records), FACT.c.undone_at.is_(None))
        .order_by(FACT.c.happened_at.desc(), FACT.c.id.desc())
        .limit(MOST_NOTES)
    )
    return [
        Note(
            id=row.id,
            noted_at=row.happened_at,
            noted_by=row.by or "",
            wants=row.wants,
            advice=row.advice,
            revisit_on=row.revisit_on,
            revisit=state(row.status, row.due_at, now=now, calendar=calendar) if row.status else None,
            came_of_it=row.came_of_it,
            came_of_it_at=row.came_of_it_at,
        )
        for row in session.execute(query)
    ]


def growing(session: Session, filters: GrowthFilters, *, now: datetime, page: Page) -> People:
    """Whoever begins as something, or has told us what they want. Each order is a range or two of its own index."""
    ids: list[int] = []
    for there in _in_parts(filters, now):
        ids += session.scalars(there.limit(MOST + 1 - len(ids)))
        if len(ids) > MOST:
            break
    start = (page.number - 1) * page.size
    return People(_rows(session, ids[:MOST][start : start + page.size]), min(len(ids), MOST), len(ids) > MOST)


def numbers(session: Session, owner_id: int | None, *, now: datetime) -> Numbers:
    """Counted in one pass each: grouped, every one of them would be sorted."""
    theirs = _theirs(GrowthFilters(owner_id=owner_id), now)
    each = (func.count().filter(Candidate.begins_as == one) for one in Beginner)
    counted = select(func.count().filter(Candidate.begins_as.is_(None)), *each)
    begin: Counter[Beginner | None] = Counter()
    for there in _with_and_without(Candidate.growth_id):
        begin.update(dict(zip((None, *Beginner), session.execute(counted.where(*theirs, there)).one(), strict=True)))
    due = select(func.count()).select_from(Candidate).where(*theirs, _is_due(now))
    return Numbers(+begin, session.scalar(due) or 0)


def _theirs(filters: GrowthFilters, now: datetime) -> list[ColumnElement[bool]]:
    wanted: list[Any] = [text(GROWING)]
    if filters.owner_id is not None:
        owner_id: Any = Candidate.owner_id
        wanted.append(owner_id + 0 == filters.owner_id)  # + 0: of those who grow, not of all who are with somebody
    if filters.begins_as is not None:
        wanted.append(Candidate.begins_as == filters.begins_as)
    if filters.is_due:
        wanted.append(_is_due(now))
    return wanted


def _is_due(now: datetime) -> ColumnElement[bool]:
    return Candidate.revisit_due_at < now + SOON


def _in_parts(filters: GrowthFilters, now: datetime) -> Iterator[Select[int]]:
    column: Any = Candidate.revisit_due_at if filters.order is Order.AGAIN else Candidate.growth_id
    in_order = (column, Candidate.id) if filters.order is Order.AGAIN else (column.desc(), Candidate.id.desc())
    some, others = _with_and_without(column)
    there = select(Candidate.id).where(*_theirs(filters, now))
    yield there.where(some).order_by(*in_order)
    yield there.where(others).order_by(Candidate.id)


def _with_and_without(column: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Where the column has a value, and where it has none: each is a range of an index, asked separately."""
    return column.is_not(None), column.is_(None)


def _rows(session: Session, ids: Sequence[int]) -> list[Growing]:
    rows = {row.id: row for row in session.execute(_GROWING, {"ids": ids}).all()} if ids else {}
    said = _said(session, ids)
    return [
        Growing(
            id=id_,
            name=rows[id_].name,
            title=rows[id_].title,
            begins_as=rows[id_].begins_as,
            revisit_due_at=rows[id_].revisit_due_at,
            **said.get(id_, {}),
        )
        for id_ in ids
        if id_ in rows
    ]


_GROWING = select(
    Candidate.id,
    Candidate.name,
    Candidate.title,
    Candidate.begins_as,
    Candidate.revisit_due_at,
).where(Candidate.id.in_(bindparam("ids", expanding=True)))


def _said(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Of each, what the last of their notes say."""
    if not ids:
        return {}
    kept_of = merged_records(session, ids)
    said: dict[int, dict[str, Any]] = {}
    for record, at, wants, advice, came_of_it in session.execute(_SAID, {"records": list(kept_of)}).all():
        of = said.setdefault(kept_of[record], {})
        if wants:
            of["wants"] = wants
        if advice:
            of |= {"advice": advice, "advised_at": at, "came_of_it": came_of_it or ""}
        elif "advice" not in of:
            of["came_of_it"] = came_of_it or ""
    return said


_SAID = (
    select(FACT.c.candidate_id, FACT.c.happened_at, NOTE.c.wants, NOTE.c.advice, NOTE.c.came_of_it)
    .join(NOTE, NOTE.c.id == FACT.c.id)
    .where(FACT.c.candidate_id.in_(bindparam("records", expanding=True)), FACT.c.undone_at.is_(None))
    .order_by(FACT.c.happened_at, FACT.c.id)
)
