"""A list that was uploaded and is looked at: what it says, what was chosen of it, and how it is read again."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from core import settings
from core.commands.lists import Looked, compared
from core.commands.mappings import remember_mapping
from core.domain.bases import CONSENT_LASTS, Basis, Ground
from core.domain.matching import Match
from core.importers.columns import Column
from core.importers.drafts import Kept
from core.importers.messages import UnknownAccount
from core.importers.overview import Overview, overview
from core.importers.preview import Parsed, Preview, Row, read_file
from core.importers.reading import Unreadable, upload_limits
from core.importers.ready import Choices, Decision
from core.persistence.outages import beside
from core.persistence.viewer import Viewer
from core.persistence.work import Work
from core.queries.imports import Remembered
from pages.parts import actions, filters, reads, rhythms, runtime, state
from pages.parts.layout import head
from pages.parts.wording import md

AS_TEXT = "text"
"""The answer that leaves a column of days as it stands."""

DRAFT = "draft"
"""Its name in the address."""

STEP, OUTCOME, WARNING, ASKED = "step", "rows", "left-out", "import-asked"
"""What is looked at of it, in the address too."""

LONG = 5_000
"""Rows that take over a second."""


@dataclass
class Said:
    """What was chosen so far, in plain values, so that it can be kept beside the file."""

    account: str | None = None
    """Whose messages these are, where they do not tell."""
    table: str | None = None
    """The sheet of a workbook or the file of a zip; None: the one that looks most like a list."""
    fields: dict[int, str | None] = field(default_factory=dict)
    """Of columns that are read otherwise than Perennial would by itself."""
    date_orders: dict[str, str] = field(default_factory=dict)
    decisions: dict[int, tuple[str, str]] = field(default_factory=dict)
    """By line: what was decided, and of whom, so that it counts only as long as it is about the same person."""
    take_columns: list[str] = field(default_factory=list)
    takes: dict[int, tuple[bool, str]] = field(default_factory=dict)
    source: str = ""
    basis: str | None = None
    until: str | None = None
    owner_id: int | None = None
    rhythm: str = "No rhythm"
    is_as_remembered: bool = False
    brought: list[str] = field(default_factory=list)
    """Tables of the same file that have come in already."""

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Said":
        """From what JSON made of it: there a number that names something is text."""
        told = {name: plain[name] for name in cls.__dataclass_fields__ if name in plain}
        for name in ("fields", "decisions", "takes"):
            told[name] = {int(key): value for key, value in told.get(name, {}).items()}
        return cls(**told)


@dataclass(frozen=True)
class Rest:
    """What else is in the file of a list that has just come in."""

    batch_id: int
    member_id: int | None
    filename: str
    data: bytes
    said: Said
    tables: tuple[str, ...]


@dataclass
class Draft:
    member_id: int | None
    """Whoever uploaded it; nobody else is shown it."""
    name: str
    """"" where it could not be kept: then it lives as long as the session."""
    filename: str
    data: bytes
    said: Said
    looked: Looked
    overview: Overview
    own_columns: tuple[Column, ...]
    """As Perennial understands them by itself."""
    remembered: Remembered | None = None

    @property
    def found(self) -> Preview:
        return self.looked.preview

    @property
    def other_tables(self) -> tuple[str, ...]:
        """The other tables of the same file that were not brought in yet."""
        tables = self.found.parsed.tables
        return tuple(name for name in tables if name not in (self.table, *self.said.brought))

    @property
    def table(self) -> str:
        tables = self.found.parsed.tables
        own = self.said.table or self.found.sheet.name or ""
        return own if own in tables or not tables else tables[0]

    def forget(self) -> None:
        runtime.drafts().drop(self.member_id or 0, self.name)

    @property
    def read_as(self) -> Callable[[Work], object] | None:
        """What remembers, once the list is in, how its columns were read; None if nobody ever corrected it."""
        orders = {name: order for name, order in self.said.date_orders.items() if order != AS_TEXT}
        if self.found.kind == "messages" or not (self.said.fields or orders or self.remembered):
            return None
        return partial(
            remember_mapping,
            source=self.said.source,
            header=self.found.sheet.header,
            fields=self.said.fields,
            date_orders=orders,
        )

    @property
    def decisions(self) -> dict[int, Decision]:
        """Those that are still about the person they were made of."""
        given = self.said.decisions
        return {
            line: Decision(given[line][0])
            for line, _, match in self.overview.asked
            if line in given and given[line][1] == whom(match)
        }

    @property
    def also_differing(self) -> list[int]:
        """Lines that say something else of who was decided to be the same, beside those of who is known anyway."""
        if not self.overview.may_differ:
            return []
        decided = self.decisions
        return [line for line in self.overview.may_differ if decided.get(line) is Decision.SAME]

    def takes(self, row: Row) -> bool | None:
        """All it says otherwise, nothing of it, or None: some of it, as chosen by the column."""
        given = self.said.takes.get(row.line)
        if given is not None and given[1] == str(row.of_candidate):
            return given[0]
        by_column = {one.column in self.said.take_columns for one in row.differences}
        return by_column.pop() if len(by_column) == 1 else None

    @property
    def choices(self) -> Choices:
        said = self.said
        rows = {line: self.overview.row(self.found, line) for line in said.takes}
        return Choices(
            source=said.source,
            owner_id=said.owner_id,
            rhythm=rhythms.called(said.rhythm),
            decisions=self.decisions,
            ground=ground(said),
            take_columns=frozenset(said.take_columns),
            takes={line: said.takes[line][0] for line, row in rows.items() if row and still_about(said, row)},
        )


def whom(match: Match) -> str:
    return f"{match.of.kind}:{match.of.number}" if match.of else ""


def still_about(said: Said, row: Row) -> bool:
    return bool(row.differences) and said.takes[row.line][1] == str(row.of_candidate)


def ground(said: Said) -> Ground:
    """The basis chosen, with the last day of consent where it has one. `said` keeps the day if the basis changes."""
    if said.basis is None:
        return Ground()
    basis = Basis(said.basis)
    return Ground(basis, date.fromisoformat(said.until) if basis.lapses and said.until else None)


def default_until(today: date) -> date:
    return today + CONSENT_LASTS


# begun, found again, given up


def begin(viewer: Viewer, data: bytes, filename: str, account: str | None = None) -> None:
    """The file as a draft, read as lists like it were read before; raises Unreadable."""
    _begin(viewer, data, filename, Said(account=account, owner_id=viewer.id))


def _begin(viewer: Viewer, data: bytes, filename: str, said: Said) -> None:
    with beside():
        draft = _looked_at(viewer.id, data, filename, said, is_new=True)
    try:
        draft.name = runtime.drafts().keep(
            viewer.id or 0, filename, data, asdict(draft.said), now=runtime.store().now()
        )
    except OSError:
        logging.getLogger(__name__).exception("an uploaded list could not be kept for a reload")
    st.session_state[state.IMPORT_DRAFT] = draft
    st.session_state.pop(state.IMPORT_REST, None)
    for name in (STEP, OUTCOME, WARNING):
        filters.choose(name, "")


def keep_the_rest(batch_id: int) -> None:
    """Once a list is in: what else is in its file can be looked at without another upload, in this session."""
    draft: Draft | None = st.session_state.get(state.IMPORT_DRAFT)
    if draft is None or not draft.other_tables:
        return
    of_all = ("source", "basis", "until", "owner_id", "rhythm")
    said = Said(**{name: getattr(draft.said, name) for name in of_all}, brought=[*draft.said.brought, draft.table])
    rest = Rest(batch_id, draft.member_id, draft.filename, draft.data, said, draft.other_tables)
    st.session_state[state.IMPORT_REST] = rest


def rest_of(viewer: Viewer, batch_id: int) -> Rest | None:
    rest: Rest | None = st.session_state.get(state.IMPORT_REST)
    if rest is None or not viewer.may_edit:
        return None
    return rest if (rest.batch_id, rest.member_id) == (batch_id, viewer.id) else None


def begin_with_rest(batch_id: int, once_read: Callable[[], None]) -> None:
    """The next table of the file; where its messages do not tell whose they are, that is asked in Columns."""
    st.session_state[state.IMPORT_READING] = partial(_begin_with_rest, batch_id, once_read)


def _begin_with_rest(batch_id: int, once_read: Callable[[], None]) -> None:
    viewer = runtime.require_viewer()
    if (rest := rest_of(viewer, batch_id)) is None:
        return
    table = rest.tables[0]
    try:
        _begin(viewer, rest.data, rest.filename, replace(rest.said, table=table))
    except UnknownAccount:
        _begin(viewer, rest.data, rest.filename, rest.said)
        st.session_state[state.IMPORT_ACCOUNT_OF] = table
        filters.choose(STEP, "columns")
    except Unreadable as unreadable:
        actions.refuse(str(unreadable))
        return
    once_read()


def current(viewer: Viewer) -> Draft | None:
    """The one in the address, which may have been uploaded in another tab; else the one this session has."""
    if not viewer.may_edit:
        return None
    mine: Draft | None = st.session_state.get(state.IMPORT_DRAFT)
    asked_for = st.query_params.get(DRAFT, "")
    if asked_for and (mine is None or mine.name != asked_for):
        kept = runtime.drafts().find(viewer.id or 0, asked_for, now=runtime.store().now())
        if kept is not None:
            mine = _found_again(viewer, asked_for, kept) or mine
        if mine is None:
            st.session_state[state.IMPORT_GONE] = True
            st.query_params.pop(DRAFT, None)
    if mine is not None and mine.member_id != viewer.id:
        return None
    if mine is not None and mine.name:
        st.query_params[DRAFT] = mine.name
    return mine


def shown() -> Draft:
    """For a callback: the draft whose widget was just used."""
    draft: Draft = st.session_state[state.IMPORT_DRAFT]
    return draft


def _found_again(viewer: Viewer, name: str, kept: Kept) -> Draft | None:
    """None if it can't be read any more, as when a setting allows less by now."""
    try:
        with st.spinner(f"Reading {md(kept.filename)} again"):
            draft = _looked_at(viewer.id, kept.data, kept.filename, Said.of(kept.said))
    except Unreadable:
        return None
    draft.name = name
    st.session_state[state.IMPORT_DRAFT] = draft
    return draft


def note(**said: Any) -> None:
    """What was just chosen, kept with the file."""
    viewer = runtime.require_viewer()
    draft: Draft | None = st.session_state.get(state.IMPORT_DRAFT)
    if draft is None:
        return
    draft.said = replace(draft.said, **said)
    try:
        runtime.drafts().note(viewer.id or 0, draft.name, draft.filename, asdict(draft.said), now=runtime.store().now())
    except OSError:
        logging.getLogger(__name__).exception("what was chosen could not be kept for a reload")


def read_again(**said: Any) -> None:
    """The same file read otherwise; what was decided stays where it still applies. What can't be read is left as is.

    In a callback a bar would stand above the page as it was: what may be long is read by the run that follows.
    """
    runtime.require_viewer()  # a callback comes before the page has asked, and this compares with everybody stored
    draft: Draft | None = st.session_state.get(state.IMPORT_DRAFT)
    if draft is None:
        return
    if "table" in said or draft.found.counts.rows_read >= LONG:
        st.session_state[state.IMPORT_READING] = partial(_read_again, draft, said)
    else:
        _read_again(draft, said)


def draw_reading() -> None:
    """How far it is, and nothing else; then the page is drawn afresh."""
    read: Callable[[], None] = st.session_state.pop(state.IMPORT_READING)
    draft: Draft | None = st.session_state.get(state.IMPORT_DRAFT)
    with head(f"Reading {draft.filename}" if draft else "Reading the list", "Nothing is brought in yet."):
        pass
    with st.spinner("Reading, and comparing with everybody known"):
        read()
    st.rerun()


def _read_again(draft: Draft, said: dict[str, Any]) -> None:
    try:
        again = _looked_at(draft.member_id, draft.data, draft.filename, replace(draft.said, **said))
    except UnknownAccount:
        st.session_state[state.IMPORT_ACCOUNT_OF] = said.get("table", draft.said.table)
        return
    except Unreadable as unreadable:
        st.session_state[state.IMPORT_TROUBLE] = str(unreadable)
        return
    draft.looked, draft.overview, draft.own_columns = again.looked, again.overview, again.own_columns
    draft.remembered = again.remembered
    note(**said)


def read_as_remembered(remembered: Remembered) -> None:
    read_again(fields=dict(remembered.mapping), date_orders=dict(remembered.date_orders), is_as_remembered=True)


def read_afresh() -> None:
    read_again(fields={}, date_orders={}, is_as_remembered=False)


def drop() -> None:
    """Nothing of the file stays."""
    draft: Draft | None = st.session_state.pop(state.IMPORT_DRAFT, None)
    st.query_params.clear()
    st.session_state[state.FILES_SEEN] = st.session_state.get(state.FILES_SEEN, 0) + 1
    if draft is not None:
        draft.forget()


# read


def _looked_at(member_id: int | None, data: bytes, filename: str, said: Said, *, is_new: bool = False) -> Draft:
    own = _read(data, filename, replace(said, fields={}, date_orders={}))
    remembered = reads.remembered_mapping("", own.sheet.header) if own.format != "linkedin_messages" else None
    if is_new and remembered is not None:
        fields, orders = dict(remembered.mapping), dict(remembered.date_orders)
        said = replace(said, fields=fields, date_orders=orders, source=remembered.source, is_as_remembered=True)
    parsed = _read(data, filename, said) if said.fields or said.date_orders else own
    region = settings.current().phone_region
    looked = _compared(parsed, data, filename, region)
    return Draft(
        member_id, "", filename, data, said, looked, overview(looked.preview, said.date_orders), own.columns, remembered
    )


def _compared(parsed: Parsed, data: bytes, filename: str, region: str) -> Looked:
    """With a bar where it takes long enough for one to be seen."""
    if parsed.sheet.rows_read < LONG:
        return compared(runtime.store(), parsed, data, filename, region=region)
    bar = st.progress(0.0)

    def tell(done: int, of: int) -> None:
        bar.progress(min(done / max(of, 1), 1.0), text=f"{done:,} of {of:,} rows compared")

    looked = compared(runtime.store(), parsed, data, filename, region=region, progress=tell)
    bar.empty()
    return looked


def _read(data: bytes, filename: str, said: Said) -> Parsed:
    """A table whose headers are all strange is read too: what its columns hold can then be said by hand."""
    return read_file(
        data,
        filename,
        region=settings.current().phone_region,
        limits=upload_limits(settings.current()),
        mapping=said.fields,
        owner=said.account,
        sheet=said.table,
        date_orders={name: order for name, order in said.date_orders.items() if order != AS_TEXT},  # type: ignore[misc]
    )
