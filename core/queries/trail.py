"""The audit trail as it is read: who did what, when, to whom, and what stood there before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import FromClause, Select, Table, case, func, inspect, or_, select, tuple_
from sqlalchemy.orm import Session

from core.domain.calendar import Calendar
from core.domain.trail import SUBJECTS, Names, in_words, numbers_in
from core.persistence.bulk import strokes
from core.persistence.facts import merged_records
from core.persistence.tables import (
    AuditEntry,
    Candidate,
    Client,
    Fact,
    Member,
    Merge,
    Opening,
    PrivacyRequest,
    Question,
    Recommendation,
)

SIZE = 50
MOST = 100_000
"""Entries that go into one file."""
AT_A_TIME = 1_000
PROGRAM = 0
"""Stands for the program itself where a member's id would be."""
FACTS = sorted({str(mapper.local_table) for mapper in inspect(Fact).self_and_descendants})
"""How facts are named in the trail: by the table of their kind."""
THEIRS: tuple[Table, ...] = (Question.__table__, Recommendation.__table__, PrivacyRequest.__table__)
"""What else has a candidate, by a column of its own."""
HEADER = ("Entry", "When", "Who", "What", "About", "Before and after", "Seal")

ENTRY: Table = AuditEntry.__table__


@dataclass(frozen=True, slots=True)
class About:
    """One subject: a candidate with all that is theirs, or one row of any other kind."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}-{self.id}"

    @classmethod
    def of(cls, text: str) -> "About | None":
        """As it stands in an address, where anything may stand."""
        kind, _, number = text.rpartition("-")
        known = kind in {"candidate", "opening", "client", "member"}
        return cls(kind, int(number)) if known and number.isascii() and number.isdigit() and len(number) < 10 else None


@dataclass(frozen=True, slots=True)
class TrailFilters:
    actor_id: int | None = None
    action: str = ""
    about: About | None = None
    begin: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    id: int
    at: datetime
    who: str
    action: str
    about: str
    """What it was done to, by name; of somebody erased there is none."""
    place: str
    """“candidate”, “opening”, “client”: whose page there is; else ""."""
    place_id: int
    changes: tuple[str, ...]
    seal: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of the trail, the newest first."""

    entries: list[Entry]
    newer: bool
    older: bool


def piece(
    session: Session,
    filters: TrailFilters,
    calendar: Calendar,
    *,
    before: int | None = None,
    after: int | None = None,
    size: int = SIZE,
) -> Piece:
    """The newest; or those right before an entry, or right after it."""
    query = _cut(session, filters, calendar, before=before, after=after)
    rows = session.execute(query.limit(size + 1)).all()
    more, rows = len(rows) > size, list(rows[:size])
    if after is not None:
        rows.reverse()
        return Piece(_told(session, rows, calendar), newer=more, older=True)
    return Piece(_told(session, rows, calendar), newer=before is not None, older=more)


def _cut(
    session: Session, filters: TrailFilters, calendar: Calendar, *, before: int | None = None, after: int | None = None
) -> Select[Any]:
    """The filtered entries in order, from before or after a given one."""
    query, entry = _narrowed(session, filters, calendar)
    place = select(ENTRY.c.at).where(ENTRY.c.id == (before if after is None else after))
    at = session.scalar(place) if before is not None or after is not None else None
    if after is not None:
        query = query.where(tuple_(entry.c.at, entry.c.id) > tuple_(at, after)) if at else query
        return query.order_by(entry.c.at, entry.c.id)
    query = query.where(tuple_(entry.c.at, entry.c.id) < tuple_(at, before)) if at else query
    return query.order_by(entry.c.at.desc(), entry.c.id.desc())


def _narrowed(session: Session, filters: TrailFilters, calendar: Calendar) -> tuple[Select[Any], FromClause]:
    entry: FromClause = ENTRY
    about = filters.about
    if about is not None and about.kind == "candidate":
        ids = _entries_of(session, about.id)
        # The limit is a fence: these few are read first, whatever else is asked of them.
        entry = select(ENTRY).where(ENTRY.c.id.in_(ids)).limit(len(ids)).subquery()
    query = select(entry)
    if about is not None and about.kind != "candidate":
        query = query.where(entry.c.subject_kind == about.kind, entry.c.subject_id == about.id)
    if filters.actor_id is not None:
        query = query.where(entry.c.actor_id == (filters.actor_id or None))
    if filters.action:
        query = query.where(entry.c.action == filters.action)
    if filters.begin is not None:
        query = query.where(entry.c.at >= calendar.start_of(filters.begin))
    if filters.end is not None:
        query = query.where(entry.c.at < calendar.start_of(filters.end + timedelta(days=1)))
    return query, entry


def _entries_of(session: Session, candidate_id: int) -> list[int]:
    """Whatever was done to them, to their facts, questions, recommendations and requests, or by merging."""
    people = list(merged_records(session, [candidate_id]))
    found: list[int] = []
    for kinds, ids in (("candidate",), people), *_rows_of(session, people):
        for some in strokes(ids, AT_A_TIME):
            own = (ENTRY.c.subject_kind.in_(kinds), ENTRY.c.subject_id.in_(some))
            found += session.scalars(select(ENTRY.c.id).where(*own))
    return found


def _rows_of(session: Session, people: list[int]) -> Iterator[tuple[Sequence[str], list[int]]]:
    """What is theirs, by how it is named in the trail."""
    for table in THEIRS:
        yield (table.name,), list(session.scalars(select(table.c.id).where(table.c.candidate_id.in_(people))))
    merged = or_(Merge.kept_id.in_(people), Merge.gone_id.in_(people))
    yield (Merge.__tablename__,), list(session.scalars(select(Merge.id).where(merged)))
    yield FACTS, list(session.scalars(select(Fact.id).where(Fact.candidate_id.in_(people))))


def actions(session: Session) -> list[str]:
    """What was ever done, by its name; each is one step along the index, however often it was."""
    found: list[str] = []
    query = select(func.min(ENTRY.c.action))
    while action := session.scalar(query.where(ENTRY.c.action > found[-1]) if found else query):
        found.append(action)
    return found


def members(session: Session) -> list[tuple[int, str]]:
    """Everybody who could have done something, those who have left included."""
    return [(id_, name) for id_, name in session.execute(select(Member.id, Member.name).order_by(Member.name))]


def number_since(session: Session, moment: datetime, most: int) -> int:
    """How many entries there are since then; no more are counted than so many."""
    return (
        session.scalar(
            select(func.count()).select_from(select(ENTRY.c.id).where(ENTRY.c.at >= moment).limit(most).subquery())
        )
        or 0
    )


def called(session: Session, about: About) -> str:
    """The name of what the trail is narrowed to; "" where it has none, or none any more."""
    return _names(session, {(about.kind, about.id)}).get((about.kind, about.id), "")


def exported(session: Session, filters: TrailFilters, calendar: Calendar) -> Iterator[list[str]]:
    """The newest entries as cells of a sheet, a stretch at a time."""
    query = _cut(session, filters, calendar).limit(MOST)
    with session.execute(query.execution_options(yield_per=AT_A_TIME)) as rows:
        for some in rows.partitions():
            for entry in _told(session, some, calendar):
                yield [
                    *(str(entry.id), f"{entry.at.astimezone(calendar.zone):%Y-%m-%d %H:%M:%S}", entry.who),
                    *(entry.action, entry.about, "; ".join(entry.changes), entry.seal.hex()),
                ]


# in words


def _told(session: Session, rows: Sequence[Any], calendar: Calendar) -> list[Entry]:
    asked = {pair for row in rows for pair in numbers_in(row.changes)}
    asked |= {("member", row.actor_id) for row in rows if row.actor_id}
    persons = _persons(session, {(row.subject_kind, row.subject_id) for row in rows if row.subject_id})
    asked |= {("candidate", id_) for id_ in persons.values()}
    asked |= {(row.subject_kind, row.subject_id) for row in rows if row.subject_id}
    names = _names(session, asked)
    return [_entry(row, names, persons, calendar) for row in rows]


def _entry(row: Any, names: Names, persons: dict[tuple[str, int], int], calendar: Calendar) -> Entry:
    subject = (row.subject_kind, row.subject_id)
    person = row.subject_id if row.subject_kind == "candidate" else persons.get(subject)
    whom = ("candidate", person) if person is not None else subject
    place = whom[0] if names.get(whom) and whom[0] in ("candidate", "opening", "client") else ""
    return Entry(
        id=row.id,
        at=row.at,
        who=names.get(("member", row.actor_id), "somebody") if row.actor_id else "Perennial",
        action=row.action,
        about=names.get(whom) or _nameless(row.subject_kind, is_there=whom in names),
        place=place,
        place_id=whom[1] if place else 0,
        changes=tuple(in_words(row.changes, names, calendar)),
        seal=row.seal,
    )


def _nameless(kind: str, *, is_there: bool) -> str:
    if kind == "candidate":
        return "somebody erased" if is_there else "somebody taken back with a list"
    return SUBJECTS.get(kind, kind.replace("_", " "))


def _persons(session: Session, subjects: set[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """Whose each of these is, of what belongs to a candidate."""
    found: dict[tuple[str, int], int] = {}
    owners: list[tuple[Iterable[str], Any, Any]] = [
        (FACTS, Fact.__table__.c.id, Fact.__table__.c.candidate_id),
        *(((table.name,), table.c.id, table.c.candidate_id) for table in THEIRS),
        ((Merge.__tablename__,), Merge.id, Merge.kept_id),
    ]
    for kinds, id_column, whose in owners:
        asked = {(kind, id_) for kind, id_ in subjects if kind in set(kinds)}
        for some in strokes(sorted({id_ for _, id_ in asked}), AT_A_TIME):
            rows: dict[int, int | None] = dict(
                session.execute(select(id_column, whose).where(id_column.in_(some))).all()
            )
            found |= {(kind, id_): owner for kind, id_ in asked if (owner := rows.get(id_)) is not None}
    return found


def _names(session: Session, asked: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Of members, candidates, openings and clients; whoever was erased is there without one."""
    found: dict[tuple[str, int], str] = {}
    for kind, id_column, name in (
        ("member", Member.id, Member.name),
        ("candidate", Candidate.id, case((Candidate.erased_at.is_(None), Candidate.name), else_="")),
        ("opening", Opening.id, Opening.title),
        ("client", Client.id, Client.name),
    ):
        for some in strokes(sorted({id_ for of, id_ in asked if of == kind}), AT_A_TIME):
            rows = session.execute(select(id_column, name).where(id_column.in_(some)))
            found |= {(kind, id_): text for id_, text in rows}
    return found
