"""Where somebody is named, in every text of every table; and how they are taken out of what others wrote."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, Table, cast, func, or_, select, text, true, update
from sqlalchemy.orm import Session

from core.domain.names import folded
from core.domain.traces import Identity
from core.persistence.ledger import recount
from core.persistence.matching import index_match_keys
from core.persistence.personal import PARTS, TABLES, text_columns
from core.persistence.search import index_words_of_many
from core.persistence.tables import Candidate, Handle, Merge, MergedValue
from core.persistence.tables.people import HandleKind

WHO_THEY_ARE = frozenset(
    {
        *("candidate.name", "candidate.sort_name", "handle.value", "search_word.word", "match_key.key"),
        *("merged_value.before", "merged_value.after"),
        *("member.name", "member.username", "client.name", "client.sort_name", "client.called_in_policy"),
        *("client_person.name", "client_person.title", "client_person.email", "client_person.phone"),
    }
)
"""Columns that say who somebody else is: a namesake, or the same person as whom we write to at a client. They stay."""

SETTLED = frozenset({"candidate.came_from", "source_tally.source"})
"""Columns that follow from where somebody came from: they change with it."""

Looked = Callable[[int, int], None]
"""Told how many tables were looked through, and of how many."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A place that names them."""

    table: str
    column: str
    key: tuple[Any, ...]
    excerpt: str

    @property
    def place(self) -> str:
        return f"{self.table}.{self.column}"

    @property
    def is_of_somebody_else(self) -> bool:
        return self.place in WHO_THEY_ARE

    @property
    def is_to_take_out(self) -> bool:
        """Something that was written of them, and can be changed: the trail is only ever appended to."""
        can_be = not TABLES[self.table].info.get("append_only") and self.place not in SETTLED
        return can_be and not self.is_of_somebody_else


def identity_of(session: Session, records: Sequence[int]) -> Identity:
    """As written now, and as it stood in records that were merged."""
    names = list(session.scalars(select(Candidate.name).where(Candidate.id.in_(records))))
    merged = select(MergedValue.before).join(Merge, Merge.id == MergedValue.merge_id)
    mine = (MergedValue.name == "name", Merge.kept_id.in_(records) | Merge.gone_id.in_(records))
    names += [name for name in session.scalars(merged.where(*mine)) if name]
    names += [folded(name) for name in names]
    handles = session.execute(select(Handle.kind, Handle.value).where(Handle.candidate_id.in_(records))).all()
    of = {kind: tuple(value for one, value in handles if one is kind) for kind in HandleKind}
    profiles = (*of[HandleKind.LINKEDIN], *of[HandleKind.GITHUB])
    return Identity(tuple(names), of[HandleKind.EMAIL], of[HandleKind.PHONE], profiles)


def searched() -> list[str]:
    """Every column that is looked through."""
    return [f"{table.name}.{column.name}" for table in TABLES.values() for column in text_columns(table)]


def traces(
    session: Session, identity: Identity, *, beside: Sequence[int] = (), looked: Looked | None = None
) -> list[Trace]:
    """All places that name them, but those of their own rows, if `beside` gives their records.

    Every row of every table is read for it: at a million people that takes a minute, and keeps nobody from writing.
    """
    if identity.pattern is None:
        return []
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SET LOCAL statement_timeout = 0"))
    found: list[Trace] = []
    for number, table in enumerate(TABLES.values(), 1):
        if columns := text_columns(table):
            found += _in_table(session, identity, table, columns, beside)
        if looked is not None:
            looked(number, len(TABLES))
    return found


def _in_table(
    session: Session, identity: Identity, table: Table, columns: list[Any], beside: Sequence[int]
) -> Iterator[Trace]:
    keys = list(table.primary_key)
    lowered = [func.lower(cast(column, String)) for column in columns]
    query = select(*keys, *(column.label(f"text_{column.name}") for column in columns))
    query = query.where(or_(*(one.like(like, escape="\\") for one in lowered for like in identity.likes)))
    if beside and table.name in PARTS:
        query = query.where(PARTS[table.name].theirs(beside).is_not(true()))
    for row in session.execute(query):
        for column, value in zip(columns, row[len(keys) :], strict=True):
            if excerpt := identity.named_in(value):
                yield Trace(table.name, column.name, tuple(row[: len(keys)]), excerpt)


def take_out(session: Session, identity: Identity, found: Iterable[Trace]) -> int:
    """Take them out of what others wrote; in how many places. What was changed since it was found is read afresh.

    A row of a list that is nobody's goes as a whole.
    """
    people: set[int] = set()
    number = 0
    for trace in found:
        table = TABLES[trace.table]
        if not trace.is_to_take_out:
            continue
        column, here = (
            table.c[trace.column],
            [one == value for one, value in zip(table.primary_key, trace.key, strict=True)],
        )
        row = session.execute(select(table).where(*here).with_for_update()).first()
        if row is None or not identity.named_in(before := row._mapping[trace.column]):
            continue
        after = identity.taken_out_of(before)
        if trace.place == "import_row.cells" and row.candidate_id is None:
            after = []
        if isinstance(after, str) and (longest := getattr(column.type, "length", None)):
            after = after[:longest]
        values = {trace.column: after}
        if "version" in table.c:  # whoever is editing it must look again
            values["version"] = table.c.version + 1
        session.execute(update(table).where(*here).values(values))
        people |= {trace.key[0]} if trace.table == "candidate" else set()
        number += 1
    if people:
        session.expire_all()
        index_words_of_many(session, sorted(people))
        index_match_keys(session, *sorted(people))
        recount(session, sorted(people))
    return number
