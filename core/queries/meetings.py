"""Meetings: a day's, one person's, those that wait to be cancelled, and what else is on somebody's day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, func, join, or_, select
from sqlalchemy.orm import Session, aliased

from core.domain.calendar import ONE_DAY, Calendar
from core.domain.facts import Absent, MeetingKind, MeetingResult
from core.domain.invitation import Invitation
from core.persistence import team
from core.persistence.facts import kept_records, merged_records
from core.persistence.tables import (
    Candidate,
    Client,
    Departure,
    Fact,
    FactKind,
    Meeting,
    MeetingMove,
    MeetingOutcome,
    Member,
    Opening,
    Process,
)
from core.persistence.tables.base import Moment
from core.persistence.work import Viewer
from core.queries.page import Page

MOST_OF_PERSON = 60
MOST_BESIDE = 12

FACT, LEFT, MEETING, MOVE, OUTCOME, PROCESS = (
    table.__table__ for table in (Fact, Departure, Meeting, MeetingMove, MeetingOutcome, Process)
)
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    id: int
    candidate_id: int
    """The one kept, where they were merged."""
    name: str
    kind: MeetingKind
    starts_at: datetime
    ends_at: datetime
    place: str
    note: str
    host_id: int | None
    host: str
    process_id: int | None
    opening: str
    client: str
    is_off: bool
    """An interview whose process has ended: it stays planned until somebody cancels it."""
    result: MeetingResult | None
    absent: Absent | None
    absent_member: str
    asked_by: Absent | None
    """Who cancelled it."""
    moves: int
    version: int
    """Of what is written of it: where, and what to bring up."""
    changes: int
    """All that changed it: each edit, each move and outcome, and each of these taken back."""
    changed_at: datetime

    @property
    def at(self) -> str:
        """“Python developer, Nordbank”, or nothing."""
        return f"{self.opening}, {self.client}" if self.client else self.opening

    @property
    def what(self) -> str:
        """“Interview: Noor Haddad, Python developer, Nordbank”."""
        named = f"{self.kind.capitalize()}: {self.name}"
        return f"{named}, {self.at}" if self.at else named

    @property
    def invitation(self) -> Invitation:
        return Invitation(
            id=self.id,
            title=self.what,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            place=self.place,
            note=self.note,
            changes=self.changes,
            is_cancelled=self.result is MeetingResult.CANCELLED,
            changed_at=self.changed_at,
        )


@dataclass(frozen=True, slots=True)
class Meetings:
    """The first of several meetings, in order, and how many there are."""

    rows: list[Appointment]
    number: int


def of_day(session: Session, viewer: Viewer, *, mine: bool, day: date, calendar: Calendar, page: Page) -> Meetings:
    """The member's, with those of whom they cover, or the whole team's. One cancelled is none of the day's."""
    hours = {"start": calendar.start_of(day), "end": calendar.start_of(day + ONE_DAY)}
    return _told(session, _of_day(mine), _asked(viewer, page, **hours))


def off_after(session: Session, viewer: Viewer, *, mine: bool, day: date, calendar: Calendar, page: Page) -> Meetings:
    """What waits to be cancelled and begins on a later day; whose, as of a day."""
    return _told(session, _off(mine), _asked(viewer, page, start=calendar.start_of(day + ONE_DAY)))


def still_planned(
    session: Session, *, opening_id: int | None = None, process_id: int | None = None, now: datetime
) -> list[Appointment]:
    """Not over yet, in what has ended: one process, or all of an opening's."""
    of_it = PROCESS.c.opening_id == opening_id if process_id is None else PROCESS.c.id == process_id
    ended = (of_it, PROCESS.c.is_active.is_(False))
    query = _ROWS.where(*ended, MEETING.c.result.is_(None), MEETING.c.ends_at > now)
    return _appointments(session, session.execute(query.order_by(*_IN_ORDER)).all())


def of_person(session: Session, candidate_id: int) -> list[Appointment]:
    """The latest first."""
    theirs = FACT.c.candidate_id.in_(list(merged_records(session, [candidate_id])))
    query = _ROWS.where(theirs).order_by(MEETING.c.starts_at.desc(), MEETING.c.id.desc()).limit(MOST_OF_PERSON)
    return _appointments(session, session.execute(query).all())


def first_to_come(session: Session, process_ids: Sequence[int], now: datetime) -> dict[int, datetime]:
    """When the first meeting about each of these processes begins, of those that have one to come."""
    first = (
        select(Meeting.process_id, func.min(Meeting.starts_at))
        .where(
            Meeting.process_id.in_(process_ids),
            Meeting.undone_at.is_(None),
            Meeting.result.is_(None),
            Meeting.starts_at > now,
        )
        .group_by(Meeting.process_id)
    )
    return {process: at for process, at in session.execute(first) if process is not None}


def beside(
    session: Session, *, host_id: int | None, candidate_id: int, day: date, calendar: Calendar, but: int = 0
) -> list[Appointment]:
    """What this member and this person have on that day, which a new meeting must go round."""
    that_day = {"start": calendar.start_of(day), "end": calendar.start_of(day + ONE_DAY)}
    theirs = FACT.c.candidate_id.in_(list(merged_records(session, [candidate_id])))
    query = _ROWS.where(*_ON_DAY, MEETING.c.result.is_(None), MEETING.c.id != but)
    query = query.where(or_(theirs, MEETING.c.host_id == host_id) if host_id is not None else theirs)
    rows = session.execute(query.order_by(MEETING.c.starts_at, MEETING.c.id).limit(MOST_BESIDE), that_day).all()
    return _appointments(session, rows)


_HOST, _ABSENT = aliased(Member), aliased(Member)
ANY_OUTCOME = OUTCOME.alias("any_outcome")
_NOTED = FACT.alias("stands")
_THAT_STANDS = (  # a join of the two on the right of an outer one would be made of all there are
    select(ANY_OUTCOME.c.id)
    .join(_NOTED, _NOTED.c.id == ANY_OUTCOME.c.id)
    .where(ANY_OUTCOME.c.meeting_id == MEETING.c.id, _NOTED.c.undone_at.is_(None))
    .limit(1)
    .correlate(MEETING)
    .scalar_subquery()
)
_SINCE = FACT.alias("since")
_LATEST = func.max(func.coalesce(_SINCE.c.undone_at, _SINCE.c.entered_at))


def _of_its(table: Any, column: Any, *which: Any) -> Any:
    """Of what happened to the meeting since, taken back or not."""
    facts = select(column).select_from(join(table, _SINCE, _SINCE.c.id == table.c.id))
    return facts.where(table.c.meeting_id == MEETING.c.id, *which).correlate(MEETING).scalar_subquery()


_COUNTS = (FACT.c.undone_at.is_(None), Candidate.erased_at.is_(None))
_IS_OFF = and_(
    MEETING.c.meeting_kind == MeetingKind.INTERVIEW, MEETING.c.result.is_(None), PROCESS.c.is_active.is_(False)
)
_ROWS: Query = (
    select(
        MEETING.c.id,
        FACT.c.candidate_id,
        Candidate.name,
        MEETING.c.meeting_kind,
        MEETING.c.starts_at,
        MEETING.c.ends_at,
        MEETING.c.place,
        MEETING.c.note,
        MEETING.c.version,
        MEETING.c.host_id,
        _HOST.name.label("host"),
        FACT.c.process_id,
        Opening.title.label("opening"),
        Client.name.label("client"),
        _IS_OFF.label("is_off"),
        MEETING.c.result,
        OUTCOME.c.absent,
        _ABSENT.name.label("absent_member"),
        OUTCOME.c.asked_by,
        FACT.c.entered_at,
        _of_its(MOVE, func.count(), MOVE.c.to_host_id.is_(None)).label("moved"),
        _of_its(MOVE, func.count(_SINCE.c.undone_at), MOVE.c.to_host_id.is_(None)).label("moved_back"),
        _of_its(MOVE, _LATEST).label("moved_at"),
        _of_its(ANY_OUTCOME, func.count()).label("noted"),
        _of_its(ANY_OUTCOME, func.count(_SINCE.c.undone_at)).label("noted_no_more"),
        _of_its(ANY_OUTCOME, _LATEST).label("noted_at"),
    )
    .select_from(MEETING)
    .join(FACT, FACT.c.id == MEETING.c.id)
    .join(Candidate, Candidate.id == FACT.c.candidate_id)
    .outerjoin(_HOST, _HOST.id == MEETING.c.host_id)
    .outerjoin(PROCESS, PROCESS.c.id == FACT.c.process_id)
    .outerjoin(Opening, Opening.id == PROCESS.c.opening_id)
    .outerjoin(Client, Client.id == Opening.client_id)
    .outerjoin(OUTCOME, OUTCOME.c.id == _THAT_STANDS)
    .outerjoin(_ABSENT, _ABSENT.id == OUTCOME.c.absent_member_id)
    .where(*_COUNTS)
)
_IN_ORDER = (MEETING.c.starts_at, MEETING.c.id)
_THESE: Query = _ROWS.where(MEETING.c.id.in_(bindparam("ids", expanding=True))).order_by(*_IN_ORDER)
_ON_DAY = (
    MEETING.c.starts_at >= bindparam("start", type_=Moment),
    MEETING.c.starts_at < bindparam("end", type_=Moment),
)


_FOUND: Query = (
    select(MEETING.c.id)
    .join(FACT, FACT.c.id == MEETING.c.id)
    .join(Candidate, Candidate.id == FACT.c.candidate_id)
    .where(*_COUNTS)
)


@cache
def _of_day(mine: bool) -> Query:
    """Made once: making it takes longer than the database does."""
    stands = or_(MEETING.c.result.is_(None), MEETING.c.result != MeetingResult.CANCELLED)
    return _piece(_FOUND.where(*_ON_DAY, stands), mine)


@cache
def _off(mine: bool) -> Query:
    """Found among those to come: as many as the team has planned, however long it is at it."""
    of_it = _FOUND.join(PROCESS, PROCESS.c.id == FACT.c.process_id)
    return _piece(of_it.where(_ON_DAY[0], _IS_OFF), mine)


def _told(session: Session, finding: Query, asked: dict[str, Any]) -> Meetings:
    """The few on the page are found first: to all of a day's PostgreSQL would join every outcome there is."""
    found = session.execute(finding, asked).all()
    if not found:
        return Meetings([], 0)
    rows = session.execute(_THESE, {"ids": [row.id for row in found]}).all()
    return Meetings(_appointments(session, rows), found[0].number)


def _piece(query: Query, mine: bool) -> Query:
    query = query.add_columns(func.count().over().label("number"))
    if mine:
        query = query.where(MEETING.c.host_id.in_(_stood_in_for("host")))
    return query.order_by(*_IN_ORDER).limit(bindparam("size")).offset(bindparam("before"))


def _asked(viewer: Viewer, page: Page, **hours: datetime) -> dict[str, Any]:
    return {**hours, "host": viewer.id, "size": page.size, "before": (page.number - 1) * page.size}


def _stood_in_for(member: str) -> Select[Any]:
    """A member, and whoever has left and is covered by them, or by somebody whom they cover."""
    whose = select(bindparam(member, type_=Integer).label("id")).cte("whose", recursive=True)
    left = select(LEFT.c.member_id).join(FACT, FACT.c.id == LEFT.c.id).join(whose, whose.c.id == LEFT.c.cover_id)
    left = left.where(*team.facts_of(FactKind.DEPARTURE))
    return select(whose.union(left).c.id)


def _appointments(session: Session, rows: Sequence[Any]) -> list[Appointment]:
    """With a person who was merged away replaced by the one kept."""
    kept = kept_records(session, {row.candidate_id for row in rows}) if rows else {}
    others = sorted({to for id_, to in kept.items() if to != id_})
    known = select(Candidate.id, Candidate.name).where(Candidate.id.in_(others))
    names = {row.id: row.name for row in session.execute(known)} if others else {}
    return [
        Appointment(
            id=row.id,
            candidate_id=kept[row.candidate_id],
            name=names.get(kept[row.candidate_id], row.name),
            kind=row.meeting_kind,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            place=row.place,
            note=row.note,
            host_id=row.host_id,
            host=row.host or "",
            process_id=row.process_id,
            opening=row.opening or "",
            client=row.client or "",
            is_off=bool(row.is_off),
            result=row.result,
            absent=row.absent,
            absent_member=row.absent_member or "",
            asked_by=row.asked_by,
            moves=row.moved - row.moved_back,
            version=row.version,
            changes=row.version - 1 + row.moved + row.moved_back + row.noted + row.noted_no_more,
            changed_at=max(at for at in (row.entered_at, row.moved_at, row.noted_at) if at),
        )
        for row in rows
    ]
