"""Placements of a person: when they began, how they were asked after, and how they ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from core.domain.calendar import Calendar
from core.domain.promises import Kind, State, Status, state
from core.persistence.tables import (
    Client,
    Contact,
    Fact,
    Member,
    Opening,
    Placement,
    PlacementEnd,
    Process,
    Promise,
)

FACT, CONTACT, PROCESS, PROMISE = (table.__table__ for table in (Fact, Contact, Process, Promise))
PLACEMENT, END = Placement.__table__, PlacementEnd.__table__
MEMBER, OPENING, CLIENT = (table.__table__ for table in (Member, Opening, Client))
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """Whether they were asked after, so many days after the start, and what was said."""

    days: int
    on: date
    due_at: datetime
    status: Status
    state: State
    said_at: datetime | None
    channel: str
    text: str
    """What was said; of one that was let go, nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    id: int
    starts_on: date
    opening: str
    client: str
    recorded_by: str
    ended_at: datetime | None
    reason: str
    """Why it ended."""
    check_ins: tuple[CheckIn, ...]
    """In their order."""

    @property
    def place(self) -> str:
        return f"{self.opening}, {self.client}" if self.client else self.opening


def of_person(
    session: Session, candidate_id: int, records: Sequence[int], *, now: datetime, calendar: Calendar
) -> list[Placed]:
    """The latest first; `records` are theirs, and those of whoever was merged into them."""
    rows = session.execute(_PLACEMENTS, {"records": records}).all()
    if not rows:
        return []
    checks = session.execute(_CHECK_INS, {"id": candidate_id}).all()
    return [
        Placed(
            id=row.id,
            starts_on=row.starts_on,
            opening=row.opening or "",
            client=row.client or "",
            recorded_by=row.by or "",
            ended_at=row.ended_at,
            reason=row.reason or "",
            check_ins=tuple(
                _check_in(check, row.starts_on, now, calendar) for check in checks if _placement_of(check) == row.id
            ),
        )
        for row in rows
    ]


_ENDED, _ANY_END, _STANDS = FACT.alias("ended"), END.alias("any_end"), FACT.alias("stands")
_THAT_STANDS = (
    select(_ANY_END.c.id)
    .join(_STANDS, _STANDS.c.id == _ANY_END.c.id)
    .where(_ANY_END.c.placement_id == PLACEMENT.c.id, _STANDS.c.undone_at.is_(None))
    .limit(1)
    .correlate(PLACEMENT)
    .scalar_subquery()
)

_PLACEMENTS: Query = (
    select(
        PLACEMENT.c.id,
        PLACEMENT.c.starts_on,
        MEMBER.c.name.label("by"),
        OPENING.c.title.label("opening"),
        CLIENT.c.name.label("client"),
        _ENDED.c.happened_at.label("ended_at"),
        END.c.reason,
    )
    .select_from(PLACEMENT)
    .join(FACT, FACT.c.id == PLACEMENT.c.id)
    .outerjoin(MEMBER, MEMBER.c.id == FACT.c.by_id)
    .outerjoin(PROCESS, PROCESS.c.id == FACT.c.process_id)
    .outerjoin(OPENING, OPENING.c.id == PROCESS.c.opening_id)
    .outerjoin(CLIENT, CLIENT.c.id == OPENING.c.client_id)
    .outerjoin(END, END.c.id == _THAT_STANDS)
    .outerjoin(_ENDED, _ENDED.c.id == END.c.id)
    .where(FACT.c.candidate_id.in_(bindparam("records", expanding=True)), FACT.c.undone_at.is_(None))
    .order_by(PLACEMENT.c.starts_on.desc(), PLACEMENT.c.id.desc())
)
_CHECK_INS: Query = (
    select(
        PROMISE.c.key,
        PROMISE.c.due_at,
        PROMISE.c.status,
        FACT.c.happened_at,
        CONTACT.c.channel,
        CONTACT.c.text,
    )
    .select_from(PROMISE)
    .outerjoin(FACT, FACT.c.id == PROMISE.c.settled_by_id)
    .outerjoin(CONTACT, CONTACT.c.id == PROMISE.c.settled_by_id)
    .where(PROMISE.c.candidate_id == bindparam("id"), PROMISE.c.key.startswith(f"{Kind.CHECK_IN}:", autoescape=True))
    .order_by(PROMISE.c.due_at, PROMISE.c.id)
)
"""By their keys, among this person's promises: asked by kind, SQLite looked through everybody's check-ins."""


def _placement_of(check: Any) -> int:
    """A check-in's key is “check_in:<placement>:<days>”."""
    return int(check.key.split(":")[1])


def _check_in(check: Any, starts_on: date, now: datetime, calendar: Calendar) -> CheckIn:
    days = int(check.key.split(":")[2])
    was_said = check.status in (Status.KEPT_ON_TIME, Status.KEPT_LATE)
    return CheckIn(
        days=days,
        on=starts_on + timedelta(days=days),
        due_at=check.due_at,
        status=check.status,
        state=state(check.status, check.due_at, now=now, calendar=calendar),
        said_at=check.happened_at if was_said else None,
        channel=(check.channel or "") if was_said else "",
        text=(check.text or "") if was_said else "",
    )
