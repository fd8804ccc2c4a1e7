"""What happened in a made-up life, before it has ids; and how it becomes rows, many at a stroke."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from core.domain.growth import Beginner
from core.domain.handles import Handle as Address
from core.domain.names import folded
from core.persistence.matching import match_keys
from core.persistence.search import index_words_of_new
from core.persistence.tables import Candidate, CandidateSkill, Fact, FactKind, Handle, MatchKey, Process, Table
from core.persistence.tables.people import HandleKind


@dataclass(slots=True, eq=False)
class Person:
    """A made-up candidate."""

    number: int
    """Place in the order of arrival, from 0."""
    name: str
    first: str
    pronoun: str
    language: str
    title: str
    company: str
    location: str
    source: str
    email: str
    phone: str
    skills: tuple[int, ...]
    """Places in the list of the file; once told, ids."""
    tags: list[str]
    notes: str
    known_since: date
    added_at: datetime
    owner: int
    batch: int | None = None
    erased_at: datetime | None = None
    begins_as: Beginner | None = None
    id: int = 0


@dataclass(slots=True, eq=False)
class Happening:
    """A fact to be. Its values may name people and other happenings, which become their ids."""

    kind: FactKind
    person: Person | None
    at: datetime
    entered: datetime
    by: int | None
    process: "Happening | None" = None
    values: dict[str, Any] = field(default_factory=dict)
    batch: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class KeyOf:
    """The key of a promise that something opened."""

    kind: str
    about: Happening
    suffix: str = ""

    def __str__(self) -> str:
        return ":".join(filter(None, (self.kind, str(self.about.id), self.suffix)))


@dataclass(slots=True, eq=False)
class Beside:
    """A row that is no fact: a question, a recommendation, a claim. Its values name things as those of a fact do."""

    table: type[Table]
    values: dict[str, Any]
    id: int = 0


def store_all(
    session: Session, people: Sequence[Person], happenings: list[Happening], beside: Sequence[Beside] = ()
) -> None:
    """Everything on record, its ids in the order in which it was entered."""
    happenings.sort(key=lambda h: (h.entered, h.at))
    _number(session, people, happenings)
    _insert(session, Candidate, [_candidate_row(person) for person in people])
    _insert(session, Handle, [row for person in people for row in _handle_rows(person)])
    skills = [{"candidate_id": p.id, "skill_id": skill, "batch_id": p.batch} for p in people for skill in p.skills]
    _insert(session, CandidateSkill, skills)
    _insert(session, MatchKey, sorted((row for p in people for row in _key_rows(p)), key=lambda row: row["key"]))
    index_words_of_new(session, [(p.id, p.name, p.company, p.title, p.location) for p in people])
    # A process is a fact, and facts name processes: those first.
    processes = [h for h in happenings if h.kind is FactKind.PROCESS]
    _insert(session, Fact, [_fact_row(h) for h in processes])
    _insert(session, Process, [_content_row(h) for h in processes])
    others = [h for h in happenings if h.kind is not FactKind.PROCESS]
    _insert(session, Fact, [_fact_row(h) for h in others])
    contents: dict[type[Fact], list[dict[str, Any]]] = {}
    # What others point to comes before them.
    order = {FactKind.MEETING: 0, FactKind.PLACEMENT: 0}
    for happening in sorted(others, key=lambda h: order.get(h.kind, 1)):
        if happening.values:
            contents.setdefault(TABLE_OF[happening.kind], []).append(_content_row(happening))
    for table, rows in contents.items():
        _insert(session, table, rows)
    _store_beside(session, beside)
    catch_up_sequences(session, Candidate, Fact, *{row.table: None for row in beside})


def _store_beside(session: Session, beside: Sequence[Beside]) -> None:
    by_table: dict[type[Table], list[Beside]] = {}
    for row in beside:
        by_table.setdefault(row.table, []).append(row)
    for table, rows in by_table.items():
        for number, row in enumerate(rows, next_id(session, table)):
            row.id = number
    for table, rows in by_table.items():
        _insert(session, table, [{"id": row.id, **_plainly(row.values)} for row in rows])


TABLE_OF: dict[FactKind, type[Fact]] = {
    FactKind(mapper.polymorphic_identity): mapper.class_
    for mapper in Fact.__mapper__.self_and_descendants
    if mapper.polymorphic_identity is not None
}


def catch_up_sequences(session: Session, *tables: type[Table]) -> None:
    """PostgreSQL counts ids by itself: tell it of those given here."""
    if session.get_bind().dialect.name == "sqlite":
        return
    for table in tables:
        name = table.__tablename__
        session.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")  # noqa: S608
        )


def next_id(session: Session, table: type[Table]) -> int:
    return (session.scalar(select(func.max(table.__table__.c.id))) or 0) + 1


def _number(session: Session, people: Iterable[Person], happenings: Iterable[Happening]) -> None:
    for number, person in enumerate(people, next_id(session, Candidate)):
        person.id = number
    for number, happening in enumerate(happenings, next_id(session, Fact)):
        happening.id = number


def _insert(session: Session, table: type[Table], rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 10_000):
        session.connection().execute(insert(table.__table__), rows[start : start + 10_000])


def _candidate_row(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "sort_name": folded(person.name),
        "title": person.title,
        "company": person.company,
        "location": person.location,
        "source": person.source,
        "pronoun": person.pronoun,
        "language": person.language,
        "tags": person.tags,
        "notes": person.notes,
        "begins_as": person.begins_as,
        "known_since": person.known_since,
        "added_at": person.added_at,
        "batch_id": person.batch,
        "owner_id": person.owner,
        "erased_at": person.erased_at,
    }


def _handle_rows(person: Person) -> Iterable[dict[str, Any]]:
    for kind, value in ((HandleKind.EMAIL, person.email), (HandleKind.PHONE, person.phone)):
        if value:
            yield {"candidate_id": person.id, "kind": kind, "value": value, "batch_id": person.batch}


def _key_rows(person: Person) -> Iterable[dict[str, Any]]:
    """What an import finds them by, besides their handles."""
    handles = [Address(row["kind"].value, row["value"]) for row in _handle_rows(person)]
    for key in match_keys(person.name, person.company, handles):
        yield {"key": key, "candidate_id": person.id}


def _fact_row(happening: Happening) -> dict[str, Any]:
    return {
        "id": happening.id,
        "kind": happening.kind,
        "candidate_id": happening.person.id if happening.person else None,
        "process_id": happening.process.id if happening.process else None,
        "happened_at": happening.at,
        "entered_at": happening.entered,
        "by_id": happening.by,
        "batch_id": happening.batch,
    }


def _content_row(happening: Happening) -> dict[str, Any]:
    return {"id": happening.id, **_plainly(happening.values)}


def _plainly(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Happening | Person | Beside):
        return value.id
    if isinstance(value, KeyOf):
        return str(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
