"""All that is known of one person, to be given to them: to read in a browser, and as JSON, in one file."""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.calendar import Calendar
from core.domain.document import Document, as_html
from core.domain.traces import Identity
from core.persistence.facts import kept_record, merged_records
from core.persistence.personal import FACT, FACT_TABLES, PARTS, TABLES
from core.persistence.tables.base import UNCHECKED
from core.persistence.team import team_of
from core.persistence.traces import identity_of
from core.queries.own_document import document
from core.queries.own_telling import COLLEAGUE, Known, under

SOMEBODY_ELSE = "somebody else"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w/.-])\+\d[\d\s().-]{7,16}\d(?!\w)")
Row = dict[str, Any]

WHICH_CLAIM = "kept_because"
"""Only admins see it, and what is prepared for a claim need not be given; until when it keeps them is."""
NOT_TOLD = ("seal", "token_hash")
"""What no person can read, and nothing follows from."""


@dataclass(frozen=True, slots=True)
class OwnData:
    """Everything: to be read, and table by table, row by row."""

    name: str
    made_at: datetime
    parts: dict[str, list[Row]]
    """By the title of the part, in the order of the tables."""
    document: Document


def own_data(session: Session, candidate_id: int, *, now: datetime, calendar: Calendar) -> OwnData:
    """Of the one kept, and of every record merged into them. Other people are not named in it."""
    kept = kept_record(session, candidate_id)
    records = [kept, *sorted(set(merged_records(session, [kept])) - {kept})]
    words = _Words(session, records, calendar)
    stored = {name: _rows(session, name, records) for name in PARTS}
    parts = {PARTS[name].title: [words.row(row) for row in rows] for name, rows in stored.items() if rows}
    name = next(iter(words.identity.names), "")
    known = Known(
        name=name,
        rows={name: [words.masked_row(row) for row in rows] for name, rows in stored.items()},
        names=words,
        now=now,
        calendar=calendar,
        months=team_of(session).policies.now.retention_months,
    )
    return OwnData(name, now, parts, document(known))


def as_zip(data: OwnData) -> bytes:
    """One file with two in it: a page that needs nothing else, and the same as JSON."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("your-data.html", as_html(data.document))
        archive.writestr("your-data.json", as_json(data))
    return packed.getvalue()


def as_json(data: OwnData) -> str:
    told = {"name": data.name, "made_at": data.made_at.isoformat(), "parts": data.parts}
    return json.dumps(told, ensure_ascii=False, indent=2)


# from the tables


def _rows(session: Session, name: str, records: Sequence[int]) -> list[Mapping[str, tuple[Any, Any]]]:
    """Each row as column → the column and its value; what has content of its own together with when it happened."""
    table, part = TABLES[name], PARTS[name]
    columns = [column for column in table.columns if column.name not in (*NOT_TOLD, WHICH_CLAIM)]
    query = select(*columns)
    if name in FACT_TABLES:
        columns = [*FACT.columns, *(column for column in table.columns if column.name != "id")]
        query = select(*columns).select_from(FACT.join(table, FACT.c.id == table.c.id)).order_by(FACT.c.happened_at)
    elif name == "candidate":
        query = query.order_by(table.c.id != records[0], table.c.id)  # the one kept first
    else:
        query = query.order_by(*table.primary_key)
    rows = session.execute(query.where(part.theirs(records)))
    return [{c.name: (c, value) for c, value in zip(columns, row, strict=True)} for row in rows]


class _Words:
    """Values as somebody reads them: references as names, moments on the team's clock, nobody else named."""

    def __init__(self, session: Session, records: Sequence[int], calendar: Calendar) -> None:
        self.session, self.records, self.calendar = session, set(records), calendar
        self.identity = identity_of(session, records)
        self._called: dict[tuple[str, int], str] = {}
        self._lists: dict[int, tuple[Sequence[str], datetime]] = {}

    def row(self, row: Mapping[str, tuple[Any, Any]]) -> Row:
        is_trail = "subject_kind" in row
        told = {
            name.removesuffix("_id").replace("_", " "): self.value(column, value, in_trail=is_trail)
            for name, (column, value) in row.items()
        }
        if "cells" in row:  # as they stood in the file, under its headers
            told["cells"] = dict(under(self.list_of(row["batch_id"][1])[0], told["cells"]))
        return told

    def masked_row(self, row: Mapping[str, tuple[Any, Any]]) -> Row:
        """As it is stored, but for others' names."""
        return {name: value if isinstance(value, Enum) else self.masked(value) for name, (_, value) in row.items()}

    def list_of(self, batch_id: int) -> tuple[Sequence[str], datetime]:
        """Its headers, and when it was brought in."""
        if batch_id not in self._lists:
            batch = TABLES["import_batch"].c
            query = select(batch.counts, batch.imported_at).where(batch.id == batch_id)
            counts, at = self.session.execute(query).one()
            self._lists[batch_id] = list(counts.get("columns", [])), at
        return self._lists[batch_id]

    def offered_at(self, offer_id: int) -> datetime:
        offer = TABLES["handover_offer"].c
        at: datetime = self.session.execute(select(offer.offered_at).where(offer.id == offer_id)).scalar_one()
        return at

    def value(self, column: Any, value: Any, *, in_trail: bool) -> Any:
        if value is None:
            return None
        of = next((key.column.table.name for key in column.foreign_keys), UNCHECKED.get(column.name))
        if of is not None:
            return COLLEAGUE if in_trail and of == "member" else self.called(of, value)
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return value.isoformat()
        return self.masked(value)

    def moment(self, at: datetime) -> str:
        return f"{at.astimezone(self.calendar.zone):%Y-%m-%d %H:%M}"

    def called(self, table: str, id_: int) -> str:
        """A colleague, a client's opening, a list: by name. A person: you, or somebody else."""
        if table == "candidate":
            return "you" if id_ in self.records else SOMEBODY_ELSE
        if (table, id_) not in self._called:
            self._called[table, id_] = self._name(table, id_)
        return self._called[table, id_]

    def client(self, process_id: int) -> str:
        process, opening, client = TABLES["process"].c, TABLES["opening"].c, TABLES["client"].c
        query = select(client.name).join_from(TABLES["process"], TABLES["opening"], opening.id == process.opening_id)
        query = query.join(TABLES["client"], client.id == opening.client_id).where(process.id == process_id)
        return self.session.scalar(query) or "The client"

    def _name(self, table: str, id_: int) -> str:
        of = TABLES[table].c
        if table == "process":
            return self.called("opening", self.session.scalar(select(of.opening_id).where(of.id == id_)) or 0)
        if table == "opening":
            client = TABLES["client"].c
            query = select(of.title, client.name).outerjoin_from(
                TABLES["opening"], TABLES["client"], client.id == of.client_id
            )
            title, at = self.session.execute(query.where(of.id == id_)).one()
            return f"{title}, {at}" if at else str(title)
        if table == "fact" or table in FACT_TABLES:
            at = self.session.scalar(select(FACT.c.happened_at).where(FACT.c.id == id_))
            return f"no. {id_}, {self.moment(at)}" if at else f"no. {id_}"
        for name in ("name", "filename"):
            if name in of:
                return str(self.session.scalar(select(of[name]).where(of.id == id_)))
        return f"no. {id_}"

    def masked(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return {self._text(str(key)): self.masked(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.masked(one) for one in value]
        return value

    def _text(self, text: str) -> str:
        if self.others.pattern is not None:
            text = self.others.pattern.sub(SOMEBODY_ELSE, text)
        mine = {*self.identity.emails}
        text = _EMAIL.sub(lambda found: found[0] if found[0].lower() in mine else f"[{SOMEBODY_ELSE}’s address]", text)
        return _PHONE.sub(lambda found: found[0] if self._is_mine(found[0]) else f"[{SOMEBODY_ELSE}’s number]", text)

    def _is_mine(self, number: str) -> bool:
        return f"+{re.sub(r'[^0-9]', '', number)}" in self.identity.phones

    @cached_property
    def others(self) -> Identity:
        """People they recommended or were recommended by, their lookalikes, and whom we write to at their clients."""
        return Identity(tuple(dict.fromkeys(name for name in self._others() if name)))

    def _others(self) -> Iterable[str]:
        candidate, referral, fact = TABLES["candidate"], TABLES["referral"], FACT
        mine = list(self.records)
        recommended = select(referral.c.referred_id).join(fact, fact.c.id == referral.c.id)
        recommending = select(fact.c.candidate_id).join(referral, fact.c.id == referral.c.id)
        ids = {
            *self.session.scalars(recommended.where(fact.c.candidate_id.in_(mine))),
            *self.session.scalars(recommending.where(referral.c.referred_id.in_(mine))),
        }
        for name in ("lookalike", "not_same"):
            pair = TABLES[name].c
            for two in self.session.execute(select(pair.one_id, pair.other_id).where(PARTS[name].theirs(mine))):
                ids.update(two)
        yield from self.session.scalars(select(candidate.c.name).where(candidate.c.id.in_(ids - self.records)))
        process, opening, person = TABLES["process"].c, TABLES["opening"].c, TABLES["client_person"].c
        openings = select(process.opening_id).where(PARTS["process"].theirs(mine))
        clients = select(opening.client_id).where(opening.id.in_(openings.scalar_subquery()))
        yield from self.session.scalars(select(person.name).where(person.client_id.in_(clients.scalar_subquery())))
