"""What was imported: every list, each of its rows, how its columns were read, and of whom we have heard since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from core.domain.headers import header_key, named
from core.domain.names import folded
from core.domain.promises import Kind, Status
from core.persistence.bulk import strokes
from core.persistence.facts import merged_records
from core.persistence.tables import (
    AuditEntry,
    Candidate,
    Fact,
    Handle,
    ImportBatch,
    ImportMapping,
    ImportRow,
    Member,
    Merge,
    Promise,
    Question,
    Referral,
)
from core.persistence.tables.imports import RowOutcome
from core.persistence.tables.people import HandleKind
from core.queries.page import Page


@dataclass(frozen=True, slots=True)
class Batch:
    id: int
    filename: str
    kind: str
    source: str
    at: datetime
    by: str
    """Whoever imported it; "" is the command line."""
    undone_at: datetime | None
    counts: dict[str, Any]

    def count(self, name: str) -> int:
        return int(self.counts.get(name, 0))


@dataclass(frozen=True, slots=True)
class BatchRow:
    line: int
    outcome: RowOutcome
    reason: str
    candidate_id: int | None
    name: str
    """Of whom it made or added to, or whom it may be."""
    cells: list[str]
    filled: list[str]
    """Columns that were blank of them."""
    put_right: list[str]
    """Columns in which the list's value was taken in place of theirs."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """How a list like this was read the last time, where that was not as Perennial reads it by itself."""

    mapping: Mapping[int, str | None]
    """By the index of the column in this list."""
    date_orders: Mapping[str, str]
    source: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Staying:
    """Somebody who stays when an import is taken back, and why."""

    id: int
    name: str
    is_dealt_with: bool
    later_list: str | None
    """The file of the latest list after it that told of somebody this one brought."""

    @property
    def why(self) -> str:
        told = "" if self.later_list is None else f"a later list, {self.later_list}, tells of them too"
        return "; ".join(filter(None, ("dealt with since" if self.is_dealt_with else "", told)))


@dataclass(frozen=True, slots=True)
class Told:
    """What stands of somebody known, to be put beside what a list says."""

    name: str
    title: str
    company: str
    location: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()


def remembered(session: Session, source: str, header: Sequence[str]) -> Remembered | None:
    """What was said of lists with these headers, best from the same source; else of lists from this source."""
    key, source_key = header_key(header), folded(source)[:200]
    query = select(ImportMapping, func.coalesce(Member.name, "")).outerjoin(
        Member, Member.id == ImportMapping.kept_by_id
    )
    same_source = case((ImportMapping.source_key == source_key, 0), else_=1)
    latest = (ImportMapping.kept_at.desc(), ImportMapping.id.desc())
    found = session.execute(query.where(ImportMapping.header_key == key).order_by(same_source, *latest)).first()
    if not key or found is None:
        found = session.execute(query.where(ImportMapping.source_key == source_key).order_by(*latest)).first()
        if not source_key or found is None:
            return None
    told, by = found
    fields = {(name, turn): field for name, turn, field in told.fields}
    mapping = {index: fields[name] for index, name in enumerate(named(header)) if name in fields}
    date_orders = {name: order for name, order in told.date_orders.items() if name in header}
    if not mapping and not date_orders:
        return None
    return Remembered(mapping, date_orders, told.source, by, told.kept_at)


def sources(session: Session, *, most: int) -> list[str]:
    """Where lists came from before, the latest first."""
    query = select(ImportBatch.source).where(ImportBatch.source != "").group_by(ImportBatch.source)
    return list(session.scalars(query.order_by(func.max(ImportBatch.imported_at).desc()).limit(most)))


def told_of(session: Session, candidate_ids: Sequence[int]) -> dict[int, Told]:
    """What stands of each of these, with their addresses and those of whoever was merged into them."""
    addresses: dict[int, dict[str, list[str]]] = {}
    found: dict[int, Told] = {}
    for some in strokes(candidate_ids):
        record_of = merged_records(session, some)
        handles = select(Handle.candidate_id, Handle.kind, Handle.value).where(Handle.candidate_id.in_(record_of))
        for id_, kind, value in session.execute(handles.order_by(Handle.id)):
            of = "profile" if kind in (HandleKind.LINKEDIN, HandleKind.GITHUB) else kind.value
            addresses.setdefault(record_of[id_], {}).setdefault(of, []).append(value)
        people = select(Candidate.id, Candidate.name, Candidate.title, Candidate.company, Candidate.location)
        for id_, name, title, company, location in session.execute(people.where(Candidate.id.in_(some))):
            of_theirs = addresses.get(id_, {})
            addresses_of = (tuple(of_theirs.get(kind, ())) for kind in ("email", "phone", "profile"))
            found[id_] = Told(name, title, company, location, *addresses_of)
    return found


def batches(session: Session, page: Page) -> list[Batch]:
    """The latest first."""
    query = _batches().order_by(ImportBatch.imported_at.desc(), ImportBatch.id.desc())
    return [_batch(row) for row in session.execute(page.cut(query))]


def batch(session: Session, batch_id: int) -> Batch | None:
    row = session.execute(_batches().where(ImportBatch.id == batch_id)).first()
    return _batch(row) if row else None


def number_of_batches(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(ImportBatch)) or 0


def rows(session: Session, batch_id: int, outcome: RowOutcome | None, page: Page) -> list[BatchRow]:
    """Of one import, in the file's order. How many there are of each outcome the batch itself knows."""
    of_batch = ImportRow.batch_id == batch_id
    query = (
        select(
            ImportRow.line,
            ImportRow.outcome,
            ImportRow.reason,
            ImportRow.candidate_id,
            func.coalesce(Candidate.name, ""),
            ImportRow.cells,
            ImportRow.filled,
        )
        .outerjoin(Candidate, Candidate.id == ImportRow.candidate_id)
        .where(of_batch, *([ImportRow.outcome == outcome] if outcome else []))
        .order_by(ImportRow.line, ImportRow.id)
    )
    return [
        BatchRow(line, how, reason, id_, name, list(cells or ()), *_written(filled or {}))
        for line, how, reason, id_, name, cells, filled in session.execute(page.cut(query))
    ]


def _written(filled: Mapping[str, Sequence[Any]]) -> tuple[list[str], list[str]]:
    blank = {name for name, (before, _) in filled.items() if not before}
    return sorted(blank), sorted(filled.keys() - blank)


def imported_before(session: Session, sha256: str, kind: str) -> Batch | None:
    """The latest import of the very same file that stands: of its people, or of its messages."""
    same = (ImportBatch.sha256 == sha256, ImportBatch.kind == kind, ImportBatch.undone_at.is_(None))
    query = _batches().where(*same)
    row = session.execute(query.order_by(ImportBatch.id.desc()).limit(1)).first()
    return _batch(row) if row else None


def answers_owed(session: Session, batch_id: int) -> tuple[int, int]:
    """Of the messages of an import: how many wait for an answer, and how many never got one and are history."""
    query = (
        select(Promise.status, func.count())
        .join(Fact, Fact.id == Promise.about_id)
        .where(Fact.batch_id == batch_id, Promise.kind == Kind.REPLY)
        .group_by(Promise.status)
    )
    number: dict[Status, int] = {}
    for status, many in session.execute(query):
        number[status] = many
    return number.get(Status.OPEN, 0), number.get(Status.HISTORY, 0)


def names_of(session: Session, candidate_ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in strokes(candidate_ids):
        for id_, name in session.execute(select(Candidate.id, Candidate.name).where(Candidate.id.in_(some))):
            found[id_] = name
    return found


def concerned(session: Session, batch_id: int) -> list[int]:
    """Everybody the import brought, added to or has words of."""
    found: set[int | None] = set()
    for query in (
        select(Fact.candidate_id).where(Fact.batch_id == batch_id),
        select(ImportRow.candidate_id).where(ImportRow.batch_id == batch_id, ImportRow.outcome.in_(OF_SOMEBODY)),
    ):
        found.update(session.scalars(query.distinct()))
    return sorted(id_ for id_ in found if id_ is not None)


def who_stays(session: Session, batch_id: int) -> list[Staying]:
    """People of the import who stay when it is taken back, for what came since: by name."""
    people = concerned(session, batch_id)
    since, told_later = _dealt_with(session, batch_id, people), _told_later(session, batch_id, people)
    found: list[Staying] = []
    for some in strokes(sorted(since | told_later.keys())):
        named = select(Candidate.id, Candidate.name).where(Candidate.id.in_(some))
        for id_, name in session.execute(named):
            found.append(Staying(id_, name, id_ in since, told_later.get(id_)))
    return sorted(found, key=lambda one: (one.name, one.id))


def number_that_goes(session: Session, batch_id: int, stays: Sequence[int]) -> int:
    """How many of the people the import brought are deleted if it is taken back. `stays`: ids of those who are not."""
    brought = select(func.count()).where(Candidate.batch_id == batch_id)
    staying = sum(session.scalar(brought.where(Candidate.id.in_(some))) or 0 for some in strokes(stays))
    return (session.scalar(brought) or 0) - staying


def _dealt_with(session: Session, batch_id: int, people: Sequence[int]) -> set[int]:
    """By a fact, by a question, by a merge, by somebody's recommendation, or by any action named for them in the trail.

    Of whom the list brought, all but its own came since, whatever the clock said. A fact that was taken back counts
    too: its row would outlive whoever is deleted, and be the next one's of their number.
    """
    at = session.execute(select(ImportBatch.imported_at).where(ImportBatch.id == batch_id)).scalar_one()
    own = (AuditEntry.subject_kind == "import_batch", AuditEntry.subject_id == batch_id)
    entry = session.scalar(select(func.min(AuditEntry.id)).where(*own)) or 0
    brought = Candidate.batch_id == batch_id
    found: set[int | None] = set()
    for some in strokes(people):
        facts = (
            select(Fact.candidate_id)
            .join(Candidate, Candidate.id == Fact.candidate_id)
            .where(Fact.candidate_id.in_(some), Fact.batch_id.is_distinct_from(batch_id))
            .where(or_(and_(Fact.entered_at > at, Fact.undone_at.is_(None)), brought))
        )
        asked = (
            select(Question.candidate_id)
            .join(Candidate, Candidate.id == Question.candidate_id)
            .where(Question.candidate_id.in_(some), or_(Question.noted_at > at, brought))
        )
        acted = select(AuditEntry.subject_id).where(
            AuditEntry.subject_kind == "candidate",
            AuditEntry.subject_id.in_(some),
            AuditEntry.id > entry,
            AuditEntry.action != FILLED,
        )
        merged = select(Merge.kept_id, Merge.gone_id).where(or_(Merge.kept_id.in_(some), Merge.gone_id.in_(some)))
        merged = merged.where(Merge.merged_at >= at)
        referred = select(Referral.referred_id).where(
            Referral.referred_id.in_(some), Referral.entered_at > at, Referral.batch_id.is_distinct_from(batch_id)
        )
        found.update(session.scalars(facts.distinct()))
        found.update(session.scalars(asked.distinct()))
        found.update(session.scalars(acted.distinct()))
        found.update(session.scalars(referred.distinct()))
        found.update(id_ for pair in session.execute(merged) for id_ in pair)
    return {id_ for id_ in found if id_ is not None} & set(people)


def _told_later(session: Session, batch_id: int, people: Sequence[int]) -> dict[int, str]:
    """Whom this import brought and a later one, which stands, told of: the file of the latest.

    Of somebody known before, each list's own is taken back with it, and they are there for the other's rows.
    """
    found: dict[int, str] = {}
    for some in strokes(people):
        rows = (
            select(ImportRow.candidate_id, ImportBatch.filename)
            .join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
            .join(Candidate, Candidate.id == ImportRow.candidate_id)
            .where(ImportRow.candidate_id.in_(some), ImportRow.batch_id > batch_id, ImportRow.outcome.in_(OF_SOMEBODY))
            .where(ImportBatch.undone_at.is_(None), Candidate.batch_id == batch_id)
        )
        found.update((id_, name) for id_, name in session.execute(rows.order_by(ImportRow.batch_id)) if id_ is not None)
    return found


OF_SOMEBODY = (RowOutcome.NEW, RowOutcome.ADDS, RowOutcome.EXACT)
"""Rows that are said to be of a person; an undecided one only may be."""
FILLED = "filled from a list"
"""The audit trail's word for what an import does to somebody known; it keeps nobody: see `_told_later`."""


def _batches() -> Any:
    return select(
        ImportBatch.id,
        ImportBatch.filename,
        ImportBatch.kind,
        ImportBatch.source,
        ImportBatch.imported_at,
        func.coalesce(Member.name, ""),
        ImportBatch.undone_at,
        ImportBatch.counts,
    ).outerjoin(Member, Member.id == ImportBatch.imported_by_id)


def _batch(row: Any) -> Batch:
    return Batch(*row)
