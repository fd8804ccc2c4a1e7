"""What an import would do, row by row, before anything is done."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, Protocol

from core.domain.matching import NO_MATCH, Key, Known, Match, Person, Pool, Ref, key, matches
from core.importers.archives import read_table
from core.importers.columns import Column, columns_of, mapped
from core.importers.messages import MessagesFile, Participant, Word, is_messages, read_messages
from core.importers.people import CellWarning, Incoming, Orders, PeopleFile, ReadRow, Rejection
from core.importers.reading import DEFAULT_LIMITS, Limits, Sheet, Unreadable
from core.importers.values import DateOrder

Outcome = Literal["new", "adds", "exact", "likely", "rejected"]
Parsed = PeopleFile | MessagesFile
Progress = Callable[[int, int], None]
"""Told how many rows are done, and of how many."""

_ASKED_AT_ONCE = 5_000


class Existing(Protocol):
    """What is already stored. Each question is asked for thousands at once."""

    def known_by(self, keys: Collection[Key]) -> Iterable[Known]:
        """Everybody who has one of these keys; a `row` key is the fingerprint of a row imported before."""

    def words_known(self, source_keys: Collection[str]) -> Collection[str]:
        """Those of these messages that were imported before."""


class Nothing:
    """An empty workspace."""

    def known_by(self, keys: Collection[Key]) -> Iterable[Known]:
        return ()

    def words_known(self, source_keys: Collection[str]) -> Collection[str]:
        return ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the file says something else of somebody known than what is stored."""

    column: str
    stored: str
    said: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row and what would become of it.

    A duplicate is of somebody stored (`of_candidate`) or of the row that brought them first (`of_line`).
    """

    line: int
    record: int
    outcome: Outcome
    cells: tuple[str, ...]
    person: Incoming | None = None
    match: Match = NO_MATCH
    rejection: Rejection | None = None
    warnings: tuple[CellWarning, ...] = ()
    source_key: str = ""
    fields: Mapping[str, Any] | None = None
    differences: tuple[Difference, ...] = ()

    @property
    def reason(self) -> str:
        return self.rejection.reason if self.rejection else ""

    @property
    def of_line(self) -> int | None:
        return self.match.of.number if self.match.of and self.match.of.kind == "row" else None

    @property
    def of_candidate(self) -> int | None:
        return self.match.of.number if self.match.of and self.match.of.kind == "candidate" else None

    @property
    def on(self) -> tuple[str, ...]:
        return self.match.on


@dataclass(frozen=True, slots=True)
class Counts:
    rows_read: int
    blank_rows: int
    new: int
    adds: int
    exact: int
    likely: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The whole of it. For messages, `counterparts` says who each person in them is, new or known."""

    filename: str
    parsed: Parsed
    region: str
    rows: tuple[Row, ...]
    date_orders: Mapping[str, DateOrder | None]
    counterparts: tuple[tuple[Participant, Match], ...] = ()

    @property
    def kind(self) -> Literal["people", "messages"]:
        return "messages" if isinstance(self.parsed, MessagesFile) else "people"

    @property
    def sheet(self) -> Sheet:
        return self.parsed.sheet

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.parsed.columns

    @property
    def dropped_columns(self) -> tuple[Column, ...]:
        return self.parsed.dropped_columns if isinstance(self.parsed, PeopleFile) else ()

    @property
    def ambiguous_columns(self) -> tuple[str, ...]:
        """Columns of dates that could be read either way; they stay as they are until somebody says which."""
        return tuple(header for header, order in self.date_orders.items() if order == "ambiguous")

    @property
    def counts(self) -> Counts:
        number = Counter(row.outcome for row in self.rows)
        each = (number[outcome] for outcome in ("new", "adds", "exact", "likely", "rejected"))
        return Counts(len(self.rows), self.sheet.blank_rows, *each)

    def some(self, outcome: Outcome | None, start: int, size: int) -> list[Row]:
        """Rows of one outcome, or of any, from the `start`-th of them."""
        rows = [row for row in self.rows if outcome in (None, row.outcome)]
        return rows[start : start + size]

    @property
    def new_words(self) -> tuple[Word, ...]:
        """The words of messages that are not stored yet, in the order they were said in each conversation."""
        if not isinstance(self.parsed, MessagesFile):
            return ()
        new = {row.source_key for row in self.rows if row.outcome == "new"}
        return tuple(word for talk in self.parsed.conversations for word in talk.words if word.source_key in new)

    def to_expected_json(self) -> dict[str, Any]:
        """The outcome in the schema of the samples' expected.json, for this one file."""
        return _as_expected(self)


def read_file(
    data: bytes,
    filename: str = "",
    *,
    region: str = "PL",
    limits: Limits = DEFAULT_LIMITS,
    mapping: Mapping[int, str | None] | None = None,
    owner: str | None = None,
    sheet: str | None = None,
    date_orders: Orders | None = None,
) -> Parsed:
    """The file as a table of people or of messages, or Unreadable; told by its content, never by its name.

    `mapping` gives some columns another field than their header says; `owner` is the profile address of the account a
    message export is from, needed only where the messages do not tell; `sheet` names the one of a workbook or zip;
    `date_orders` says of columns, by header or index, whether the day or the month comes first.
    """
    table = read_table(data, limits, sheet)
    columns = columns_of(table.header, table.first(), region)
    if mapping is not None:
        columns = mapped(table.header, mapping, columns)
    if is_messages(columns):
        return read_messages(table, columns, owner=owner, limits=limits)
    if not any(column.field for column in columns) and mapping is None:
        raise Unreadable("No column of this file is known: none holds names, e-mail addresses or profiles.")
    return PeopleFile(table, columns, region, limits, date_orders or {})


def preview(
    parsed: Parsed,
    existing: Existing | None = None,
    *,
    filename: str = "",
    region: str = "PL",
    progress: Progress | None = None,
) -> Preview:
    """What would become of each row, given what is stored."""
    there = existing or Nothing()
    if isinstance(parsed, MessagesFile):
        rows, counterparts = _of_messages(parsed, there)
        return Preview(filename, parsed, region, rows, {}, counterparts)
    orders = parsed.date_orders()
    compared = sorted_out(parsed.rows(orders), there)
    if progress is not None:
        compared = _told(compared, progress, parsed.sheet.rows_read)
    return Preview(filename, parsed, parsed.region, tuple(compared), orders)


def _told(rows: Iterator[Row], progress: Progress, of: int) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        if number % 1_000 == 0 or number == of:
            progress(number, of)
        yield row


def sorted_out(rows: Iterable[ReadRow], existing: Existing) -> Iterator[Row]:
    """Each row compared with everybody stored and with the rows before it; asks the store for thousands at once."""
    pool = Pool()
    rows = iter(rows)
    while chunk := list(islice(rows, _ASKED_AT_ONCE)):
        people = [row.person for row in chunk if row.person]
        asked = {known_key for one in people for known_key in one.compared.keys}
        asked |= {key("row", one.fingerprint) for one in people}
        for known in existing.known_by(asked):
            pool.add(known)
        for row in chunk:
            yield _outcome(row, pool)


def _outcome(row: ReadRow, pool: Pool) -> Row:
    person = row.person
    if person is None:
        return Row(row.line, row.record, "rejected", row.cells, None, NO_MATCH, row.rejection, row.warnings)
    match = matches(person.compared, pool)
    if match.how != "exact" and (before := pool.first(key("row", person.fingerprint))):
        match = Match("exact", before.ref, ("row",))
    outcome: Outcome = "new" if match.how == "none" else match.how
    known_as = match.of if match.how == "exact" and match.of else Ref("row", row.line)
    pool.add(Known(known_as, person.compared))
    return Row(row.line, row.record, outcome, row.cells, person, match, None, row.warnings)


def _of_messages(
    parsed: MessagesFile, existing: Existing
) -> tuple[tuple[Row, ...], tuple[tuple[Participant, Match], ...]]:
    known_words = set(existing.words_known({row.source_key for row in parsed.rows if row.source_key}))
    rows = []
    for row in parsed.rows:
        match = NO_MATCH
        if row.rejection is None and (row.same_as_line or row.source_key in known_words):
            of = Ref("row", row.same_as_line) if row.same_as_line else None
            match = Match("exact", of, _SAME_MESSAGE)
        outcome: Outcome = "rejected" if row.rejection else "exact" if match.how == "exact" else "new"
        rows.append(
            Row(
                row.line,
                row.record,
                outcome,
                row.cells,
                match=match,
                rejection=row.rejection,
                warnings=row.warnings,
                source_key=row.source_key,
                fields=row.fields,
            )
        )
    return tuple(rows), _who(parsed.counterparts, existing)


_SAME_MESSAGE = ("conversation_id", "sent_at", "from_url", "content")


def _who(people: Sequence[Participant], existing: Existing) -> tuple[tuple[Participant, Match], ...]:
    compared: list[Person] = [person.compared for person in people]
    pool = Pool(existing.known_by({known_key for person in compared for known_key in person.keys}))
    return tuple((person, matches(one, pool)) for person, one in zip(people, compared, strict=True))


def _as_expected(preview: Preview) -> dict[str, Any]:
    counts, sheet = preview.counts, preview.sheet
    orders = {order for order in preview.date_orders.values() if order}
    document: dict[str, Any] = {
        "file": preview.filename,
        "format": preview.parsed.format,
        "kind": preview.kind,
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "line_ending": sheet.line_ending,
        "header_line": sheet.header_line,
        "default_region": preview.region,
        "counts": {
            "rows_read": counts.rows_read,
            "blank_rows": counts.blank_rows,
            "new_candidates": counts.new,
            "exact_duplicates": counts.adds + counts.exact,
            "likely_duplicates": counts.likely,
            "rejected": counts.rejected,
        },
        "columns": [
            {"index": column.index, "header": column.header, "field": column.field} for column in preview.columns
        ],
        "exact_duplicates": [_duplicate(row) for row in preview.rows if row.outcome in ("adds", "exact")],
        "likely_duplicates": [_duplicate(row) for row in preview.rows if row.outcome == "likely"],
        "rejected": [_rejected(row) for row in preview.rows if row.rejection],
        "warnings": [_warned(row, warning) for row in preview.rows for warning in row.warnings],
        "samples": [_sample(row) for row in preview.rows if not row.rejection],
    }
    if sheet.name:
        document["sheet"] = sheet.name
    if orders:
        document["date_order"] = orders.pop() if len(orders) == 1 else "ambiguous"
    if preview.ambiguous_columns:
        document["ambiguous_dates"] = list(preview.ambiguous_columns)
    if preview.dropped_columns:
        document["dropped_columns"] = [column.header for column in preview.dropped_columns]
    if isinstance(preview.parsed, MessagesFile):
        document["messages"] = _conversed(preview, preview.parsed)
    return document


def _duplicate(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {"line": row.line, "record": row.record, "of_line": row.of_line, "on": list(row.on)}
    if row.of_candidate is not None:
        found["of_candidate"] = row.of_candidate
    return found


def _rejected(row: Row) -> dict[str, Any]:
    detail = row.rejection.detail if row.rejection else ""
    return {"line": row.line, "record": row.record, "reason": row.reason, "detail": detail}


def _warned(row: Row, warning: CellWarning) -> dict[str, Any]:
    return {"line": row.line, "record": row.record, "code": warning.code, "column": warning.column}


def _sample(row: Row) -> dict[str, Any]:
    fields: dict[str, Any] = dict(row.person.fields if row.person else row.fields or {})
    if "sent_at" in fields:
        fields["sent_at"] = fields["sent_at"].replace(" UTC", "Z").replace(" ", "T")
    return {"line": row.line, "record": row.record, "fields": fields}


def _conversed(preview: Preview, parsed: MessagesFile) -> dict[str, Any]:
    known = sum(match.how == "exact" for _, match in preview.counterparts)
    return {
        "owner": {"name": parsed.owner.name, "linkedin_url": parsed.owner.linkedin},
        "imported": preview.counts.new,
        "conversations": len(parsed.conversations),
        "people": len(preview.counterparts),
        "people_already_known": known,
        "people_new": len(preview.counterparts) - known,
    }
