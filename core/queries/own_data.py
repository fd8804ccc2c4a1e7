"""All that is known of one person, to be given to them: to read in a browser, and as JSON, in one file."""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from html import escape
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from core.domain.calendar import Calendar
from core.domain.traces import Identity
from core.persistence.facts import kept_record, merged_records
from core.persistence.personal import FACT, FACT_TABLES, PARTS, TABLES
from core.persistence.traces import identity_of

SOMEBODY_ELSE = "somebody else"
COLLEAGUE = "one of our team"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w/.-])\+\d[\d\s().-]{7,16}\d(?!\w)")
STYLE = (
    "body{font:16px/1.5 Georgia,serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#22241f;"
    "background:#fbf9f3}h1{font-size:1.6rem}h2{font-size:1.2rem;margin:2.2rem 0 .4rem;border-bottom:1px solid #e0dbcd}"
    "dl{display:grid;grid-template-columns:13rem 1fr;gap:.1rem 1rem;margin:0 0 1rem;padding:.6rem .8rem;"
    "background:#fff;border:1px solid #e9e5da;border-radius:.5rem}dt,p{color:#6b6a62}"
    "dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}"
    "@media(max-width:40rem){dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}}"
)

WHICH_CLAIM = "kept_because"
"""Only admins see it, and what is prepared for a claim need not be given; until when it keeps them is."""
Row = dict[str, Any]


NOT_TOLD = ("seal", "token_hash")
"""What no person can read, and nothing follows from."""


@dataclass(frozen=True, slots=True)
class OwnData:
    """Everything, in words: table by table, row by row."""

    name: str
    made_at: datetime
    parts: dict[str, list[Row]]
    """By the title of the part, in the order in which it is read."""


def own_data(session: Session, candidate_id: int, *, now: datetime, calendar: Calendar) -> OwnData:
    """Of the one kept, and of every record merged into them. Other people are not named in it."""
    records = list(merged_records(session, [kept_record(session, candidate_id)]))
    words = _Words(session, records, calendar)
    parts = {part.title: [words.row(row) for row in _rows(session, name, records)] for name, part in PARTS.items()}
    name = next(iter(words.identity.names), "")
    return OwnData(name, now, {title: rows for title, rows in parts.items() if rows})


def as_zip(data: OwnData, calendar: Calendar) -> bytes:
    """One file with two in it: a page that needs nothing else, and the same as JSON."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("your-data.html", as_html(data, calendar))
        archive.writestr("your-data.json", as_json(data))
    return packed.getvalue()


def as_json(data: OwnData) -> str:
    told = {"name": data.name, "made_at": data.made_at.isoformat(), "parts": data.parts}
    return json.dumps(told, ensure_ascii=False, indent=2)


def as_html(data: OwnData, calendar: Calendar) -> str:
    made = data.made_at.astimezone(calendar.zone)
    begin = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>What we know of {escape(data.name)}</title><style>{STYLE}</style>"
        f"<h1>What we know of {escape(data.name)}</h1>"
        f"<p>All of it, as of {made:%d.%m.%Y, %H:%M}. Other people’s names are left out. The same stands beside this"
        " page as JSON, for other programs.</p>"
    )
    return "".join([begin, *(_section(title, rows) for title, rows in data.parts.items())])


def _section(title: str, rows: Sequence[Row]) -> str:
    told = "".join(f"<dl>{''.join(_lines(row))}</dl>" for row in rows)
    return f"<h2>{escape(title)}</h2>{told}"


def _lines(row: Row) -> Iterator[str]:
    for name, value in row.items():
        if value not in (None, "", [], {}):
            yield f"<dt>{escape(name)}</dt><dd>{escape(_said(value))}</dd>"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_said(one)}" for key, one in value.items())
    return "–" if value is None else str(value)


# from the tables


def _rows(session: Session, name: str, records: Sequence[int]) -> list[Mapping[str, tuple[Any, Any]]]:
    """Each row as column → the column and its value; what has content of its own together with when it happened."""
    table, part = TABLES[name], PARTS[name]
    columns = [column for column in table.columns if column.name not in NOT_TOLD]
    query = select(*columns)
    if name in FACT_TABLES:
        columns = [*FACT.columns, *(column for column in table.columns if column.name != "id")]
        query = select(*columns).select_from(FACT.join(table, FACT.c.id == table.c.id)).order_by(FACT.c.happened_at)
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

    def row(self, row: Mapping[str, tuple[Any, Any]]) -> Row:
        is_trail = "subject_kind" in row
        told = {
            name.removesuffix("_id").replace("_", " "): self.value(column, value, in_trail=is_trail)
            for name, (column, value) in row.items()
            if name != WHICH_CLAIM
        }
        if "cells" in row:  # as they stood in the file, under its headers
            headers = self._headers(row["batch_id"][1])
            told["cells"] = dict(zip(headers, told["cells"], strict=False)) if headers else told["cells"]
        return told

    def _headers(self, batch_id: int) -> list[str]:
        batch = TABLES["import_batch"].c
        counts = self.session.scalar(select(batch.counts).where(batch.id == batch_id)) or {}
        return list(counts.get("columns", []))

    def value(self, column: Any, value: Any, *, in_trail: bool) -> Any:
        if value is None:
            return None
        for key in column.foreign_keys:
            of: Table = key.column.table
            return COLLEAGUE if in_trail and of.name == "member" else self.called(of.name, value)
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return value.isoformat()
        return self.masked(value)

    def moment(self, at: datetime) -> str:
        return f"{at.astimezone(self.calendar.zone):%Y-%m-%d %H:%M}"

    def called(self, table: str, id_: int) -> Any:
        """A colleague, a client's opening, a list: by name. A person: you, or somebody else."""
        if table == "candidate":
            return "you" if id_ in self.records else SOMEBODY_ELSE
        if (table, id_) not in self._called:
            self._called[table, id_] = self._name(table, id_)
        return self._called[table, id_]

    def _name(self, table: str, id_: int) -> str:
        of = TABLES[table].c
        if table == "process":
            return str(self.called("opening", self.session.scalar(select(of.opening_id).where(of.id == id_)) or 0))
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
