"""An import asked for from the terminal: what was said there, as a page would ask for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.commands.lists import Looked, compared
from core.commands.mappings import remember_mapping
from core.domain.bases import Basis, Ground
from core.domain.facts import Rhythm, Unit
from core.domain.refusal import Refused
from core.domain.row_reasons import why
from core.importers.columns import Column
from core.importers.exports import table_of
from core.importers.preview import Parsed, Preview, Progress, read_file
from core.importers.ready import Choices, Decision, goes_with, lines_out, undecided
from core.importers.reasons import FIELDS
from core.persistence.store import Store
from core.persistence.viewer import Viewer
from core.queries.imports import Remembered, remembered

LONG = 5_000
"""Rows that take over a second, and so are worth a bar."""


@dataclass(slots=True)
class Asked:
    """The options of `perennial import` that say how a list is read, and what is chosen for all of it."""

    sheet: str | None
    account: str | None
    source: str
    columns: Mapping[str, str]
    """Header → field; "" is none."""
    dates: Mapping[str, str]
    afresh: bool
    ground: Ground
    rhythm: Rhythm | None
    alike: Decision
    take: frozenset[str]

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "Asked":
        """Raises Refused for what is not understood."""
        basis, until = options["basis"], options["until"]
        return cls(
            sheet=options["sheet"],
            account=options["account"],
            source=options["source"],
            columns=dict(_pair(one, "--column", "Header=field") for one in options["columns"]),
            dates=dict(_order(one) for one in options["dates"]),
            afresh=options["afresh"],
            ground=Ground(Basis(basis) if basis else None, until.date() if until else None),
            rhythm=_rhythm(options["rhythm"]),
            alike=Decision(options["alike"]),
            take=frozenset(options["take"]),
        )

    def remember(self, store: Store, viewer: Viewer, found: Preview) -> None:
        """How columns were said to be read, for the next list like this one."""
        if not (self.columns or self.dates) or found.kind == "messages":
            return
        header = found.sheet.header
        with store.reading() as session:
            before = None if self.afresh else remembered(session, self.source, header)
        fields = {**(before.mapping if before else {}), **_by_index(found.columns, self.columns)}
        orders = {**(before.date_orders if before else {}), **self.dates}
        with store.working(viewer) as work:
            remember_mapping(work, source=self.source, header=header, fields=fields, date_orders=orders)


def read_as_asked(data: bytes, filename: str, asked: Asked, *, region: str, before: Remembered | None = None) -> Parsed:
    """`before`: how a list like it was read the last time, where nothing else is said now."""
    how: dict[str, Any] = {"region": region, "sheet": asked.sheet, "owner": asked.account}
    parsed = read_file(data, filename, **how)
    mapping = {**(before.mapping if before else {}), **_by_index(parsed.columns, asked.columns)}
    orders: dict[Any, Any] = {**(before.date_orders if before else {}), **asked.dates}
    _refuse_unknown(parsed, orders)
    if not mapping and not orders:
        return parsed
    return read_file(data, filename, mapping=mapping or None, date_orders=orders, **how)


def look_at_file(
    store: Store, parsed: Parsed, data: bytes, filename: str, asked: Asked, *, region: str, progress: Progress
) -> Looked:
    """What was read compared with everybody stored; read once more where a list like it was read otherwise before."""
    if not asked.afresh:
        with store.reading() as session:
            before = remembered(session, asked.source, parsed.sheet.header)
        if before is not None:
            parsed = read_as_asked(data, filename, asked, region=region, before=before)
    is_long = parsed.sheet.rows_read > LONG
    return compared(store, parsed, data, filename, region=region, progress=progress if is_long else None)


def import_choices(found: Preview, asked: Asked) -> Choices:
    return Choices(
        source=asked.source,
        rhythm=asked.rhythm,
        decisions={line: asked.alike for line, _, _ in undecided(found)},
        take_columns=asked.take,
        ground=asked.ground,
    )


def rows_left_out(found: Preview, asked: Asked) -> bytes:
    """Rejected rows, and those of who may be known where that is left open, to be mended and brought in again."""
    out = lines_out(found, import_choices(found, asked).decisions)
    rows = [
        row
        for row in found.rows
        if row.rejection or goes_with(row) in out or (row.outcome == "likely" and row.line in out)
    ]
    reasons = [why(row.reason or ", ".join(row.on)) for row in rows]
    return table_of(found.sheet.header, [row.cells for row in rows], reasons)


def _by_index(columns: tuple[Column, ...], said: Mapping[str, str]) -> dict[int, str | None]:
    fields: dict[int, str | None] = {}
    for header, field in said.items():
        indexes = [column.index for column in columns if column.header.strip().casefold() == header.casefold()]
        if not indexes:
            raise Refused(f"The list has no column “{header}”.")
        if field and field not in FIELDS:
            raise Refused(f"“{field}” is no field. They are: {', '.join(sorted(FIELDS))}.")
        fields |= dict.fromkeys(indexes, field or None)
    return fields


def _refuse_unknown(parsed: Parsed, orders: Mapping[str, str]) -> None:
    headers = {column.header for column in parsed.columns}
    for header in orders:
        if header not in headers:
            raise Refused(f"The list has no column “{header}”.")


def _pair(text: str, option: str, example: str) -> tuple[str, str]:
    header, equals, value = text.rpartition("=")
    if not equals or not header.strip():
        raise Refused(f"{option} “{text}” is not understood. Write it as {example}.")
    return header.strip(), value.strip()


def _order(text: str) -> tuple[str, str]:
    header, order = _pair(text, "--dates", "Header=DMY")
    if order.upper() not in ("DMY", "MDY"):
        raise Refused(f"--dates “{text}”: the order is DMY or MDY.")
    return header, order.upper()


def _rhythm(text: str | None) -> Rhythm | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,3}) *(week|month)s?", text.strip())
    if found is None or not 1 <= int(found[1]) <= 120:
        raise Refused(f"--rhythm “{text}” is not understood. Write it as “6 weeks” or “3 months”.")
    return Rhythm(int(found[1]), Unit(f"{found[2]}s"))
